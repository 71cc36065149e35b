package org.exchequer.ledger.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Decision;
import org.jspecify.annotations.Nullable;

/** Reads the journal back. Stateless but for a cache of what never changes: an account's code and currency. */
public final class JournalReader {
    /** A row of the journal as it was answered. */
    public record Row(UUID keyDigest, String key, UUID requestDigest, Outcome outcome) {}

    private static final String COLUMNS = """
            SELECT sequence, recorded_at, kind, outcome, key_digest, request_digest, idempotency_key, debit_account,
                   credit_account, amount, debit_balance, credit_balance, legs, reversal_of, reference, correlation_id,
                   metadata, body
              FROM journal\s""";

    private record Name(String code, Currency currency) {}

    private final Cache<Long, Name> names =
            Caffeine.newBuilder().maximumSize(100_000).build();

    /** Rows with these key digests, by digest. */
    public Map<UUID, Row> byKeyDigest(Connection connection, Collection<UUID> digests) throws SQLException {
        Map<UUID, Row> found = new HashMap<>();
        try (PreparedStatement s = connection.prepareStatement(COLUMNS + "WHERE key_digest = ANY (?)")) {
            s.setArray(1, connection.createArrayOf("uuid", digests.toArray()));
            for (Row row : rows(connection, s)) {
                found.put(row.keyDigest(), row);
            }
        }
        return found;
    }

    /** Accepted transactions with these ids, in order of id. */
    public List<Transaction> transactions(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement(COLUMNS + "WHERE sequence = ANY (?) ORDER BY sequence")) {
            s.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            return posted(rows(connection, s));
        }
    }

    /** Accepted transactions after this sequence and up to {@code upTo}, in order. */
    public List<Transaction> transactions(Connection connection, long after, long upTo) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                COLUMNS + "WHERE sequence > ? AND sequence <= ? AND outcome = 0 AND kind <= 3 ORDER BY sequence")) {
            s.setLong(1, after);
            s.setLong(2, upTo);
            return posted(rows(connection, s));
        }
    }

    /** The newest accepted transactions, newest first. */
    public List<Transaction> latest(Connection connection, int limit) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                COLUMNS + "WHERE outcome = 0 AND kind <= 3 ORDER BY sequence DESC LIMIT ?")) {
            s.setInt(1, limit);
            return posted(rows(connection, s));
        }
    }

    /** Id of the accepted reversal of a transaction, or null. */
    public @Nullable Long reversalOf(Connection connection, long transactionId) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("SELECT sequence FROM journal WHERE reversal_of = ? AND outcome = 0")) {
            s.setLong(1, transactionId);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? row.getLong(1) : null;
            }
        }
    }

    /** What reversals need to know of the transactions they name; ids of no accepted transaction are left out. */
    public Map<Long, Original> originals(Connection connection, Collection<Long> ids, Books books) throws SQLException {
        Map<Long, Original> originals = new HashMap<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT sequence, debit_account, credit_account, amount, debit_balance, credit_balance, legs,
                       reversal_of,
                       EXISTS (SELECT 1 FROM journal r WHERE r.reversal_of = j.sequence AND r.outcome = 0) AS reversed
                  FROM journal j WHERE sequence = ANY (?) AND outcome = 0 AND kind <= 3""")) {
            s.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    originals.put(
                            row.getLong("sequence"), new Original(booked(row, books), row.getBoolean("reversed")));
                }
            }
        }
        return originals;
    }

    static Decision.Booked booked(ResultSet row, Books books) throws SQLException {
        Long reversalOf = nullableLong(row, "reversal_of");
        Long[] legs = longs(row.getArray("legs"));
        if (legs == null) {
            return new Decision.BookedPair(
                    books.slot(row.getLong("debit_account")),
                    books.slot(row.getLong("credit_account")),
                    row.getLong("amount"),
                    row.getLong("debit_balance"),
                    row.getLong("credit_balance"),
                    reversalOf);
        }
        List<Decision.BookedLeg> booked = new ArrayList<>(legs.length / 3);
        for (int i = 0; i < legs.length; i += 3) {
            booked.add(new Decision.BookedLeg(
                    books.slot(legs[i]),
                    legs[i + 1] > 0 ? Side.DEBIT : Side.CREDIT,
                    Math.abs(legs[i + 1]),
                    legs[i + 2]));
        }
        return new Decision.BookedLegs(booked, reversalOf);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static List<Transaction> posted(List<Row> rows) {
        return rows.stream()
                .map(Row::outcome)
                .filter(Outcome.Posted.class::isInstance)
                .map(outcome -> ((Outcome.Posted) outcome).transaction())
                .toList();
    }

    /** A row with its accounts still as numbers: their names are fetched once for all rows. */
    private record Raw(
            long sequence,
            Instant recordedAt,
            int kind,
            int outcome,
            UUID keyDigest,
            UUID requestDigest,
            String key,
            Long @Nullable [] legs,
            @Nullable Long reversalOf,
            Details details,
            @Nullable String body) {}

    private List<Row> rows(Connection connection, PreparedStatement query) throws SQLException {
        List<Raw> raws = new ArrayList<>();
        Set<Long> unknown = new HashSet<>();
        Map<Long, Name> known = new HashMap<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Raw raw = raw(row);
                raws.add(raw);
                for (int i = 0; raw.legs() != null && i < raw.legs().length; i += 3) {
                    Long id = raw.legs()[i];
                    Name name = names.getIfPresent(id);
                    if (name == null) {
                        unknown.add(id);
                    } else {
                        known.put(id, name);
                    }
                }
            }
        }
        fetchNames(connection, unknown, known);
        return raws.stream()
                .map(raw -> new Row(raw.keyDigest(), raw.key(), raw.requestDigest(), outcome(raw, known)))
                .toList();
    }

    private static Raw raw(ResultSet row) throws SQLException {
        Long[] legs = longs(row.getArray("legs"));
        long amount = row.getLong("amount");
        if (!row.wasNull()) {
            legs = new Long[] {
                row.getLong("debit_account"),
                amount,
                row.getLong("debit_balance"),
                row.getLong("credit_account"),
                -amount,
                row.getLong("credit_balance")
            };
        }
        return new Raw(
                row.getLong("sequence"),
                instant(row, "recorded_at"),
                row.getInt("kind"),
                row.getInt("outcome"),
                row.getObject("key_digest", UUID.class),
                row.getObject("request_digest", UUID.class),
                row.getString("idempotency_key"),
                legs,
                nullableLong(row, "reversal_of"),
                new Details(
                        row.getString("reference"),
                        row.getString("correlation_id"),
                        JournalJson.metadata(row.getString("metadata"))),
                row.getString("body"));
    }

    private void fetchNames(Connection connection, Set<Long> ids, Map<Long, Name> into) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement s =
                connection.prepareStatement("SELECT id, code, currency FROM account WHERE id = ANY (?)")) {
            s.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    Name name = new Name(row.getString("code"), Currency.of(row.getString("currency")));
                    names.put(row.getLong("id"), name);
                    into.put(row.getLong("id"), name);
                }
            }
        }
    }

    private static Outcome outcome(Raw raw, Map<Long, Name> names) {
        if (raw.outcome() != 0) {
            String body = body(raw);
            return new Outcome.Rejected(
                    RejectionReason.ofCode(raw.outcome()),
                    JournalJson.text(body, "field"),
                    JournalJson.text(body, "detail"),
                    raw.sequence(),
                    true);
        }
        if (raw.kind() == JournalEntry.OPEN_ACCOUNT || raw.kind() == JournalEntry.CHANGE_ACCOUNT) {
            return new Outcome.AccountChanged(JournalJson.account(body(raw)), raw.sequence(), true);
        }
        List<Transaction.Entry> entries = new ArrayList<>();
        Long[] legs = raw.legs();
        for (int i = 0; legs != null && i < legs.length; i += 3) {
            Name name = names.get(legs[i]);
            if (name == null) {
                throw new IllegalStateException("journal entry " + raw.sequence() + " names account " + legs[i]);
            }
            Side side = legs[i + 1] > 0 ? Side.DEBIT : Side.CREDIT;
            Money amount = new Money(Math.abs(legs[i + 1]), name.currency());
            entries.add(new Transaction.Entry(new Leg(name.code(), side, amount), legs[i + 2]));
        }
        return new Outcome.Posted(
                new Transaction(raw.sequence(), raw.key(), raw.recordedAt(), entries, raw.details(), raw.reversalOf()),
                true);
    }

    private static String body(Raw raw) {
        String body = raw.body();
        if (body == null) {
            throw new IllegalStateException("journal entry " + raw.sequence() + " has no body");
        }
        return body;
    }

    private static Long @Nullable [] longs(@Nullable Array array) throws SQLException {
        return array == null ? null : (Long[]) array.getArray();
    }

    private static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
