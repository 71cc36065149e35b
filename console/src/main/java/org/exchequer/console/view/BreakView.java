package org.exchequer.console.view;

import java.time.LocalDate;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;

/**
 * A break made ready for reading.
 *
 * @param number its number with thousands grouped
 * @param type for people
 * @param status for people
 * @param age e.g. {@code 3 days}
 * @param difference by how much the books would have to rise
 * @param ours the ledger's line, or null
 * @param theirs the statement's line, or null
 * @param owner or empty
 * @param reference of either line
 * @param proposal what waits for approval or was approved, or null
 * @param adjustable whether there is a difference to post
 */
public record BreakView(
        long id,
        String number,
        String type,
        String status,
        boolean open,
        boolean proposed,
        String account,
        String since,
        String age,
        String difference,
        String currency,
        @Nullable Side ours,
        @Nullable Side theirs,
        String owner,
        String reference,
        TrackedBreak.@Nullable Proposal proposal,
        @Nullable Long transactionId,
        long firstRun,
        long lastRun,
        boolean adjustable) {
    /**
     * A line of one side.
     *
     * @param transaction the ledger's transaction, or null for a line of the statement
     */
    public record Side(
            String id,
            String date,
            String amount,
            String reference,
            @Nullable String transaction) {
        private static @Nullable Side of(@Nullable Line line, Currency currency, boolean ours) {
            return line == null
                    ? null
                    : new Side(
                            line.id(),
                            line.date().toString(),
                            Amounts.text(new Money(line.amount(), currency)),
                            line.reference(),
                            ours ? line.id().replaceAll("/.*", "") : null);
        }
    }

    /** One thing that somebody did about it. */
    public record Step(Moment at, String by, String what, String text, String result) {
        public static Step of(BreakStep step) {
            BreakStep.Result result = step.result();
            return new Step(
                    Moment.of(step.at()),
                    step.by(),
                    switch (step.kind()) {
                        case ASSIGN -> step.text().isEmpty() ? "took the owner away" : "made the owner " + step.text();
                        case PROPOSE_ADJUSTMENT -> "proposed an adjustment against " + step.contraAccount();
                        case PROPOSE_CLOSING -> "proposed to close it";
                        case APPROVE -> "approved";
                        case REJECT -> "rejected";
                    },
                    step.kind() == BreakStep.Kind.ASSIGN ? "" : step.text(),
                    result == null ? "waits for the ledger" : result.done() ? "" : result.detail());
        }
    }

    public static BreakView of(TrackedBreak of, LocalDate today) {
        Line line = of.theirs() != null ? of.theirs() : of.ours();
        long age = of.ageDays(today);
        return new BreakView(
                of.id(),
                Amounts.count(of.id()),
                of.type().words(),
                Notice.words(of.status()),
                of.status() == BreakStatus.OPEN,
                of.status() == BreakStatus.PROPOSED,
                of.account(),
                of.since().toString(),
                age == 1 ? "1 day" : Amounts.count(age) + " days",
                Amounts.text(of.difference()),
                of.currency().code(),
                Side.of(of.ours(), of.currency(), true),
                Side.of(of.theirs(), of.currency(), false),
                of.owner() == null ? "" : of.owner(),
                line == null ? "" : line.reference(),
                of.proposal(),
                of.transactionId(),
                of.firstRun(),
                of.lastRun(),
                of.difference().minorUnits() != 0);
    }
}
