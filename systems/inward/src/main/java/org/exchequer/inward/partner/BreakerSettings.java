package org.exchequer.inward.partner;

import java.time.Duration;

/**
 * When a breaker opens, and how it closes again. Two thresholds adapt to what its partner is like when all is well,
 * within bounds:
 *
 * <ul>
 *   <li>The share of failures that opens it is {@code leastFailures + 3 f}, at most {@code mostFailures}, where f is
 *       the long-run share of failures: an exponential average over about 256 calls.
 *   <li>A call is slow when it takes longer than {@code m + 4 d}, not less than {@code leastSlow} and not more than
 *       {@code mostSlow}, where m is the average time and d the average deviation from it, with gains of 1/8 and 1/4:
 *       the estimator of RFC 6298, section 2.
 * </ul>
 *
 * Both learn only while the breaker is closed.
 *
 * @param window calls looked at, 1 to 10,000
 * @param leastCalls how many of them there must be to judge, 1 to {@code window}
 * @param leastFailures lower bound of the share of failures that opens it, above 0, to 1
 * @param mostFailures upper bound of it, and the share of failed probes that opens it again; to 1
 * @param slowCalls share of slow calls that opens it, above 0, to 1
 * @param leastSlow no call that takes less is slow
 * @param mostSlow every call that takes more is slow
 * @param probes calls let through to see whether the partner is well again, 1 to 100
 * @param firstWait how long it stays open the first time; doubled each time that probes fail
 * @param longestWait bound of that
 */
public record BreakerSettings(
        int window,
        int leastCalls,
        double leastFailures,
        double mostFailures,
        double slowCalls,
        Duration leastSlow,
        Duration mostSlow,
        int probes,
        Duration firstWait,
        Duration longestWait) {
    /** For a whole partner or one of its operations. */
    public static final BreakerSettings STANDARD = new BreakerSettings(
            50,
            20,
            0.25,
            0.5,
            0.8,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            5,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30));

    /** For one resource of an operation, such as a bank's position: fewer calls, and more of them must fail. */
    public static final BreakerSettings RESOURCE = new BreakerSettings(
            20,
            10,
            0.5,
            0.8,
            0.9,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            2,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30));

    /** @throws IllegalArgumentException naming what is out of its range */
    public BreakerSettings {
        require(window >= 1 && window <= 10_000, "window must be 1 to 10,000");
        require(leastCalls >= 1 && leastCalls <= window, "leastCalls must be 1 to the window");
        require(leastFailures > 0 && leastFailures <= mostFailures && mostFailures <= 1, "failures must be in order");
        require(slowCalls > 0 && slowCalls <= 1, "slowCalls must be above 0, to 1");
        require(!leastSlow.isNegative() && leastSlow.compareTo(mostSlow) <= 0, "leastSlow must not exceed mostSlow");
        require(probes >= 1 && probes <= 100, "probes must be 1 to 100");
        require(
                firstWait.toMillis() >= 1 && firstWait.compareTo(longestWait) <= 0,
                "firstWait must be 1 ms to longestWait");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
