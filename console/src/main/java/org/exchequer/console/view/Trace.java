package org.exchequer.console.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Everything the ledger knows under one id, whatever kind of id it is.
 *
 * @param transactions each with how it was found, oldest first
 * @param holds each with how it was found
 * @param adjustments each with how it was found
 * @param accounts by their code
 * @param similar accounts whose code starts so, when none has it exactly
 * @param command what became of the command with this key when it posted nothing, or null
 * @param more whether there are more transactions than shown
 * @param moreHolds whether there are more holds than shown
 */
public record Trace(
        List<Hit> transactions,
        List<HoldHit> holds,
        List<AdjustmentHit> adjustments,
        List<AccountView> accounts,
        List<AccountView> similar,
        @Nullable CommandView command,
        boolean more,
        boolean moreHolds) {
    private static final int MOST = 50;
    private static final int SIMILAR = 8;

    /**
     * A transaction.
     *
     * @param by e.g. {@code number}, {@code idempotency key}, {@code reversal of 12}
     */
    public record Hit(String by, TransactionView tx) {}

    /** A hold. */
    public record HoldHit(String by, HoldView hold) {}

    /** An adjustment. */
    public record AdjustmentHit(String by, AdjustmentView adjustment) {}

    /**
     * A command that posted nothing.
     *
     * @param title e.g. {@code Rejected: insufficient funds}
     * @param text the detail
     * @param code stable code
     * @param field at fault, or empty
     * @param sequence its position in the journal, or empty
     * @param where address of what it opened, changed or closed, or null
     * @param what that is
     */
    public record CommandView(
            String title,
            String text,
            String code,
            String field,
            String sequence,
            @Nullable String where,
            String what) {
        static CommandView done(String title, long sequence, String where, String what) {
            return new CommandView(
                    title, "The command is in the journal.", "", "", Long.toString(sequence), where, what);
        }

        static CommandView of(Outcome.Rejected rejected) {
            return new CommandView(
                    "Rejected: " + Notice.words(rejected.reason()),
                    rejected.detail(),
                    rejected.reason().name(),
                    rejected.field(),
                    Long.toString(rejected.sequence()),
                    null,
                    "");
        }

        static CommandView open(String title) {
            return new CommandView(title, "Ask again in a moment.", "", "", "", null, "");
        }
    }

    public boolean isEmpty() {
        return transactions.isEmpty()
                && holds.isEmpty()
                && adjustments.isEmpty()
                && accounts.isEmpty()
                && command == null;
    }

    /** What is found on the way. */
    private static final class Search {
        private final Ledger ledger;
        private final Map<Long, Hit> transactions = new LinkedHashMap<>();
        private final Map<Long, HoldHit> holds = new LinkedHashMap<>();
        private final Map<Long, AdjustmentHit> adjustments = new LinkedHashMap<>();
        private @Nullable CommandView command;

        Search(Ledger ledger) {
            this.ledger = ledger;
        }

        void byNumber(long number) {
            ledger.transaction(number).ifPresent(found -> add("number", found));
            hold("number", number);
            adjustment("number", number);
        }

        void byKey(Outcome outcome) {
            switch (outcome) {
                case Outcome.Posted posted -> add("idempotency key", posted.transaction());
                case Outcome.Held held -> hold("idempotency key", held.pending().id());
                case Outcome.Proposed proposed ->
                    adjustment("idempotency key", proposed.adjustment().id());
                case Outcome.Released released -> {
                    command = CommandView.done(
                            "Voided a hold",
                            released.sequence(),
                            "/console/ledger/holds/" + released.pendingId(),
                            "Hold " + released.pendingId());
                    hold("its voiding", released.pendingId());
                }
                case Outcome.Dismissed dismissed -> {
                    command = CommandView.done(
                            "Rejected an adjustment",
                            dismissed.sequence(),
                            "/console/ledger/adjustments/" + dismissed.adjustmentId(),
                            "Adjustment " + dismissed.adjustmentId());
                    adjustment("its rejection", dismissed.adjustmentId());
                }
                case Outcome.DayClosed closed ->
                    command = CommandView.done(
                            "Closed the day " + closed.close().day(),
                            closed.close().sequence(),
                            "/console/ledger/days",
                            "End of day");
                case Outcome.AccountChanged changed ->
                    command = CommandView.done(
                            "Opened or changed an account",
                            changed.sequence(),
                            "/console/ledger/accounts/" + changed.account().code(),
                            changed.account().code());
                case Outcome.Rejected rejected -> command = CommandView.of(rejected);
                case Outcome.Refused refused -> command = CommandView.open("Not taken, nothing was done");
                case Outcome.Unknown unknown -> command = CommandView.open("Outcome not known yet");
            }
        }

        void add(String by, Transaction found) {
            transactions.computeIfAbsent(found.id(), id -> new Hit(by, TransactionView.of(found, ledger)));
        }

        void hold(String by, long id) {
            if (!holds.containsKey(id)) {
                ledger.pending(id).ifPresent(found -> holds.put(id, new HoldHit(by, HoldView.of(found, ledger))));
            }
        }

        void adjustment(String by, long id) {
            if (!adjustments.containsKey(id)) {
                ledger.adjustment(id)
                        .ifPresent(
                                found -> adjustments.put(id, new AdjustmentHit(by, AdjustmentView.of(found, ledger))));
            }
        }

        /** What a transaction came from, and what undoes it. */
        void follow(TransactionView tx) {
            Long of = tx.reversalOf();
            if (of != null) {
                ledger.transaction(of).ifPresent(found -> add("reversed by " + tx.id(), found));
            }
            tx.reversedBy().stream()
                    .limit(MOST)
                    .forEach(by -> ledger.transaction(by).ifPresent(found -> add("reversal of " + tx.id(), found)));
            Long pending = tx.origin().pendingId();
            if (pending != null) {
                hold("posted by " + tx.id(), pending);
            }
            Long adjustment = tx.origin().adjustmentId();
            if (adjustment != null) {
                adjustment("posted by " + tx.id(), adjustment);
            }
        }
    }

    /** Looks everywhere. */
    public static Trace of(String id, Ledger ledger) {
        Search search = new Search(ledger);
        if (id.matches("[0-9]{1,18}")) {
            search.byNumber(Long.parseLong(id));
        }
        if (isKey(id)) {
            ledger.outcome(id).ifPresent(search::byKey);
        }
        Page<PendingTransaction> holds = ledger.pending(false, id, null, MOST);
        for (PendingTransaction found : holds.items()) {
            search.hold(id.equals(found.details().reference()) ? "reference" : "correlation id", found.id());
        }
        Page<Transaction> named = ledger.byReference(id, null, MOST);
        for (Transaction found : named.items()) {
            search.add(id.equals(found.details().reference()) ? "reference" : "correlation id", found);
        }
        for (AdjustmentHit hit : List.copyOf(search.adjustments.values())) {
            Long led = hit.adjustment().transactionId();
            if (led != null) {
                ledger.transaction(led)
                        .ifPresent(found ->
                                search.add("adjustment " + hit.adjustment().id(), found));
            }
        }
        List.copyOf(search.transactions.values()).forEach(hit -> search.follow(hit.tx()));
        List<AccountView> accounts = new ArrayList<>();
        List<AccountView> similar = new ArrayList<>();
        if (id.length() <= 64) {
            ledger.account(id).ifPresent(account -> accounts.add(view(account, ledger)));
            if (accounts.isEmpty()) {
                ledger.accounts(id, null, SIMILAR).items().forEach(account -> similar.add(view(account, ledger)));
            }
        }
        return new Trace(
                List.copyOf(search.transactions.values()),
                List.copyOf(search.holds.values()),
                List.copyOf(search.adjustments.values()),
                accounts,
                similar,
                search.command,
                named.next() != null,
                holds.next() != null);
    }

    /** Keys are printable ASCII; anything else was never one. */
    private static boolean isKey(String id) {
        return id.length() <= 128 && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static AccountView view(Account account, Ledger ledger) {
        return AccountView.of(account, ledger.balance(account.code()).orElse(null));
    }
}
