package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.PaymentDossier;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.SearchTooWideException;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/** Reads payments for people. */
public final class PaymentReader implements PaymentBook {
    private static final String COLUMNS = """
            select id, message_type, state, status, done, received_at, door, node, took_us, compliant, message_id,
                   end_to_end_id, uetr, amount, currency, instructing_bic, instructed_bic, debtor_account,
                   creditor_account, answer_status, reason_code, reason_path, reason_text, fallbacks, emergency, posted,
                   original_id, config_revision, experiments,
                   measures || array(select m.id from measure m where m.payment_id = payment.id and m.approved
                                      order by m.id) as measures
              from payment
            """;

    private static final String DOSSIER = """
            select debtor_name, creditor_name, instruction_id, transaction_id, business_date, settlement_date, priority,
                   waited_us, message_version, message, answer, payment.answered_at, risk_score, risk_level,
                   risk_decision,
                   reservation, follow_up, assignee, note, by, at
              from payment left join review on review.payment_id = id
                   left join payment_owed on payment_owed.payment_id = id
             where id = ?
            """;

    /** By what links them, and by the ids that their sender named them by. */
    private static final String RELATED = """
             where id in (
                select other.id
                  from payment one join payment other
                    on other.id = one.original_id or other.original_id = one.id or other.id = one.recalled_by
                    or other.claimed_uetr = one.uetr
                    or (other.claimed_uetr is null and other.uetr = one.uetr)
                    or (other.end_to_end_id = one.end_to_end_id and other.instructing_bic = one.instructing_bic)
                 where one.id = ? and other.id <> one.id
                 limit 50)
             order by received_at, id
            """;

    /** {@code query_canceled}. */
    private static final String CANCELED = "57014";

    private static final int PATIENCE_SECONDS = 5;

    private static final String EVENTS = """
            select number, from_state, to_state, at, elapsed_us, stage_us, budget_us, bonus_us, borrowed_us, node,
                   thread, breakers, code, reason, payment_id, breach_probability, at_risk
              from payment_event where payment_id = any(?) order by payment_id, number
            """;

    private final DataSource database;

    public PaymentReader(DataSource database) {
        this.database = database;
    }

    @Override
    public Optional<PaymentView> payment(UUID id) {
        try (Connection connection = database.getConnection()) {
            List<PaymentEvent> events = events(connection, List.of(id)).getOrDefault(id, List.of());
            try (PreparedStatement select = connection.prepareStatement(COLUMNS + " where id = ?")) {
                select.setObject(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(view(row, events)) : Optional.empty();
                }
            }
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    @Override
    public Optional<PaymentDossier> dossier(UUID id) {
        Optional<PaymentView> view = payment(id);
        if (view.isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DOSSIER)) {
            List<PaymentView> related = related(connection, id);
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(dossier(view.get(), row, related)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static List<PaymentView> related(Connection connection, UUID id) throws SQLException {
        List<PaymentView> related = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + RELATED)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    related.add(view(row, List.of()));
                }
            }
        }
        return related;
    }

    private static PaymentDossier dossier(PaymentView view, ResultSet row, List<PaymentView> related)
            throws SQLException {
        OffsetDateTime answered = row.getObject("answered_at", OffsetDateTime.class);
        double score = row.getDouble("risk_score");
        PaymentDossier.Risk risk = row.wasNull()
                ? null
                : new PaymentDossier.Risk(score, row.getString("risk_level"), row.getString("risk_decision"));
        return new PaymentDossier(
                view,
                new PaymentDossier.Parties(
                        row.getString("debtor_name"),
                        row.getString("creditor_name"),
                        row.getString("instruction_id"),
                        row.getString("transaction_id"),
                        row.getObject("business_date", LocalDate.class),
                        row.getObject("settlement_date", LocalDate.class),
                        row.getString("priority")),
                Duration.of(row.getLong("waited_us"), ChronoUnit.MICROS),
                row.getString("message_version"),
                row.getBytes("message"),
                row.getBytes("answer"),
                answered == null ? null : answered.toInstant(),
                risk,
                row.getString("reservation"),
                row.getString("follow_up"),
                review(row),
                related);
    }

    private static PaymentDossier.@Nullable Review review(ResultSet row) throws SQLException {
        String assignee = row.getString("assignee");
        return assignee == null
                ? null
                : new PaymentDossier.Review(
                        assignee,
                        row.getString("note"),
                        row.getString("by"),
                        row.getTimestamp("at").toInstant());
    }

    private static Map<UUID, List<PaymentEvent>> events(Connection connection, List<UUID> ids) throws SQLException {
        Map<UUID, List<PaymentEvent>> events = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
            select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.computeIfAbsent(row.getObject(15, UUID.class), id -> new ArrayList<>())
                            .add(event(row));
                }
            }
        }
        return events;
    }

    private static PaymentEvent event(ResultSet row) throws SQLException {
        String from = row.getString(2);
        return new PaymentEvent(
                row.getInt(1),
                from == null ? null : State.valueOf(from),
                State.valueOf(row.getString(3)),
                row.getTimestamp(4).toInstant(),
                nanos(row.getLong(5)),
                nanos(row.getLong(6)),
                nanos(row.getLong(7)),
                nanos(row.getLong(8)),
                nanos(row.getLong(9)),
                row.getString(10),
                row.getString(11),
                List.of((String[]) row.getArray(12).getArray()),
                row.getString(13),
                row.getString(14),
                forecast(row));
    }

    private static PaymentEvent.@Nullable Forecast forecast(ResultSet row) throws SQLException {
        float probability = row.getFloat(16);
        return row.wasNull() ? null : new PaymentEvent.Forecast(probability, row.getBoolean(17));
    }

    @Override
    public List<PaymentView> payments(List<UUID> ids) {
        Page.requireLimit(Math.max(1, ids.size()));
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " where id = any (?)")) {
            select.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            List<PaymentView> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(view(row, List.of()));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    @Override
    public List<PaymentView> withEvents(List<PaymentView> payments) {
        try (Connection connection = database.getConnection()) {
            Map<UUID, List<PaymentEvent>> events =
                    events(connection, payments.stream().map(PaymentView::id).toList());
            return payments.stream()
                    .map(payment -> payment.with(events.getOrDefault(payment.id(), List.of())))
                    .toList();
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private static long nanos(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    @Override
    public Page<PaymentView> payments(PaymentFilter filter, @Nullable String cursor, int limit) {
        Where where = new Where(filter);
        if (cursor != null) {
            where.before(cursor);
        }
        String sql = COLUMNS + where.sql() + " order by received_at desc, id desc limit ?";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            where.fill(select);
            select.setInt(where.size() + 1, Page.requireLimit(limit) + 1);
            List<PaymentView> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(view(row, List.of()));
                }
            }
            boolean more = found.size() > limit;
            List<PaymentView> page = more ? found.subList(0, limit) : found;
            return new Page<>(List.copyOf(page), more ? cursor(page.getLast()) : null);
        } catch (SQLException e) {
            if (CANCELED.equals(e.getSQLState())) {
                throw new SearchTooWideException(e);
            }
            throw new PaymentsUnavailableException(e);
        }
    }

    private static String cursor(PaymentView last) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, last.receivedAt()) + "-" + last.id();
    }

    /** Conditions with their values, in the same order. */
    private static final class Where {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Where(PaymentFilter filter) {
            add("status = ?", filter.status() == null ? null : filter.status().name());
            add("state = ?", filter.state() == null ? null : filter.state().name());
            add("message_type = ?", filter.type());
            add("(debtor_account = ? or creditor_account = ?)", filter.account(), filter.account());
            String bic = filter.bic();
            add("(left(instructing_bic, length(?)) = ? or left(instructed_bic, length(?)) = ?)", bic, bic, bic, bic);
            reference(filter.reference());
            add("currency = ?", filter.currency());
            add("amount >= ?", filter.least());
            add("amount <= ?", filter.most());
            add("received_at >= ?", filter.from() == null ? null : utc(filter.from()));
            add("received_at < ?", filter.until() == null ? null : utc(filter.until()));
            if (filter.compliant() != null) {
                conditions.add(filter.compliant() ? "compliant" : "late");
            }
            add("reason_code = ?", filter.reason());
            add("node = ?", filter.node());
            add("door = ?", filter.door());
            add(
                    "? = any (fallbacks)",
                    filter.fallback() == null ? null : filter.fallback().name());
            add("risk_level = ?", filter.riskLevel());
            // One value, which is an array.
            Object states = filter.stage() == null ? null : states(filter.stage());
            add("state = any (?)", states);
            add("id in (select payment_id from review where assignee = ?)", filter.reviewer());
        }

        private static String[] states(Stage stage) {
            return Arrays.stream(State.values())
                    .filter(state -> state.stage() == stage)
                    .map(Enum::name)
                    .toArray(String[]::new);
        }

        private void reference(@Nullable String reference) {
            String ids = "message_id = ? or end_to_end_id = ? or transaction_id = ?";
            if (reference != null && reference.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                UUID id = UUID.fromString(reference);
                String own = " or claimed_uetr = ? or (claimed_uetr is null and uetr = ?) or id = ?)";
                add("(" + ids + own, reference, reference, reference, id, id, id);
            } else {
                add("(" + ids + ")", reference, reference, reference);
            }
        }

        private static OffsetDateTime utc(Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }

        private void add(String condition, @Nullable Object... given) {
            if (given[0] != null) {
                conditions.add(condition);
                for (Object value : given) {
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
        }

        void before(String cursor) {
            if (!cursor.matches("[0-9]{1,18}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
                throw new IllegalArgumentException("cursor must be the next of a page before");
            }
            int dash = cursor.indexOf('-');
            Instant received = Instant.EPOCH.plus(Long.parseLong(cursor.substring(0, dash)), ChronoUnit.MICROS);
            add("(received_at, id) < (?, ?)", utc(received), UUID.fromString(cursor.substring(dash + 1)));
        }

        String sql() {
            return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        }

        int size() {
            return values.size();
        }

        void fill(PreparedStatement statement) throws SQLException {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
        }
    }

    private static PaymentView view(ResultSet row, List<PaymentEvent> events) throws SQLException {
        String currency = row.getString("currency");
        long took = row.getLong("took_us");
        boolean answered = !row.wasNull();
        boolean compliant = row.getBoolean("compliant");
        long posted = row.getLong("posted");
        Long transaction = row.wasNull() ? null : posted;
        return new PaymentView(
                row.getObject("id", UUID.class),
                row.getString("message_type"),
                State.valueOf(row.getString("state")),
                Status.valueOf(row.getString("status")),
                row.getBoolean("done"),
                row.getTimestamp("received_at").toInstant(),
                row.getString("door"),
                row.getString("node"),
                answered ? Duration.of(took, ChronoUnit.MICROS) : null,
                answered ? compliant : null,
                row.getString("message_id"),
                row.getString("end_to_end_id"),
                row.getString("uetr"),
                currency == null ? null : new Money(row.getLong("amount"), Currency.of(currency)),
                row.getString("instructing_bic"),
                row.getString("instructed_bic"),
                row.getString("debtor_account"),
                row.getString("creditor_account"),
                row.getString("answer_status"),
                row.getString("reason_code"),
                row.getString("reason_path"),
                row.getString("reason_text"),
                List.of((String[]) row.getArray("fallbacks").getArray()),
                row.getBoolean("emergency"),
                transaction,
                row.getObject("original_id", UUID.class),
                new PaymentView.Conditions(
                        row.getLong("config_revision"),
                        List.of((String[]) row.getArray("experiments").getArray()),
                        List.of((Long[]) row.getArray("measures").getArray())),
                events);
    }
}
