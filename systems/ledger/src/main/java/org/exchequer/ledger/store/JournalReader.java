package org.exchequer.ledger.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.Booked;
import org.exchequer.ledger.core.Proposal;
import org.jspecify.annotations.Nullable;

/** Reads the journal back. Stateless but for a cache of what never changes: an account's code and currency. */
public final class JournalReader {
    /** A row of the journal as it was answered. */
    public record Row(UUID keyDigest, String key, UUID requestDigest, Outcome outcome) {}

    private static final String COLUMNS = """
            SELECT sequence, recorded_at, kind, outcome, key_digest, request_digest, idempotency_key, debit_account,
                   credit_account, amount, debit_balance, credit_balance, legs, pending, refers_to, linked_to,
                   booking_date, value_date, expires_at, reference, correlation_id, metadata, body
              FROM journal\s""";

    /** Accepted and with entries. */
    private static final String POSTED = "outcome = 0 AND (amount IS NOT NULL OR legs IS NOT NULL)";

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
                COLUMNS + "WHERE sequence > ? AND sequence <= ? AND " + POSTED + " ORDER BY sequence")) {
            s.setLong(1, after);
            s.setLong(2, upTo);
            return posted(rows(connection, s));
        }
    }

    /** The newest accepted transactions before this sequence, newest first. */
    List<Transaction> latest(Connection connection, long before, int limit) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                COLUMNS + "WHERE sequence < ? AND " + POSTED + " ORDER BY sequence DESC LIMIT ?")) {
            s.setLong(1, before);
            s.setInt(2, limit);
            return posted(rows(connection, s));
        }
    }

    /** Rows with these sequences, in order. */
    List<Row> rows(Connection connection, Collection<Long> sequences) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement(COLUMNS + "WHERE sequence = ANY (?) ORDER BY sequence")) {
            s.setArray(1, connection.createArrayOf("bigint", sequences.toArray()));
            return rows(connection, s);
        }
    }

    /** Outcomes of the commands of the accepted linked batch that begins at this sequence, in order. */
    public List<Outcome> linked(Connection connection, long first) throws SQLException {
        // Its items stand one behind the other, so no index is needed to find them.
        try (PreparedStatement s = connection.prepareStatement(COLUMNS + """
                WHERE sequence >= ? AND sequence < ? AND linked_to = ? AND outcome = 0 ORDER BY sequence""")) {
            s.setLong(1, first);
            s.setLong(2, first + Ledger.MAX_LINKED);
            s.setLong(3, first);
            return rows(connection, s).stream().map(Row::outcome).toList();
        }
    }

    /** Ids of the accepted reversals of a transaction, oldest first. */
    public List<Long> reversalsOf(Connection connection, long transactionId) throws SQLException {
        return referring(connection, transactionId, Kind.REVERSAL);
    }

    /** Ids of the accepted postings of a hold, oldest first. */
    public List<Long> postingsOf(Connection connection, long pendingId) throws SQLException {
        return referring(connection, pendingId, Kind.POST_PENDING);
    }

    private static List<Long> referring(Connection connection, long to, int kind) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT sequence FROM journal WHERE refers_to = ? AND kind = ? AND outcome = 0 ORDER BY sequence")) {
            s.setLong(1, to);
            s.setInt(2, kind);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    /**
     * What commands need to know of the journal entries they refer to. Left out are ids of entries that are neither
     * transactions nor holds nor decided adjustments.
     */
    public Map<Long, Original> originals(Connection connection, Collection<Long> ids, Books books) throws SQLException {
        Map<Long, Original> originals = new HashMap<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT j.sequence, kind, debit_account, credit_account, amount, debit_balance, credit_balance, legs,
                       refers_to, reference, correlation_id, value_date, metadata, body,
                       CASE WHEN kind IN (6, 10) THEN
                            (SELECT r.kind FROM journal r WHERE r.refers_to = j.sequence AND r.outcome = 0
                              ORDER BY r.sequence DESC LIMIT 1) END AS last_kind,
                       CASE WHEN kind NOT IN (6, 10) THEN
                            (SELECT sum(coalesce(r.amount, 1)) FROM journal r
                              WHERE r.refers_to = j.sequence AND r.kind = 3 AND r.outcome = 0) END::bigint AS reversed
                  FROM journal j
                 WHERE j.sequence = ANY (?) AND outcome = 0""")) {
            s.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    Original original = original(row, books);
                    if (original != null) {
                        originals.put(row.getLong("sequence"), original);
                    }
                }
            }
        }
        return originals;
    }

    private static @Nullable Original original(ResultSet row, Books books) throws SQLException {
        int lastKind = row.getInt("last_kind");
        return switch (row.getInt("kind")) {
            case Kind.HOLD ->
                new Original.Pending(
                        books.slot(row.getLong("debit_account")),
                        switch (lastKind) {
                            case Kind.POST_PENDING -> RejectionReason.PENDING_ALREADY_POSTED;
                            case Kind.VOID_PENDING -> RejectionReason.PENDING_ALREADY_VOIDED;
                            case Kind.EXPIRE_PENDING -> RejectionReason.PENDING_EXPIRED;
                            default -> null;
                        });
            case Kind.PROPOSE_ADJUSTMENT ->
                lastKind != 0
                        ? new Original.Decided()
                        : new Original.Proposed(
                                JournalJson.proposal(row.getLong("sequence"), row.getString("body"), details(row)));
            default -> {
                Booked booked = booked(row, books);
                if (booked == null) {
                    yield null;
                }
                yield new Original.Posted(booked, row.getInt("kind") == Kind.REVERSAL, row.getLong("reversed"));
            }
        };
    }

    /** What an accepted row posted, or null. */
    static @Nullable Booked booked(ResultSet row, Books books) throws SQLException {
        Long refersTo = nullableLong(row, "refers_to");
        long amount = row.getLong("amount");
        if (!row.wasNull()) {
            return new Decision.BookedPair(
                    books.slot(row.getLong("debit_account")),
                    books.slot(row.getLong("credit_account")),
                    amount,
                    row.getLong("debit_balance"),
                    row.getLong("credit_balance"),
                    refersTo);
        }
        Long[] legs = longs(row.getArray("legs"));
        if (legs == null) {
            return null;
        }
        List<Decision.BookedLeg> booked = new ArrayList<>(legs.length / 3);
        for (int i = 0; i < legs.length; i += 3) {
            booked.add(new Decision.BookedLeg(
                    books.slot(legs[i]),
                    legs[i + 1] > 0 ? Side.DEBIT : Side.CREDIT,
                    Math.abs(legs[i + 1]),
                    legs[i + 2]));
        }
        return new Decision.BookedLegs(booked, refersTo);
    }

    static Details details(ResultSet row) throws SQLException {
        return new Details(
                row.getString("reference"),
                row.getString("correlation_id"),
                row.getObject("value_date", LocalDate.class),
                JournalJson.metadata(row.getString("metadata")));
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
            @Nullable Hold reserved,
            @Nullable Long refersTo,
            @Nullable Long linkedTo,
            @Nullable LocalDate otherDate,
            Details details,
            @Nullable String body) {
        /** What a row about a hold reserves or releases, without its accounts' names. */
        record Hold(
                long debitAccount,
                long creditAccount,
                long pending,
                @Nullable Instant expiresAt) {}

        List<Long> accounts() {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; legs != null && i < legs.length; i += 3) {
                ids.add(legs[i]);
            }
            if (reserved != null) {
                ids.add(reserved.debitAccount());
                ids.add(reserved.creditAccount());
            }
            return ids;
        }
    }

    private List<Row> rows(Connection connection, PreparedStatement query) throws SQLException {
        List<Raw> raws = new ArrayList<>();
        Set<Long> unknown = new HashSet<>();
        Map<Long, Name> known = new HashMap<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Raw raw = raw(row);
                raws.add(raw);
                for (Long id : raw.accounts()) {
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
        long pending = row.getLong("pending");
        boolean reserves = !row.wasNull() && legs == null;
        return new Raw(
                row.getLong("sequence"),
                instant(row, "recorded_at"),
                row.getInt("kind"),
                row.getInt("outcome"),
                row.getObject("key_digest", UUID.class),
                row.getObject("request_digest", UUID.class),
                row.getString("idempotency_key"),
                legs,
                reserves
                        ? new Raw.Hold(
                                row.getLong("debit_account"),
                                row.getLong("credit_account"),
                                pending,
                                row.getObject("expires_at") == null ? null : instant(row, "expires_at"))
                        : null,
                nullableLong(row, "refers_to"),
                nullableLong(row, "linked_to"),
                row.getObject("booking_date", LocalDate.class),
                details(row),
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
        return switch (raw.kind()) {
            case Kind.OPEN_ACCOUNT, Kind.CHANGE_ACCOUNT ->
                new Outcome.AccountChanged(JournalJson.account(body(raw)), raw.sequence(), true);
            case Kind.HOLD -> new Outcome.Held(held(raw, names), true);
            case Kind.VOID_PENDING, Kind.EXPIRE_PENDING ->
                new Outcome.Released(
                        refersTo(raw),
                        new Money(
                                -reserved(raw).pending(),
                                name(raw, reserved(raw).debitAccount(), names).currency()),
                        raw.sequence(),
                        true);
            case Kind.PROPOSE_ADJUSTMENT -> new Outcome.Proposed(proposed(raw), true);
            case Kind.DECIDE_ADJUSTMENT -> decided(raw, names);
            case Kind.CLOSE_DAY ->
                new Outcome.DayClosed(
                        new DayClose(
                                LocalDate.parse(JournalJson.text(body(raw), "day")),
                                raw.sequence(),
                                raw.recordedAt(),
                                JournalJson.text(body(raw), "closedBy")),
                        true);
            default -> new Outcome.Posted(transaction(raw, names), true);
        };
    }

    private static Outcome decided(Raw raw, Map<Long, Name> names) {
        if (raw.legs() != null) {
            return new Outcome.Posted(transaction(raw, names), true);
        }
        Account changed = JournalJson.changedBy(body(raw));
        return changed == null
                ? new Outcome.Dismissed(refersTo(raw), raw.sequence(), true)
                : new Outcome.AccountChanged(changed, raw.sequence(), true);
    }

    private static Transaction transaction(Raw raw, Map<Long, Name> names) {
        List<Transaction.Entry> entries = new ArrayList<>();
        Long[] legs = raw.legs();
        for (int i = 0; legs != null && i < legs.length; i += 3) {
            Name name = name(raw, legs[i], names);
            Side side = legs[i + 1] > 0 ? Side.DEBIT : Side.CREDIT;
            Money amount = new Money(Math.abs(legs[i + 1]), name.currency());
            entries.add(new Transaction.Entry(new Leg(name.code(), side, amount), legs[i + 2]));
        }
        LocalDate bookingDate =
                raw.otherDate() != null ? raw.otherDate() : LocalDate.ofInstant(raw.recordedAt(), ZoneOffset.UTC);
        LocalDate valueDate = raw.details().valueDate();
        return new Transaction(
                raw.sequence(),
                raw.key(),
                raw.recordedAt(),
                bookingDate,
                valueDate != null ? valueDate : bookingDate,
                entries,
                raw.details(),
                origin(raw));
    }

    private static Transaction.Origin origin(Raw raw) {
        Long refersTo = raw.refersTo();
        Long linkedTo = raw.linkedTo();
        return switch (raw.kind()) {
            case Kind.REVERSAL -> new Transaction.Origin(refersTo, null, null, linkedTo);
            case Kind.POST_PENDING -> new Transaction.Origin(null, refersTo, null, linkedTo);
            case Kind.DECIDE_ADJUSTMENT -> new Transaction.Origin(null, null, refersTo, linkedTo);
            default ->
                linkedTo == null ? Transaction.Origin.DIRECT : new Transaction.Origin(null, null, null, linkedTo);
        };
    }

    private static PendingTransaction held(Raw raw, Map<Long, Name> names) {
        Raw.Hold hold = reserved(raw);
        Name debit = name(raw, hold.debitAccount(), names);
        Money amount = new Money(hold.pending(), debit.currency());
        return new PendingTransaction(
                raw.sequence(),
                raw.key(),
                raw.recordedAt(),
                debit.code(),
                name(raw, hold.creditAccount(), names).code(),
                amount,
                amount,
                new Money(0, debit.currency()),
                hold.expiresAt(),
                PendingTransaction.State.PENDING,
                raw.details(),
                raw.linkedTo());
    }

    private static Adjustment proposed(Raw raw) {
        Proposal proposal = JournalJson.proposal(raw.sequence(), body(raw), raw.details());
        return new Adjustment(
                raw.sequence(),
                raw.key(),
                raw.recordedAt(),
                proposal.author(),
                proposal.reason(),
                proposal.legs(),
                proposal.change(),
                raw.details(),
                Adjustment.State.PROPOSED,
                null,
                null);
    }

    private static Name name(Raw raw, long account, Map<Long, Name> names) {
        Name name = names.get(account);
        if (name == null) {
            throw new IllegalStateException("journal entry " + raw.sequence() + " names account " + account);
        }
        return name;
    }

    private static Raw.Hold reserved(Raw raw) {
        if (raw.reserved() == null) {
            throw new IllegalStateException("journal entry " + raw.sequence() + " reserves nothing");
        }
        return raw.reserved();
    }

    private static long refersTo(Raw raw) {
        if (raw.refersTo() == null) {
            throw new IllegalStateException("journal entry " + raw.sequence() + " refers to nothing");
        }
        return raw.refersTo();
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
