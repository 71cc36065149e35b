package org.exchequer.console.view;

import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Period;
import org.jspecify.annotations.Nullable;

/**
 * Which booking dates somebody wants to see.
 *
 * @param from as the form's field shows it
 * @param to likewise
 * @param period what it means; everything where it means nothing
 * @param error why it means nothing, or null
 */
public record PeriodForm(
        String from, String to, Period period, @Nullable String error) {
    /** Everything. */
    public static final PeriodForm ALL = new PeriodForm("", "", Period.ALL, null);

    public static PeriodForm read(String from, String to) {
        try {
            return new PeriodForm(
                    Typed.shownDate(from),
                    Typed.shownDate(to),
                    new Period(Typed.date("from", from), Typed.date("to", to)),
                    null);
        } catch (FieldError wrong) {
            return new PeriodForm(
                    Typed.shownDate(from), Typed.shownDate(to), Period.ALL, wrong.field() + " " + wrong.getMessage());
        }
    }

    /** Whether it is more than everything. */
    public boolean narrow() {
        return !period.equals(Period.ALL);
    }
}
