package org.exchequer.iso20022;

import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** The decimal numbers of XML Schema, and amounts of money out of them without rounding. */
final class Decimal {
    private Decimal() {}

    /** Whether it is a decimal of so many digits; zeros before the number and after its decimals count for none. */
    static boolean fits(String value, int totalDigits, int fractionDigits) {
        int at = sign(value) ? 1 : 0;
        int dot = -1;
        int seen = 0;
        int whole = 0;
        int lastNonZero = 0;
        for (int i = at; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '.' && dot < 0) {
                dot = i;
            } else if (c < '0' || c > '9') {
                return false;
            } else {
                seen++;
                if (dot < 0 && (whole > 0 || c != '0')) {
                    whole++;
                } else if (dot >= 0 && c != '0') {
                    lastNonZero = i - dot;
                }
            }
        }
        return seen > 0 && lastNonZero <= fractionDigits && whole + lastNonZero <= totalDigits;
    }

    /** Below zero; of a number that {@link #fits}. Minus zero is zero. */
    static boolean negative(String value) {
        if (!value.startsWith("-")) {
            return false;
        }
        for (int i = 1; i < value.length(); i++) {
            if (value.charAt(i) != '0' && value.charAt(i) != '.') {
                return true;
            }
        }
        return false;
    }

    /** How many decimals are written, zeros included. */
    static int decimals(String value) {
        int dot = value.indexOf('.');
        return dot < 0 ? 0 : value.length() - dot - 1;
    }

    /**
     * The amount of a number that {@link #fits} and has at most the currency's decimals; null when it is larger than
     * what can be held.
     */
    static @Nullable Money money(String value, Currency currency) {
        long minor = 0;
        int padding = currency.scale() - decimals(value);
        try {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c >= '0' && c <= '9') {
                    minor = Math.addExact(Math.multiplyExact(minor, 10), c - '0');
                }
            }
            for (int i = 0; i < padding; i++) {
                minor = Math.multiplyExact(minor, 10);
            }
        } catch (ArithmeticException tooLarge) {
            return null;
        }
        return new Money(minor, currency);
    }

    private static boolean sign(String value) {
        return !value.isEmpty() && (value.charAt(0) == '-' || value.charAt(0) == '+');
    }
}
