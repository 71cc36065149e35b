package org.exchequer.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Rollup;
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
import org.exchequer.ledger.store.ReportQueries;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as others see it: commands go to this process's committer or to the node that is the writer; balances come
 * from the writer's memory where it is here, everything else from SQL.
 */
final class LedgerService implements Ledger {
    private static final long READ_TIMEOUT_MS = 5_000;
    private static final int MAX_HISTORY_DAYS = 3_660;

    /** Class of SQL states: the values are at fault, and will be for ever. */
    private static final String DATA_EXCEPTION = "22";

    private final Leadership leadership;
    private final DataSource database;
    private final JournalReader reader;
    private final Ticker ticker;
    private final Clock clock;
    private final Forwarding forward;

    /** Sends commands to the node that is the writer. */
    interface Forwarding {
        CompletableFuture<Outcome> one(Holder writer, Command command);

        CompletableFuture<List<Outcome>> linked(Holder writer, List<Command> commands);
    }

    LedgerService(
            Leadership leadership,
            DataSource database,
            JournalReader reader,
            Clock clock,
            Ticker ticker,
            Forwarding forward) {
        this.leadership = leadership;
        this.database = database;
        this.reader = reader;
        this.clock = clock;
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
                ? forward.one(other, command)
                : CompletableFuture.completedFuture(new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500));
    }

    @Override
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        Command.requireLinkable(commands);
        Engine engine = leadership.engine();
        if (engine != null) {
            return engine.committer().submitLinked(commands);
        }
        Holder other = leadership.otherWriter();
        return other != null
                ? forward.linked(other, commands)
                : CompletableFuture.completedFuture(Collections.nCopies(
                        commands.size(), new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500)));
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
        requirePlain("code", code);
        return read(c -> Optional.ofNullable(LedgerQueries.account(c, code)));
    }

    @Override
    public Page<Account> accounts(String prefix, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        requirePlain("prefix", prefix);
        requirePlain("cursor", cursor);
        return read(c -> LedgerQueries.accounts(c, prefix, cursor, limit));
    }

    @Override
    public Optional<Balance> balance(String account) {
        requirePlain("account", account);
        Engine engine = memory();
        if (engine != null) {
            Optional<Balance> balance = Optional.ofNullable(engine.books().totals(account))
                    .filter(totals -> !totals.account().isSummary())
                    .map(LedgerQueries::balance);
            // Again, because a process may be stopped between any two lines for longer than its lease.
            if (engine.committer().holdsLease()) {
                return balance;
            }
        }
        return readProjected(c -> Optional.ofNullable(LedgerQueries.balance(c, account)));
    }

    @Override
    public Optional<Balance> balance(String account, AsOf asOf) {
        requirePlain("account", account);
        return asOf.date() == null
                ? balance(account)
                : readProjected(c -> Optional.ofNullable(ReportQueries.balance(c, account, asOf)));
    }

    @Override
    public Optional<List<Rollup>> rollUp(String account, AsOf asOf) {
        requirePlain("account", account);
        return readProjected(c -> {
            Account top = LedgerQueries.account(c, account);
            return top == null ? Optional.empty() : Optional.of(ReportQueries.rollUp(c, top, asOf));
        });
    }

    @Override
    public Optional<List<DayBalance>> history(String account, LocalDate from, LocalDate to) {
        requirePlain("account", account);
        if (from.isAfter(to)) {
            throw new FieldError("from", "must not be after 'to'");
        }
        if (ChronoUnit.DAYS.between(from, to) > MAX_HISTORY_DAYS) {
            throw new FieldError("to", "must be at most " + MAX_HISTORY_DAYS + " days after 'from'");
        }
        return readProjected(c -> {
            Account found = LedgerQueries.account(c, account);
            return found == null || found.isSummary()
                    ? Optional.empty()
                    : Optional.of(ReportQueries.history(c, found, from, to));
        });
    }

    @Override
    public Optional<Page<StatementLine>> statement(String account, Period period, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        requirePlain("account", account);
        return readProjected(c -> {
            Account found = LedgerQueries.account(c, account);
            return found == null || found.isSummary()
                    ? Optional.empty()
                    : Optional.of(LedgerQueries.statement(c, found, period, cursor, limit));
        });
    }

    @Override
    public Optional<Transaction> transaction(long id) {
        return read(c -> reader.transactions(c, List.of(id))).stream().findFirst();
    }

    @Override
    public Page<Transaction> byReference(String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        requirePlain("reference", referenceOrCorrelationId);
        return readProjected(c -> LedgerQueries.byReference(c, reader, referenceOrCorrelationId, cursor, limit));
    }

    @Override
    public Page<Transaction> latest(@Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        return read(c -> LedgerQueries.latest(c, reader, cursor, limit));
    }

    @Override
    public Page<Transaction> transactions(long after, int limit) {
        Page.requireLimit(limit);
        return read(c -> {
            long last = LedgerQueries.lastSequence(c);
            if (after >= last) {
                return new Page<>(List.of(), null);
            }
            long upTo = Math.min(last, after + limit);
            return new Page<>(reader.transactions(c, after, upTo), upTo < last ? Long.toString(upTo) : null);
        });
    }

    @Override
    public List<Long> reversalsOf(long transactionId) {
        return read(c -> reader.reversalsOf(c, transactionId));
    }

    @Override
    public List<Outcome> linked(long linkedTo) {
        return read(c -> reader.linked(c, linkedTo));
    }

    @Override
    public Optional<PendingTransaction> pending(long id) {
        return readProjected(c -> Optional.ofNullable(ReportQueries.pending(c, reader, id)));
    }

    @Override
    public Optional<Page<PendingTransaction>> pendingOf(String account, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        requirePlain("account", account);
        return readProjected(c -> {
            Account found = LedgerQueries.account(c, account);
            return found == null || found.isSummary()
                    ? Optional.empty()
                    : Optional.of(ReportQueries.pendingOf(c, reader, found, cursor, limit));
        });
    }

    @Override
    public Page<PendingTransaction> pending(
            boolean openOnly, @Nullable String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        requirePlain("reference", referenceOrCorrelationId);
        return readProjected(c -> ReportQueries.pending(c, reader, openOnly, referenceOrCorrelationId, cursor, limit));
    }

    @Override
    public List<Long> postingsOf(long pendingId) {
        return read(c -> reader.postingsOf(c, pendingId));
    }

    @Override
    public Optional<Adjustment> adjustment(long id) {
        return readProjected(c -> Optional.ofNullable(ReportQueries.adjustment(c, reader, id)));
    }

    @Override
    public Page<Adjustment> adjustments(boolean openOnly, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        return readProjected(c -> ReportQueries.adjustments(c, reader, openOnly, cursor, limit));
    }

    @Override
    public TrialBalance trialBalance(AsOf asOf) {
        return readProjected(c -> ReportQueries.trialBalance(c, asOf));
    }

    @Override
    public BalanceSheet balanceSheet(AsOf asOf) {
        return readProjected(c -> ReportQueries.balanceSheet(c, asOf));
    }

    @Override
    public IncomeStatement incomeStatement(LocalDate from, LocalDate to, AsOf.Basis basis) {
        if (from.isAfter(to)) {
            throw new FieldError("from", "must not be after 'to'");
        }
        return readProjected(c -> ReportQueries.incomeStatement(c, from, to, basis));
    }

    @Override
    public LocalDate businessDate() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return closes(null, 1).items().stream()
                .findFirst()
                .map(close -> close.day().plusDays(1))
                .filter(today::isBefore)
                .orElse(today);
    }

    @Override
    public Page<DayClose> closes(@Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        return readProjected(c -> ReportQueries.closes(c, cursor, limit));
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
            String state = e.getSQLState();
            if (state != null && state.startsWith(DATA_EXCEPTION)) {
                throw new IllegalStateException("a read with values that PostgreSQL does not take", e);
            }
            throw new LedgerUnavailableException("the database does not answer", e);
        }
    }

    /** Nothing in the ledger has a control character, and PostgreSQL takes no NUL. */
    private static void requirePlain(String field, @Nullable String text) {
        if (text != null && Details.hasControl(text)) {
            throw new FieldError(field, "may hold no control character");
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
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static LedgerUnavailableException behind() {
        return new LedgerUnavailableException("statements and totals are being brought up to date; ask again");
    }
}
