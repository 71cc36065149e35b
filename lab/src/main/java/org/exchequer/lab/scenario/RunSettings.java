package org.exchequer.lab.scenario;

import java.util.List;
import java.util.Optional;
import org.exchequer.lab.fault.Fault;

/**
 * One run of a scenario.
 *
 * @param scenario which
 * @param seed decides arrivals, operations, faults and chance in proxies
 * @param lengthMs of the load
 * @param perSecond mean rate of operations
 * @param schedule the faults, where they are given; else they follow from the seed
 * @param safety what keeps it within bounds; the scenario's own where it is empty
 */
public record RunSettings(
        Scenario scenario,
        long seed,
        long lengthMs,
        int perSecond,
        Optional<List<Fault>> schedule,
        Optional<Safety> safety) {
    private static final long SHORTEST_MS = 5_000;
    private static final long LONGEST_MS = 24 * 3_600_000L;
    private static final int HIGHEST_RATE = 20_000;

    /** Within the scenario's own bounds. */
    public RunSettings(Scenario scenario, long seed, long lengthMs, int perSecond, Optional<List<Fault>> schedule) {
        this(scenario, seed, lengthMs, perSecond, schedule, Optional.empty());
    }

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public RunSettings {
        if (lengthMs < SHORTEST_MS || lengthMs > LONGEST_MS) {
            throw new IllegalArgumentException("the length must be from 5 s to 24 h");
        }
        if (perSecond < 1 || perSecond > HIGHEST_RATE) {
            throw new IllegalArgumentException("the rate must be from 1 to " + HIGHEST_RATE + " a second");
        }
    }
}
