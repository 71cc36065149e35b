package org.exchequer.console.view;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/** Reads what a person typed into one field. Empty is null; anything else is right or named with its rule. */
public final class Typed {
    private Typed() {}

    /** What was typed without blanks around it, or null. */
    public static @Nullable String text(String typed) {
        return typed.isBlank() ? null : typed.strip();
    }

    /**
     * A calendar date of the years 1900 to 2999.
     *
     * @throws FieldError when it is none
     */
    public static @Nullable LocalDate date(String field, String typed) {
        if (typed.isBlank()) {
            return null;
        }
        try {
            LocalDate date = typed.length() > 20 ? LocalDate.MIN : LocalDate.parse(typed.strip());
            if (date.getYear() >= 1900 && date.getYear() <= 2999) {
                return date;
            }
        } catch (DateTimeParseException broken) {
            throw new FieldError(field, "must be a date such as 2026-03-01");
        }
        throw new FieldError(field, "must be a date of the years 1900 to 2999, such as 2026-03-01");
    }

    /**
     * Whether a box is ticked; one that is not there is not.
     *
     * @throws FieldError when it says neither yes nor no
     */
    public static boolean flag(String field, @Nullable String sent) {
        return switch (sent) {
            case null -> false;
            case "", "false" -> false;
            case "true", "on" -> true;
            case String other -> throw new FieldError(field, "must be true or false");
        };
    }

    /**
     * A date that has to be there.
     *
     * @throws FieldError when it is missing or none
     */
    public static LocalDate requiredDate(String field, String typed) {
        LocalDate date = date(field, typed);
        if (date == null) {
            throw new FieldError(field, "give a date such as 2026-03-01");
        }
        return date;
    }

    /** What a field for dates shows of what was sent: it takes nothing but dates. */
    public static String shownDate(String typed) {
        try {
            LocalDate date = date("date", typed);
            return date == null ? "" : date.toString();
        } catch (FieldError broken) {
            return "";
        }
    }

    /**
     * A decimal amount of either sign.
     *
     * @throws FieldError with the rule of {@link Money#parse} that it breaks
     */
    public static @Nullable Money money(String field, String typed, Currency currency) {
        if (typed.isBlank()) {
            return null;
        }
        try {
            return Money.parse(typed.strip(), currency);
        } catch (IllegalArgumentException broken) {
            throw new FieldError(field, String.valueOf(broken.getMessage()));
        }
    }

    /**
     * A decimal amount of more than zero.
     *
     * @throws FieldError with the rule that it breaks
     */
    public static @Nullable Money amount(String field, String typed, Currency currency) {
        Money amount = money(field, typed, currency);
        if (amount != null && amount.minorUnits() <= 0) {
            throw new FieldError(field, "must be more than zero");
        }
        return amount;
    }
}
