package org.exchequer.lab.scenario;

import static java.util.Map.entry;
import static org.exchequer.lab.fault.FaultKind.*;
import static org.exchequer.lab.scenario.Plans.anyOf;
import static org.exchequer.lab.scenario.Plans.fault;
import static org.exchequer.lab.scenario.Plans.inTurn;
import static org.exchequer.lab.scenario.Plans.on;
import static org.exchequer.lab.scenario.Plans.shuffled;
import static org.exchequer.lab.scenario.Plans.together;
import static org.exchequer.lab.scenario.Scenarios.ONE_MACHINE;
import static org.exchequer.lab.scenario.Scenarios.ONE_POSTGRES;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.exchequer.lab.load.Mix;
import org.exchequer.lab.load.inward.InwardMix;
import org.exchequer.lab.scenario.Plans.Step;
import org.exchequer.lab.scenario.Scenario.Guest;
import org.exchequer.lab.scenario.Scenario.Setting;

/** Those of inward clearing: two nodes, their partners in a process of their own, banks that send messages. */
final class InwardScenarios {
    private static final Setting SETTING = new Setting(2, 0, 1, Guest.INWARD);
    private static final List<String> PARTNERS = List.of("vam", "midanz", "liquidity", "availability");

    /** What a payment passes, in order. */
    static final List<String> POINTS = List.of(
            "inward.flow.step",
            "inward.ledger.before",
            "inward.ledger.after",
            "inward.answer.before",
            "inward.answer.after",
            "inward.log.before",
            "inward.log.after");

    private static final int RATE = 40;
    private static final long SPIKE = 10;

    /** What banks send, and when the run ends before its time. */
    record Plan(InwardMix mix, StopRules rules) {}

    private static final Map<String, Plan> PLANS = Map.ofEntries(
            entry("inward-partners", new Plan(InwardMix.USUAL, StopRules.SPECIFIED)),
            entry("inward-crashes", new Plan(InwardMix.USUAL, StopRules.MISSED_ONLY)),
            entry("inward-races", new Plan(InwardMix.RACING, StopRules.MISSED_ONLY)),
            entry("inward-redis", new Plan(InwardMix.RACING, StopRules.MISSED_ONLY)),
            entry("inward-spike", new Plan(InwardMix.USUAL, StopRules.MISSED_ONLY)),
            entry("inward-latency", new Plan(InwardMix.USUAL, StopRules.SPECIFIED)),
            entry("inward-resources", new Plan(InwardMix.USUAL, StopRules.MISSED_ONLY)),
            entry("inward-models", new Plan(InwardMix.USUAL, StopRules.SPECIFIED)),
            entry("inward-data", new Plan(InwardMix.DAMAGED, new StopRules(2, 100, 4_000, 0, 0))),
            entry("inward-again", new Plan(InwardMix.AGAIN, StopRules.MISSED_ONLY)),
            entry("inward-mixed", new Plan(InwardMix.USUAL, StopRules.MISSED_ONLY)));

    static final List<Scenario> ALL = List.of(
            scenario(
                    "inward-partners",
                    "Every partner of inward clearing is slow, hangs, fails, flaps, breaks off, loses replies and"
                            + " mangles them; its wires are cut and silenced; two at once.",
                    240,
                    shuffled(2_500, partners())),
            scenario(
                    "inward-crashes",
                    "At every step of a payment a node dies, or PostgreSQL does, while banks send on; both nodes die in"
                            + " turn, and the databases with them.",
                    300,
                    shuffled(7_000, crashes())),
            scenario(
                    "inward-races",
                    "The same messages a hundred times at once, to both nodes and across restarts; cancellations and"
                            + " reversals that race with what they are about.",
                    90,
                    inTurn(
                            6_000,
                            on(NODE_KILL, "writer", 4_000, 6_000),
                            on(PARTNER_LOSES, "liquidity", 4_000, 6_000, 60),
                            on(RESET, "clients:all", 3_000, 5_000, 150),
                            on(NODE_STOP, "standby", 4_000, 6_000),
                            fault(POSTGRES_KILL, 1_000, 2_000),
                            on(NODE_PAUSE, "writer", 5_000, 9_000))),
            scenario(
                    "inward-redis",
                    "The Redis that nodes share is slow, silent, cut off, killed, stopped, and full of wrong values,"
                            + " while messages come again at both nodes and nodes die.",
                    120,
                    shuffled(2_500, redis())),
            scenario(
                    "inward-spike",
                    "Ten times as many messages as usual for seconds, also while partners are slow.",
                    60,
                    inTurn(
                            8_000,
                            on(LOAD_SPIKE, "", 4_000, 5_000, SPIKE),
                            together(
                                    on(LOAD_SPIKE, "", 4_000, 5_000, SPIKE),
                                    on(PARTNER_SLOW, "all", 4_000, 5_000, 150)))),
            scenario(
                    "inward-latency",
                    "Partners, models and the database are late now and then, each by as much and as often as the"
                            + " specification has it, and all at once.",
                    180,
                    inTurn(4_000, latencies())),
            scenario(
                    "inward-resources",
                    "A node has its heap filled, its processors busy, or nearly all connections to partners and the"
                            + " database taken away, also while partners are slow.",
                    240,
                    shuffled(6_000, resources())),
            scenario(
                    "inward-models",
                    "Models are slow, hang and fail; features are missing, stale, and drift; explanations fail; what"
                            + " was decided is altered afterwards.",
                    240,
                    inTurn(3_000, models())),
            scenario(
                    "inward-data",
                    "A third of the messages is damaged, by a cent, a decimal, a cut or a byte; partners mangle replies"
                            + " and say what is not so of accounts, and wires are late.",
                    180,
                    inTurn(
                            4_000,
                            on(ACCOUNTS_WRONG, "", 15_000, 20_000, 5),
                            on(SPIKES, "postgres:all", 8_000, 12_000, 10),
                            on(PARTNER_MANGLES, "all", 5_000, 8_000, 10),
                            on(SLICE, "clients:all", 5_000, 8_000, 40))),
            scenario(
                    "inward-again",
                    "Half of the messages were sent before, a moment ago or in the beginning: to nodes that were"
                            + " restarted since and remember nothing, and to the one that is left.",
                    180,
                    inTurn(
                            5_000,
                            on(NODE_STOP, "standby", 6_000, 9_000),
                            on(NODE_KILL, "writer", 6_000, 9_000),
                            on(NODE_PAUSE, "standby", 6_000, 9_000),
                            fault(POSTGRES_KILL, 1_000, 2_000),
                            together(
                                    on(NODE_STOP, "writer", 6_000, 9_000),
                                    on(SPIKES, "postgres:all", 8_000, 10_000, 10)))),
            scenario("inward-mixed", "Anything of these, often two things at once.", 1_200, inTurn(6_000, anything())));

    private InwardScenarios() {}

    private static Scenario scenario(String name, String summary, int seconds, FaultPlan faults) {
        return new Scenario(
                name,
                summary,
                SETTING,
                Mix.USUAL,
                RATE,
                seconds,
                faults,
                List.of(
                        ONE_MACHINE,
                        ONE_POSTGRES,
                        "Partners are simulated. Messages come by HTTP in the JSON form: Kafka, gRPC and XML are not"
                                + " loaded.",
                        "Models of fraud are the ones that are shipped; they have seen little, and refuse nothing."));
    }

    /** What banks send in this scenario, and when it ends before its time. */
    static Plan plan(Scenario scenario) {
        return Objects.requireNonNull(PLANS.get(scenario.name()), scenario.name());
    }

    private static List<Step> partners() {
        List<Step> steps = new ArrayList<>();
        for (String partner : PARTNERS) {
            steps.add(on(PARTNER_SLOW, partner, 3_000, 6_000, 800));
            steps.add(on(PARTNER_HANGS, partner, 3_000, 6_000, 100));
            steps.add(on(PARTNER_FAILS, partner, 3_000, 6_000, 100));
            steps.add(on(PARTNER_FLAPS, partner, 5_000, 8_000, 700));
            steps.add(on(PARTNER_DISCONNECTS, partner, 3_000, 6_000, 50));
            steps.add(on(PARTNER_LOSES, partner, 3_000, 6_000, 50));
            steps.add(on(PARTNER_MANGLES, partner, 3_000, 6_000, 50));
            steps.add(on(SILENCE, partner + ":all", 3_000, 6_000));
            steps.add(on(CUT, partner + ":all", 3_000, 6_000));
        }
        steps.add(
                together(on(PARTNER_HANGS, "vam", 4_000, 6_000, 100), on(PARTNER_FAILS, "midanz", 4_000, 6_000, 100)));
        steps.add(
                together(on(PARTNER_SLOW, "all", 4_000, 6_000, 250), on(PARTNER_LOSES, "liquidity", 4_000, 6_000, 50)));
        steps.add(on(PARTNER_HANGS, "all", 4_000, 6_000, 100));
        steps.add(on(SILENCE, "partners:node1", 4_000, 6_000));
        return steps;
    }

    private static List<Step> redis() {
        List<Step> steps = new ArrayList<>();
        steps.add(on(SLOW, "redis:all", 4_000, 6_000, 30));
        steps.add(on(SLICE, "redis:all", 4_000, 6_000, 64));
        steps.add(on(SILENCE, "redis:all", 4_000, 6_000));
        steps.add(on(CUT, "redis:all", 4_000, 6_000));
        steps.add(on(RESET, "redis:all", 4_000, 6_000, 150));
        steps.add(fault(REDIS_KILL, 1_000, 2_000));
        steps.add(fault(REDIS_PAUSE, 4_000, 6_000));
        steps.add(fault(REDIS_POISON, 4_000, 6_000));
        // What a node had in memory is gone with it, so it looks in Redis.
        steps.add(together(fault(REDIS_POISON, 8_000, 10_000), on(NODE_KILL, "writer", 3_000, 4_000)));
        steps.add(together(fault(REDIS_PAUSE, 4_000, 6_000), fault(POSTGRES_KILL, 1_000, 2_000)));
        return steps;
    }

    /** As the specification has them. */
    private static Step[] latencies() {
        return new Step[] {
            on(PARTNER_SPIKES, "vam", 8_000, 12_000, 10),
            on(MODEL_SPIKES, "all", 8_000, 12_000, 15),
            on(PARTNER_SPIKES, "liquidity", 8_000, 12_000, 5),
            on(SPIKES, "postgres:all", 8_000, 12_000, 10),
            together(
                    on(PARTNER_SPIKES, "all", 10_000, 14_000, 10),
                    on(MODEL_SPIKES, "all", 10_000, 14_000, 15),
                    on(SPIKES, "postgres:all", 10_000, 14_000, 10))
        };
    }

    private static List<Step> resources() {
        List<Step> steps = new ArrayList<>();
        steps.add(on(NODE_HEAP, "writer", 8_000, 15_000, 85));
        steps.add(on(NODE_HEAP, "standby", 8_000, 15_000, 85));
        steps.add(on(NODE_CPU, "writer", 8_000, 15_000, 90));
        steps.add(on(NODE_CPU, "standby", 8_000, 15_000, 90));
        for (String supply : List.of("vam", "midanz", "liquidity")) {
            steps.add(together(
                    on(NODE_SUPPLY, "node1@" + supply, 6_000, 10_000, 95),
                    on(PARTNER_SLOW, supply, 6_000, 10_000, 150)));
        }
        steps.add(on(NODE_SUPPLY, "writer@database", 6_000, 10_000, 95));
        steps.add(together(
                on(NODE_SUPPLY, "standby@database", 6_000, 10_000, 95), on(SPIKES, "postgres:all", 6_000, 10_000, 10)));
        return steps;
    }

    private static Step[] models() {
        return new Step[] {
            on(MODEL_HANGS, "all", 6_000, 8_000, 100),
            on(MODEL_SLOW, "all", 6_000, 8_000, 3),
            on(MODEL_FAILS, "all", 6_000, 8_000, 50),
            together(on(FEATURES_MISSING, "all", 8_000, 10_000, 20), on(REASONS_FAIL, "all", 8_000, 10_000, 50)),
            on(FEATURES_STALE, "all", 8_000, 10_000, 30),
            on(FEATURES_DRIFT, "all", 15_000, 20_000, 80),
            together(on(MODEL_HANGS, "node1", 6_000, 8_000, 30), on(PARTNER_SLOW, "all", 6_000, 8_000, 150))
        };
    }

    private static List<Step> crashes() {
        List<Step> steps = new ArrayList<>();
        for (String point : POINTS) {
            steps.add((at, random) -> on(
                            CRASH_AT,
                            "node" + (1 + random.nextInt(2)) + "@" + point,
                            4_000,
                            6_000,
                            1 + random.nextInt(20))
                    .at(at, random));
            steps.add((at, random) -> on(
                            CRASH_AT,
                            "node" + (1 + random.nextInt(2)) + "@" + point + "@postgres-0",
                            3_000,
                            5_000,
                            1 + random.nextInt(20))
                    .at(at, random));
        }
        steps.add(on(NODE_KILL, "writer", 4_000, 7_000));
        steps.add(on(NODE_PAUSE, "writer", 5_000, 12_000));
        steps.add(on(NODE_STOP, "writer", 4_000, 7_000));
        steps.add(fault(POSTGRES_KILL, 1_000, 3_000));
        steps.add(fault(POSTGRES_PAUSE, 3_000, 8_000));
        steps.add(on(SILENCE, "postgres:all", 3_000, 8_000));
        steps.add(fault(KAFKA_KILL, 3_000, 6_000));
        return steps;
    }

    private static Step anything() {
        Step partner = anyOf(partners().toArray(Step[]::new));
        Step crash = anyOf(crashes().toArray(Step[]::new));
        Step cache = anyOf(redis().toArray(Step[]::new));
        Step model = anyOf(models());
        Step resource = anyOf(resources().toArray(Step[]::new));
        Step other = anyOf(
                model,
                resource,
                on(RESET, "clients:all", 3_000, 5_000, 200),
                on(SLOW, "postgres:all", 4_000, 8_000, 60),
                fault(DISK_SLOW, 4_000, 8_000),
                on(CUT, "kafka:all", 4_000, 9_000),
                on(LOAD_SPIKE, "", 3_000, 4_000, SPIKE / 2));
        return anyOf(partner, crash, cache, other, together(partner, crash), together(partner, other));
    }
}
