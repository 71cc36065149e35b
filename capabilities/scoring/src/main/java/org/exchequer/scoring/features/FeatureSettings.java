package org.exchequer.scoring.features;

import org.exchequer.scoring.graph.GraphSettings;

/**
 * What the features are told.
 *
 * @param reportingMinor amount from which payments are reported, in minor units of the base currency
 * @param smallMinor below it a payment may be a test of a stolen card, in minor units of the base currency
 * @param accounts accounts remembered, at about 4 kB each; the one touched longest ago goes first
 * @param origins addresses and devices remembered, so many of each, at 0.3 to 2.5 kB
 * @param entities customers remembered, at 0.4 kB
 * @param tables what is held for risky
 * @param graph bounds of the graph of payments
 */
public record FeatureSettings(
        long reportingMinor,
        long smallMinor,
        int accounts,
        int origins,
        int entities,
        RiskTables tables,
        GraphSettings graph) {
    private static final int MOST_KEYS = 50_000_000;

    public FeatureSettings {
        if (smallMinor < 1 || reportingMinor <= smallMinor || reportingMinor > Event.MOST_MINOR) {
            throw new IllegalArgumentException(
                    "smallMinor must be at least 1 and less than reportingMinor, which is at " + "most "
                            + Event.MOST_MINOR);
        }
        keys("accounts", accounts);
        keys("origins", origins);
        keys("entities", entities);
    }

    /** Reports from 10,000.00, tests below 5.00, up to 200,000 accounts in 1 GB. */
    public static FeatureSettings standard() {
        return new FeatureSettings(
                1_000_000, 500, 200_000, 200_000, 200_000, RiskTables.standard(), GraphSettings.standard());
    }

    boolean nearThreshold(long value) {
        return value < reportingMinor && value >= reportingMinor / 5 * 4;
    }

    private static void keys(String name, int count) {
        if (count < 2 || count > MOST_KEYS) {
            throw new IllegalArgumentException(name + " must be from 2 to " + MOST_KEYS + ", not " + count);
        }
    }
}
