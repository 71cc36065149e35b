package org.exchequer.inward.fraud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.inward.api.FraudSettings.Key;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.NewEntry;
import org.exchequer.inward.store.FraudChanges.Adding;
import org.exchequer.inward.store.FraudChanges.State;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.scoring.model.Blend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of a proposal's values and of a list's entries, each naming its field. */
class SettingKeysTest {
    private static final Instant NOW = Instant.parse("2026-03-31T10:00:00Z");

    private static Map<String, @Nullable BigDecimal> values(String text) {
        Map<String, @Nullable BigDecimal> values = new HashMap<>();
        for (String each : text.split(" ", -1)) {
            String[] parts = each.split("=", -1);
            values.put(parts[0], parts[1].equals("null") ? null : new BigDecimal(parts[1]));
        }
        return values;
    }

    private static Tuning tuning(String text) {
        Map<String, @Nullable BigDecimal> values = values(text);
        SettingKeys.check(values);
        return SettingKeys.tuning(new State(2, SettingKeys.with(Map.of(), values), List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weight.model=-1 | weight.model | 0 to 100",
                "weight.model=101 | weight.model | 0 to 100",
                "weight.model=70.5 | weight.model | whole number",
                "weight.model=65 | weight | must sum to 100, not 95",
                "weight.model=0 weight.rules=0 weight.review=100 | weight | must not both be 0",
                "threshold.review=0 | threshold.review | 0.001 to 1",
                "threshold.reject=1.1 | threshold.reject | 0.001 to 1",
                "threshold.reject=0.70001 | threshold.reject | at most 4 decimals",
                "threshold.review=0.8 | threshold | threshold.review must not be above threshold.reject",
                "threshold.reject=0.95 | threshold | threshold.emergency",
                "drift.alarm=0 | drift.alarm | 0.01 to 1",
                "rule.card_testing.payments=1 | rule.card_testing.payments | 2 to 1000 payments",
                "rule.card_testing.colour=1 | rule.card_testing.colour | a number of the rule card_testing",
                "rule.card_guessing.payments=3 | rule.card_guessing.payments | there is none called card_guessing",
                "rule.card_testing.on=2 | rule.card_testing.on | 0 to 1",
                "rule.sanctions_screening.on=0 | rule.sanctions_screening.on | AML are not switched off",
                "speed=1 | speed | one of the keys",
            })
    void a_bad_value_names_its_field_and_its_rule(String given, String field, String rule) {
        assertThatThrownBy(() -> tuning(given.strip()))
                .isInstanceOfSatisfying(
                        FieldError.class, error -> assertThat(error.field()).isEqualTo(field.strip()))
                .hasMessageContaining(rule.strip());
    }

    @Test
    void nothing_and_too_much_are_refused() {
        assertThatThrownBy(() -> SettingKeys.check(Map.of())).hasMessageContaining("1 to 100");
        Map<String, @Nullable BigDecimal> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("k" + i, BigDecimal.ONE);
        }
        assertThatThrownBy(() -> SettingKeys.check(many)).hasMessageContaining("1 to 100");
    }

    @Test
    void the_standard_is_what_the_program_judges_by() {
        assertThat(Tuning.STANDARD.blend()).isEqualTo(Blend.usual());
        assertThat(Tuning.STANDARD.revision()).isEqualTo(1);
        assertThat(Tuning.STANDARD.book().version()).isEqualTo(1);
        // All of them set to their standard make the same, to the bit.
        Map<String, BigDecimal> set = new HashMap<>();
        SettingKeys.all().forEach(key -> set.put(key.name(), key.standard()));
        assertThat(SettingKeys.tuning(new State(7, set, List.of())).blend()).isEqualTo(Blend.usual());
        assertThat(SettingKeys.all())
                .extracting(Key::name)
                .doesNotHaveDuplicates()
                .contains("weight.model", "threshold.emergency", "rule.card_testing.payments");
    }

    @Test
    void what_is_set_holds_and_what_is_taken_away_is_the_standard_again() {
        Tuning tuning =
                tuning("weight.model=60 weight.rules=35 threshold.reject=0.6 rule.device_switching_rapid.devices=5");
        assertThat(tuning.blend()).isEqualTo(new Blend(0.6, 0.35, 0.05, 0.1, 0.6, 0.9));
        assertThat(tuning.book().value("device_switching_rapid", "devices")).isEqualTo(5);
        assertThat(tuning.book().version()).isEqualTo(2);
        Map<String, BigDecimal> back = SettingKeys.with(tuning.set(), values("threshold.reject=null weight.model=70"));
        assertThat(back).doesNotContainKey("threshold.reject").containsEntry("weight.model", new BigDecimal("70"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ACCOUNT | 12 | 1 | spam | entries[0].name | 4 to 34",
                "ACCOUNT | DE89370400440532013001 | 1 | spam | entries[0].name | check digits",
                "ACCOUNT | 1188 8!1 | 1 | spam | entries[0].name | must be an account",
                "BANK | AAAB | 1 | spam | entries[0].name | must be a BIC",
                "BANK | AAABZZSG | 1 | spam | entries[0].name | must be a BIC",
                "BANK | EXCQSGSGXXX | 1 | spam | entries[0].name | must not be this bank",
                "BANK | AAABSGSG | 0 | spam | entries[0].until | a time to come",
                "BANK | AAABSGSG | 2000 | spam | entries[0].until | within five years",
                "BANK | AAABSGSG | 1 | '' | entries[0].reason | 1 to 200",
            })
    void a_bad_entry_names_its_field_and_its_rule(
            Named named, String name, long days, String reason, String field, String rule) {
        NewEntry entry = new NewEntry(true, named, name, reason, NOW.plus(Duration.ofDays(days)));
        assertThatThrownBy(() -> Names.check(List.of(entry), NOW, text -> 1, Set.of("EXCQSGSG")))
                .isInstanceOfSatisfying(
                        FieldError.class, error -> assertThat(error.field()).isEqualTo(field))
                .hasMessageContaining(rule);
    }

    @Test
    void an_entry_shows_little_of_an_account_and_all_of_a_bank() {
        Instant until = NOW.plus(Duration.ofDays(1));
        List<Adding> kept = Names.check(
                List.of(
                        new NewEntry(true, Named.ACCOUNT, "de89 3704 0044 0532 0130 00", "known", until),
                        new NewEntry(false, Named.BANK, "aaabsgsgxxx", "known", until)),
                NOW,
                text -> text.equals("DE89370400440532013000") ? 5 : 6,
                Set.of());
        assertThat(kept).extracting(Adding::shown).containsExactly("…3000", "AAABSGSG");
        assertThat(kept).extracting(Adding::key).containsExactly(5L, Names.bank("AAABSGSG"));
        assertThat(Names.bank("AAABSGSG")).isNotEqualTo(Names.bank("AAABSGSH"));
        assertThat(Names.bank("")).isZero();
    }
}
