package org.exchequer.ledger.api;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The double-entry ledger. Thread-safe; made for many callers on virtual threads: commands in flight at the same time
 * share one commit.
 *
 * <p>Commands are decided one after the other in journal order. Reads of {@link #balance} and {@link #account} see
 * every command answered before the read began, whoever sent it. Statements, references, holds, adjustments, closings
 * and reports come from a projection; before they answer they wait until it includes everything answered before the
 * read began.
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

    /**
     * Sends 2 to {@value #MAX_LINKED} commands that are accepted all or none, decided in this order, with nothing in
     * between. When one is rejected, all others are with {@link RejectionReason#LINKED_ITEM_FAILED}, and each keeps
     * its rejection for ever. Sent again with the same keys, each gets its first answer; a batch of which only some
     * keys were answered before is rejected.
     *
     * @return the outcomes in the order of the commands; completes as {@link #submit} does
     * @throws FieldError when there are too few or too many, or two have the same key
     */
    CompletableFuture<List<Outcome>> submitLinked(List<Command> commands);

    /** Most commands of a linked batch. */
    int MAX_LINKED = 1_000;

    /** Most legs of a linked batch, a transfer counted as two. */
    int MAX_LINKED_LEGS = 8_000;

    /**
     * Front of the keys that a ledger of several shards keeps for itself. A hold on an account in transit is ended only
     * under such a key.
     */
    char OWN_KEY = '~';

    /** Front of the codes of accounts in transit, which a ledger of several shards keeps for itself. */
    String OWN_ACCOUNT = "transit:";

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

    /** The same, of the entries up to a date; then without what holds and limits say, which concerns the present. */
    Optional<Balance> balance(String account, AsOf asOf);

    /** What an account and all under it hold together, per currency in order of code; empty when there is none such. */
    Optional<List<Rollup>> rollUp(String account, AsOf asOf);

    /**
     * Turnover and balance of a posting account for each booking date with entries, oldest first.
     *
     * @param from first date
     * @param to last date, at most 3,660 days later
     * @return empty when there is no such account or it is a summary account
     */
    Optional<List<DayBalance>> history(String account, LocalDate from, LocalDate to);

    /**
     * Lines of an account, newest first.
     *
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     * @return empty when there is no such account or it is a summary account
     * @throws FieldError when the cursor is not one of ours, here and below
     */
    default Optional<Page<StatementLine>> statement(String account, @Nullable String cursor, int limit) {
        return statement(account, Period.ALL, cursor, limit);
    }

    /**
     * Lines of an account that were booked in a period, newest first; see above. A cursor goes with the period of the
     * page before.
     */
    Optional<Page<StatementLine>> statement(String account, Period period, @Nullable String cursor, int limit);

    Optional<Transaction> transaction(long id);

    /**
     * Transactions with this external reference or correlation id, oldest first.
     *
     * @param cursor from the page before, or null for the oldest
     * @param limit 1 to 1,000
     */
    Page<Transaction> byReference(String referenceOrCorrelationId, @Nullable String cursor, int limit);

    /**
     * Transactions, newest first.
     *
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     */
    Page<Transaction> latest(@Nullable String cursor, int limit);

    /**
     * The transactions at the next positions of the journal, oldest first. A page may hold fewer than {@code limit},
     * even none, where positions belong to other commands.
     *
     * @param after the position to go on after; 0 for the beginning
     * @param limit how many positions, 1 to 1,000
     * @return with the position to go on after as {@code next}, null at the end of the journal
     */
    Page<Transaction> transactions(long after, int limit);

    /** Ids of the transactions that reverse this one, in full or part, oldest first. */
    List<Long> reversalsOf(long transactionId);

    /**
     * What became of the commands of a linked batch, in its order.
     *
     * @param linkedTo position of its first item
     * @return empty when no accepted batch begins there
     */
    List<Outcome> linked(long linkedTo);

    /** The hold with this id. */
    Optional<PendingTransaction> pending(long id);

    /**
     * Holds, newest first.
     *
     * @param openOnly only those with something still reserved
     * @param referenceOrCorrelationId only those with this reference or correlation id; null for all
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     */
    Page<PendingTransaction> pending(
            boolean openOnly, @Nullable String referenceOrCorrelationId, @Nullable String cursor, int limit);

    /**
     * Open holds on an account, oldest first.
     *
     * @param cursor from the page before, or null for the oldest
     * @param limit 1 to 1,000
     * @return empty when there is no such account or it is a summary account
     */
    Optional<Page<PendingTransaction>> pendingOf(String account, @Nullable String cursor, int limit);

    /** Ids of the transactions that post this hold, in full or part, oldest first. */
    List<Long> postingsOf(long pendingId);

    /** The adjustment proposed under this id. */
    Optional<Adjustment> adjustment(long id);

    /**
     * Adjustments, newest first.
     *
     * @param openOnly only those not decided yet
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     */
    Page<Adjustment> adjustments(boolean openOnly, @Nullable String cursor, int limit);

    /** Everything there is. */
    default TrialBalance trialBalance() {
        return trialBalance(AsOf.NOW);
    }

    TrialBalance trialBalance(AsOf asOf);

    BalanceSheet balanceSheet(AsOf asOf);

    /** Income and expenses from the beginning of one date to the end of another. */
    IncomeStatement incomeStatement(LocalDate from, LocalDate to, AsOf.Basis basis);

    /** The business day that is booked into now. */
    LocalDate businessDate();

    /**
     * Closed days, newest first.
     *
     * @param cursor from the page before, or null for the newest
     * @param limit 1 to 1,000
     */
    Page<DayClose> closes(@Nullable String cursor, int limit);

    /** Position of the last command in the journal; 0 when empty. */
    long lastSequence();
}
