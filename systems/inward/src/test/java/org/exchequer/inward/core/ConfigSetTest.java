package org.exchequer.inward.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Decision;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigSetTest {
    private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");
    private static final String KEY = "fraud.most_1h";

    private final List<ConfigEntry> entries = new ArrayList<>();

    private ConfigEntry add(@Nullable Integer value, ConfigScope scope) {
        return add(value, scope, NOW.minusSeconds(60), null, null, null);
    }

    private ConfigEntry add(
            @Nullable Integer value,
            ConfigScope scope,
            Instant from,
            @Nullable Instant until,
            @Nullable String experiment,
            @Nullable String percentage) {
        long number = entries.size() + 1;
        ConfigEntry entry = new ConfigEntry(
                KEY,
                number,
                value == null ? null : BigDecimal.valueOf(value),
                scope,
                from,
                until,
                experiment,
                percentage == null ? null : new BigDecimal(percentage),
                null,
                "why",
                "mary",
                NOW,
                Decision.State.APPROVED,
                null,
                number);
        entries.add(entry);
        return entry;
    }

    private @Nullable Integer value(String type, String currency, long amount, String node, Instant now) {
        ConfigSet set = new ConfigSet(entries.size(), entries);
        List<ConfigEntry> applied = set.apply(new ConfigSet.Context(type, currency, amount, node, now, entry -> false))
                .entries();
        return applied.isEmpty() || applied.getFirst().value() == null
                ? null
                : applied.getFirst().value().intValueExact();
    }

    private @Nullable Integer value() {
        return value("PACS_008", "SGD", 500, "a", NOW);
    }

    @Test
    void theMostSpecificScopeWinsWhateverTheOrder() {
        assertThat(value()).isNull();
        add(6, new ConfigScope("PACS_008", "SGD", 0L, 1_000L, null));
        add(1, ConfigScope.ALL);
        add(4, new ConfigScope("PACS_008", null, null, null, null));
        add(5, new ConfigScope("PACS_008", "SGD", null, null, null));
        add(2, new ConfigScope(null, "SGD", null, null, null));
        add(3, new ConfigScope(null, null, null, null, "b"));
        assertThat(value()).isEqualTo(6);
        assertThat(value("PACS_008", "SGD", 1_000, "a", NOW))
                .as("below the upper bound")
                .isEqualTo(5);
        assertThat(value("PACS_008", "EUR", 500, "a", NOW)).isEqualTo(4);
        assertThat(value("PACS_003", "SGD", 500, "a", NOW)).isEqualTo(2);
        assertThat(value("PACS_003", "SGD", 500, "b", NOW))
                .as("a node before a currency")
                .isEqualTo(3);
        assertThat(value("PACS_003", "EUR", 500, "a", NOW)).isEqualTo(1);
    }

    @Test
    void theNarrowerRangeOfAmountsWinsThenTheLastApproved() {
        add(1, new ConfigScope(null, "SGD", 0L, 10_000L, null));
        add(2, new ConfigScope(null, "SGD", 400L, 600L, null));
        add(3, new ConfigScope(null, "SGD", 0L, null, null));
        assertThat(value()).isEqualTo(2);
        add(4, new ConfigScope(null, "SGD", 450L, 650L, null));
        assertThat(value()).isEqualTo(4);
    }

    @Test
    void aVersionAppliesInItsTimeAndTheOneBeforeAfterwards() {
        add(1, ConfigScope.ALL);
        add(2, ConfigScope.ALL, NOW.plusSeconds(10), NOW.plusSeconds(20), null, null);
        assertThat(value()).isEqualTo(1);
        assertThat(value("PACS_008", "SGD", 1, "a", NOW.plusSeconds(10))).isEqualTo(2);
        assertThat(value("PACS_008", "SGD", 1, "a", NOW.plusSeconds(20))).isEqualTo(1);
        add(null, ConfigScope.ALL);
        assertThat(value()).as("taken away").isNull();
    }

    @Test
    void experimentsAreDrawnByThePaymentsKeyInTheirShareAndIndependently() {
        ConfigEntry first = add(1, ConfigScope.ALL, NOW, null, "first", "20");
        ConfigEntry second = add(2, ConfigScope.ALL, NOW, null, "second", "50");
        int inFirst = 0;
        int inSecond = 0;
        int both = 0;
        int payments = 20_000;
        for (int i = 0; i < payments; i++) {
            byte[] key = ("payment " + i).getBytes(StandardCharsets.UTF_8);
            boolean one = ConfigSet.inExperiment(first, key);
            boolean two = ConfigSet.inExperiment(second, key);
            assertThat(ConfigSet.inExperiment(first, key)).isEqualTo(one);
            inFirst += one ? 1 : 0;
            inSecond += two ? 1 : 0;
            both += one && two ? 1 : 0;
        }
        assertThat(inFirst).isBetween(3_800, 4_200);
        assertThat(inSecond).isBetween(9_700, 10_300);
        assertThat(both).isBetween(1_850, 2_150);
        ConfigSet set = new ConfigSet(2, entries);
        ConfigSet.Applied applied = set.apply(
                new ConfigSet.Context("PACS_008", null, null, "a", NOW, entry -> "first".equals(entry.experiment())));
        assertThat(applied.experiments()).containsExactly("first");
        assertThat(applied.entries()).containsExactly(first);
    }
}
