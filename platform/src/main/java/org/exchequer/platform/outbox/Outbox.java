package org.exchequer.platform.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;

/**
 * Messages written in the transaction of the change they tell of, for systems that have no journal of their own to
 * send. The table comes by one line in a migration of the system: <code>${outbox_v1}</code>.
 *
 * <p><b>Order.</b> Appending takes a lock on each message's key until the transaction ends. So of two transactions that
 * append under one key, the second gets its place after the first has committed: the order of places is the order of
 * commits, per key. Across keys places may become visible out of order, which does no harm: rows are removed one by
 * one once the broker has them, and no watermark runs over the ones still to come.
 *
 * <p>Append late in the transaction, since the keys stay locked to its end, and all at once: appending under several
 * keys in several calls can deadlock with another transaction that has the opposite order.
 */
public final class Outbox {
    /** In one order over all callers, so that two of them cannot wait for each other. */
    private static final String LOCK_KEYS = """
            select count(pg_advisory_xact_lock(hashtextextended(current_schema() || '.outbox.' || k, 0)))
              from (select distinct k from unnest(?) as k order by k) as keys
            """;

    private static final String APPEND = """
            insert into outbox (topic, message_key, headers, payload) values (?, ?, ?, ?)
            """;

    private final List<Topic> topics;
    private final OpenTelemetry telemetry;

    /** @param topics all that it sends to */
    public Outbox(Collection<Topic> topics, OpenTelemetry telemetry) {
        this.topics = List.copyOf(topics);
        this.telemetry = telemetry;
    }

    /**
     * Appends messages to the caller's transaction, in this order, with the trace it belongs to.
     *
     * @param connection in the system's schema, not in auto-commit mode
     * @throws IllegalArgumentException when a topic is not one of the outbox's
     */
    public void append(Connection connection, List<OutboxMessage> messages) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("append needs the transaction of the change, the connection has none");
        }
        for (OutboxMessage message : messages) {
            if (!topics.contains(message.topic())) {
                throw new IllegalArgumentException(
                        "topic " + message.topic().name() + " is not one the outbox was made with");
            }
        }
        if (messages.isEmpty()) {
            return;
        }
        lockKeys(connection, messages);
        Map<String, String> trace = MessageHeaders.traceOf(Context.current(), telemetry);
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            for (OutboxMessage message : messages) {
                statement.setString(1, message.topic().name());
                statement.setString(2, message.key());
                statement.setArray(3, connection.createArrayOf("text", headers(message, trace)));
                statement.setBytes(4, message.payload());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** The relay that sends what was appended; one of several processes at a time. The caller starts and closes it. */
    public Relay relay(Database database, KafkaClients kafka, Faults faults, MeterRegistry meters, Ticker ticker) {
        return new Relay(
                database.schema() + ".outbox",
                topics,
                database::connect,
                new OutboxSource(),
                kafka,
                faults,
                meters,
                ticker);
    }

    private static void lockKeys(Connection connection, List<OutboxMessage> messages) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK_KEYS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", messages.stream().map(OutboxMessage::key).toArray()));
            statement.executeQuery().close();
        }
    }

    private static String[] headers(OutboxMessage message, Map<String, String> trace) {
        Map<String, String> headers = new TreeMap<>(message.headers());
        headers.put(MessageHeaders.TYPE, message.type());
        headers.putAll(trace);
        List<String> pairs = new ArrayList<>();
        headers.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return pairs.toArray(String[]::new);
    }
}
