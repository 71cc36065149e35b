package org.exchequer.ledger.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The double-entry ledger. Thread-safe; made for many callers on virtual threads: commands in flight at the same time
 * share one commit.
 *
 * <p>Commands are decided one after the other in journal order. Reads of {@link #balance} and {@link #account} see
 * every command answered before the read began, whoever sent it. {@link #statement}, {@link #byReference} and {@link
 * #trialBalance} read a projection; before they answer they wait until it includes everything answered before the read
 * began.
 *
 * <p>Reads throw {@link LedgerUnavailableException} when the books cannot be read now.
 */
public interface Ledger {
    /**
     * Sends a command. The future completes when the outcome is durable, always normally and never with anything but
     * an {@link Outcome}; {@link Outcome.Refused} comes at once when the ledger takes no more. It may complete on one
     * of the ledger's own threads: a dependent stage that blocks or waits for the ledger must be an {@code Async} one.
     */
    CompletableFuture<Outcome> submit(Command command);

    /** Sends a command and waits for its outcome. */
    default Outcome execute(Command command) {
        return submit(command).join();
    }

    /** What became of the command with this key, if it was ever decided. */
    Optional<Outcome> outcome(String key);

    Optional<Account> account(String code);

    /**
     * Accounts in order of code.
     *
     * @param prefix only codes that start so; empty for all
     * @param cursor from the page before, or null for the first
     * @param limit 1 to 1,000
     */
    Page<Account> accounts(String prefix, @Nullable String cursor, int limit);

    /** The balance of a posting account; empty when there is no such account or it is a summary account. */
    Optional<Balance> balance(String account);

    /**
     * Lines of an account, newest first.
     *
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     * @return empty when there is no such account
     * @throws FieldError when the cursor is not one of ours
     */
    Optional<Page<StatementLine>> statement(String account, @Nullable String cursor, int limit);

    Optional<Transaction> transaction(long id);

    /** Transactions with this external reference or correlation id, oldest first, at most {@code limit}. */
    List<Transaction> byReference(String referenceOrCorrelationId, int limit);

    /** The newest transactions, newest first, at most {@code limit}. */
    List<Transaction> latest(int limit);

    /** Id of the transaction that reverses this one, if any. */
    Optional<Long> reversedBy(long transactionId);

    TrialBalance trialBalance();

    /** Position of the last command in the journal; 0 when empty. */
    long lastSequence();
}
