package org.exchequer.inward.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node works on at this moment, and how those it asks are.
 *
 * @param node its name
 * @param states how many payments are in each state; those where there are none are left out
 * @param atRisk of these, how many are expected to miss their time, or have passed the warning limit
 * @param oldest how long the oldest has taken; zero when there is none
 * @param partners whom it asks, by name
 * @param lookups how often messages were looked up among those answered before
 */
public record Live(
        String node, Map<State, Integer> states, int atRisk, Duration oldest, List<Partner> partners, Lookups lookups) {
    public Live {
        states = Map.copyOf(states);
        partners = List.copyOf(partners);
    }

    /** Where nothing was looked up. */
    public Live(String node, Map<State, Integer> states, int atRisk, Duration oldest, List<Partner> partners) {
        this(node, states, atRisk, oldest, partners, Lookups.NONE);
    }

    /** How many it works on. */
    public int underWay() {
        return states.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * A partner, one of its operations, or a resource of one, since the node's start.
     *
     * @param name such as {@code vam}, {@code vam/account} or {@code vam/account/SGD}
     * @param breaker {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN}, {@code FORCED_OPEN} or {@code FORCED_CLOSED}
     * @param forcedBy who forced it and why; null when nobody did
     * @param average time of a call that was answered, by an exponential average
     * @param calls that ended
     * @param failures of these
     * @param refused calls that the breaker did not let through
     */
    public record Partner(
            String name,
            String breaker,
            @Nullable String forcedBy,
            Duration average,
            long calls,
            long failures,
            long refused) {}
}
