package org.exchequer.console.view;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.DayBalance;

/**
 * An account's balance over a span of booking dates, to be drawn and to be read as a table.
 *
 * @param points to draw, oldest first: date, number, text, debits, credits; the first is the balance before the span
 * @param days with entries, newest first
 * @param summary the whole in one sentence
 */
public record BalanceChart(List<List<String>> points, List<Day> days, String summary) {

    /** A date with entries: turnover and balance at its end. */
    public record Day(String date, String debits, String credits, String balance) {}

    /**
     * @param from first date of the span
     * @param opening the balance before it
     * @param history dates with entries in the span, oldest first; not empty
     */
    public static BalanceChart of(LocalDate from, Money opening, List<DayBalance> history) {
        List<List<String>> points = new ArrayList<>();
        points.add(List.of(from.minusDays(1).toString(), opening.toDecimal(), Amounts.text(opening), "", ""));
        List<Day> days = new ArrayList<>();
        for (DayBalance day : history) {
            Money balance = day.balance();
            String debits = Amounts.text(day.debits(), balance.currency());
            String credits = Amounts.text(day.credits(), balance.currency());
            points.add(List.of(day.date().toString(), balance.toDecimal(), Amounts.text(balance), debits, credits));
            days.addFirst(new Day(day.date().toString(), debits, credits, Amounts.text(balance)));
        }
        DayBalance last = history.getLast();
        String summary = "From " + Amounts.text(opening) + " before " + from + " to " + Amounts.text(last.balance())
                + " at the end of " + last.date() + ", in " + last.balance().currency() + "; " + history.size()
                + (history.size() == 1 ? " day" : " days") + " with entries";
        return new BalanceChart(points, List.copyOf(days), summary);
    }
}
