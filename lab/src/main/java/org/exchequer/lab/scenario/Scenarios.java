package org.exchequer.lab.scenario;

import static org.exchequer.lab.fault.FaultKind.*;
import static org.exchequer.lab.scenario.Plans.anyOf;
import static org.exchequer.lab.scenario.Plans.fault;
import static org.exchequer.lab.scenario.Plans.inTurn;
import static org.exchequer.lab.scenario.Plans.later;
import static org.exchequer.lab.scenario.Plans.on;
import static org.exchequer.lab.scenario.Plans.together;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.load.Mix;
import org.exchequer.lab.scenario.Plans.Step;
import org.exchequer.lab.scenario.Scenario.Guest;
import org.exchequer.lab.scenario.Scenario.Setting;

/** All scenarios, in one table. */
public final class Scenarios {
    static final long FIVE_MINUTES_MS = 300_000;
    private static final int RATE = 120;

    static final String ONE_MACHINE =
            "All parts run on one machine and one disk: a power cut, a lost disk and a wrong answer of the operating"
                    + " system are not part of it.";
    static final String ONE_POSTGRES =
            "Each PostgreSQL, and Kafka, is one server without a replica: that one is lost for good, with what it"
                    + " acknowledged, is not tested.";
    static final String NO_DRIFT = "Clocks jump and stay wrong by as much: they do not drift.";

    private static final List<Scenario> OF_ONE = List.of(
            scenario(
                    "postgres-kill",
                    "PostgreSQL is killed under load, again and again, with everything it was doing.",
                    inTurn(6_000, fault(POSTGRES_KILL, 1_000, 3_000))),
            scenario(
                    "postgres-pause",
                    "PostgreSQL is stopped for seconds: connections stay open and nothing answers.",
                    inTurn(8_000, fault(POSTGRES_PAUSE, 2_000, 14_000))),
            scenario(
                    "kafka-gone",
                    "Kafka is killed, stopped and cut off; posting goes on, and every event follows in order.",
                    inTurn(
                            6_000,
                            on(CUT, "kafka:all", 5_000, 20_000),
                            fault(KAFKA_KILL, 5_000, 10_000),
                            fault(KAFKA_PAUSE, 5_000, 15_000))),
            scenario(
                    "writer-kill",
                    "The node that writes is killed under load; another takes over and loses nothing.",
                    inTurn(7_000, on(NODE_KILL, "writer", 4_000, 7_000))),
            scenario(
                    "writer-pause",
                    "Split brain: the node that writes is stopped, another takes over, the first wakes up and must"
                            + " write nothing.",
                    inTurn(7_000, on(NODE_PAUSE, "writer", 6_000, 18_000))),
            scenario(
                    "writer-stop",
                    "The node that writes is stopped in order, as at an upgrade; another takes over.",
                    inTurn(7_000, on(NODE_STOP, "writer", 4_000, 7_000))),
            new Scenario(
                    "network-partition",
                    "Every wire is cut or silenced in turn: clients, nodes among each other, PostgreSQL, Kafka; for the"
                            + " writer, for the others, for all.",
                    Setting.THREE_NODES,
                    Mix.USUAL,
                    RATE,
                    180,
                    inTurn(4_000, partitions()),
                    List.of(ONE_MACHINE, ONE_POSTGRES)),
            scenario(
                    "slow-network",
                    "Wires are slow, narrow, in pieces, and break off half-way.",
                    inTurn(
                            3_000,
                            on(SLOW, "postgres:all", 4_000, 8_000, 60),
                            on(SLICE, "postgres:writer", 4_000, 6_000, 64),
                            on(SLOW, "peers:all", 4_000, 8_000, 200),
                            on(THROTTLE, "postgres:writer", 4_000, 8_000, 64),
                            on(RESET, "postgres:all", 4_000, 8_000, 400),
                            on(LIMIT, "clients:all", 3_000, 6_000, 20_000),
                            on(RESET, "peers:all", 4_000, 8_000, 300),
                            on(SLOW, "clients:all", 4_000, 8_000, 250))),
            scenario(
                    "clock-skew",
                    "Clocks of the nodes differ by five minutes either way, also across take-overs.",
                    inTurn(
                            4_000,
                            together(
                                    on(CLOCK_SKEW, "node1", 8_000, 8_000, FIVE_MINUTES_MS),
                                    on(CLOCK_SKEW, "node2", 8_000, 8_000, -FIVE_MINUTES_MS)),
                            together(
                                    on(CLOCK_SKEW, "node1", 12_000, 12_000, -FIVE_MINUTES_MS),
                                    on(CLOCK_SKEW, "node2", 12_000, 12_000, FIVE_MINUTES_MS),
                                    later(4_000, on(NODE_KILL, "writer", 5_000, 6_000)))),
                    NO_DRIFT),
            new Scenario(
                    "duplicate-and-reorder",
                    "Every second command comes twice, at once at two nodes or late; events come again and out of order"
                            + " to a consumer with an inbox.",
                    new Setting(2, 0, 1, Guest.REDELIVERY),
                    Mix.REPEATED,
                    80,
                    60,
                    inTurn(
                            5_000,
                            on(RESET, "clients:all", 3_000, 5_000, 150),
                            on(NODE_KILL, "writer", 4_000, 6_000),
                            on(CUT, "kafka:all", 3_000, 6_000)),
                    List.of(ONE_MACHINE, ONE_POSTGRES)),
            new Scenario(
                    "disk-full",
                    "PostgreSQL's disk fills up under load, and there is room again.",
                    new Setting(2, 320, 1, Guest.NOBODY),
                    Mix.USUAL,
                    RATE,
                    60,
                    inTurn(12_000, fault(DISK_FULL, 3_000, 7_000)),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            "The disk is a tmpfs: fsync costs nothing on it and cannot fail.")),
            scenario(
                    "slow-disk",
                    "Every flush of the write-ahead log takes 100 ms, or the database stalls for half of every second.",
                    inTurn(4_000, fault(DISK_SLOW, 6_000, 10_000), fault(POSTGRES_STALLS, 5_000, 9_000)),
                    "No fsync is slower: PostgreSQL waits before it, or stands still, instead."),
            new Scenario(
                    "hot-account",
                    "Nearly everybody moves money on one account, while the writer is killed and PostgreSQL stops.",
                    Setting.TWO_NODES,
                    Mix.HOT,
                    250,
                    60,
                    inTurn(7_000, on(NODE_KILL, "writer", 4_000, 6_000), fault(POSTGRES_PAUSE, 2_000, 4_000)),
                    List.of(ONE_MACHINE, ONE_POSTGRES)),
            new Scenario(
                    "reconcile-while-posting",
                    "One account after the other is compared with a bank's statement that is wrong in places, while it"
                            + " is posted to and writer and PostgreSQL die.",
                    new Setting(2, 0, 1, Guest.RECONCILER),
                    Mix.RECONCILED,
                    80,
                    60,
                    inTurn(
                            6_000,
                            on(NODE_KILL, "writer", 4_000, 6_000),
                            fault(POSTGRES_KILL, 1_000, 3_000),
                            on(RESET, "clients:all", 3_000, 5_000, 150),
                            on(CUT, "postgres:writer", 3_000, 6_000)),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            "Each account is compared once: what carries over to a later statement is not part of"
                                    + " it.")),
            new Scenario(
                    "mixed",
                    "Anything, from the seed, often two things at once.",
                    Setting.THREE_NODES,
                    Mix.USUAL,
                    60,
                    20 * 60,
                    inTurn(5_000, anything()),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            NO_DRIFT,
                            "The disk does not fill up in this one: see disk-full.")));

    /** In the order in which they are listed. */
    public static final List<Scenario> ALL = Stream.of(OF_ONE, ShardScenarios.ALL, InwardScenarios.ALL)
            .flatMap(List::stream)
            .toList();

    private Scenarios() {}

    /** The scenario of this name. */
    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    private static Scenario scenario(String name, String summary, FaultPlan faults, String... notTested) {
        List<String> not = new ArrayList<>(List.of(ONE_MACHINE, ONE_POSTGRES));
        not.addAll(List.of(notTested));
        return new Scenario(name, summary, Setting.TWO_NODES, Mix.USUAL, RATE, 60, faults, List.copyOf(not));
    }

    /**
     * Every wire that carries something, both ways of cutting it. Nothing goes to a standby from other nodes, and only
     * the one node that publishes speaks to Kafka, so these are not cut for a standby alone.
     */
    private static Step[] partitions() {
        List<Step> steps = new ArrayList<>();
        for (String wire : List.of(
                "postgres:writer",
                "peers:writer",
                "clients:writer",
                "postgres:standby",
                "clients:standby",
                "postgres:all",
                "kafka:all",
                "clients:all")) {
            FaultKind kind = steps.size() % 2 == 0 ? SILENCE : CUT;
            steps.add(on(kind, wire, 3_000, 7_000));
        }
        // A minority of one that only clients still reach; then a majority of two, and the writer may be among them.
        steps.add(together(on(SILENCE, "postgres:writer", 7_000, 7_000), on(SILENCE, "peers:writer", 7_000, 7_000)));
        steps.add(together(
                on(SILENCE, "postgres:node1", 6_000, 6_000),
                on(SILENCE, "postgres:node2", 6_000, 6_000),
                on(CUT, "peers:all", 6_000, 6_000)));
        for (String wire : List.of("postgres:writer", "peers:writer", "clients:writer", "kafka:all")) {
            steps.add(on(steps.size() % 2 == 0 ? CUT : SILENCE, wire, 3_000, 12_000));
        }
        return steps.toArray(Step[]::new);
    }

    private static Step anything() {
        Step process = anyOf(
                fault(POSTGRES_KILL, 500, 3_000),
                fault(POSTGRES_PAUSE, 1_000, 9_000),
                on(NODE_KILL, "writer", 3_000, 8_000),
                on(NODE_KILL, "standby", 3_000, 8_000),
                on(NODE_PAUSE, "writer", 3_000, 16_000),
                on(NODE_STOP, "writer", 3_000, 8_000),
                fault(KAFKA_KILL, 3_000, 8_000),
                fault(KAFKA_PAUSE, 3_000, 12_000),
                fault(DISK_SLOW, 3_000, 9_000),
                fault(POSTGRES_STALLS, 3_000, 6_000));
        Step wire = anyOf(
                on(SILENCE, "postgres:writer", 2_000, 9_000),
                on(CUT, "postgres:writer", 2_000, 8_000),
                on(SILENCE, "postgres:standby", 2_000, 8_000),
                on(CUT, "postgres:all", 1_000, 5_000),
                on(SILENCE, "peers:all", 2_000, 8_000),
                on(CUT, "peers:writer", 2_000, 8_000),
                on(SILENCE, "clients:writer", 2_000, 6_000),
                on(CUT, "clients:standby", 2_000, 6_000),
                on(CUT, "kafka:all", 3_000, 12_000),
                on(SLOW, "postgres:all", 3_000, 8_000, 60),
                on(RESET, "postgres:all", 3_000, 6_000, 500),
                on(RESET, "clients:all", 2_000, 5_000, 200),
                on(SLICE, "postgres:writer", 3_000, 6_000, 64),
                on(CLOCK_SKEW, "writer", 4_000, 10_000, FIVE_MINUTES_MS),
                on(CLOCK_SKEW, "writer", 4_000, 10_000, -FIVE_MINUTES_MS));
        return anyOf(process, wire, together(process, wire));
    }
}
