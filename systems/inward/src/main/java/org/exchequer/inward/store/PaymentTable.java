package org.exchequer.inward.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Way;
import org.exchequer.iso20022.Account;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.Party;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;

/** The SQL of receipts and endings, many at a time. All in the caller's transaction. */
final class PaymentTable {
    private static final String INSERT = """
            with taken as (
            insert into payment (id, message_key, digest, claimed_uetr, original_id, business_date, door, node,
                                 received_at, waited_us,
                                 message_type, message_version, message_id, instruction_id, end_to_end_id,
                                 transaction_id, uetr, amount, currency, settlement_date, priority, instructing_bic,
                                 instructed_bic, debtor_account, debtor_name, creditor_account, creditor_name, message,
                                 config_revision, experiments, measures, state, status)
            select id, message_key, digest, claimed_uetr, original_id, business_date, door, node, received_at,
                   waited_us,
                   message_type, message_version, message_id, instruction_id, end_to_end_id, transaction_id, uetr,
                   amount, currency, settlement_date, priority, instructing_bic, instructed_bic, debtor_account,
                   debtor_name, creditor_account, creditor_name, message,
                   config_revision, string_to_array(experiments, ' '), string_to_array(measures, ' ')::bigint[],
                   'MESSAGE_RECEIVED', 'RECEIVED'
              from unnest(?::uuid[], ?::bytea[], ?::bytea[], ?::uuid[], ?::uuid[], ?::date[], ?::text[], ?::text[],
                          ?::timestamptz[],
                          ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::uuid[],
                          ?::bigint[], ?::text[], ?::date[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::text[], ?::text[])
                   as r (id, message_key, digest, claimed_uetr, original_id, business_date, door, node, received_at,
                         waited_us, message_type, message_version, message_id, instruction_id, end_to_end_id,
                         transaction_id, uetr, amount, currency, settlement_date, priority, instructing_bic,
                         instructed_bic, debtor_account, debtor_name, creditor_account, creditor_name, message,
                         config_revision, experiments, measures)
            on conflict do nothing
            returning id, received_at, node),
            opened as (
              insert into payment_open (payment_id, received_at, node) select id, received_at, node from taken),
            late as (
              insert into tally_late (at)
              select distinct date_bin(interval '10 seconds', received_at, timestamptz 'epoch') from taken
               where received_at < clock_timestamp() - interval '5 seconds')
            select id from taken
            """;

    private static final String BY_KEY = """
            select message_key, id, digest, case when done then answer end, original_id
              from payment where message_key = any (?::bytea[])
            """;

    private static final String BY_UETR = """
            select claimed_uetr, id from payment where claimed_uetr = any (?::uuid[])
            """;

    private static final String ANSWER = """
            with ended as (
              select *
                from unnest(?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::boolean[], ?::bytea[],
                            ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::bigint[],
                            ?::boolean[], ?::text[], ?::text[])
                     as e (id, state, status, answered_at, took_us, compliant, answer, answer_status, reason_code,
                           reason_path, reason_text, fallbacks, emergency, posted, done, reservation, follow_up)),
            answered as (
            update payment p
               set state = e.state, status = e.status, answered_at = coalesce(p.answered_at, e.answered_at),
                   took_us = coalesce(p.took_us, e.took_us), compliant = coalesce(p.compliant, e.compliant),
                   answer = e.answer, answer_status = e.answer_status,
                   reason_code = e.reason_code, reason_path = e.reason_path, reason_text = e.reason_text,
                   fallbacks = string_to_array(e.fallbacks, ' '), emergency = e.emergency, posted = e.posted,
                   done = e.done,
                   reservation = coalesce(e.reservation, p.reservation),
                   risk_score = f.score, risk_level = f.risk_level, risk_decision = f.decision
              from ended e left join fraud_result f on f.payment_id = e.id
             where p.id = e.id and not p.done and (p.answer is null or e.done)
            returning p.id, p.done, p.answered_at),
            closed as (delete from payment_open using answered a where payment_id = a.id and a.done),
            owes as (
              insert into payment_owed (payment_id, answered_at, follow_up)
              select a.id, a.answered_at, e.follow_up
                from answered a join ended e on e.id = a.id where e.follow_up is not null
              on conflict do nothing)
            select id from answered
            """;

    private static final String EVENTS = """
            insert into payment_event (payment_id, number, from_state, to_state, at, elapsed_us, stage_us, budget_us,
                                       bonus_us, borrowed_us, node, thread, breakers, code, reason,
                                       breach_probability, at_risk)
            select id, number, from_state, to_state, at, elapsed, took, budget, bonus, borrowed, node, thread,
                   string_to_array(breakers, ' '), code, reason, breach_probability, at_risk
              from unnest(?::uuid[], ?::smallint[], ?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                          ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::real[], ?::boolean[])
                   as e (id, number, from_state, to_state, at, elapsed, took, budget, bonus, borrowed, node, thread,
                         breakers, code, reason, breach_probability, at_risk)
            on conflict do nothing
            """;

    /** The same, where none of them is on record: the database then fills page after page. */
    private static final String COPY_EVENTS = """
            copy payment_event (payment_id, number, from_state, to_state, at, elapsed_us, stage_us, budget_us, bonus_us,
                                borrowed_us, node, thread, breakers, code, reason, breach_probability, at_risk)
            from stdin (format binary)
            """;

    private static final int EVENT_COLUMNS = 17;

    private static final String FOLLOWED = """
            delete from payment_owed where payment_id = any (?::uuid[])
            """;

    private PaymentTable() {}

    /** A row to be: a message under its own key, or under its digest, beside the one it conflicts with. */
    private record Row(
            NewPayment payment,
            byte[] key,
            @Nullable UUID claims,
            @Nullable UUID original) {
        static Row plain(NewPayment payment) {
            return new Row(payment, payment.intake().key(), claimed(payment), null);
        }

        UUID id() {
            return payment.id();
        }
    }

    private record Stored(
            UUID id,
            byte[] digest,
            byte @Nullable [] answer,
            @Nullable UUID original) {
        /** It is its own when an attempt before, whose commit was not confirmed, has stored it. */
        Receipt receipt(NewPayment payment) {
            if (!id.equals(payment.id())) {
                return new Receipt.Known(id, answer);
            }
            return original == null ? new Receipt.New() : new Receipt.Conflicting(original);
        }
    }

    /** Stores what is new; says of each, in the given order, what the database knows of it. */
    static List<Receipt> receive(Connection connection, List<NewPayment> payments) throws SQLException {
        Map<UUID, Receipt> receipts = new HashMap<>();
        List<Row> plain = payments.stream().map(Row::plain).toList();
        insert(connection, plain).forEach(id -> receipts.put(id, new Receipt.New()));
        List<Row> left =
                plain.stream().filter(row -> !receipts.containsKey(row.id())).toList();
        if (!left.isEmpty()) {
            conflicting(connection, left, receipts);
        }
        return payments.stream()
                .map(payment -> Objects.requireNonNull(receipts.get(payment.id())))
                .toList();
    }

    private static void conflicting(Connection connection, List<Row> left, Map<UUID, Receipt> receipts)
            throws SQLException {
        Map<String, Stored> byKey = byKey(connection, left);
        Map<UUID, UUID> byReference = byReference(connection, left);
        List<Row> beside = new ArrayList<>();
        for (Row row : left) {
            Stored stored = byKey.get(hex(row.key()));
            byte[] digest = row.payment().intake().digest();
            if (stored != null && Arrays.equals(stored.digest(), digest)) {
                receipts.put(row.id(), stored.receipt(row.payment()));
                continue;
            }
            UUID other = stored != null ? stored.id() : byReference.get(row.claims());
            if (other == null) {
                throw new SQLException("payment " + row.id() + " conflicts with one that cannot be seen");
            }
            beside.add(new Row(row.payment(), digest, null, other));
        }
        if (beside.isEmpty()) {
            return;
        }
        Set<UUID> inserted = insert(connection, beside);
        Map<String, Stored> before = byKey(connection, beside);
        for (Row row : beside) {
            Stored stored = before.get(hex(row.key()));
            if (inserted.contains(row.id()) && row.original() != null) {
                receipts.put(row.id(), new Receipt.Conflicting(row.original()));
            } else if (stored != null) {
                receipts.put(row.id(), stored.receipt(row.payment()));
            } else {
                throw new SQLException("payment " + row.id() + " conflicts with one that cannot be seen");
            }
        }
    }

    private static Set<UUID> insert(Connection connection, List<Row> rows) throws SQLException {
        List<NewPayment> payments = rows.stream().map(Row::payment).toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            Columns columns = new Columns(connection, insert);
            columns.add("uuid", rows, Row::id);
            columns.add("bytea", rows, Row::key);
            columns.add("bytea", payments, payment -> payment.intake().digest());
            columns.add("uuid", rows, Row::claims);
            columns.add("uuid", rows, Row::original);
            columns.add("date", payments, NewPayment::businessDate);
            columns.add("text", payments, NewPayment::door);
            columns.add("text", payments, NewPayment::node);
            columns.add("timestamptz", payments, payment -> payment.receivedAt().toString());
            columns.add("bigint", payments, payment -> micros(payment.waitedNanos()));
            columns.add("text", payments, payment -> payment.intake().type().name());
            columns.add("text", payments, payment -> payment.intake().version());
            columns.add("text", payments, payment -> payment.intake().subject().messageId());
            columns.add("text", payments, payment -> payment.intake().subject().instructionId());
            columns.add("text", payments, payment -> payment.intake().subject().endToEndId());
            columns.add("text", payments, payment -> payment.intake().subject().transactionId());
            columns.add("uuid", payments, PaymentTable::uetr);
            columns.add(
                    "bigint",
                    payments,
                    of(read -> read.amount() == null ? null : read.amount().minorUnits()));
            columns.add(
                    "text",
                    payments,
                    of(read -> read.amount() == null
                            ? null
                            : read.amount().currency().code()));
            columns.add("date", payments, of(Instruction::settlementDate));
            columns.add("text", payments, payment -> priority(payment.intake().instruction()));
            columns.add("text", payments, payment -> payment.intake().subject().to());
            columns.add("text", payments, payment -> payment.intake().subject().from());
            columns.add("text", payments, of(read -> account(read.debtor())));
            columns.add(
                    "text",
                    payments,
                    of(read -> read.debtor() == null ? null : read.debtor().name()));
            columns.add("text", payments, of(read -> account(read.creditor())));
            columns.add(
                    "text",
                    payments,
                    of(read -> read.creditor() == null ? null : read.creditor().name()));
            columns.add("bytea", payments, NewPayment::message);
            columns.add("bigint", payments, payment -> payment.under().revision());
            columns.add(
                    "text",
                    payments,
                    payment -> String.join(" ", payment.under().experiments()));
            columns.add("text", payments, payment -> words(payment.under().measures()));
            return ids(insert);
        }
    }

    private static String words(List<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static <T> Function<NewPayment, @Nullable T> of(Function<Instruction, @Nullable T> part) {
        return payment -> {
            Instruction read = payment.intake().instruction();
            return read == null ? null : part.apply(read);
        };
    }

    private static @Nullable UUID uetr(NewPayment payment) {
        String uetr = payment.intake().subject().uetr();
        // Of a reversal or a cancellation it is the reference of the payment that it is about.
        return uetr == null ? null : UUID.fromString(uetr);
    }

    /** New money alone claims its reference: a reversal or a cancellation names that of another payment. */
    private static @Nullable UUID claimed(NewPayment payment) {
        return payment.intake().instruction() != null
                        && Course.movesNewMoney(payment.intake().type())
                ? uetr(payment)
                : null;
    }

    private static String priority(@Nullable Instruction read) {
        return read == null || read.priority() == null
                ? Instruction.Priority.NORMAL.name()
                : read.priority().name();
    }

    private static @Nullable String account(@Nullable Party party) {
        Account account = party == null ? null : party.account();
        return account == null ? null : account.id();
    }

    private static Map<String, Stored> byKey(Connection connection, List<Row> rows) throws SQLException {
        Map<String, Stored> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(BY_KEY)) {
            new Columns(connection, select).add("bytea", rows, Row::key);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(
                            hex(row.getBytes(1)),
                            new Stored(
                                    row.getObject(2, UUID.class),
                                    row.getBytes(3),
                                    row.getBytes(4),
                                    row.getObject(5, UUID.class)));
                }
            }
        }
        return found;
    }

    private static Map<UUID, UUID> byReference(Connection connection, List<Row> rows) throws SQLException {
        Map<UUID, UUID> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(BY_UETR)) {
            new Columns(connection, select).add("uuid", rows, Row::claims);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                }
            }
        }
        return found;
    }

    /**
     * Stores endings with their events, and other events; gives the ids of those that were not answered before.
     *
     * @param known of payments the number of their last event that is on record, or in these ways
     * @param again whether other events may be on record, and are passed over then; refused as a unique violation
     *     otherwise
     */
    static Set<UUID> end(
            Connection connection, List<Ending> endings, List<Way> ways, Map<UUID, Integer> known, boolean again)
            throws SQLException {
        Set<UUID> answered = endings.isEmpty() ? Set.of() : answer(connection, endings);
        List<Of> events = Stream.concat(
                        ways.stream(),
                        endings.stream()
                                .filter(ending -> answered.contains(ending.id()))
                                .map(ending -> rest(ending, known.getOrDefault(ending.id(), 0))))
                .flatMap(way -> way.events().stream().map(event -> new Of(way.id(), event)))
                .toList();
        if (again && !events.isEmpty()) {
            append(connection, events);
        } else if (!events.isEmpty()) {
            copy(connection, events);
        }
        return answered;
    }

    private static Way rest(Ending ending, int known) {
        return new Way(
                ending.id(),
                ending.events().stream().filter(event -> event.number() > known).toList());
    }

    private static Set<UUID> answer(Connection connection, List<Ending> endings) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ANSWER)) {
            Columns columns = new Columns(connection, update);
            columns.add("uuid", endings, Ending::id);
            columns.add("text", endings, ending -> ending.state().name());
            columns.add("text", endings, ending -> ending.status().name());
            columns.add("timestamptz", endings, ending -> ending.answeredAt().toString());
            columns.add("bigint", endings, ending -> micros(ending.tookNanos()));
            columns.add("boolean", endings, Ending::compliant);
            columns.add("bytea", endings, Ending::answer);
            columns.add("text", endings, Ending::answerStatus);
            columns.add(
                    "text",
                    endings,
                    ending -> ending.reason() == null ? null : ending.reason().code());
            columns.add(
                    "text",
                    endings,
                    ending -> ending.reason() == null ? null : ending.reason().path());
            columns.add(
                    "text",
                    endings,
                    ending -> ending.reason() == null ? null : ending.reason().text());
            columns.add("text", endings, ending -> String.join(" ", ending.fallbacks()));
            columns.add("boolean", endings, Ending::emergency);
            columns.add("bigint", endings, Ending::posted);
            columns.add("boolean", endings, ending -> ending.state().terminal());
            columns.add("text", endings, Ending::reservation);
            columns.add(
                    "text",
                    endings,
                    ending ->
                            ending.followUp() == null ? null : ending.followUp().name());
            return ids(update);
        }
    }

    /** Notes that the liquidity service knows all about these. */
    static void followed(Connection connection, List<UUID> ids) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FOLLOWED)) {
            new Columns(connection, update).add("uuid", ids, id -> id);
            update.executeUpdate();
        }
    }

    private record Of(UUID payment, PaymentEvent event) {}

    private static void append(Connection connection, List<Of> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(EVENTS)) {
            Columns columns = new Columns(connection, insert);
            columns.add("uuid", events, Of::payment);
            columns.add("smallint", events, of -> (short) of.event().number());
            columns.add("text", events, of -> name(of.event().from()));
            columns.add("text", events, of -> of.event().to().name());
            columns.add("timestamptz", events, of -> of.event().at().toString());
            columns.add("bigint", events, of -> micros(of.event().elapsed()));
            columns.add("bigint", events, of -> micros(of.event().took()));
            columns.add("bigint", events, of -> micros(of.event().budget()));
            columns.add("bigint", events, of -> micros(of.event().bonus()));
            columns.add("bigint", events, of -> micros(of.event().borrowed()));
            columns.add("text", events, of -> of.event().node());
            columns.add("text", events, of -> of.event().thread());
            columns.add("text", events, of -> String.join(" ", of.event().breakers()));
            columns.add("text", events, of -> of.event().code());
            columns.add("text", events, of -> of.event().reason());
            columns.add("float4", events, of -> probability(of.event().forecast()));
            columns.add("bool", events, of -> isAtRisk(of.event().forecast()));
            insert.executeUpdate();
        }
    }

    private static void copy(Connection connection, List<Of> events) throws SQLException {
        CopyBuffer rows = new CopyBuffer();
        for (Of of : events) {
            PaymentEvent event = of.event();
            rows.row(EVENT_COLUMNS);
            rows.uuid(of.payment());
            rows.int2(event.number());
            rows.text(name(event.from()));
            rows.text(event.to().name());
            rows.timestamp(event.at());
            rows.int8(micros(event.elapsed()));
            rows.int8(micros(event.took()));
            rows.int8(micros(event.budget()));
            rows.int8(micros(event.bonus()));
            rows.int8(micros(event.borrowed()));
            rows.text(event.node());
            rows.text(event.thread());
            rows.texts(event.breakers());
            rows.text(event.code());
            rows.text(event.reason());
            if (event.forecast() == null) {
                rows.nulls(1);
            } else {
                rows.float4((float) event.forecast().probability());
            }
            rows.bool(isAtRisk(event.forecast()));
        }
        rows.send(connection, COPY_EVENTS);
    }

    private static @Nullable Float probability(PaymentEvent.@Nullable Forecast forecast) {
        return forecast == null ? null : (float) forecast.probability();
    }

    private static boolean isAtRisk(PaymentEvent.@Nullable Forecast forecast) {
        return forecast != null && forecast.atRisk();
    }

    private static @Nullable String name(@Nullable State state) {
        return state == null ? null : state.name();
    }

    private static Set<UUID> ids(PreparedStatement statement) throws SQLException {
        Set<UUID> ids = new HashSet<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        return ids;
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Parameters that are arrays, one after the other. */
    static final class Columns {
        private final Connection connection;
        private final PreparedStatement statement;
        private int next;

        Columns(Connection connection, PreparedStatement statement) {
            this(connection, statement, 1);
        }

        /** @param next the number of the first one */
        Columns(Connection connection, PreparedStatement statement, int next) {
            this.connection = connection;
            this.statement = statement;
            this.next = next;
        }

        <T> void add(String type, List<T> rows, Function<T, ? extends @Nullable Object> value) throws SQLException {
            Object[] values = array(type, rows.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = value.apply(rows.get(i));
            }
            Array array = connection.createArrayOf(type, values);
            statement.setArray(next++, array);
        }

        /** Where it knows the kind, the driver sends an array as it is, not as text that the server takes apart. */
        private static Object[] array(String type, int size) {
            return switch (type) {
                case "text" -> new String[size];
                case "bigint" -> new Long[size];
                case "smallint" -> new Short[size];
                case "float4" -> new Float[size];
                case "float8" -> new Double[size];
                case "boolean", "bool" -> new Boolean[size];
                case "bytea" -> new byte[size][];
                default -> new Object[size];
            };
        }
    }
}
