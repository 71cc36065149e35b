package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.junit.jupiter.api.Test;

final class AmountsTest {
    @Test
    void amountsAreGroupedWithAllTheCurrencysDecimals() {
        assertThat(Amounts.text(Money.of(0, "EUR"))).isEqualTo("0.00");
        assertThat(Amounts.text(Money.of(5, "EUR"))).isEqualTo("0.05");
        assertThat(Amounts.text(Money.of(99_999, "EUR"))).isEqualTo("999.99");
        assertThat(Amounts.text(Money.of(100_000, "EUR"))).isEqualTo("1,000.00");
        assertThat(Amounts.text(Money.of(-123_456_789, "EUR"))).isEqualTo("\u22121,234,567.89");
        assertThat(Amounts.text(Money.of(1_234_567, "JPY"))).isEqualTo("1,234,567");
        assertThat(Amounts.text(Money.of(1_234_567, "BHD"))).isEqualTo("1,234.567");
        assertThat(Amounts.text(Money.of(Long.MIN_VALUE, "EUR"))).isEqualTo("\u221292,233,720,368,547,758.08");
        assertThat(Amounts.text(BigInteger.TEN.pow(21), Currency.of("EUR"))).isEqualTo("10,000,000,000,000,000,000.00");
        assertThat(Amounts.count(1_234)).isEqualTo("1,234");
    }

    @Test
    void aBalanceSaysItsSide() {
        Currency eur = Currency.of("EUR");
        assertThat(Amounts.Net.of(150, eur)).isEqualTo(new Amounts.Net("1.50", "Dr", "debit", "EUR"));
        assertThat(Amounts.Net.of(-150, eur)).isEqualTo(new Amounts.Net("1.50", "Cr", "credit", "EUR"));
        assertThat(Amounts.Net.of(0, eur)).isEqualTo(new Amounts.Net("0.00", "", "", "EUR"));
    }
}
