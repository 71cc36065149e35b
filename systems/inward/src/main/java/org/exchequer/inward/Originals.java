package org.exchequer.inward;

import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Refusals;
import org.exchequer.inward.core.Terms;
import org.exchequer.inward.store.Payments;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;

/**
 * The payments that reversals and requests for cancellation are about. Only who sent a payment may take it back.
 *
 * <p>A cancellation races with the payment's own command in the ledger: it takes the same key, and whoever comes first
 * there decides. Before that it is noted at the payment who called it back, so that a payment that finds its key taken
 * knows why, also after a restart.
 */
final class Originals {
    /** What is said of a payment that was called back. */
    static final Finding CALLED_BACK = new Finding("DS02", "/camt.056", "was called back before it was carried out");

    private static final String ORIGINAL = "/original";

    private final Payments payments;
    private final Execution execution;
    private final Settings settings;

    Originals(Payments payments, Execution execution, Settings settings) {
        this.payments = payments;
        this.execution = execution;
        this.settings = settings;
    }

    /** What a reversal comes to before the ledger is asked. */
    sealed interface Reversal {
        record Possible(Command command) implements Reversal {}

        record Refused(Finding why) implements Reversal {}
    }

    /** What came of a request for cancellation. */
    sealed interface Recall {
        /** The payment has not happened, and never will. */
        record Done() implements Recall {}

        record Refused(Finding why) implements Recall {}

        /** The ledger has not said; to be asked again. */
        record Unknown(String why) implements Recall {}
    }

    /** The command of a reversal, under the reversal's own key. */
    Reversal reversal(UUID id, Instruction reversal) throws SQLException {
        Optional<Payments.Original> found = find(reversal);
        Money amount = reversal.amount();
        if (found.isEmpty() || amount == null) {
            return refused("AG09", "is not known here");
        }
        Payments.Original original = found.get();
        Long posted = original.posted();
        if (original.state() != State.COMPLETED || posted == null) {
            return refused("AG09", "was not carried out");
        }
        if (!amount.currency().equals(original.amount().currency())
                || amount.minorUnits() > original.amount().minorUnits()) {
            return refused("AM09", "had another currency, or less than is to be reversed");
        }
        return new Reversal.Possible(new Command.Reverse(
                id.toString(), posted, amount, new Details(null, original.id().toString(), java.util.Map.of())));
    }

    private static Reversal.Refused refused(String code, String text) {
        return new Reversal.Refused(new Finding(code, ORIGINAL, text));
    }

    /** Calls a payment back, waiting for the ledger until the deadline. May be asked again. */
    Recall recall(UUID id, Instruction request, long deadlineNanos) throws SQLException {
        Optional<Payments.Original> found = find(request);
        return found.isEmpty() ? no("NOOR", "is not known here") : recall(id, found.get(), deadlineNanos);
    }

    private Recall recall(UUID id, Payments.Original original, long deadlineNanos) throws SQLException {
        if (original.state() == State.CANCELLED) {
            return new Recall.Done();
        }
        if (original.state() == State.COMPLETED) {
            return carriedOut();
        }
        if (original.done()) {
            return no("ARDT", "was rejected before");
        }
        payments.recall(original.id(), id);
        String key = original.id().toString();
        return switch (execution.bar(key, account(original.amount()), original.amount(), deadlineNanos)) {
            case Execution.Result.Barred barred -> new Recall.Done();
            case Execution.Result.Posted posted -> carriedOut();
            case Execution.Result.Refused refused -> no("ARDT", "was rejected before");
            case Execution.Result.Unknown(String why) -> new Recall.Unknown(why);
        };
    }

    /** The money is its creditor's now. */
    private static Recall.Refused carriedOut() {
        return no("RQDA", "was carried out before: giving it back takes its creditor's authority");
    }

    private static Recall.Refused no(String code, String text) {
        return new Recall.Refused(new Finding(code, ORIGINAL, text));
    }

    /** Whether a request has come so far that it may have taken the payment's key. */
    boolean wasBegun(UUID id, Instruction request) throws SQLException {
        Optional<Payments.Original> found = find(request);
        return found.isPresent()
                && payments.recalledBy(found.get().id()).filter(id::equals).isPresent();
    }

    /** Whether a payment whose key was taken was called back. */
    boolean recalled(UUID id) throws SQLException {
        return payments.recalledBy(id).isPresent();
    }

    private String account(Money amount) {
        return settings.settlementAccount(amount.currency().code());
    }

    private Optional<Payments.Original> find(Instruction about) throws SQLException {
        org.exchequer.iso20022.Original original = about.original();
        String sender = about.instructingBic();
        if (original == null || sender == null) {
            return Optional.empty();
        }
        String institution = Terms.institution(sender);
        String uetr = original.uetr();
        Optional<Payments.Original> found = uetr != null
                ? payments.original(UUID.fromString(uetr))
                : payments.original(original.transactionId(), original.endToEndId(), original.messageId(), institution);
        return found.filter(payment -> payment.senderBic() != null
                && Terms.institution(payment.senderBic()).equals(institution));
    }

    /** The refusal of a request or payment that was not done in time. */
    static Finding late(MessageType type) {
        return new Finding("AB05", "/" + type.id(), Refusals.LATE);
    }
}
