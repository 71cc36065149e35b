package org.exchequer.console.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Everything the ledger knows under one id, whatever kind of id it is.
 *
 * @param transactions each with how it was found, oldest first
 * @param accounts by their code
 * @param similar accounts whose code starts so, when none has it exactly
 * @param command what became of the command with this key when it posted nothing, or null
 * @param more whether there are more transactions than shown
 */
public record Trace(
        List<Hit> transactions,
        List<AccountView> accounts,
        List<AccountView> similar,
        @Nullable CommandView command,
        boolean more) {
    private static final int MOST = 50;
    private static final int SIMILAR = 8;

    /**
     * A transaction.
     *
     * @param by e.g. {@code number}, {@code idempotency key}, {@code reversal of 12}
     */
    public record Hit(String by, TransactionView tx) {}

    /**
     * A command that posted nothing.
     *
     * @param title e.g. {@code Rejected: insufficient funds}
     * @param text the detail
     * @param code stable code
     * @param field at fault, or empty
     * @param sequence its position in the journal
     * @param account code of the account it opened or changed, or null
     */
    public record CommandView(
            String title,
            String text,
            String code,
            String field,
            String sequence,
            @Nullable String account) {}

    public boolean isEmpty() {
        return transactions.isEmpty() && accounts.isEmpty() && command == null;
    }

    /** Looks everywhere. */
    public static Trace of(String id, Ledger ledger) {
        Map<Long, Hit> hits = new LinkedHashMap<>();
        if (id.matches("[0-9]{1,18}")) {
            ledger.transaction(Long.parseLong(id)).ifPresent(found -> add(hits, "number", found, ledger));
        }
        @Nullable CommandView command = null;
        @Nullable Outcome outcome = isKey(id) ? ledger.outcome(id).orElse(null) : null;
        if (outcome instanceof Outcome.Posted posted) {
            add(hits, "idempotency key", posted.transaction(), ledger);
        } else if (outcome != null) {
            command = command(outcome);
        }
        List<Transaction> named = ledger.byReference(id, MOST + 1);
        for (Transaction found : named.subList(0, Math.min(MOST, named.size()))) {
            add(hits, id.equals(found.details().reference()) ? "reference" : "correlation id", found, ledger);
        }
        List<Hit> direct = List.copyOf(hits.values());
        direct.forEach(hit -> addReversals(hits, hit.tx(), ledger));
        List<AccountView> accounts = new ArrayList<>();
        List<AccountView> similar = new ArrayList<>();
        if (id.length() <= 64) {
            ledger.account(id).ifPresent(account -> accounts.add(view(account, ledger)));
            if (accounts.isEmpty()) {
                ledger.accounts(id, null, SIMILAR).items().forEach(account -> similar.add(view(account, ledger)));
            }
        }
        return new Trace(List.copyOf(hits.values()), accounts, similar, command, named.size() > MOST);
    }

    /** Keys are printable ASCII; anything else was never one. */
    private static boolean isKey(String id) {
        return id.length() <= 128 && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static void add(Map<Long, Hit> hits, String by, Transaction found, Ledger ledger) {
        hits.computeIfAbsent(found.id(), id -> new Hit(by, TransactionView.of(found, ledger)));
    }

    private static void addReversals(Map<Long, Hit> hits, TransactionView tx, Ledger ledger) {
        Long of = tx.reversalOf();
        if (of != null) {
            ledger.transaction(of).ifPresent(found -> add(hits, "reversed by " + tx.id(), found, ledger));
        }
        Long by = tx.reversedBy();
        if (by != null) {
            ledger.transaction(by).ifPresent(found -> add(hits, "reversal of " + tx.id(), found, ledger));
        }
    }

    private static AccountView view(Account account, Ledger ledger) {
        return AccountView.of(account, ledger.balance(account.code()).orElse(null));
    }

    private static CommandView command(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Rejected rejected ->
                new CommandView(
                        "Rejected: " + Notice.words(rejected.reason()),
                        rejected.detail(),
                        rejected.reason().name(),
                        rejected.field(),
                        Amounts.count(rejected.sequence()),
                        null);
            case Outcome.AccountChanged changed ->
                new CommandView(
                        "Opened or changed an account",
                        "The command is in the journal.",
                        "",
                        "",
                        Amounts.count(changed.sequence()),
                        changed.account().code());
            case Outcome.Posted posted ->
                throw new IllegalArgumentException(
                        "transaction " + posted.transaction().id() + " is shown as such");
            case Outcome.Refused refused ->
                new CommandView(
                        "Not taken, nothing was done", "", refused.cause().name(), "", "", null);
            case Outcome.Unknown unknown ->
                new CommandView("Outcome not known yet", unknown.why(), "OUTCOME_UNKNOWN", "", "", null);
        };
    }
}
