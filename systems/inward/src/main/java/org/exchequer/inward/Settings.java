package org.exchequer.inward;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.core.Terms;
import org.exchequer.inward.core.Terms.Range;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;

/**
 * How inward clearing works.
 *
 * @param sla time limits
 * @param ownBics institutions it answers for, 8 characters each
 * @param limits by currency; another currency is not taken
 * @param oldest how old a message may be when it is received
 * @param ahead how far a sender's clock may be ahead
 * @param daysAhead how many days after the business date a payment may settle
 * @param most1h most payments of one payer within an hour
 * @param most24h within a day
 * @param settlementAccount code of the ledger's account that is settled over; {@code {currency}} is replaced by it
 * @param hedge how long one core banking system is waited for before the other is asked as well
 * @param breach how likely a payment has to be to miss its time within two stages so that it is at risk: above 0, to 1
 * @param mostAtOnce payments that are worked on at the same time
 */
public record Settings(
        Sla sla,
        Set<String> ownBics,
        Map<String, Limit> limits,
        Duration oldest,
        Duration ahead,
        int daysAhead,
        int most1h,
        int most24h,
        String settlementAccount,
        Duration hedge,
        double breach,
        int mostAtOnce) {
    /**
     * Of one currency, each in it.
     *
     * @param range of a payment
     * @param risky from which amount on a payment is refused by the rules of fraud
     * @param unchecked most that a payment may have when the liquidity service cannot be asked
     * @param uncheckedMinute most of such payments together within a minute
     */
    public record Limit(Range range, Money risky, Money unchecked, Money uncheckedMinute) {}

    public Settings {
        ownBics = Set.copyOf(ownBics);
        limits = Map.copyOf(limits);
    }

    /** With limits of 200,000.00 Singapore dollars and about as much in seven other currencies. */
    public static Settings standard() {
        Map<String, Limit> limits = new LinkedHashMap<>();
        for (String code : new String[] {"SGD", "USD", "EUR", "GBP", "CHF", "AUD"}) {
            limits.put(code, limit(code, 20_000_000L));
        }
        limits.put("JPY", limit("JPY", 20_000_000L));
        limits.put("HKD", limit("HKD", 120_000_000L));
        return new Settings(
                Sla.STANDARD,
                Set.of("EXCQSGSG"),
                limits,
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                1,
                200,
                1_000,
                "1000.settlement.{currency}",
                Duration.ofMillis(120),
                0.8,
                10_000);
    }

    private static Limit limit(String code, long most) {
        Currency currency = Currency.of(code);
        return new Limit(
                new Range(new Money(1, currency), new Money(most, currency)),
                new Money(most / 4 * 3, currency),
                new Money(most / 200, currency),
                new Money(most / 4, currency));
    }

    /** The same with other time limits. */
    public Settings with(Sla other) {
        return new Settings(
                other,
                ownBics,
                limits,
                oldest,
                ahead,
                daysAhead,
                most1h,
                most24h,
                settlementAccount,
                hedge,
                breach,
                mostAtOnce);
    }

    /** What business rules ask for; the day is that of UTC, as in the ledger. */
    Terms terms(Instant now, Terms.Banks banks) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        limits.forEach((code, limit) -> ranges.put(code, limit.range()));
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return new Terms(now, day, ownBics, ranges, oldest, ahead, daysAhead, banks);
    }

    /** The account that a currency is settled over. */
    String settlementAccount(String currency) {
        return settlementAccount.replace("{currency}", currency.toLowerCase(java.util.Locale.ROOT));
    }
}
