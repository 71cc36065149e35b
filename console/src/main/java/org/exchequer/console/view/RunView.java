package org.exchequer.console.view;

import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.Run;

/**
 * A run made ready for reading.
 *
 * @param number its number with thousands grouped
 * @param statement what the statement calls the account, or empty
 * @param sha256 of the statement
 * @param rules tolerance and window for people
 */
public record RunView(
        long id,
        String number,
        String account,
        Moment started,
        String by,
        String from,
        String to,
        String statement,
        String sha256,
        String rules,
        String ourLines,
        String ourSum,
        String theirLines,
        String theirSum,
        String matches,
        String newBreaks,
        String continuedBreaks,
        String settledBreaks,
        String balances,
        String currency) {
    public static RunView of(Run run) {
        String balances = run.opening().map(Amounts::text).orElse("") + " to "
                + run.closing().map(Amounts::text).orElse("");
        return new RunView(
                run.id(),
                Amounts.count(run.id()),
                run.account(),
                Moment.of(run.startedAt()),
                run.startedBy(),
                run.from().toString(),
                run.to().toString(),
                run.theirAccount(),
                run.statementSha256(),
                "amounts within " + Amounts.text(new Money(run.tolerance(), run.currency())) + ", value dates within "
                        + run.windowDays() + " days" + (run.byAmount() ? ", also by amount alone" : ""),
                Amounts.count(run.ours().count()),
                Amounts.text(run.ours().sum()),
                Amounts.count(run.theirs().count()),
                Amounts.text(run.theirs().sum()),
                Amounts.count(run.matches()),
                Amounts.count(run.newBreaks()),
                Amounts.count(run.continuedBreaks()),
                Amounts.count(run.settledBreaks()),
                balances.equals(" to ") ? "" : balances,
                run.currency().code());
    }
}
