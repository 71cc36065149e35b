package org.exchequer.console.view;

import java.time.LocalDate;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * Up to which date a page shows the books.
 *
 * @param basis {@code booking} or {@code value}
 * @param date e.g. {@code 2026-03-01}; empty for now
 * @param asOf what was meant; everything there is when {@code error} is set
 * @param error what was typed and the rule it breaks, or null
 */
public record AsOfForm(
        String basis, String date, AsOf asOf, @Nullable String error) {

    public static AsOfForm read(String basis, String date) {
        if (!basis.isEmpty() && !basis.equals("booking") && !basis.equals("value")) {
            return new AsOfForm("booking", "", AsOf.NOW, "a date counts as booking or value date");
        }
        String name = basis.isEmpty() ? "booking" : basis;
        try {
            LocalDate day = Typed.date("date", date);
            AsOf asOf = day == null ? AsOf.NOW : name.equals("value") ? AsOf.value(day) : AsOf.booking(day);
            return new AsOfForm(name, day == null ? "" : day.toString(), asOf, null);
        } catch (FieldError broken) {
            // Not shown again in its field, which takes nothing but dates.
            String typed = date.length() <= 40 ? date : date.substring(0, 40) + "…";
            return new AsOfForm(name, "", AsOf.NOW, "'" + typed + "' " + broken.getMessage());
        }
    }

    /** Whether everything there is is shown, holds included. */
    public boolean isNow() {
        return asOf.date() == null;
    }

    /** E.g. {@code at the end of 2026-03-01 by value date}. */
    public String words() {
        return isNow() ? "now" : "at the end of " + asOf.date() + " by " + basis + " date";
    }

    /** The same page for the same date. */
    public String on(String path) {
        return isNow() ? path : path + "?basis=" + basis + "&date=" + asOf.date();
    }
}
