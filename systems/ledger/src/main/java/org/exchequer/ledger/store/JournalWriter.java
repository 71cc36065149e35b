package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Hold;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Appends batches to the journal, each in one database transaction that first moves the writer's row: whoever holds an
 * older epoch moves no row and writes nothing.
 *
 * <p>Owned by one thread. After an exception the connection's state is unknown: close it, open another, and ask {@link
 * #head} what happened.
 */
public final class JournalWriter implements AutoCloseable {
    /** The journal's end and who may extend it. */
    public record Head(long epoch, long lastSequence, byte[] hash) {}

    /** Another writer has taken over; this one has written nothing and never will again. */
    public static final class DeposedException extends Exception {
        private static final long serialVersionUID = 1L;

        public DeposedException(long epoch) {
            super("epoch " + epoch + " has passed");
        }
    }

    /** A key of the batch is in the journal already; nothing of the batch was written. */
    public static final class KeyTakenException extends SQLException {
        private static final long serialVersionUID = 1L;

        KeyTakenException(SQLException cause) {
            super(cause);
        }
    }

    private static final String MOVE_HEAD = """
            UPDATE writer
               SET last_sequence = ?, last_hash = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'
             WHERE shard = 1 AND epoch = ? AND last_sequence = ?""";
    private static final String BEGIN_BATCH = """
            BEGIN;
            WITH head AS (%s RETURNING 1)
            INSERT INTO batch SELECT ?, ?, ?, ? FROM head""".formatted(MOVE_HEAD);
    private static final String COPY_JOURNAL = "COPY journal FROM STDIN (FORMAT binary)";
    /** A few rows in a single round trip: BEGIN and COMMIT are implied. */
    private static final String APPEND_FEW = """
            WITH head AS (%s RETURNING 1),
                 chained AS (INSERT INTO batch SELECT ?, ?, ?, ? FROM head)
            INSERT INTO journal
            SELECT ? + r.place, ?, r.kind, r.outcome, r.key_digest, r.request_digest, r.idempotency_key,
                   r.debit_account, r.credit_account, r.amount, r.debit_balance, r.credit_balance, r.legs::bigint[],
                   r.pending, r.refers_to, r.linked_to, r.booking_date, r.value_date, r.expires_at,
                   r.reference, r.correlation_id, r.metadata::json, r.body::json
              FROM head, unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS r
                   (kind, outcome, key_digest, request_digest, idempotency_key, debit_account, credit_account, amount,
                    debit_balance, credit_balance, legs, pending, refers_to, linked_to, booking_date, value_date,
                    expires_at, reference, correlation_id, metadata, body, place)""".formatted(MOVE_HEAD);
    /** A single row: spreading arrays of one element would cost as much as all the rest. */
    private static final String APPEND_ONE = """
            WITH head AS (%s RETURNING 1),
                 chained AS (INSERT INTO batch SELECT ?, ?, ?, ? FROM head)
            INSERT INTO journal
            SELECT ? + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bigint[], ?, ?, ?, ?, ?, ?::timestamptz, ?, ?,
                   ?::json, ?::json
              FROM head""".formatted(MOVE_HEAD);
    /** Up to so many rows one statement is cheaper than COPY with its four round trips. */
    private static final int FEW = 64;

    private static final Map<String, Integer> SQL_TYPES = Map.of(
            "int2", Types.SMALLINT,
            "int8", Types.BIGINT,
            "uuid", Types.OTHER,
            "text", Types.VARCHAR,
            "date", Types.DATE,
            "timestamptz", Types.VARCHAR);

    private static final String UPSERT_ACCOUNT = """
            INSERT INTO account (id, code, name, type, normal_side, currency, parent, rule, overdraft_limit,
                                 minimum_balance, maximum_balance, metadata, state, opened_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?)
            ON CONFLICT (id) DO UPDATE
               SET state = excluded.state, overdraft_limit = excluded.overdraft_limit,
                   minimum_balance = excluded.minimum_balance, maximum_balance = excluded.maximum_balance""";

    private final Connection connection;
    private final Faults faults;
    private final long epoch;
    private final long leaseMs;
    private final PreparedStatement beginBatch;
    private final PreparedStatement appendFew;
    private final PreparedStatement appendOne;

    /** @param connection in auto-commit mode; closed with this writer */
    public JournalWriter(Connection connection, Faults faults, long epoch, long leaseMs) throws SQLException {
        this.connection = connection;
        this.faults = faults;
        this.epoch = epoch;
        this.leaseMs = leaseMs;
        this.beginBatch = connection.prepareStatement(BEGIN_BATCH);
        this.appendFew = connection.prepareStatement(APPEND_FEW);
        this.appendOne = connection.prepareStatement(APPEND_ONE);
    }

    /**
     * Appends a batch; once this returns, it is durable.
     *
     * @param head where the journal ends now
     * @param entries with consecutive sequences, the first following {@code head}
     * @param encoded the same entries
     * @param hash what they lead to; see {@link BatchEncoder#chain}
     * @throws DeposedException when another epoch has begun
     * @throws KeyTakenException when a key is in the journal already; nothing was written
     * @throws SQLException any other leaves open whether the batch was committed
     */
    public void append(Head head, List<JournalEntry> entries, BatchEncoder encoded, byte[] hash)
            throws SQLException, DeposedException {
        boolean accounts = entries.stream().anyMatch(JournalWriter::concernsAccounts);
        faults.at("ledger.append.before");
        if (entries.size() <= FEW && !accounts) {
            appendFew(head, entries, hash);
        } else {
            appendMany(head, entries, encoded, hash, accounts);
        }
        faults.at("ledger.commit.after");
    }

    private static boolean concernsAccounts(JournalEntry entry) {
        return account(entry.decision()) != null;
    }

    /** The account as it became, or null. */
    private static @Nullable Account account(Decision decision) {
        return switch (decision) {
            case Decision.Opened opened -> opened.account();
            case Decision.Changed changed -> changed.after();
            case Decision.AdjustmentMade made -> made.changed().after();
            default -> null;
        };
    }

    private void appendMany(Head head, List<JournalEntry> entries, BatchEncoder encoded, byte[] hash, boolean accounts)
            throws SQLException, DeposedException {
        try {
            moveHead(beginBatch, head, entries, hash);
            beginBatch.execute();
            if (beginBatch.getMoreResults() || beginBatch.getUpdateCount() != 1) {
                execute("ROLLBACK");
                throw new DeposedException(epoch);
            }
            encoded.send(connection, COPY_JOURNAL);
            if (accounts) {
                upsertAccounts(entries);
            }
        } catch (SQLException refused) {
            rollback(refused);
            throw keyTaken(refused);
        }
        faults.at("ledger.commit.before");
        execute("COMMIT");
    }

    private void appendFew(Head head, List<JournalEntry> entries, byte[] hash) throws SQLException, DeposedException {
        PreparedStatement s = entries.size() == 1 ? appendOne : appendFew;
        int i = moveHead(s, head, entries, hash);
        s.setLong(i++, head.lastSequence());
        s.setObject(i++, entries.getFirst().recordedAt().atOffset(ZoneOffset.UTC));
        i = column(s, i, "int2", entries, entry -> (short) entry.kind());
        i = column(s, i, "int2", entries, entry -> (short) entry.outcome());
        i = column(s, i, "uuid", entries, JournalEntry::keyDigest);
        i = column(s, i, "uuid", entries, JournalEntry::requestDigest);
        i = column(s, i, "text", entries, JournalEntry::key);
        i = column(s, i, "int8", entries, entry -> account(entry.decision(), Side.DEBIT));
        i = column(s, i, "int8", entries, entry -> account(entry.decision(), Side.CREDIT));
        i = column(s, i, "int8", entries, pair(Decision.BookedPair::amount));
        i = column(s, i, "int8", entries, pair(Decision.BookedPair::debitBalance));
        i = column(s, i, "int8", entries, pair(Decision.BookedPair::creditBalance));
        i = column(
                s,
                i,
                "text",
                entries,
                entry -> entry.decision().booked() instanceof Decision.BookedLegs legs ? arrayText(legs) : null);
        i = column(s, i, "int8", entries, entry -> pending(entry.decision()));
        i = column(s, i, "int8", entries, entry -> entry.decision().refersTo());
        i = column(s, i, "int8", entries, JournalEntry::linkedTo);
        i = column(s, i, "date", entries, JournalEntry::otherDate);
        i = column(s, i, "date", entries, entry -> entry.details().valueDate());
        i = column(s, i, "timestamptz", entries, entry -> expiry(entry.decision()));
        i = column(s, i, "text", entries, entry -> entry.details().reference());
        i = column(s, i, "text", entries, entry -> entry.details().correlationId());
        i = column(s, i, "text", entries, JournalWriter::metadata);
        column(s, i, "text", entries, entry -> BatchEncoder.body(entry.decision()));
        int appended;
        try {
            appended = s.executeUpdate();
        } catch (SQLException refused) {
            throw keyTaken(refused);
        }
        if (appended != entries.size()) {
            throw new DeposedException(epoch);
        }
    }

    /** One column of all entries: as an array, or as it is where there is but one. */
    private int column(
            PreparedStatement s,
            int index,
            String type,
            List<JournalEntry> entries,
            Function<JournalEntry, @Nullable Object> column)
            throws SQLException {
        if (entries.size() == 1) {
            s.setObject(index, column.apply(entries.getFirst()), Objects.requireNonNull(SQL_TYPES.get(type)));
            return index + 1;
        }
        @Nullable Object[] values = new Object[entries.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(entries.get(i));
        }
        s.setArray(index, connection.createArrayOf(type, values));
        return index + 1;
    }

    private static Function<JournalEntry, @Nullable Object> pair(Function<Decision.BookedPair, Object> column) {
        return entry -> entry.decision().booked() instanceof Decision.BookedPair pair ? column.apply(pair) : null;
    }

    private static @Nullable Long account(Decision decision, Side side) {
        Hold hold = decision instanceof Decision.Held held
                ? held.hold()
                : decision instanceof Decision.PendingReleased released ? released.hold() : null;
        if (hold != null) {
            return (side == Side.DEBIT ? hold.debit() : hold.credit()).id();
        }
        return decision.booked() instanceof Decision.BookedPair pair
                ? (Long) (side == Side.DEBIT ? pair.debit() : pair.credit()).id()
                : null;
    }

    private static @Nullable Long pending(Decision decision) {
        return switch (decision) {
            case Decision.Held held -> held.hold().remaining();
            case Decision.PendingPosted posted -> -posted.released();
            case Decision.PendingReleased released -> -released.hold().remaining();
            default -> null;
        };
    }

    private static @Nullable String expiry(Decision decision) {
        return decision instanceof Decision.Held held && held.hold().expiresAt() != null
                ? held.hold().expiresAt().toString()
                : null;
    }

    private static @Nullable String metadata(JournalEntry entry) {
        return entry.details().metadata().isEmpty()
                ? null
                : JournalJson.metadata(entry.details().metadata());
    }

    private static SQLException keyTaken(SQLException e) {
        return e instanceof PSQLException refused
                        && refused.getServerErrorMessage() != null
                        && "journal_key".equals(refused.getServerErrorMessage().getConstraint())
                ? new KeyTakenException(e)
                : e;
    }

    private int moveHead(PreparedStatement s, Head head, List<JournalEntry> entries, byte[] hash) throws SQLException {
        long first = entries.getFirst().sequence();
        long last = entries.getLast().sequence();
        int i = 1;
        s.setLong(i++, last);
        s.setBytes(i++, hash);
        s.setLong(i++, leaseMs);
        s.setLong(i++, epoch);
        s.setLong(i++, head.lastSequence());
        s.setLong(i++, first);
        s.setLong(i++, last);
        s.setLong(i++, epoch);
        s.setBytes(i++, hash);
        return i;
    }

    private void upsertAccounts(List<JournalEntry> entries) throws SQLException {
        // The last state of each: one statement may not touch a row twice.
        Map<Long, Account> latest = new LinkedHashMap<>();
        for (JournalEntry entry : entries) {
            Account account = account(entry.decision());
            if (account != null) {
                latest.put(account.id(), account);
            }
        }
        try (PreparedStatement s = connection.prepareStatement(UPSERT_ACCOUNT)) {
            for (Account account : latest.values()) {
                upsertAccount(s, account);
            }
            s.executeBatch();
        }
    }

    private static void upsertAccount(PreparedStatement s, Account account) throws SQLException {
        AccountSpec spec = account.spec();
        int i = 1;
        s.setLong(i++, account.id());
        s.setString(i++, spec.code());
        s.setString(i++, spec.name());
        s.setString(i++, spec.type().name());
        s.setString(i++, spec.normalSide().name());
        s.setString(i++, spec.currency() == null ? null : spec.currency().code());
        s.setString(i++, spec.parent());
        s.setString(i++, spec.rule().name());
        s.setLong(i++, spec.overdraftLimit());
        s.setObject(i++, spec.bounds().minimum(), Types.BIGINT);
        s.setObject(i++, spec.bounds().maximum(), Types.BIGINT);
        s.setString(i++, JournalJson.metadata(spec.metadata()));
        s.setString(i++, account.state().name());
        s.setObject(i, account.openedAt().atOffset(ZoneOffset.UTC));
        s.addBatch();
    }

    /** Writes accounts, each once, as they are now; in the transaction of the caller. */
    static void writeAccounts(Connection connection, List<Account> accounts) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(UPSERT_ACCOUNT)) {
            for (Account account : accounts) {
                upsertAccount(s, account);
            }
            s.executeBatch();
        }
    }

    /**
     * Extends the lease without writing anything.
     *
     * @throws DeposedException when another epoch has begun
     */
    public void renewLease() throws SQLException, DeposedException {
        if (!WriterLease.renew(connection, epoch, leaseMs)) {
            throw new DeposedException(epoch);
        }
    }

    /**
     * Where the journal ends. Final for every batch of this epoch sent before, once the sessions that sent them have
     * ended; see {@link WriterLease#end}.
     *
     * @throws DeposedException when another epoch has begun
     */
    public Head head() throws SQLException, DeposedException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery(
                        "SELECT epoch, last_sequence, last_hash FROM writer WHERE shard = 1 FOR UPDATE")) {
            if (!row.next()) {
                throw new SQLException("the writer's row is missing");
            }
            if (row.getLong("epoch") != epoch) {
                throw new DeposedException(epoch);
            }
            return new Head(row.getLong("epoch"), row.getLong("last_sequence"), row.getBytes("last_hash"));
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            System.getLogger(JournalWriter.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the writer's connection", alreadyGone);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    private void rollback(SQLException cause) {
        try {
            execute("ROLLBACK");
        } catch (SQLException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }

    private static String arrayText(Decision.BookedLegs legs) {
        StringBuilder text = new StringBuilder("{");
        for (Decision.BookedLeg leg : legs.legs()) {
            text.append(text.length() > 1 ? "," : "").append(leg.slot().id());
            text.append(',').append(leg.signedAmount()).append(',').append(leg.balanceAfter());
        }
        return text.append('}').toString();
    }
}
