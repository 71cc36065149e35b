package org.exchequer.lab.scenario;

import static org.exchequer.lab.fault.FaultKind.CLOCK_SKEW;
import static org.exchequer.lab.fault.FaultKind.CRASH_AT;
import static org.exchequer.lab.fault.FaultKind.MOVE_SLOTS;
import static org.exchequer.lab.scenario.Plans.on;
import static org.exchequer.lab.scenario.Plans.together;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.lab.scenario.Plans.Step;

/**
 * Every step of a transaction over several shards, and of a move of slots, with everything that can die at it: the
 * process that is there, and the PostgreSQL of either of two shards, which is sometimes the coordinator's and sometimes
 * the participant's.
 *
 * @param point the fault point
 * @param victim empty for the process itself, else e.g. {@code postgres-1}
 */
record CrashSteps(String point, String victim) {
    /** What the node that took a command passes. */
    static final List<String> DRIVING = List.of(
            "shards.reserve.coordinator.before",
            "shards.reserve.coordinator.after",
            "shards.reserve.participant.before",
            "shards.reserve.participant.after",
            "shards.decide.before",
            "shards.decide.after",
            "shards.complete.before",
            "shards.complete.after",
            "shards.rollback.before",
            "shards.rollback.after",
            "shards.release.before",
            "shards.release.after");

    /** What a node passes that ends what another has left. */
    static final List<String> RESOLVING = List.of(
            "shards.resolve.complete.before", "shards.resolve.rollback.before", "shards.resolve.release.before");

    /** What a node passes that moves slots. */
    static final List<String> MOVING = List.of(
            "shards.move.announced",
            "shards.move.begun",
            "shards.move.frozen",
            "shards.move.held",
            "shards.move.left",
            "shards.move.arrived");

    private static final List<String> VICTIMS = List.of("", "postgres-0", "postgres-1");

    /** The longest that a transaction is undecided, and then the time that somebody needs to find it. */
    private static final long OVERDUE_MS = 16_000;

    private static final int SLOTS = 160;
    private static final long FIVE_MINUTES_MS = 300_000;

    static List<CrashSteps> all() {
        List<CrashSteps> all = new ArrayList<>();
        for (List<String> points : List.of(DRIVING, RESOLVING, MOVING)) {
            points.forEach(point -> VICTIMS.forEach(victim -> all.add(new CrashSteps(point, victim))));
        }
        return List.copyOf(all);
    }

    /** A schedule's step that makes it happen, with two nodes. */
    Step step() {
        if (DRIVING.contains(point)) {
            // Of what is rolled back there is less, and that a participant has something to give back is rare.
            long least = point.contains("release") ? 15_000 : point.contains("rollback") ? 7_000 : 4_000;
            return (at, random) -> on(CRASH_AT, target("node" + (1 + random.nextInt(2))), least, least + 3_000, 1)
                    .at(at, random);
        }
        if (MOVING.contains(point)) {
            // The first node that answers moves them; to and fro, so that there is always something to move.
            return (at, random) -> together(
                            on(CRASH_AT, target("node1"), 17_000, 18_000, 1),
                            on(MOVE_SLOTS, random.nextBoolean() ? "0>1" : "1>0", 18_000, 20_000, SLOTS))
                    .at(at, random);
        }
        // The one dies and leaves something; the other must end it. What only a resolver may roll back has not
        // expired: its coordinator's clock stands still in the past.
        boolean complete = point.contains("complete");
        String left = complete ? "shards.decide.after" : "shards.reserve.participant.after";
        Step leaving = on(CRASH_AT, "node1@" + left, OVERDUE_MS, OVERDUE_MS + 1_000, 1);
        Step ending = on(CRASH_AT, target("node2"), OVERDUE_MS, OVERDUE_MS + 1_000, 1);
        return point.contains("rollback")
                ? together(on(CLOCK_SKEW, "node2", OVERDUE_MS, OVERDUE_MS + 1_000, -FIVE_MINUTES_MS), leaving, ending)
                : together(leaving, ending);
    }

    private String target(String node) {
        return node + "@" + point + (victim.isEmpty() ? "" : "@" + victim);
    }
}
