package org.exchequer.scoring.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether groups of customers are treated alike: how often each is let through, and how often a harmless payment of it
 * is not. The group is told beside the decision and is no feature of a model. Thread safe; at most {@value
 * #MOST_GROUPS} groups are told apart.
 */
public final class Fairness {
    public static final int MOST_GROUPS = 32;

    /** Where further groups are counted together. */
    public static final String OTHERS = "(others)";

    /** Groups with fewer decisions are shown and not judged. */
    public static final int LEAST_DECIDED = 100;

    /** The four-fifths rule (EEOC Uniform Guidelines 1978, 29 CFR 1607.4 D). */
    private static final double FOUR_FIFTHS = 0.8;

    private static final double MOST_FALSE_ALARM_RATIO = 1.25;

    private final Map<String, Counts> groups = new TreeMap<>();

    private static final class Counts {
        private long decided;
        private long held;
        private long harmless;
        private long falseAlarms;
    }

    /**
     * One group.
     *
     * @param held decisions that were not to approve
     * @param approvalRatio its share of approvals by that of the group with the highest; below 0.8 is a warning
     * @param harmless payments known by now to be harmless
     * @param falsePositiveRate share of those that were held
     * @param falsePositiveRatio that by the rate of all groups together; above 1.25 is a warning
     * @param warning one of the two, and enough decisions to say so
     */
    public record Group(
            String name,
            long decided,
            long held,
            double approvalRatio,
            long harmless,
            double falsePositiveRate,
            double falsePositiveRatio,
            boolean warning) {}

    public synchronized void decided(String group, boolean held) {
        Counts counts = counts(group);
        counts.decided++;
        counts.held += held ? 1 : 0;
    }

    /** Later, when it is known: only harmless payments count for false positives. */
    public synchronized void labelled(String group, boolean held, boolean fraud) {
        Counts counts = counts(group);
        counts.harmless += fraud ? 0 : 1;
        counts.falseAlarms += !fraud && held ? 1 : 0;
    }

    public synchronized List<Group> report() {
        double bestApproval = 0;
        long harmless = 0;
        long falseAlarms = 0;
        for (Counts counts : groups.values()) {
            if (counts.decided >= LEAST_DECIDED) {
                bestApproval = Math.max(bestApproval, 1 - ratio(counts.held, counts.decided));
            }
            harmless += counts.harmless;
            falseAlarms += counts.falseAlarms;
        }
        double allRate = ratio(falseAlarms, harmless);
        List<Group> report = new ArrayList<>();
        for (Map.Entry<String, Counts> each : groups.entrySet()) {
            Counts counts = each.getValue();
            double approval = 1 - ratio(counts.held, counts.decided);
            double approvalRatio = bestApproval > 0 ? approval / bestApproval : 1;
            double rate = ratio(counts.falseAlarms, counts.harmless);
            double rateRatio = allRate > 0 ? rate / allRate : 1;
            boolean unlike = counts.decided >= LEAST_DECIDED && approvalRatio < FOUR_FIFTHS;
            boolean alarmed = counts.harmless >= LEAST_DECIDED && rateRatio > MOST_FALSE_ALARM_RATIO;
            report.add(new Group(
                    each.getKey(),
                    counts.decided,
                    counts.held,
                    approvalRatio,
                    counts.harmless,
                    rate,
                    rateRatio,
                    unlike || alarmed));
        }
        return report;
    }

    private Counts counts(String group) {
        String name = groups.containsKey(group) || groups.size() < MOST_GROUPS - 1 ? group : OTHERS;
        return groups.computeIfAbsent(name, any -> new Counts());
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
