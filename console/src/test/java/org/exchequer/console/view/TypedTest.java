package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.LocalDate;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.FieldError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TypedTest {

    @Test
    void emptyIsNullAndTheRestIsRead() {
        assertThat(Typed.text("  ")).isNull();
        assertThat(Typed.text(" a b ")).isEqualTo("a b");
        assertThat(Typed.date("day", " ")).isNull();
        assertThat(Typed.date("day", " 2024-02-29 ")).isEqualTo(LocalDate.of(2024, 2, 29));
        assertThat(Typed.amount("amount", "", Currency.of("EUR"))).isNull();
        assertThat(Typed.amount("amount", " 1.5 ", Currency.of("EUR"))).isEqualTo(Money.of(150, "EUR"));
        assertThat(Typed.money("minimum", "-1.5", Currency.of("EUR"))).isEqualTo(Money.of(-150, "EUR"));
    }

    @Test
    void aBoxIsTickedOrNot() {
        assertThat(Typed.flag("box", null)).isFalse();
        assertThat(Typed.flag("box", "")).isFalse();
        assertThat(Typed.flag("box", "false")).isFalse();
        assertThat(Typed.flag("box", "true")).isTrue();
        assertThat(Typed.flag("box", "on")).isTrue();
        assertThatExceptionOfType(FieldError.class)
                .isThrownBy(() -> Typed.flag("box", "no"))
                .satisfies(error -> assertThat(error.field()).isEqualTo("box"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-02-30", "1899-12-31", "3000-01-01", "+12345-01-01", "01.02.2026", "0"})
    void whatIsNoDateIsNamed(String typed) {
        assertThatExceptionOfType(FieldError.class)
                .isThrownBy(() -> Typed.date("day", typed))
                .satisfies(error -> assertThat(error.field()).isEqualTo("day"))
                .withMessageContaining("such as 2026-03-01");
        AsOfForm form = AsOfForm.read("value", typed);
        assertThat(form.error()).contains(typed, "such as 2026-03-01");
        assertThat(form.date()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-1"})
    void anAmountIsMoreThanZero(String typed) {
        assertThatExceptionOfType(FieldError.class)
                .isThrownBy(() -> Typed.amount("amount", typed, Currency.of("EUR")))
                .withMessage("must be more than zero");
    }

    @Test
    void aDateGoesWithTheLinksOfThePage() {
        AsOfForm value = AsOfForm.read("value", "2026-03-01");
        assertThat(value.asOf()).isEqualTo(AsOf.value(LocalDate.of(2026, 3, 1)));
        assertThat(value.on("/page")).isEqualTo("/page?basis=value&date=2026-03-01");
        assertThat(AsOfForm.read("", "").on("/page")).isEqualTo("/page");
        assertThat(AsOfForm.read("sideways", "2026-03-01").error()).contains("booking or value date");
    }
}
