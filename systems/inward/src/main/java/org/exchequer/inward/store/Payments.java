package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.FollowUp;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** Reads payments, and writes what other payments and a person say of them; each call its own transaction. */
public final class Payments {
    private static final String ANSWER = """
            select answer, answer_status from payment where id = ? and done
            """;

    private static final String BY_UETR = """
            select id, state, done, posted, amount, currency, instructing_bic from payment where claimed_uetr = ?
            """;

    /** The newest that was not refused for the ids it shares with another; by any one of its ids that is given. */
    private static final String BY_IDS = """
            select id, state, done, posted, amount, currency, instructing_bic
              from payment
             where (transaction_id = ? or end_to_end_id = ?)
               and (?::text is null or transaction_id = ?) and (?::text is null or end_to_end_id = ?)
               and (?::text is null or message_id = ?)
               and left(instructing_bic, 8) = ? and message_type in ('PACS_008', 'PACS_003') and original_id is null
             order by received_at desc
             limit 1
            """;

    private static final String RECALL = """
            update payment set recalled_by = ? where id = ? and recalled_by is null
            """;

    private static final String RECALLED = """
            select recalled_by from payment where id = ?
            """;

    /**
     * Of each of the few that are open its payment, one after the other ({@code offset 0} keeps it so): the planner
     * knows neither how many are open by now nor that they are the newest, and a join in the order of ids may begin
     * with the first payment of all.
     */
    private static final String OPEN = """
            select p.id, message_type, state, p.node, door, business_date, p.received_at, waited_us, answer is not null,
                   currency, reservation, original_id, message,
                   (select array_agg(to_state order by number) from payment_event e where e.payment_id = p.id)
              from (select payment_id from payment_open
                     where (node = ? or received_at < ?) and (?::uuid is null or payment_id = ?::uuid)
                     order by payment_id limit ?) o,
                   lateral (select * from payment where id = o.payment_id offset 0) p
             order by p.id
            """;

    private static final String FOLLOW_UPS = """
            select id, message_type, o.follow_up, reservation, instructing_bic, instructed_bic, amount, currency
              from (select payment_id, follow_up from payment_owed where answered_at < ?
                     order by payment_id limit ?) o,
                   lateral (select * from payment where id = o.payment_id offset 0) p
             order by id
            """;

    private static final String UNANSWERED = """
            select count(*)
              from payment_open o, lateral (select answer from payment where id = o.payment_id offset 0) p
             where o.received_at < ? and answer is null
            """;

    private static final String TOLD = """
            select id, posted, amount, currency from payment
             where done and (answer_status <> 'RJCT') = ? and message_type <> 'CAMT_056'
             order by received_at desc
             limit ?
            """;

    private static final String BURY = """
            insert into dead_letter (id, received_at, door, reason_code, reason_text, message)
            values (?, ?::timestamptz, ?, ?, ?, ?)
            on conflict (id) do nothing
            """;

    private final DataSource database;

    public Payments(DataSource database) {
        this.database = database;
    }

    /** A final answer. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Given(byte[] message, String status) {}

    /**
     * A payment that another message is about.
     *
     * @param posted the ledger's transaction; null when there is none, or it is not known yet
     */
    public record Original(
            UUID id,
            State state,
            boolean done,
            @Nullable Long posted,
            Money amount,
            @Nullable String senderBic) {}

    /**
     * A payment without a final answer.
     *
     * @param answered whether it was answered as pending
     * @param original that it conflicts with
     * @param way the states that it is known to have come through, in order
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Open(
            UUID id,
            MessageType type,
            State state,
            Instant receivedAt,
            boolean answered,
            @Nullable String currency,
            @Nullable String reservation,
            @Nullable UUID original,
            byte[] message,
            List<State> way) {}

    /** What the liquidity service has to be told. */
    public record Owed(
            UUID id,
            FollowUp what,
            @Nullable String reservation,
            @Nullable String payingBic,
            @Nullable Money amount) {}

    /** A payment with its final answer. */
    public record Told(
            UUID id, @Nullable Long posted, @Nullable Money amount) {}

    private interface Filler {
        void fill(PreparedStatement statement) throws SQLException;
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** The final answer to a payment, if it has one. */
    public Optional<Given> answer(UUID id) throws SQLException {
        return query(
                        ANSWER,
                        statement -> statement.setObject(1, id),
                        row -> new Given(row.getBytes(1), row.getString(2)))
                .stream()
                .findFirst();
    }

    /** New money by the unique end-to-end transaction reference that it claimed. */
    public Optional<Original> original(UUID uetr) throws SQLException {
        return query(BY_UETR, statement -> statement.setObject(1, uetr), Payments::original).stream()
                .findFirst();
    }

    /**
     * New money by its ids, all that are given, and the institution that sent it.
     *
     * @param sender 8 characters
     */
    public Optional<Original> original(
            @Nullable String transactionId, @Nullable String endToEndId, @Nullable String messageId, String sender)
            throws SQLException {
        if (transactionId == null && endToEndId == null) {
            return Optional.empty();
        }
        return query(
                        BY_IDS,
                        statement -> {
                            statement.setString(1, transactionId);
                            statement.setString(2, endToEndId);
                            statement.setString(3, transactionId);
                            statement.setString(4, transactionId);
                            statement.setString(5, endToEndId);
                            statement.setString(6, endToEndId);
                            statement.setString(7, messageId);
                            statement.setString(8, messageId);
                            statement.setString(9, sender);
                        },
                        Payments::original)
                .stream()
                .findFirst();
    }

    private static Original original(ResultSet row) throws SQLException {
        long posted = row.getLong(4);
        return new Original(
                row.getObject(1, UUID.class),
                State.valueOf(row.getString(2)),
                row.getBoolean(3),
                row.getObject(4) == null ? null : posted,
                new Money(row.getLong(5), Currency.of(row.getString(6))),
                row.getString(7));
    }

    /** Notes that a payment was called back, before its key is taken for that; the first to call stays. */
    public void recall(UUID id, UUID by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(RECALL)) {
            update.setObject(1, by);
            update.setObject(2, id);
            update.executeUpdate();
        }
    }

    /** The request for cancellation that called a payment back. */
    public Optional<UUID> recalledBy(UUID id) throws SQLException {
        return query(
                        RECALLED,
                        statement -> statement.setObject(1, id),
                        row -> Optional.ofNullable(row.getObject(1, UUID.class)))
                .stream()
                .findFirst()
                .flatMap(by -> by);
    }

    /**
     * Payments without a final answer, the oldest first.
     *
     * @param node whose
     * @param before and all that were received before, whoever's: their node is gone
     */
    public List<Open> open(String node, Instant before, int limit) throws SQLException {
        return open(node, before, null, limit);
    }

    /** The same of one payment; empty when it is final, or another node's for now. */
    public Optional<Open> open(String node, Instant before, UUID id) throws SQLException {
        return open(node, before, id, 1).stream().findFirst();
    }

    private List<Open> open(String node, Instant before, @Nullable UUID id, int limit) throws SQLException {
        return query(
                OPEN,
                statement -> {
                    statement.setString(1, node);
                    statement.setObject(2, before.atOffset(ZoneOffset.UTC));
                    statement.setObject(3, id, java.sql.Types.OTHER);
                    statement.setObject(4, id, java.sql.Types.OTHER);
                    statement.setInt(5, limit);
                },
                row -> new Open(
                        row.getObject(1, UUID.class),
                        MessageType.valueOf(row.getString(2)),
                        State.valueOf(row.getString(3)),
                        row.getTimestamp(7).toInstant(),
                        row.getBoolean(9),
                        row.getString(10),
                        row.getString(11),
                        row.getObject(12, UUID.class),
                        row.getBytes(13),
                        row.getArray(14) == null
                                ? List.of()
                                : Arrays.stream((String[]) row.getArray(14).getArray())
                                        .map(State::valueOf)
                                        .toList()));
    }

    /** What the liquidity service has to be told of payments that were answered before. */
    public List<Owed> owed(Instant before, int limit) throws SQLException {
        return query(
                FOLLOW_UPS,
                statement -> {
                    statement.setObject(1, before.atOffset(ZoneOffset.UTC));
                    statement.setInt(2, limit);
                },
                row -> {
                    String currency = row.getString(8);
                    return new Owed(
                            row.getObject(1, UUID.class),
                            FollowUp.valueOf(row.getString(3)),
                            row.getString(4),
                            // The bank that pays: who sends a transfer, who gets a direct debit.
                            row.getString(MessageType.valueOf(row.getString(2)) == MessageType.PACS_003 ? 6 : 5),
                            currency == null ? null : new Money(row.getLong(7), Currency.of(currency)));
                });
    }

    /** The newest that got this final answer; no requests for cancellation, which post nothing of their own. */
    public List<Told> told(boolean accepted, int limit) throws SQLException {
        return query(
                TOLD,
                statement -> {
                    statement.setBoolean(1, accepted);
                    statement.setInt(2, limit);
                },
                row -> {
                    long posted = row.getLong(2);
                    Long transaction = row.wasNull() ? null : posted;
                    String currency = row.getString(4);
                    return new Told(
                            row.getObject(1, UUID.class),
                            transaction,
                            currency == null ? null : new Money(row.getLong(3), Currency.of(currency)));
                });
    }

    /** How many were received before and have not even been answered as pending. */
    public long unanswered(Instant before) throws SQLException {
        OffsetDateTime at = before.atOffset(ZoneOffset.UTC);
        return query(UNANSWERED, statement -> statement.setObject(1, at), row -> row.getLong(1))
                .getFirst();
    }

    /** How many there are. */
    public long count() throws SQLException {
        return query("select count(*) from payment", statement -> {}, row -> row.getLong(1))
                .getFirst();
    }

    /** Keeps what could not be read. */
    public void bury(UUID id, Instant at, String door, String code, String text, byte[] message) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(BURY)) {
            insert.setObject(1, id);
            insert.setString(2, at.toString());
            insert.setString(3, door);
            insert.setString(4, code);
            insert.setString(5, text);
            insert.setBytes(6, message);
            insert.executeUpdate();
        }
    }

    private <T> List<T> query(String sql, Filler filler, Reader<T> reader) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            filler.fill(select);
            List<T> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        }
    }
}
