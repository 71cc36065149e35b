package org.exchequer.inward;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;

/**
 * What may go through although the liquidity service cannot be asked: up to a cap for each payment, and for all of a
 * currency within a minute, on this node.
 */
final class Allowance {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final class Used {
        private long minute;
        private long amount;
    }

    private final Ticker ticker;
    private final Map<String, Used> used = new HashMap<>();

    Allowance(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether it may; then it counts. */
    synchronized boolean take(Money amount, Settings settings) {
        if (!covers(amount, settings)) {
            return false;
        }
        now(amount).amount += amount.minorUnits();
        return true;
    }

    /** Whether an amount could be taken now. */
    synchronized boolean covers(Money amount, Settings settings) {
        Settings.Limit limit = settings.limits().get(amount.currency().code());
        return limit != null
                && amount.minorUnits() <= limit.unchecked().minorUnits()
                && amount.minorUnits() <= limit.uncheckedMinute().minorUnits() - now(amount).amount;
    }

    private Used now(Money amount) {
        long minute = Math.floorDiv(ticker.nanos(), MINUTE);
        Used now = used.computeIfAbsent(amount.currency().code(), key -> new Used());
        if (now.minute != minute) {
            now.minute = minute;
            now.amount = 0;
        }
        return now;
    }
}
