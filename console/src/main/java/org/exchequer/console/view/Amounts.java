package org.exchequer.console.view;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Side;

/** Amounts written for people: grouped by thousands, all the currency's decimals, a true minus sign. */
public final class Amounts {
    private static final char MINUS = '\u2212';

    private Amounts() {}

    /** E.g. {@code 1,234.50}, without the currency. */
    public static String text(Money money) {
        return text(BigInteger.valueOf(money.minorUnits()), money.currency());
    }

    /** E.g. {@code 1,234.50}, without the currency. */
    public static String text(long minorUnits, Currency currency) {
        return text(BigInteger.valueOf(minorUnits), currency);
    }

    /** Totals over many accounts may exceed 64 bits. */
    public static String text(BigInteger minorUnits, Currency currency) {
        String digits = new BigDecimal(minorUnits.abs(), currency.scale()).toPlainString();
        int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = point - 3; at > 0; at -= 3) {
            grouped.insert(at, ',');
        }
        return (minorUnits.signum() < 0 ? MINUS : "") + grouped.toString();
    }

    /** A count with its thousands grouped. */
    public static String count(long number) {
        return text(BigInteger.valueOf(number), new Currency("XXX", 0));
    }

    /**
     * A balance as an accountant writes it: its size and the side it stands on.
     *
     * @param text size, without sign
     * @param side {@code Dr}, {@code Cr}, or empty at zero
     * @param sideName {@code debit}, {@code credit}, or empty at zero
     * @param currency code
     */
    public record Net(String text, String side, String sideName, String currency) {
        public static Net of(BigInteger debitsMinusCredits, Currency currency) {
            String size = Amounts.text(debitsMinusCredits.abs(), currency);
            return switch (debitsMinusCredits.signum()) {
                case 1 -> new Net(size, "Dr", "debit", currency.code());
                case -1 -> new Net(size, "Cr", "credit", currency.code());
                default -> new Net(size, "", "", currency.code());
            };
        }

        public static Net of(long debitsMinusCredits, Currency currency) {
            return of(BigInteger.valueOf(debitsMinusCredits), currency);
        }
    }

    /** {@code debit} or {@code credit}. */
    public static String name(Side side) {
        return side == Side.DEBIT ? "debit" : "credit";
    }

    /** {@code Dr} or {@code Cr}. */
    public static String abbreviation(Side side) {
        return side == Side.DEBIT ? "Dr" : "Cr";
    }
}
