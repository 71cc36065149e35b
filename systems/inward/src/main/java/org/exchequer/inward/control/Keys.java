package org.exchequer.inward.control;

import static org.exchequer.inward.api.ConfigKey.Dimension.AMOUNT;
import static org.exchequer.inward.api.ConfigKey.Dimension.CURRENCY;
import static org.exchequer.inward.api.ConfigKey.Dimension.INSTANCE;
import static org.exchequer.inward.api.ConfigKey.Dimension.MESSAGE_TYPE;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.ConfigKey;
import org.exchequer.inward.api.ConfigKey.Category;
import org.exchequer.inward.api.ConfigKey.Dimension;
import org.exchequer.inward.api.ConfigKey.Unit;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.partner.BreakerSettings;
import org.exchequer.inward.partner.CallLimits;
import org.jspecify.annotations.Nullable;

/** Everything that can be configured, in one list. */
final class Keys {
    static final String HARD = "sla.hard_ms";
    static final String WARNING = "sla.warning_ms";
    static final String CRITICAL = "sla.critical_ms";
    static final String EMERGENCY = "sla.emergency_ms";
    static final String BREACH = "sla.breach_probability";
    static final String OLDEST = "validation.oldest_ms";
    static final String AHEAD = "validation.ahead_ms";
    static final String DAYS_AHEAD = "validation.days_ahead";
    static final String LEAST_AMOUNT = "validation.least_amount";
    static final String MOST_AMOUNT = "validation.most_amount";
    static final String MOST_1H = "fraud.most_1h";
    static final String MOST_24H = "fraud.most_24h";
    static final String RISKY = "fraud.risky_amount";
    static final String UNCHECKED = "execution.unchecked_amount";
    static final String UNCHECKED_MINUTE = "execution.unchecked_minute";
    static final String CAP = "emergency.cap_payment";
    static final String CAP_TOTAL = "emergency.cap_total";
    static final String CAP_FORCED = "emergency.cap_forced";
    static final String PENDING_HOLD = "emergency.pending_hold_ms";
    static final String LEAST_AT_ONCE = "load.least_at_once";
    static final String MOST_AT_ONCE = "load.most_at_once";
    static final String TARGET = "load.target_ms";
    static final String VAM_CALLS = "load.vam_calls";
    static final String MIDANZ_CALLS = "load.midanz_calls";
    static final String LIQUIDITY_CALLS = "load.liquidity_calls";
    static final String STANDARD_BREAKER = "breaker.standard.";
    static final String RESOURCE_BREAKER = "breaker.resource.";

    private static final Set<Dimension> ALL = Set.of(MESSAGE_TYPE, CURRENCY, AMOUNT, INSTANCE);
    private static final Set<Dimension> NODE = Set.of(INSTANCE);
    private static final long MINUTE_MS = 60_000;
    private static final long MOST_MINOR = 1_000_000_000_000L;

    private final List<ConfigKey> keys = new ArrayList<>();

    private Keys() {}

    /** With what holds when nothing is configured. */
    static List<ConfigKey> of(Settings settings, WorkGate.Bounds load) {
        Keys list = new Keys();
        list.sla(settings);
        list.rules(settings);
        list.load(load);
        list.breakers(STANDARD_BREAKER, "a partner or an operation", BreakerSettings.STANDARD);
        list.breakers(RESOURCE_BREAKER, "one resource, such as a bank", BreakerSettings.RESOURCE);
        return List.copyOf(list.keys);
    }

    /** The budget of a stage. */
    static String budget(Stage stage) {
        return "sla.budget." + stage.name().toLowerCase(Locale.ROOT) + "_ms";
    }

    private void sla(Settings settings) {
        millis(Category.SLA, HARD, 1_000, MINUTE_MS, settings.sla().hard(), "within which a payment is answered");
        millis(Category.SLA, WARNING, 100, MINUTE_MS, settings.sla().warning(), "from which it is watched");
        millis(
                Category.SLA,
                CRITICAL,
                500,
                MINUTE_MS,
                settings.sla().critical(),
                "by which every stage must be over; only what must be done follows");
        millis(
                Category.SLA,
                EMERGENCY,
                500,
                MINUTE_MS,
                settings.sla().emergency(),
                "by which it is answered, whatever is known");
        add(
                BREACH,
                Category.SLA,
                Unit.SHARE,
                new BigDecimal("0.01"),
                BigDecimal.ONE,
                BigDecimal.valueOf(settings.breach()),
                ALL,
                "how likely it has to miss its time within two stages to be at risk, and do only what it must");
        for (Stage stage : Stage.values()) {
            if (!stage.budget().isZero()) {
                millis(
                        Category.SLA,
                        budget(stage),
                        stage.least().toMillis(),
                        MINUTE_MS,
                        settings.sla().budget(stage),
                        "budget of " + stage.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
    }

    private void rules(Settings settings) {
        Category validation = Category.VALIDATION;
        millis(validation, OLDEST, 1_000, 86_400_000, settings.oldest(), "how old a message may be when it comes in");
        millis(validation, AHEAD, 0, 600_000, settings.ahead(), "how far a sender's clock may be ahead");
        count(validation, DAYS_AHEAD, 0, 30, settings.daysAhead(), ALL, "days ahead on which a payment may settle");
        minor(validation, LEAST_AMOUNT, "least amount of a payment");
        minor(validation, MOST_AMOUNT, "most");
        count(Category.FRAUD, MOST_1H, 1, 1_000_000, settings.most1h(), ALL, "most payments of a payer in an hour");
        count(Category.FRAUD, MOST_24H, 1, 1_000_000, settings.most24h(), ALL, "in a day");
        minor(Category.FRAUD, RISKY, "amount above which rules refuse a payment");
        Category execution = Category.EXECUTION;
        minor(execution, UNCHECKED, "most that passes when the liquidity service cannot be asked");
        minor(execution, UNCHECKED_MINUTE, "most of such payments together within a minute, for each node");
        minor(Category.EMERGENCY, CAP, "most of one payment that a measure lets pass with fewer checks");
        minor(Category.EMERGENCY, CAP_TOTAL, "most of all payments that one measure lets pass");
        minor(Category.EMERGENCY, CAP_FORCED, "most of a payment that is completed by hand");
        add(
                PENDING_HOLD,
                Category.EMERGENCY,
                Unit.MILLISECONDS,
                BigDecimal.ZERO,
                BigDecimal.valueOf(3_600_000),
                BigDecimal.ZERO,
                NODE,
                "how long a payment whose outcome is not known is left to people before it is refused");
    }

    private void load(WorkGate.Bounds load) {
        Category category = Category.LOAD;
        count(category, LEAST_AT_ONCE, 1, 100_000, load.least(), NODE, "payments worked on at once, at least");
        count(category, MOST_AT_ONCE, 1, 100_000, load.most(), NODE, "at most");
        CallLimits calls = CallLimits.STANDARD;
        count(category, VAM_CALLS, 1, 10_000, calls.vam(), NODE, "calls to VAM at once, each on its own connection");
        count(category, MIDANZ_CALLS, 1, 10_000, calls.midanz(), NODE, "calls to MIDANZ at once, the same");
        count(category, LIQUIDITY_CALLS, 1, 10_000, calls.liquidity(), NODE, "calls to the liquidity service at once");
        add(
                TARGET,
                category,
                Unit.MILLISECONDS,
                BigDecimal.valueOf(10),
                BigDecimal.valueOf(MINUTE_MS),
                BigDecimal.valueOf(load.target().toMillis()),
                NODE,
                "time of work, at the 95th percentile, above which fewer are worked on at once");
    }

    private void breakers(String prefix, String of, BreakerSettings standard) {
        Category category = Category.CIRCUIT_BREAKER;
        String text = " of a breaker of " + of;
        count(category, prefix + "window", 1, 10_000, standard.window(), NODE, "calls in the window" + text);
        count(category, prefix + "least_calls", 1, 10_000, standard.leastCalls(), NODE, "calls to judge" + text);
        share(prefix + "least_failures", standard.leastFailures(), "share of failures that opens it, at least," + text);
        share(prefix + "most_failures", standard.mostFailures(), "share of failures that opens it, at most," + text);
        share(prefix + "slow_calls", standard.slowCalls(), "share of slow calls that opens it," + text);
        nodeMillis(prefix + "least_slow_ms", standard.leastSlow(), "no call that takes less is slow," + text);
        nodeMillis(prefix + "most_slow_ms", standard.mostSlow(), "every call that takes more is slow," + text);
        count(category, prefix + "probes", 1, 100, standard.probes(), NODE, "probes" + text);
        nodeMillis(prefix + "first_wait_ms", standard.firstWait(), "first wait before probes" + text);
        nodeMillis(prefix + "longest_wait_ms", standard.longestWait(), "longest wait before probes" + text);
    }

    private void nodeMillis(String name, Duration standard, String text) {
        add(
                name,
                Category.CIRCUIT_BREAKER,
                Unit.MILLISECONDS,
                BigDecimal.ONE,
                BigDecimal.valueOf(600_000),
                BigDecimal.valueOf(standard.toMillis()),
                NODE,
                text);
    }

    private void millis(Category category, String name, long least, long most, Duration standard, String text) {
        add(
                name,
                category,
                Unit.MILLISECONDS,
                BigDecimal.valueOf(least),
                BigDecimal.valueOf(most),
                BigDecimal.valueOf(standard.toMillis()),
                ALL,
                text);
    }

    private void count(
            Category category, String name, long least, long most, long standard, Set<Dimension> scopes, String text) {
        add(
                name,
                category,
                Unit.COUNT,
                BigDecimal.valueOf(least),
                BigDecimal.valueOf(most),
                BigDecimal.valueOf(standard),
                scopes,
                text);
    }

    private void share(String name, double standard, String text) {
        add(
                name,
                Category.CIRCUIT_BREAKER,
                Unit.SHARE,
                new BigDecimal("0.0001"),
                BigDecimal.ONE,
                BigDecimal.valueOf(standard),
                NODE,
                text);
    }

    /** What depends on the currency has to name one. */
    private void minor(Category category, String name, String text) {
        add(name, category, Unit.MINOR_UNITS, BigDecimal.ONE, BigDecimal.valueOf(MOST_MINOR), null, ALL, text);
    }

    private void add(
            String name,
            Category category,
            Unit unit,
            BigDecimal least,
            BigDecimal most,
            @Nullable BigDecimal standard,
            Set<Dimension> scopes,
            String text) {
        keys.add(new ConfigKey(name, category, unit, least, most, standard, scopes, text));
    }
}
