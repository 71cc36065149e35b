package org.exchequer.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.jobs.Leadership;
import org.exchequer.ledger.jobs.Leadership.Engine;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.JournalReader.Row;
import org.exchequer.ledger.store.LedgerQueries;
import org.exchequer.ledger.store.Projection;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as others see it: commands go to this process's committer or to the node that is the writer; balances come
 * from the writer's memory where it is here, everything else from SQL.
 */
final class LedgerService implements Ledger {
    private static final long READ_TIMEOUT_MS = 5_000;

    private final Leadership leadership;
    private final DataSource database;
    private final JournalReader reader;
    private final Ticker ticker;
    private final BiFunction<Holder, Command, CompletableFuture<Outcome>> forward;

    LedgerService(
            Leadership leadership,
            DataSource database,
            JournalReader reader,
            Ticker ticker,
            BiFunction<Holder, Command, CompletableFuture<Outcome>> forward) {
        this.leadership = leadership;
        this.database = database;
        this.reader = reader;
        this.ticker = ticker;
        this.forward = forward;
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        Engine engine = leadership.engine();
        if (engine != null) {
            return engine.committer().submit(command);
        }
        Holder other = leadership.otherWriter();
        return other != null
                ? forward.apply(other, command)
                : CompletableFuture.completedFuture(new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500));
    }

    @Override
    public Optional<Outcome> outcome(String key) {
        UUID digest = Digest.ofKey(key);
        Map<UUID, Row> found = read(c -> reader.byKeyDigest(c, List.of(digest)));
        Row row = found.get(digest);
        return row != null && row.key().equals(key) ? Optional.of(row.outcome()) : Optional.empty();
    }

    @Override
    public Optional<Account> account(String code) {
        return read(c -> Optional.ofNullable(LedgerQueries.account(c, code)));
    }

    @Override
    public Page<Account> accounts(String prefix, @Nullable String cursor, int limit) {
        return read(c -> LedgerQueries.accounts(c, prefix, cursor, limit));
    }

    @Override
    public Optional<Balance> balance(String account) {
        Engine engine = memory();
        if (engine != null) {
            Optional<Balance> balance = Optional.ofNullable(engine.books().totals(account))
                    .filter(totals -> !totals.account().isSummary())
                    .map(totals -> LedgerQueries.balance(
                            totals.account(), totals.debits(), totals.credits(), totals.sequence()));
            // Again, because a process may be stopped between any two lines for longer than its lease.
            if (engine.committer().holdsLease()) {
                return balance;
            }
        }
        return readProjected(c -> Optional.ofNullable(LedgerQueries.balance(c, account)));
    }

    @Override
    public Optional<Page<StatementLine>> statement(String account, @Nullable String cursor, int limit) {
        return readProjected(c -> {
            Account found = LedgerQueries.account(c, account);
            if (found == null) {
                return Optional.empty();
            }
            return Optional.of(
                    found.isSummary() ? new Page<>(List.of(), null) : LedgerQueries.statement(c, found, cursor, limit));
        });
    }

    @Override
    public Optional<Transaction> transaction(long id) {
        return read(c -> reader.transactions(c, List.of(id))).stream().findFirst();
    }

    @Override
    public List<Transaction> byReference(String referenceOrCorrelationId, int limit) {
        return readProjected(
                c -> reader.transactions(c, LedgerQueries.byReference(c, referenceOrCorrelationId, limit)));
    }

    @Override
    public List<Transaction> latest(int limit) {
        return read(c -> reader.latest(c, limit));
    }

    @Override
    public Optional<Long> reversedBy(long transactionId) {
        return read(c -> Optional.ofNullable(reader.reversalOf(c, transactionId)));
    }

    @Override
    public TrialBalance trialBalance() {
        return readProjected(LedgerQueries::trialBalance);
    }

    @Override
    public long lastSequence() {
        Engine engine = memory();
        return engine != null ? engine.committer().committedSequence() : read(LedgerQueries::lastSequence);
    }

    /** The engine, while its memory is known to be the latest there is. */
    private @Nullable Engine memory() {
        Engine engine = leadership.engine();
        return engine != null && engine.committer().holdsLease() ? engine : null;
    }

    @FunctionalInterface
    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T read(Query<T> query) {
        try (Connection connection = database.getConnection()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw new LedgerUnavailableException("the database does not answer", e);
        }
    }

    /** Reads a projection once it includes everything that is in the journal now. */
    private <T> T readProjected(Query<T> query) {
        Engine engine = memory();
        try {
            if (engine != null) {
                if (!engine.projector().await(engine.committer().committedSequence(), READ_TIMEOUT_MS)) {
                    throw behind();
                }
            } else {
                awaitProjection(read(LedgerQueries::lastSequence));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw behind();
        }
        return read(query);
    }

    /** On a node that is not the writer: looks until the writer's projector has come so far. */
    private void awaitProjection(long sequence) throws InterruptedException {
        long started = ticker.nanos();
        while (read(Projection::position) < sequence) {
            if (ticker.nanos() - started > READ_TIMEOUT_MS * 1_000_000) {
                throw behind();
            }
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static LedgerUnavailableException behind() {
        return new LedgerUnavailableException("statements and totals are being brought up to date; ask again");
    }
}
