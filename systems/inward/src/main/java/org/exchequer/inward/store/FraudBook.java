package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.jspecify.annotations.Nullable;

/** Reads how payments were scored, and writes what people say of it; each call its own transaction. */
public final class FraudBook {
    private static final int FETCH = 5_000;

    private static final String KEY = """
            insert into fraud_key (key) values (?) on conflict do nothing
            """;

    private static final String PAST = """
            select number, at, kind, debtor_key, creditor_key, debtor_country, creditor_country, amount, currency,
                   base_amount, payment_id, model, decision, probability, %s, rules, stored_in::text
              from fraud_result
            """;

    /** What is said of it later is in {@link #HEARD}. */
    private static final String SAID_BEFORE = """
            case when fraud is not null
                 then (select told.fraud from fraud_feedback told
                        where told.payment_id = fraud_result.payment_id and told.stored_in < ?::xid8
                        order by told.id desc limit 1)
            end as fraud
            """;

    private static final String RECENT = "select * from (" + PAST.formatted(SAID_BEFORE) + """
             where at >= ? and stored_in < ?::xid8 order by number desc limit ?) newest
             order by number
            """;

    /** Every transaction before it has ended. */
    private static final String HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text";

    /** Of others, and of earlier lives; in the order of their transactions, then of their numbers. */
    private static final String TAIL = PAST.formatted("null::boolean") + """
             where (stored_in, number) > (?::xid8, ?) and stored_in < ?::xid8 and not (node = ? and number > ?)
             order by stored_in, number limit ?
            """;

    private static final String COLUMNS = """
            select f.payment_id, f.number, f.node, f.at, f.model, f.fingerprint, f.margin, f.probability, f.rule_score,
                   f.score, f.risk_level, f.decision, f.refused, f.rules, f.rule_action, f.rule_version, f.evidence,
                   f.explanation, f.took_us, f.fraud, p.amount, p.currency, p.state
              from fraud_result f join payment p on p.id = f.payment_id
            """;

    private static final String JUDGED = """
            select number, at, kind, debtor_key, creditor_key, debtor_country, creditor_country, amount, currency,
                   base_amount, payment_id, model, decision, probability, fraud, rules, stored_in::text, rule_score,
                   score, refused, rule_action, rule_version, evidence, payer_bank, payee_bank, followed, warm
              from fraud_result
            """;

    /** The newest hits alone: an old rule's precision is not today's. */
    private static final String HITS = """
            select rule, count(*), count(*) filter (where fraud), count(*) filter (where not fraud)
              from (select rules, fraud from fraud_result where at >= ? and rules <> '{}' order by at desc limit 100000)
                   as newest, unnest(rules) as r (rule)
             group by rule
            """;

    /** Of each account the newest payments, so that one account with very many cannot hold up the page. */
    private static final String EDGES = """
            select debtor_key, creditor_key, max(debtor_country), max(creditor_country), count(*), max(score),
                   coalesce(bool_or(fraud), false), (array_agg(payment_id order by at desc))[1]
              from (select distinct on (payment_id) x.*
                      from unnest(?::bigint[]) as a (key),
                           lateral ((select * from fraud_result where debtor_key = a.key and at >= ?
                                      order by at desc limit 500)
                                    union all
                                    (select * from fraud_result where creditor_key = a.key and at >= ?
                                      order by at desc limit 500)) as x) as y
             group by debtor_key, creditor_key
             order by max(score) desc, count(*) desc
             limit 500
            """;

    private static final String QUEUE = """
             where f.decision <> 'APPROVE' and f.fraud is null
             order by f.score desc, f.at
             limit ?
            """;

    private static final String WAITING = """
            select count(*) from fraud_result where decision <> 'APPROVE' and fraud is null
            """;

    private static final String SAY = """
            insert into fraud_feedback (payment_id, fraud, note, said_by, said_at, heard_by) values (?, ?, ?, ?, ?, ?)
            """;

    private static final String HEARD = """
            select told.payment_id, told.fraud, model, rules
              from fraud_feedback told join fraud_result on fraud_result.payment_id = told.payment_id
             where told.stored_in >= ?::xid8 and told.stored_in < ?::xid8 and told.heard_by is distinct from ?
             order by told.stored_in, told.id
            """;

    private static final String SAID = """
            select fraud, note, said_by, said_at from fraud_feedback where payment_id = ? order by id
            """;

    private static final String SCORES = """
            select width_bucket(score, 0, 1, 20) as bucket, count(*), count(*) filter (where fraud),
                   count(*) filter (where not fraud)
              from fraud_result where at >= ? group by bucket order by bucket
            """;

    private static final String DECISIONS = """
            select decision, count(*), count(*) filter (where refused), count(*) filter (where fraud),
                   count(*) filter (where not fraud), avg(took_us)
              from fraud_result where at >= ? group by decision
            """;

    private final DataSource database;

    public FraudBook(DataSource database) {
        this.database = database;
    }

    /**
     * One payment.
     *
     * @param fraud what a person said last; null while nobody has
     * @param amountMinor of the payment, in its currency
     * @param state in which it stands
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Scored(
            UUID payment,
            long number,
            String node,
            Instant at,
            String model,
            String fingerprint,
            double margin,
            double probability,
            double ruleScore,
            double score,
            String level,
            String decision,
            boolean refused,
            List<String> rules,
            String ruleAction,
            long ruleVersion,
            byte[] evidence,
            @Nullable String explanation,
            long tookMicros,
            @Nullable Boolean fraud,
            long amountMinor,
            String currency,
            String state) {}

    /** What is needed to see a payment again. */
    public record Past(
            long number,
            Instant at,
            String kind,
            long debtor,
            long creditor,
            String debtorCountry,
            String creditorCountry,
            long amountMinor,
            String currency,
            long baseMinor,
            UUID payment,
            String model,
            String decision,
            double probability,
            @Nullable Boolean fraud,
            List<String> rules) {}

    /** What somebody said. */
    public record Said(boolean fraud, @Nullable String note, String by, Instant at) {}

    /** Payments of one decision. */
    public record Count(String decision, long payments, long refused, long frauds, long harmless, double micros) {}

    /**
     * Payments with a score in a twentieth.
     *
     * @param bucket 1 for 0 to 0.05, up to 20; 21 for 1 itself
     */
    public record Bucket(int bucket, long payments, long frauds, long harmless) {}

    /** Takes each payment in turn. */
    @FunctionalInterface
    public interface Each {
        void take(Past past);
    }

    /** The secret of this system's pseudonyms: what the first node offered. */
    public byte[] key(byte[] offered) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(KEY);
                PreparedStatement select = connection.prepareStatement("select key from fraud_key")) {
            insert.setBytes(1, offered);
            insert.executeUpdate();
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("there is no key of pseudonyms");
                }
                return row.getBytes(1);
            }
        }
    }

    /**
     * The payments since a time in the order in which they were seen, without holding them in memory.
     *
     * @param most of them; the newest if there are more
     * @param horizon only what was stored before it
     */
    public void recent(Instant since, int most, String horizon, Each each) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(RECENT)) {
                select.setFetchSize(FETCH);
                select.setString(1, horizon);
                select.setObject(2, utc(since));
                select.setString(3, horizon);
                select.setInt(4, most);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        each.take(past(row));
                    }
                }
            }
            connection.commit();
        }
    }

    /** The first transaction that may still be open: everything before it is there to be read. */
    public String horizon() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(HORIZON);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * Up to where the payments of others are read.
     *
     * @param transaction that stored the last one, or one before which all are read
     * @param number of the last one in it
     */
    public record Position(String transaction, long number) {
        /** Everything before a transaction. */
        public static Position before(String transaction) {
            return new Position(transaction, Long.MIN_VALUE);
        }
    }

    /**
     * What others stored since, in the order of their transactions; none that is committed is ever missed. What was
     * said of them is not in it: {@link #heard}.
     *
     * @param horizon only what was stored before it
     * @param mark of this node's own payments those above it are left out
     * @return up to where it was read; the same number of calls later everything is
     */
    public Position tail(Position from, String horizon, String node, long mark, int most, Each each)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(TAIL)) {
            select.setString(1, from.transaction());
            select.setLong(2, from.number());
            select.setString(3, horizon);
            select.setString(4, node);
            select.setLong(5, mark);
            select.setInt(6, most);
            int count = 0;
            Position last = from;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Past past = past(row);
                    each.take(past);
                    last = new Position(row.getString(17), past.number());
                    count++;
                }
            }
            return count < most ? Position.before(horizon) : last;
        }
    }

    /** What was said of a payment, with what it was judged by. */
    public record Heard(UUID payment, boolean fraud, String model, List<String> rules) {}

    /**
     * What was said of payments, in order.
     *
     * @param from the horizon up to which it was read before
     * @param horizon only what was stored before it
     * @param life whose own is left out, as {@link #say} was given it
     */
    public List<Heard> heard(String from, String horizon, UUID life) {
        return list(
                HEARD,
                select -> {
                    select.setString(1, from);
                    select.setString(2, horizon);
                    select.setObject(3, life);
                },
                row -> new Heard(row.getObject(1, UUID.class), row.getBoolean(2), row.getString(3), List.of((String[])
                        row.getArray(4).getArray())));
    }

    private static Past past(ResultSet row) throws SQLException {
        return new Past(
                row.getLong(1),
                row.getTimestamp(2).toInstant(),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6),
                row.getString(7),
                row.getLong(8),
                row.getString(9),
                row.getLong(10),
                row.getObject(11, UUID.class),
                row.getString(12),
                row.getString(13),
                row.getDouble(14),
                flag(row, 15),
                List.of((String[]) row.getArray(16).getArray()));
    }

    private static @Nullable Boolean flag(ResultSet row, int column) throws SQLException {
        boolean value = row.getBoolean(column);
        return row.wasNull() ? null : value;
    }

    /** One; empty when it was never scored. */
    public Optional<Scored> scored(UUID payment) {
        return read(COLUMNS + " where f.payment_id = ?", select -> select.setObject(1, payment)).stream()
                .findFirst();
    }

    /** Those of the payments that were scored. */
    public Set<UUID> scored(List<UUID> payments) {
        return Set.copyOf(list(
                "select payment_id from fraud_result where payment_id = any(?)",
                select -> select.setArray(1, select.getConnection().createArrayOf("uuid", payments.toArray())),
                row -> row.getObject(1, UUID.class)));
    }

    /** What waits for a person, the highest scores first. */
    public List<Scored> queue(int limit) {
        return read(COLUMNS + QUEUE, select -> select.setInt(1, limit));
    }

    /** The newest, newest first. */
    public List<Scored> newest(int limit) {
        return read(COLUMNS + " order by f.number desc limit ?", select -> select.setInt(1, limit));
    }

    /** Those after a place in the order in which they were seen, in that order. */
    public List<Scored> after(long number, int limit) {
        return read(COLUMNS + " where f.number > ? order by f.number limit ?", select -> {
            select.setLong(1, number);
            select.setInt(2, limit);
        });
    }

    private interface Fill {
        void fill(PreparedStatement select) throws SQLException;
    }

    private List<Scored> read(String sql, Fill fill) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            fill.fill(select);
            List<Scored> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(scored(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static Scored scored(ResultSet row) throws SQLException {
        return new Scored(
                row.getObject(1, UUID.class),
                row.getLong(2),
                row.getString(3),
                row.getTimestamp(4).toInstant(),
                row.getString(5),
                row.getString(6),
                row.getDouble(7),
                row.getDouble(8),
                row.getDouble(9),
                row.getDouble(10),
                row.getString(11),
                row.getString(12),
                row.getBoolean(13),
                List.of((String[]) row.getArray(14).getArray()),
                row.getString(15),
                row.getLong(16),
                row.getBytes(17),
                row.getString(18),
                row.getLong(19),
                flag(row, 20),
                row.getLong(21),
                row.getString(22),
                row.getString(23));
    }

    /**
     * All that a decision stood on.
     *
     * @param followed null where it was stored before this was kept, as are the banks and {@code warm}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Judged(
            Past past,
            double ruleScore,
            double score,
            boolean refused,
            String ruleAction,
            long ruleVersion,
            byte[] evidence,
            String payerBank,
            String payeeBank,
            @Nullable List<Long> followed,
            boolean warm) {}

    /** Of one payment; empty when it was never scored. */
    public Optional<Judged> judged(UUID payment) {
        return list(JUDGED + " where payment_id = ?", select -> select.setObject(1, payment), FraudBook::judged)
                .stream()
                .findFirst();
    }

    /** Takes each decision in turn. */
    @FunctionalInterface
    public interface EachJudged {
        /** Takes one; answers whether to go on. */
        boolean take(Judged judged);
    }

    /** The newest decisions, without holding them in memory. */
    public void newest(int most, int timeoutSeconds, EachJudged each) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(JUDGED + " order by number desc limit ?")) {
                select.setQueryTimeout(timeoutSeconds);
                select.setFetchSize(FETCH / 10);
                select.setInt(1, most);
                try (ResultSet row = select.executeQuery()) {
                    boolean more = true;
                    while (more && row.next()) {
                        more = each.take(judged(row));
                    }
                }
            }
            connection.rollback();
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static Judged judged(ResultSet row) throws SQLException {
        java.sql.Array followed = row.getArray(26);
        return new Judged(
                past(row),
                row.getDouble(18),
                row.getDouble(19),
                row.getBoolean(20),
                row.getString(21),
                row.getLong(22),
                row.getBytes(23),
                java.util.Objects.requireNonNullElse(row.getString(24), ""),
                java.util.Objects.requireNonNullElse(row.getString(25), ""),
                followed == null ? null : List.of((Long[]) followed.getArray()),
                row.getBoolean(27));
    }

    /** What became of the payments that a rule hit. */
    public record Hits(String rule, long payments, long frauds, long harmless) {}

    /** By rule, since a time. */
    public List<Hits> hits(Instant since) {
        return list(
                HITS,
                select -> select.setObject(1, utc(since)),
                row -> new Hits(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)));
    }

    /** Payments from one account to another. */
    public record Edge(
            long debtor,
            long creditor,
            String debtorCountry,
            String creditorCountry,
            long payments,
            double score,
            boolean fraud,
            UUID payment) {}

    /** Those of accounts since a time, the riskiest first, at most 500. */
    public List<Edge> edges(java.util.Collection<Long> accounts, Instant since) {
        return list(
                EDGES,
                select -> {
                    select.setArray(1, select.getConnection().createArrayOf("bigint", accounts.toArray()));
                    select.setObject(2, utc(since));
                    select.setObject(3, utc(since));
                },
                row -> new Edge(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getDouble(6),
                        row.getBoolean(7),
                        row.getObject(8, UUID.class)));
    }

    /** How many wait for a person. */
    public long waiting() {
        return list(WAITING, select -> {}, row -> row.getLong(1)).getFirst();
    }

    /**
     * Stores what somebody says of a payment; false when it was never scored.
     *
     * @param life of the scorer that hears it at once; others read it
     */
    public boolean say(UUID payment, boolean fraud, @Nullable String note, String by, Instant at, UUID life) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement update =
                            connection.prepareStatement("update fraud_result set fraud = ? where payment_id = ?");
                    PreparedStatement insert = connection.prepareStatement(SAY)) {
                update.setBoolean(1, fraud);
                update.setObject(2, payment);
                if (update.executeUpdate() == 0) {
                    connection.rollback();
                    return false;
                }
                insert.setObject(1, payment);
                insert.setBoolean(2, fraud);
                insert.setString(3, note);
                insert.setString(4, by);
                insert.setObject(5, utc(at));
                insert.setObject(6, life);
                insert.executeUpdate();
                connection.commit();
                return true;
            }
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    /** All that was said of a payment, in order. */
    public List<Said> said(UUID payment) {
        return list(
                SAID,
                select -> select.setObject(1, payment),
                row -> new Said(
                        row.getBoolean(1),
                        row.getString(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant()));
    }

    /** How scores are spread since a time. */
    public List<Bucket> scores(Instant since) {
        return list(
                SCORES,
                select -> select.setObject(1, utc(since)),
                row -> new Bucket(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)));
    }

    /** How many payments were decided how since a time. */
    public List<Count> decisions(Instant since) {
        return list(
                DECISIONS,
                select -> select.setObject(1, utc(since)),
                row -> new Count(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getDouble(6)));
    }

    private interface Make<T> {
        T make(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(String sql, Fill fill, Make<T> make) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            fill.fill(select);
            List<T> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(make.make(row));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
