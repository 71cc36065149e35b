package org.exchequer.inward.control;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.core.Terms.Range;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** Settings with what is configured in its place. */
final class ConfiguredSettings {
    private final Map<String, BigDecimal> values = new HashMap<>();
    private final Settings base;

    private ConfiguredSettings(Settings base, List<ConfigEntry> entries) {
        this.base = base;
        entries.forEach(entry -> values.put(entry.key(), Objects.requireNonNull(entry.value())));
    }

    /** @throws IllegalArgumentException when they contradict each other, saying how */
    static Settings of(Settings base, List<ConfigEntry> entries) {
        return new ConfiguredSettings(base, entries).make(currency(entries));
    }

    /** All entries that apply to a payment and name a currency name the same. */
    private static @Nullable String currency(List<ConfigEntry> entries) {
        return entries.stream()
                .map(entry -> entry.scope().currency())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Settings make(@Nullable String currency) {
        Map<Stage, Duration> budgets = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            budgets.put(stage, duration(Keys.budget(stage), base.sla().budget(stage)));
        }
        Sla sla = new Sla(
                duration(Keys.HARD, base.sla().hard()),
                duration(Keys.WARNING, base.sla().warning()),
                duration(Keys.CRITICAL, base.sla().critical()),
                duration(Keys.EMERGENCY, base.sla().emergency()),
                budgets);
        Map<String, Settings.Limit> limits = new HashMap<>(base.limits());
        if (currency != null) {
            limits.computeIfPresent(currency, this::limit);
        }
        return new Settings(
                sla,
                base.ownBics(),
                limits,
                duration(Keys.OLDEST, base.oldest()),
                duration(Keys.AHEAD, base.ahead()),
                count(Keys.DAYS_AHEAD, base.daysAhead()),
                count(Keys.MOST_1H, base.most1h()),
                count(Keys.MOST_24H, base.most24h()),
                base.settlementAccount(),
                base.hedge(),
                share(Keys.BREACH, base.breach()),
                base.mostAtOnce());
    }

    private Settings.Limit limit(String code, Settings.Limit limit) {
        return new Settings.Limit(
                new Range(
                        money(Keys.LEAST_AMOUNT, limit.range().least()),
                        money(Keys.MOST_AMOUNT, limit.range().most())),
                money(Keys.RISKY, limit.risky()),
                money(Keys.UNCHECKED, limit.unchecked()),
                money(Keys.UNCHECKED_MINUTE, limit.uncheckedMinute()));
    }

    private Duration duration(String key, Duration standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : Duration.ofMillis(value.longValueExact());
    }

    private double share(String key, double standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : value.doubleValue();
    }

    private int count(String key, int standard) {
        BigDecimal value = values.get(key);
        return value == null ? standard : value.intValueExact();
    }

    private Money money(String key, Money standard) {
        BigDecimal value = values.get(key);
        Currency currency = standard.currency();
        return value == null ? standard : new Money(value.longValueExact(), currency);
    }
}
