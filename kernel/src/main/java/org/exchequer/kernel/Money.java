package org.exchequer.kernel;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An amount of one currency, counted in its minor unit: {@code Money(1050, EUR)} is 10.50 euro, {@code Money(1050,
 * JPY)} is 1,050 yen.
 *
 * <p>Integers, because money is counted, not measured: sums are exact, and an operation whose result does not fit a
 * {@code long} throws instead of wrapping.
 *
 * @param minorUnits the amount in minor units, of either sign
 * @param currency the currency it is counted in
 */
public record Money(long minorUnits, Currency currency) {
    private static final int MAX_CHARACTERS = 25;

    /** Optional minus, no leading zeros, no exponent, no plus sign, no grouping. */
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

    public static Money of(long minorUnits, String currency) {
        return new Money(minorUnits, Currency.of(currency));
    }

    /**
     * Reads a decimal amount, e.g. {@code "10.50"} for EUR. Fewer decimals than the currency has are completed
     * ({@code "10.5"}, {@code "10"}); more are refused rather than rounded.
     *
     * @throws IllegalArgumentException with the rule that was broken: more than 25 characters, not a plain decimal
     *     number, more decimals than the currency has, or out of the range of 64 bits
     */
    public static Money parse(String text, Currency currency) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("has more than " + MAX_CHARACTERS + " characters");
        }
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a plain decimal number such as 10.50");
        }
        BigDecimal value = new BigDecimal(text);
        if (value.scale() > currency.scale()) {
            throw new IllegalArgumentException(
                    currency + " has " + currency.scale() + " decimals, the amount has " + value.scale());
        }
        try {
            return new Money(value.movePointRight(currency.scale()).longValueExact(), currency);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException(
                    "exceeds the largest amount, " + max(currency).toDecimal(), tooLarge);
        }
    }

    /** The largest amount that can be held in this currency. */
    public static Money max(Currency currency) {
        return new Money(Long.MAX_VALUE, currency);
    }

    /**
     * The sum.
     *
     * @throws IllegalArgumentException when the currencies differ
     * @throws ArithmeticException when it does not fit 64 bits
     */
    public Money plus(Money other) {
        requireSame(other);
        return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
    }

    /**
     * The difference.
     *
     * @throws IllegalArgumentException when the currencies differ
     * @throws ArithmeticException when it does not fit 64 bits
     */
    public Money minus(Money other) {
        requireSame(other);
        return new Money(Math.subtractExact(minorUnits, other.minorUnits), currency);
    }

    /**
     * The amount with the opposite sign.
     *
     * @throws ArithmeticException for the one amount that has none, {@code Long.MIN_VALUE}
     */
    public Money negate() {
        return new Money(Math.negateExact(minorUnits), currency);
    }

    /** The amount as a decimal with all the currency's digits, without its code: {@code "10.50"}. */
    public String toDecimal() {
        return BigDecimal.valueOf(minorUnits, currency.scale()).toPlainString();
    }

    /** For people: {@code "10.50 EUR"}. */
    @Override
    public String toString() {
        return toDecimal() + " " + currency;
    }

    private void requireSame(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cannot combine " + currency + " with " + other.currency);
        }
    }
}
