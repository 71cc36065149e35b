package org.exchequer.inward.control;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.exchequer.inward.partner.BreakerSettings;
import org.exchequer.inward.partner.CallLimits;

/**
 * What a node as a whole is configured to.
 *
 * @param load how many payments it works on at once
 * @param standard breakers of partners and operations
 * @param resource breakers of resources
 */
public record NodeSettings(WorkGate.Bounds load, CallLimits calls, BreakerSettings standard, BreakerSettings resource) {
    /** @throws IllegalArgumentException when values contradict each other, saying how */
    static NodeSettings of(WorkGate.Bounds load, Map<String, BigDecimal> values) {
        return new NodeSettings(
                new WorkGate.Bounds(
                        count(values, Keys.LEAST_AT_ONCE, load.least()),
                        count(values, Keys.MOST_AT_ONCE, load.most()),
                        millis(values, Keys.TARGET, load.target())),
                new CallLimits(
                        count(values, Keys.VAM_CALLS, CallLimits.STANDARD.vam()),
                        count(values, Keys.MIDANZ_CALLS, CallLimits.STANDARD.midanz()),
                        count(values, Keys.LIQUIDITY_CALLS, CallLimits.STANDARD.liquidity())),
                breaker(values, Keys.STANDARD_BREAKER, BreakerSettings.STANDARD),
                breaker(values, Keys.RESOURCE_BREAKER, BreakerSettings.RESOURCE));
    }

    private static BreakerSettings breaker(Map<String, BigDecimal> values, String prefix, BreakerSettings standard) {
        return new BreakerSettings(
                count(values, prefix + "window", standard.window()),
                count(values, prefix + "least_calls", standard.leastCalls()),
                share(values, prefix + "least_failures", standard.leastFailures()),
                share(values, prefix + "most_failures", standard.mostFailures()),
                share(values, prefix + "slow_calls", standard.slowCalls()),
                millis(values, prefix + "least_slow_ms", standard.leastSlow()),
                millis(values, prefix + "most_slow_ms", standard.mostSlow()),
                count(values, prefix + "probes", standard.probes()),
                millis(values, prefix + "first_wait_ms", standard.firstWait()),
                millis(values, prefix + "longest_wait_ms", standard.longestWait()));
    }

    private static int count(Map<String, BigDecimal> values, String key, int standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : value.intValueExact();
    }

    private static double share(Map<String, BigDecimal> values, String key, double standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : value.doubleValue();
    }

    private static Duration millis(Map<String, BigDecimal> values, String key, Duration standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : Duration.ofMillis(value.longValueExact());
    }
}
