package org.exchequer.platform.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.kafka.TopicReader;
import org.exchequer.platform.testing.TestKafka;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topic topic =
            Topic.of("exchequer.test.outbox-" + UUID.randomUUID().toString().substring(0, 8) + ".v1", 3);
    private final KafkaClients kafka = new KafkaClients(TestKafka.bootstrapServers());
    private final OpenTelemetry telemetry =
            OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
    private final Outbox outbox = new Outbox(List.of(topic), telemetry);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Faults faults = new Faults();
    private final Database database = Database.open(TestPostgres.freshDatabase(), "messaging", meters, telemetry);
    private final Relay relay = outbox.relay(database, kafka, faults, meters, Ticker.system());
    private final TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name());

    @BeforeEach
    void outboxIsEmpty() throws SQLException {
        assertThat(rows()).isZero();
    }

    @AfterEach
    void close() {
        faults.disarmAll();
        relay.close();
        reader.close();
        database.close();
    }

    @Test
    void lateCommitIsNeitherSkippedNorOvertakenUnderItsKey() throws Exception {
        relay.start();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection late = begin()) {
            append(late, "a", "a1");

            commit("b", "b1");
            assertThat(TopicReader.byKey(reader.readUntil(1, PATIENCE))).isEqualTo(Map.of("b", List.of("b1")));

            Future<?> second = threads.submit(() -> {
                commit("a", "a2");
                return null;
            });
            awaitLockWaiter();
            late.commit();
            second.get();
        }
        Map<String, List<String>> sent = TopicReader.byKey(TopicReader.firsts(reader.readUntil(3, PATIENCE)));
        assertThat(sent.get("a")).containsExactly("a1", "a2");
        awaitEmpty();
    }

    @Test
    void orderPerKeyIsTheOrderOfCommitsUnderConcurrentWriters() throws Exception {
        relay.start();
        Map<String, List<String>> committed = writeConcurrently(8, 100);

        int total = committed.values().stream().mapToInt(List::size).sum();
        List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(total, PATIENCE);
        assertThat(TopicReader.byKey(sent)).isEqualTo(committed);
        awaitEmpty();
        assertThat(meters.counter("exchequer.relay.sent", "relay", "messaging.outbox")
                        .count())
                .isEqualTo(total);
    }

    @Test
    void relayKilledBetweenSendAndRecordRepeatsButNeitherLosesNorReorders() throws Exception {
        AtomicInteger kills = new AtomicInteger();
        faults.arm("messaging.outbox.send.after", point -> {
            if (kills.incrementAndGet() % 2 == 1 && kills.get() < 8) {
                throw new IllegalStateException("killed by the test at " + point);
            }
        });
        relay.start();
        Map<String, List<String>> committed = writeConcurrently(4, 50);

        int total = committed.values().stream().mapToInt(List::size).sum();
        await().atMost(PATIENCE).until(() -> rows() == 0);
        List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(total, PATIENCE);
        assertThat(TopicReader.byKey(TopicReader.firsts(sent))).isEqualTo(committed);
        assertThat(kills.get()).isPositive();
        assertThat(meters.counter("exchequer.relay.failures", "relay", "messaging.outbox")
                        .count())
                .isPositive();
    }

    @Test
    void standbyTakesOverWhenTheActiveOneEnds() throws Exception {
        Relay second = outbox.relay(database, kafka, faults, new SimpleMeterRegistry(), Ticker.system());
        try (second) {
            relay.start();
            await().atMost(PATIENCE).until(() -> relay.state() == Relay.State.ACTIVE);
            second.start();
            await().atMost(PATIENCE).until(() -> second.state() == Relay.State.STANDBY);
            commit("a", "a1");
            reader.readUntil(1, PATIENCE);

            relay.close();
            commit("a", "a2");
            await().atMost(PATIENCE).until(() -> second.state() == Relay.State.ACTIVE);
            Map<String, List<String>> sent = TopicReader.byKey(TopicReader.firsts(reader.readUntil(2, PATIENCE)));
            assertThat(sent.get("a")).containsExactly("a1", "a2");
        }
    }

    @Test
    void messageCarriesIdTypeHeadersAndTrace() throws Exception {
        relay.start();
        SpanContext span = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        try (Scope scope = Span.wrap(span).makeCurrent()) {
            commit("a", "a1");
        }
        ConsumerRecord<byte[], byte[]> record = reader.readUntil(1, PATIENCE).getFirst();
        assertThat(TopicReader.header(record, "traceparent"))
                .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        assertThat(TopicReader.header(record, MessageHeaders.TYPE)).isEqualTo("test.v1.Said");
        assertThat(TopicReader.header(record, "colour")).isEqualTo("blue");
        assertThat(UUID.fromString(String.valueOf(TopicReader.header(record, MessageHeaders.MESSAGE_ID))))
                .isNotNull();
    }

    @Test
    void rolledBackMessageIsNeverSent() throws Exception {
        try (Connection connection = begin()) {
            append(connection, "a", "never");
            connection.rollback();
        }
        commit("a", "a1");
        relay.start();
        assertThat(TopicReader.byKey(reader.readUntil(1, PATIENCE))).isEqualTo(Map.of("a", List.of("a1")));
    }

    @Test
    void lagTellsRowsAndAge() throws Exception {
        commit("a", "a1");
        commit("a", "a2");
        try (Connection connection = begin()) {
            var lag = new OutboxSource().lag(connection);
            assertThat(lag.messages()).isEqualTo(2);
            assertThat(lag.oldestAgeSeconds()).isBetween(0.0, 60.0);
        }
    }

    @Test
    void misuseIsRefused() throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            assertThatThrownBy(() -> append(connection, "a", "x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("transaction");
            connection.setAutoCommit(false);
            OutboxMessage elsewhere = new OutboxMessage(
                    Topic.of("exchequer.test.unknown.v1", 1), "a", "test.v1.Said", Map.of(), new byte[0]);
            assertThatThrownBy(() -> outbox.append(connection, List.of(elsewhere)))
                    .hasMessageContaining("exchequer.test.unknown.v1");
        }
        assertThatThrownBy(() -> new OutboxMessage(
                        topic, "a", "test.v1.Said", Map.of(), new byte[OutboxMessage.MAX_PAYLOAD_BYTES + 1]))
                .hasMessageStartingWith("payload: at most 262144 bytes");
        assertThatThrownBy(() -> new OutboxMessage(topic, "", "test.v1.Said", Map.of(), new byte[0]))
                .hasMessageStartingWith("key:");
        assertThatThrownBy(() -> Topic.of("Transactions", 1)).hasMessageContaining("exchequer.<system>.<what>.v");
    }

    /** Writers on five keys, some of whose transactions roll back or append under two keys. */
    private Map<String, List<String>> writeConcurrently(int writers, int transactions) throws Exception {
        Map<String, List<String>> committed = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                done.add(threads.submit(() -> {
                    Random random = new Random(writer);
                    for (int i = 0; i < transactions; i++) {
                        write(random, "w" + writer + "-" + i, committed);
                    }
                    return null;
                }));
            }
            for (Future<?> writer : done) {
                writer.get();
            }
        }
        return committed;
    }

    private void write(Random random, String value, Map<String, List<String>> committed) throws SQLException {
        String first = "key" + random.nextInt(5);
        String second = "key" + random.nextInt(5);
        List<OutboxMessage> messages = first.equals(second)
                ? List.of(message(first, value))
                : List.of(message(first, value), message(second, value + "'"));
        try (Connection connection = begin()) {
            outbox.append(connection, messages);
            if (random.nextInt(10) == 0) {
                connection.rollback();
                return;
            }
            // The keys are this transaction's until it ends: whoever comes next here commits after it.
            messages.forEach(message -> committed
                    .computeIfAbsent(message.key(), key -> new ArrayList<>())
                    .add(new String(message.payload(), UTF_8)));
            connection.commit();
        }
    }

    private void commit(String key, String value) throws SQLException {
        try (Connection connection = begin()) {
            append(connection, key, value);
            connection.commit();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private void append(Connection connection, String key, String value) throws SQLException {
        outbox.append(connection, List.of(message(key, value)));
    }

    private OutboxMessage message(String key, String value) {
        return new OutboxMessage(topic, key, "test.v1.Said", Map.of("colour", "blue"), value.getBytes(UTF_8));
    }

    private void awaitLockWaiter() {
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from pg_locks where locktype = 'advisory' and not granted") == 1);
    }

    private void awaitEmpty() {
        await().atMost(PATIENCE).until(() -> rows() == 0);
    }

    private long rows() throws SQLException {
        return count("select count(*) from outbox");
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
