package org.exchequer.lab.scenario;

import static org.exchequer.lab.fault.FaultKind.*;
import static org.exchequer.lab.scenario.Plans.anyOf;
import static org.exchequer.lab.scenario.Plans.inTurn;
import static org.exchequer.lab.scenario.Plans.later;
import static org.exchequer.lab.scenario.Plans.on;
import static org.exchequer.lab.scenario.Plans.shuffled;
import static org.exchequer.lab.scenario.Plans.together;
import static org.exchequer.lab.scenario.Scenarios.FIVE_MINUTES_MS;
import static org.exchequer.lab.scenario.Scenarios.NO_DRIFT;
import static org.exchequer.lab.scenario.Scenarios.ONE_MACHINE;
import static org.exchequer.lab.scenario.Scenarios.ONE_POSTGRES;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.load.Mix;
import org.exchequer.lab.scenario.Plans.Step;
import org.exchequer.lab.scenario.Scenario.Guest;
import org.exchequer.lab.scenario.Scenario.Setting;

/** The scenarios of a ledger over several shards, each with a PostgreSQL of its own. */
final class ShardScenarios {
    private static final int RATE = 40;
    static final int NODES = 3;
    static final int SHARDS = 2;

    private static final Setting TWO_NODES = new Setting(2, 0, 2, Guest.NOBODY);
    private static final Setting THREE_NODES = new Setting(NODES, 0, SHARDS, Guest.NOBODY);

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "shards-split-brain",
                    "Nodes and shards are cut off from each other in every combination, minorities and majorities, one"
                            + " wire at a time and many.",
                    THREE_NODES,
                    Mix.SHARDS,
                    RATE,
                    9 * 60,
                    shuffled(4_000, partitions()),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            "From node to node something goes only to a writer: a wire to a node that writes neither"
                                    + " shard at that time is cut, and nobody notices.")),
            new Scenario(
                    "shards-crash-steps",
                    "A node, or the PostgreSQL of either side, dies at every step of a transaction over shards and of a"
                            + " move.",
                    new Setting(2, 0, 3, Guest.NOBODY),
                    Mix.SHARDS_REFUSING,
                    30,
                    26 * 60,
                    shuffled(
                            9_000,
                            CrashSteps.all().stream().map(CrashSteps::step).toList()),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            "Which side of the transaction at hand the killed PostgreSQL was on, coordinator or"
                                    + " participant, is not chosen: over a run it is now the one and now the other.")),
            new Scenario(
                    "shards-in-doubt",
                    "A shard is away for longer than a transaction may be undecided: stopped, cut off, silent, killed"
                            + " again and again; nobody guesses, and afterwards everything ends.",
                    TWO_NODES,
                    Mix.SHARDS,
                    RATE,
                    3 * 60,
                    inTurn(9_000, inDoubt()),
                    List.of(ONE_MACHINE, ONE_POSTGRES)),
            new Scenario(
                    "shards-clock-skew",
                    "Clocks of the nodes differ by five minutes either way, also across take-overs of either shard.",
                    TWO_NODES,
                    Mix.SHARDS,
                    RATE,
                    2 * 60,
                    inTurn(6_000, clocks()),
                    List.of(ONE_MACHINE, ONE_POSTGRES, NO_DRIFT)),
            new Scenario(
                    "shards-duplicate-and-reorder",
                    "Every second command comes twice, at once at two nodes or late, while answers are lost; events of"
                            + " the first shard come again and out of order to a consumer with an inbox.",
                    new Setting(2, 0, 2, Guest.REDELIVERY),
                    Mix.SHARDS_REPEATED,
                    50,
                    2 * 60,
                    inTurn(
                            6_000,
                            on(RESET, "clients:all", 3_000, 5_000, 150),
                            on(NODE_KILL, "writer-1", 4_000, 6_000),
                            on(RESET, "postgres-1:all", 3_000, 6_000, 300),
                            on(CUT, "kafka:all", 3_000, 6_000),
                            on(SLOW, "peers:all", 3_000, 6_000, 300),
                            on(SILENCE, "clients:node1", 4_000, 7_000),
                            on(POSTGRES_KILL, "postgres-0", 1_000, 2_000)),
                    List.of(ONE_MACHINE, ONE_POSTGRES, "Events of the other shards do not come again.")),
            new Scenario(
                    "shards-move",
                    "Slots move from shard to shard and back under load, while nodes and PostgreSQL die.",
                    TWO_NODES,
                    Mix.SHARDS,
                    40,
                    4 * 60,
                    inTurn(6_000, moves()),
                    List.of(ONE_MACHINE, ONE_POSTGRES, "No shard is added while it runs.")),
            new Scenario(
                    "shards-mixed",
                    "Anything of the above, from the seed, often two things at once.",
                    THREE_NODES,
                    Mix.SHARDS,
                    50,
                    20 * 60,
                    inTurn(6_000, anything()),
                    List.of(
                            ONE_MACHINE,
                            ONE_POSTGRES,
                            NO_DRIFT,
                            "No disk fills up in this one, and Kafka is cut off but never killed: see disk-full and"
                                    + " kafka-gone.")));

    private ShardScenarios() {}

    private static List<Step> partitions() {
        List<Step> steps = new ArrayList<>();
        for (Partitions partition : Partitions.all(NODES, SHARDS)) {
            steps.add(cut(partition));
        }
        return steps;
    }

    /** All wires of a partition for the same time, refused or silenced. */
    private static Step cut(Partitions partition) {
        return (at, random) -> {
            boolean silent = random.nextBoolean();
            long length = Plans.between(random, 2_500, 8_500);
            return partition.wires().stream()
                    .map(wire -> Fault.on(at, silent ? SILENCE : CUT, wire, length))
                    .toList();
        };
    }

    private static Step[] inDoubt() {
        return new Step[] {
            on(POSTGRES_PAUSE, "postgres-1", 14_000, 18_000),
            on(CUT, "postgres-0:all", 13_000, 17_000),
            together(
                    on(CRASH_AT, "node1@shards.decide.after", 14_000, 15_000, 1),
                    on(NODE_PAUSE, "node2", 13_000, 14_000)),
            on(SILENCE, "postgres-1:all", 13_000, 17_000),
            together(
                    on(POSTGRES_KILL, "postgres-1", 500, 1_500),
                    later(4_000, on(POSTGRES_KILL, "postgres-1", 500, 1_500)),
                    later(8_000, on(POSTGRES_KILL, "postgres-1", 500, 1_500)),
                    later(12_000, on(POSTGRES_KILL, "postgres-1", 500, 1_500))),
            on(POSTGRES_PAUSE, "postgres-0", 14_000, 18_000)
        };
    }

    private static Step[] clocks() {
        return new Step[] {
            together(
                    on(CLOCK_SKEW, "node1", 12_000, 12_000, FIVE_MINUTES_MS),
                    on(CLOCK_SKEW, "node2", 12_000, 12_000, -FIVE_MINUTES_MS),
                    later(4_000, on(NODE_KILL, "writer", 5_000, 6_000))),
            together(
                    on(CLOCK_SKEW, "node1", 14_000, 14_000, -FIVE_MINUTES_MS),
                    on(CLOCK_SKEW, "node2", 14_000, 14_000, FIVE_MINUTES_MS),
                    later(3_000, on(NODE_PAUSE, "writer-1", 8_000, 9_000))),
            together(
                    on(CLOCK_SKEW, "writer", 16_000, 16_000, FIVE_MINUTES_MS),
                    later(3_000, on(SILENCE, "postgres-1:all", 11_000, 12_000)))
        };
    }

    private static Step[] moves() {
        return new Step[] {
            on(MOVE_SLOTS, "0>1", 20_000, 24_000, 400),
            together(on(MOVE_SLOTS, "1>0", 18_000, 22_000, 400), later(4_000, on(NODE_KILL, "node1", 4_000, 6_000))),
            together(
                    on(MOVE_SLOTS, "0>1", 20_000, 24_000, 400),
                    later(4_000, on(POSTGRES_KILL, "postgres-1", 1_000, 2_000)),
                    later(9_000, on(POSTGRES_KILL, "postgres-0", 1_000, 2_000))),
            together(on(MOVE_SLOTS, "1>0", 20_000, 24_000, 400), later(500, crash(CrashSteps.MOVING, 1))),
            together(
                    on(MOVE_SLOTS, "0>1", 20_000, 24_000, 400),
                    later(4_000, on(SILENCE, "postgres-1:writer-1", 6_000, 9_000))),
            together(on(MOVE_SLOTS, "1>0", 20_000, 24_000, 400), later(4_000, on(NODE_PAUSE, "node1", 8_000, 12_000)))
        };
    }

    /** The process dies at one of these points. */
    private static Step crash(List<String> points, int nodes) {
        return (at, random) -> {
            String point = points.get(random.nextInt(points.size()));
            return on(CRASH_AT, "node" + (1 + random.nextInt(nodes)) + "@" + point, 7_000, 9_000, 1)
                    .at(at, random);
        };
    }

    private static Step anything() {
        List<Partitions> partitions = Partitions.all(NODES, SHARDS);
        Step partition = (at, random) ->
                cut(partitions.get(random.nextInt(partitions.size()))).at(at, random);
        Step process = anyOf(
                on(POSTGRES_KILL, "postgres-0", 500, 3_000),
                on(POSTGRES_KILL, "postgres-1", 500, 3_000),
                on(POSTGRES_PAUSE, "postgres-0", 1_000, 13_000),
                on(POSTGRES_PAUSE, "postgres-1", 1_000, 13_000),
                on(NODE_KILL, "writer", 3_000, 8_000),
                on(NODE_KILL, "writer-1", 3_000, 8_000),
                on(NODE_KILL, "standby", 3_000, 8_000),
                on(NODE_PAUSE, "writer-1", 3_000, 16_000),
                on(NODE_STOP, "writer", 3_000, 8_000),
                on(POSTGRES_STALLS, "postgres-1", 3_000, 6_000),
                on(DISK_SLOW, "postgres-0", 3_000, 8_000),
                crash(CrashSteps.DRIVING.subList(0, 8), NODES),
                crash(CrashSteps.DRIVING.subList(0, 8), NODES));
        Step wire = anyOf(
                partition,
                partition,
                partition,
                on(RESET, "postgres:all", 3_000, 6_000, 500),
                on(RESET, "clients:all", 2_000, 5_000, 200),
                on(SLOW, "postgres-1:all", 3_000, 8_000, 60),
                on(SLOW, "peers:all", 3_000, 8_000, 200),
                on(SLICE, "postgres-0:writer", 3_000, 6_000, 64),
                on(CUT, "kafka:all", 3_000, 9_000),
                on(CLOCK_SKEW, "writer", 4_000, 12_000, FIVE_MINUTES_MS),
                on(CLOCK_SKEW, "writer-1", 4_000, 12_000, -FIVE_MINUTES_MS));
        Step move = anyOf(on(MOVE_SLOTS, "0>1", 12_000, 20_000, 400), on(MOVE_SLOTS, "1>0", 12_000, 20_000, 400));
        return anyOf(process, wire, together(process, wire), together(move, later(3_000, anyOf(process, wire))));
    }
}
