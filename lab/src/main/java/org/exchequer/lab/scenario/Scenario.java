package org.exchequer.lab.scenario;

import java.util.List;
import java.util.Optional;
import org.exchequer.lab.load.Mix;

/**
 * Workload, faults and what must hold. What must hold is the same for all: see {@link Invariants}.
 *
 * @param name as on the command line
 * @param summary one sentence
 * @param setting what stands on the stage
 * @param mix what clients ask
 * @param perSecond usual rate of operations
 * @param seconds usual length of the load
 * @param faults makes the schedule
 * @param notTested what a good run says nothing about
 */
public record Scenario(
        String name,
        String summary,
        Setting setting,
        Mix mix,
        int perSecond,
        int seconds,
        FaultPlan faults,
        List<String> notTested) {
    /**
     * What stands on the stage.
     *
     * @param nodes how many
     * @param diskMiB of a disk of PostgreSQL's own, 0 for none
     * @param shards of the ledger, each with a PostgreSQL of its own
     * @param guest who uses the ledger besides the load
     */
    public record Setting(int nodes, int diskMiB, int shards, Guest guest) {
        static final Setting TWO_NODES = new Setting(2, 0, 1, Guest.NOBODY);
        static final Setting THREE_NODES = new Setting(3, 0, 1, Guest.NOBODY);
    }

    /** What keeps a run within bounds; only runs of inward clearing have such. */
    public Optional<Safety> safety() {
        return setting.guest() == Guest.INWARD
                ? Optional.of(Safety.own(InwardScenarios.plan(this).rules()))
                : Optional.empty();
    }

    /** Who uses the ledger besides the load. */
    public enum Guest {
        NOBODY,
        /** A consumer that reads the events from a topic where they come again and out of order. */
        REDELIVERY,
        /** Somebody who compares accounts with a bank's statements while they are posted to. */
        RECONCILER,
        /** Banks that send messages to inward clearing: they are the load. */
        INWARD
    }
}
