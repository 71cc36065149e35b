package org.exchequer.console.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * An adjustment made ready for reading.
 *
 * @param id position in the journal
 * @param number the same with its thousands grouped
 * @param key idempotency key
 * @param proposed booking time of the proposal
 * @param author who proposed it
 * @param reason why
 * @param legs what it posts
 * @param change what becomes of an account, or null
 * @param state {@code proposed}, {@code approved} or {@code rejected}
 * @param decidedBy who approved or rejected it, or null
 * @param decided booking time of the decision, or null
 * @param decision position of the decision in the journal, or null
 * @param decisionReason why it was rejected, or empty
 * @param transactionId the transaction it led to, or null
 * @param reference or null
 * @param correlationId or null
 * @param valueDate or empty
 * @param metadata labels in order
 */
public record AdjustmentView(
        long id,
        String number,
        String key,
        Moment proposed,
        String author,
        String reason,
        List<TransactionView.LegView> legs,
        @Nullable ChangeView change,
        String state,
        @Nullable String decidedBy,
        @Nullable Moment decided,
        @Nullable Long decision,
        String decisionReason,
        @Nullable Long transactionId,
        @Nullable String reference,
        @Nullable String correlationId,
        String valueDate,
        Map<String, String> metadata) {

    /**
     * A change of an account.
     *
     * @param parts what becomes what, in order
     */
    public record ChangeView(String account, Map<String, String> parts) {
        static ChangeView of(AccountChange change) {
            Map<String, String> parts = new LinkedHashMap<>();
            if (change.state() != null) {
                parts.put("State", Notice.words(change.state()));
            }
            if (change.overdraftLimit() != null) {
                parts.put("Overdraft limit", amount(change.overdraftLimit(), change.currency()));
            }
            if (change.bounds() != null) {
                parts.put("Minimum balance", amount(change.bounds().minimum(), change.currency()));
                parts.put("Maximum balance", amount(change.bounds().maximum(), change.currency()));
            }
            return new ChangeView(change.account(), parts);
        }

        private static String amount(@Nullable Long minorUnits, @Nullable Currency currency) {
            return minorUnits == null || currency == null
                    ? "none"
                    : Amounts.text(minorUnits, currency) + " " + currency;
        }
    }

    /** The adjustment with the names of its accounts. */
    public static AdjustmentView of(Adjustment adjustment, Ledger ledger) {
        return of(adjustment, TransactionView.legs(adjustment.legs(), ledger));
    }

    /** The adjustment for a list, which shows no names: looking up a thousand for each of a hundred would take long. */
    public static AdjustmentView brief(Adjustment adjustment) {
        return of(adjustment, TransactionView.legs(adjustment.legs(), Map.of()));
    }

    private static AdjustmentView of(Adjustment adjustment, List<TransactionView.LegView> legs) {
        Details details = adjustment.details();
        Adjustment.Decision decision = adjustment.decision();
        return new AdjustmentView(
                adjustment.id(),
                Long.toString(adjustment.id()),
                adjustment.key(),
                Moment.of(adjustment.proposedAt()),
                adjustment.author(),
                adjustment.reason(),
                legs,
                adjustment.change() == null ? null : ChangeView.of(adjustment.change()),
                Notice.words(adjustment.state()),
                decision == null ? null : decision.by(),
                decision == null ? null : Moment.of(decision.at()),
                decision == null ? null : decision.sequence(),
                decision == null ? "" : decision.reason(),
                adjustment.transactionId(),
                details.reference(),
                details.correlationId(),
                details.valueDate() == null ? "" : details.valueDate().toString(),
                details.metadata());
    }

    /** Whether it waits for a decision. */
    public boolean isOpen() {
        return state.equals("proposed");
    }

    /** What it moves or changes, in one line. */
    public String summary() {
        return change == null ? TransactionView.summary(legs) : change.account();
    }
}
