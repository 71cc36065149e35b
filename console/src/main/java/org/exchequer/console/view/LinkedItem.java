package org.exchequer.console.view;

import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Transaction;

/**
 * One item of a linked batch.
 *
 * @param sequence its position in the journal
 * @param what e.g. {@code transaction 12}
 * @param where address of its page
 * @param text e.g. the accounts between which money moved
 * @param amount grouped, with its currency; empty where none moved
 */
public record LinkedItem(long sequence, String what, String where, String text, String amount) {
    private static final String ROOT = "/console/ledger/";

    /** An item of an accepted batch. */
    public static LinkedItem of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> of(posted.transaction());
            case Outcome.Held held -> of(held.pending());
            case Outcome.Released released ->
                new LinkedItem(
                        released.sequence(),
                        "voiding of hold " + released.pendingId(),
                        ROOT + "holds/" + released.pendingId(),
                        "",
                        text(released.released()));
            case Outcome.Proposed proposed -> of(proposed.adjustment());
            case Outcome.Dismissed dismissed ->
                new LinkedItem(
                        dismissed.sequence(),
                        "rejection of adjustment " + dismissed.adjustmentId(),
                        ROOT + "adjustments/" + dismissed.adjustmentId(),
                        "",
                        "");
            case Outcome.DayClosed closed ->
                new LinkedItem(
                        closed.close().sequence(),
                        "closing of " + closed.close().day(),
                        ROOT + "days",
                        "",
                        "");
            case Outcome.AccountChanged changed ->
                new LinkedItem(
                        changed.sequence(),
                        "account " + changed.account().code(),
                        ROOT + "accounts/" + changed.account().code(),
                        changed.account().spec().name(),
                        "");
            case Outcome.Rejected rejected -> throw notAccepted(rejected);
            case Outcome.Refused refused -> throw notAccepted(refused);
            case Outcome.Unknown unknown -> throw notAccepted(unknown);
        };
    }

    private static LinkedItem of(Transaction transaction) {
        List<Leg> legs =
                transaction.entries().stream().map(Transaction.Entry::leg).toList();
        return new LinkedItem(
                transaction.id(),
                "transaction " + transaction.id(),
                ROOT + "transactions/" + transaction.id(),
                accounts(legs),
                summary(legs));
    }

    private static LinkedItem of(PendingTransaction hold) {
        return new LinkedItem(
                hold.id(),
                "hold " + hold.id(),
                ROOT + "holds/" + hold.id(),
                hold.debitAccount() + ", " + hold.creditAccount(),
                text(hold.amount()));
    }

    private static LinkedItem of(Adjustment adjustment) {
        return new LinkedItem(
                adjustment.id(),
                "adjustment " + adjustment.id(),
                ROOT + "adjustments/" + adjustment.id(),
                accounts(adjustment.legs()),
                summary(adjustment.legs()));
    }

    private static String accounts(List<Leg> legs) {
        List<String> codes = legs.stream().map(Leg::account).distinct().toList();
        return codes.size() <= 3
                ? String.join(", ", codes)
                : String.join(", ", codes.subList(0, 2)) + " and " + (codes.size() - 2) + " more";
    }

    private static String summary(List<Leg> legs) {
        return TransactionView.summary(TransactionView.legs(legs, Map.of()));
    }

    private static String text(Money amount) {
        return Amounts.text(amount) + " " + amount.currency();
    }

    private static IllegalArgumentException notAccepted(Outcome outcome) {
        return new IllegalArgumentException("no item of an accepted batch: " + outcome);
    }
}
