package org.exchequer.iso20022;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the text of an element must be: the simple types of the ISO 20022 schemas.
 *
 * @param kind the rule
 * @param max characters (code points) of a text, and total digits of a number
 * @param allowed the values of an enumeration
 * @param code of the finding when it is not so
 */
record Content(Kind kind, int max, List<String> allowed, String code) {
    private static final int AMOUNT_DIGITS = 18;
    private static final int RATE_DIGITS = 11;

    enum Kind {
        TEXT,
        CODES,
        BOOL,
        COUNT,
        DECIMAL,
        RATE,
        AMOUNT,
        CURRENCY,
        COUNTRY,
        DATE,
        DATE_TIME,
        BIC,
        OLD_BIC,
        IBAN,
        LEI,
        UUID
    }

    /** The content with this name in the grammar. A {@code code} replaces the usual one. */
    static Content of(String name, @Nullable String code) {
        if (name.startsWith("=")) {
            return new Content(Kind.CODES, 0, List.of(name.substring(1).split(",")), code == null ? "FF03" : code);
        }
        return switch (name) {
            case "Bool" -> of(Kind.BOOL, 0, "CH16", code);
            case "Num15" -> of(Kind.COUNT, 15, "AM18", code);
            case "Decimal" -> of(Kind.DECIMAL, AMOUNT_DIGITS, "AM10", code);
            case "Rate" -> of(Kind.RATE, RATE_DIGITS, "CH16", code);
            case "Amount" -> of(Kind.AMOUNT, AMOUNT_DIGITS, "AM12", code);
            case "Currency" -> of(Kind.CURRENCY, 3, "AC09", code);
            case "Country" -> of(Kind.COUNTRY, 2, "BE09", code);
            case "Date" -> of(Kind.DATE, 0, "DT01", code);
            case "DateTime" -> of(Kind.DATE_TIME, 0, "DT01", code);
            case "Bic" -> of(Kind.BIC, 11, "RC01", code);
            case "OldBic" -> of(Kind.OLD_BIC, 11, "RC01", code);
            case "Iban" -> of(Kind.IBAN, 34, "AC01", code);
            case "Lei" -> of(Kind.LEI, 20, "CH16", code);
            case "Uuid" -> of(Kind.UUID, 36, "CH16", code);
            default -> of(Kind.TEXT, Integer.parseInt(name.substring(1)), "CH16", code);
        };
    }

    private static Content of(Kind kind, int max, String usual, @Nullable String code) {
        return new Content(kind, max, List.of(), code == null ? usual : code);
    }

    /** The value of the text: blanks around it count only where the schema's type is a string. */
    String value(String text) {
        return switch (kind) {
            case BOOL, DECIMAL, RATE, AMOUNT, DATE, DATE_TIME -> strip(text);
            default -> text;
        };
    }

    /** XML's white space alone; {@link String#strip} knows more. */
    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && " \t\r\n".indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t\r\n".indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The rule that a value breaks, or null. */
    @Nullable
    String broken(String value) {
        boolean holds = switch (kind) {
            case TEXT -> isText(value);
            case CODES -> allowed.contains(value);
            case BOOL -> value.equals("true") || value.equals("false") || value.equals("1") || value.equals("0");
            case COUNT -> value.length() <= max && is(value, "n".repeat(value.length())) && !value.isEmpty();
            case DECIMAL -> Decimal.fits(value, max, 17);
            case RATE -> Decimal.fits(value, max, 10);
            case AMOUNT -> Decimal.fits(value, max, 5) && !Decimal.negative(value);
            case CURRENCY -> is(value, "aaa");
            case COUNTRY -> is(value, "aa");
            case DATE -> Times.date(value) != null;
            case DATE_TIME -> Times.dateTime(value) != null;
            case BIC -> is(value, "ccccaacc") || is(value, "ccccaaccccc");
            case OLD_BIC -> isOldBic(value);
            case IBAN -> isIban(value);
            case LEI -> is(value, "ccccccccccccccccccnn");
            case UUID -> isUuid(value);
        };
        return holds ? null : rule();
    }

    private boolean isText(String value) {
        int length = value.length();
        if (length == 0 || (length > max && value.codePointCount(0, length) > max)) {
            return false;
        }
        int at = 0;
        while (at < length) {
            int c = value.codePointAt(at);
            if (!isXml(c)) {
                return false;
            }
            at += Character.charCount(c);
        }
        return true;
    }

    /** Production 2 of XML 1.0: what cannot stand in a message, and so not in the answer to it either. */
    static boolean isXml(int c) {
        return c >= 0x20 && c < 0xD800
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000;
    }

    private static boolean isOldBic(String value) {
        return (is(value, "aaaaaacc") || is(value, "aaaaaaccccc"))
                && value.charAt(6) != '0'
                && value.charAt(6) != '1'
                && value.charAt(7) != 'O';
    }

    private static boolean isIban(String value) {
        int length = value.length();
        if (length < 5 || length > 34 || !is(value.substring(0, 4), "aann")) {
            return false;
        }
        for (int i = 4; i < length; i++) {
            char c = value.charAt(i);
            if (!digit(c) && !capital(c) && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUuid(String value) {
        if (value.length() != 36 || value.charAt(14) != '4' || "89ab".indexOf(value.charAt(19)) < 0) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = value.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !digit(c) && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Whether it has this form: {@code a} a capital, {@code n} a digit, {@code c} either; ASCII. */
    private static boolean is(String value, String form) {
        if (value.length() != form.length()) {
            return false;
        }
        for (int i = 0; i < form.length(); i++) {
            char c = value.charAt(i);
            boolean fits = switch (form.charAt(i)) {
                case 'a' -> capital(c);
                case 'n' -> digit(c);
                default -> capital(c) || digit(c);
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean capital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private String rule() {
        return switch (kind) {
            case TEXT -> "must have 1 to " + max + " characters, none that XML does not allow";
            case CODES -> "must be one of " + String.join(", ", allowed);
            case BOOL -> "must be true or false";
            case COUNT -> "must be a number of 1 to 15 digits";
            case DECIMAL -> "must be a decimal number of at most 18 digits, at most 17 of them decimals";
            case RATE -> "must be a decimal number of at most 11 digits, at most 10 of them decimals";
            case AMOUNT ->
                "must be a decimal number of at most 18 digits, at most 5 of them decimals, and not negative";
            case CURRENCY -> "must be three capital letters";
            case COUNTRY -> "must be two capital letters";
            case DATE -> "must be a date such as 2026-01-31, of the years 0001 to 9999";
            case DATE_TIME -> "must be a time such as 2026-01-31T12:00:00Z, of the years 0001 to 9999";
            case BIC, OLD_BIC -> "must be a BIC of 8 or 11 characters (ISO 9362)";
            case IBAN -> "must be an IBAN: two capital letters, two digits, up to 30 letters and digits";
            case LEI -> "must be an LEI of 20 characters (ISO 17442)";
            case UUID -> "must be a version 4 UUID in small letters";
        };
    }
}
