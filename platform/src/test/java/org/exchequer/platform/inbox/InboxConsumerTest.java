package org.exchequer.platform.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.kafka.TopicReader;
import org.exchequer.platform.testing.TestKafka;
import org.exchequer.platform.testing.TestPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String unique = UUID.randomUUID().toString().substring(0, 8);
    private final Topic topic = Topic.of("exchequer.test.inbox-" + unique + ".v1", 3);
    private final InboxSettings settings =
            new InboxSettings("test", "reader-" + unique, List.of(topic.name()), 3, Duration.ofDays(1));
    private final KafkaClients kafka = new KafkaClients(TestKafka.bootstrapServers());
    private final OpenTelemetry telemetry =
            OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Faults faults = new Faults();
    private final DatabaseAddress address = TestPostgres.freshDatabase();
    private final Database database = Database.open(address, "messaging", meters, telemetry);
    private final Producer<byte[], byte[]> producer = kafka.producer("test-producer");
    private final List<InboxConsumer> consumers = new ArrayList<>();

    @BeforeEach
    void topicIsThere() throws Exception {
        kafka.ensure(List.of(topic));
    }

    @AfterEach
    void close() {
        faults.disarmAll();
        consumers.forEach(InboxConsumer::close);
        producer.close();
        database.close();
    }

    @Test
    void redeliveredAndInterleavedMessagesHaveOneEffectInOrder() throws Exception {
        Random random = new Random(7);
        Map<String, List<String>> expected = new TreeMap<>();
        List<String[]> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String key = "key" + random.nextInt(5);
            expected.computeIfAbsent(key, k -> new ArrayList<>()).add("m" + i);
            sent.add(new String[] {key, "m" + i});
            send(key, "m" + i, "m" + i);
            if (random.nextInt(3) == 0) {
                // A relay that was killed before it had recorded what it sent.
                String[] repeated = sent.get(random.nextInt(sent.size()));
                send(repeated[0], repeated[1], repeated[1]);
            }
        }
        // Every tenth message dies after its commit, before its offset's.
        AtomicInteger commits = new AtomicInteger();
        faults.arm(settings.group() + ".commit.after", point -> {
            if (commits.incrementAndGet() % 10 == 0) {
                throw new IllegalStateException("killed by the test at " + point);
            }
        });

        // The first consumer ends in the middle, two others go on and share the partitions.
        InboxConsumer first = consumer(this::record);
        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") >= 50);
        first.close();
        consumer(this::record);
        consumer(this::record);

        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") >= 400);
        assertThat(effects()).isEqualTo(expected);
        assertThat(count("select count(*) from inbox")).isEqualTo(400);
    }

    @Test
    void newConsumerGroupPositionAtTheBeginningHasNoSecondEffect() throws Exception {
        for (int i = 0; i < 20; i++) {
            send("a", "m" + i, "m" + i);
        }
        InboxConsumer first = consumer(this::record);
        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") == 20);
        first.close();

        // Offsets lost: everything is delivered again.
        try (var admin = org.apache.kafka.clients.admin.Admin.create(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            admin.deleteConsumerGroups(List.of(settings.group())).all().get();
        }
        consumer(this::record);
        await().atMost(PATIENCE)
                .until(() -> meters.counter("exchequer.inbox.repeated", "consumer", settings.group())
                                .count()
                        == 20);
        assertThat(count("select count(*) from effect")).isEqualTo(20);
    }

    @Test
    void poisonGoesToTheDeadLettersAndItsKeyWaitsBehindIt() throws Exception {
        InboxConsumer consumer = consumer((connection, message) -> {
            if (new String(message.payload(), UTF_8).startsWith("poison")) {
                throw new IllegalArgumentException("cannot read this");
            }
            record(connection, message);
        });
        send("a", "1", "a1");
        send("a", "2", "poison");
        send("a", "3", "a3");
        for (int i = 0; i < 20; i++) {
            send("other" + i, "other" + i, "b");
        }

        List<ConsumerRecord<byte[], byte[]>> dead;
        try (TopicReader reader = new TopicReader(
                TestKafka.bootstrapServers(), settings.deadLetters().name())) {
            dead = TopicReader.firsts(reader.readUntil(2, PATIENCE));
        }
        assertThat(TopicReader.byKey(dead)).isEqualTo(Map.of("a", List.of("poison", "a3")));
        assertThat(TopicReader.header(dead.get(0), DeadLetters.ERROR)).contains("cannot read this");
        assertThat(TopicReader.header(dead.get(0), DeadLetters.TOPIC)).isEqualTo(topic.name());
        assertThat(TopicReader.header(dead.get(0), MessageHeaders.MESSAGE_ID)).isEqualTo("2");
        assertThat(TopicReader.header(dead.get(1), DeadLetters.BEHIND)).isEqualTo("2");
        assertThat(meters.counter("exchequer.inbox.failed", "consumer", settings.group())
                        .count())
                .isEqualTo(settings.maxAttempts());

        assertThat(consumer.release(topic.name(), "a".getBytes(UTF_8))).isTrue();
        assertThat(consumer.release(topic.name(), "a".getBytes(UTF_8))).isFalse();
        send("a", "4", "a4");
        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") == 22);
        assertThat(effects().get("a")).containsExactly("a1", "a4");
    }

    @Test
    void keysThatAreNoTextAreToldApartHoweverLong() throws Exception {
        byte[] poisoned = {(byte) 0xff};
        byte[] readsAlike = {(byte) 0xfe};
        byte[] longPoisoned = new byte[5_000];
        new Random(7).nextBytes(longPoisoned);
        byte[] longOther = longPoisoned.clone();
        longOther[4_999]++;
        InboxConsumer consumer = consumer((connection, message) -> {
            if (new String(message.payload(), UTF_8).startsWith("poison")) {
                throw new IllegalArgumentException("cannot read \0 this");
            }
            record(connection, "", message);
        });
        for (byte[] key : List.of(poisoned, longPoisoned)) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key, "poison".getBytes(UTF_8)));
            producer.send(new ProducerRecord<>(topic.name(), 0, key, "behind".getBytes(UTF_8)));
        }
        for (byte[] key : List.of(readsAlike, longOther)) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key, "applied".getBytes(UTF_8)));
        }
        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") == 2);
        assertThat(count("select count(*) from effect where value = 'applied'")).isEqualTo(2);
        assertThat(count("select count(*) from inbox_parked")).isEqualTo(2);
        assertThat(consumer.release(topic.name(), readsAlike)).isFalse();
        assertThat(consumer.release(topic.name(), poisoned)).isTrue();
        assertThat(consumer.release(topic.name(), longPoisoned)).isTrue();
    }

    @Test
    void poisonOfAnySizeAndWithAnyHeadersIsBuried() throws Exception {
        byte[] value = new byte[KafkaClients.MAX_MESSAGE_BYTES - 500];
        byte[] larger = new byte[KafkaClients.MAX_MESSAGE_BYTES + 40_000];
        consumer((connection, message) -> {
            throw new IllegalArgumentException("cannot read this: " + "x".repeat(5_000));
        });
        ProducerRecord<byte[], byte[]> oddId =
                new ProducerRecord<>(topic.name(), 0, "odd".getBytes(UTF_8), new byte[1]);
        MessageHeaders.put(oddId.headers(), MessageHeaders.MESSAGE_ID, "a\0b");
        producer.send(oddId).get();
        producer.send(new ProducerRecord<>(topic.name(), 0, "own".getBytes(UTF_8), value))
                .get();
        try (Producer<byte[], byte[]> other = kafka.producer("other", KafkaClients.MAX_MESSAGE_BYTES + 45_000)) {
            other.send(new ProducerRecord<>(topic.name(), 0, "others".getBytes(UTF_8), larger))
                    .get();
        }

        List<ConsumerRecord<byte[], byte[]>> dead;
        try (TopicReader reader = new TopicReader(
                TestKafka.bootstrapServers(), settings.deadLetters().name())) {
            dead = reader.readUntil(3, PATIENCE);
        }
        assertThat(TopicReader.header(dead.get(0), DeadLetters.BEHIND)).isEqualTo("0@0");
        assertThat(dead.get(1).value()).isEqualTo(value);
        assertThat(TopicReader.header(dead.get(1), DeadLetters.ERROR)).hasSize(1_000);
        assertThat(dead.get(2).key()).isEqualTo("others".getBytes(UTF_8));
        assertThat(dead.get(2).value()).isEmpty();
        assertThat(TopicReader.header(dead.get(2), DeadLetters.PAYLOAD_BYTES)).isEqualTo(String.valueOf(larger.length));
        assertThat(TopicReader.header(dead.get(2), DeadLetters.OFFSET)).isEqualTo("2");
    }

    @Test
    void deadlocksDoNotCountAsTheMessagesFault() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        consumer((connection, message) -> {
            record(connection, message);
            if (attempts.incrementAndGet() < settings.maxAttempts() + 2) {
                throw new IllegalStateException(new SQLException("deadlock detected", "40P01"));
            }
        });
        send("a", "1", "a1");

        await().atMost(PATIENCE).until(() -> count("select count(*) from effect") == 1);
        assertThat(attempts.get()).isEqualTo(settings.maxAttempts() + 2);
        assertThat(count("select count(*) from inbox_parked")).isZero();
    }

    @Test
    void handlerRunsInTheTraceOfTheSender() throws Exception {
        ConcurrentLinkedQueue<String> traces = new ConcurrentLinkedQueue<>();
        consumer((connection, message) -> {
            traces.add(Span.current().getSpanContext().getTraceId());
        });
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), "a".getBytes(UTF_8), "a1".getBytes(UTF_8));
        MessageHeaders.put(record.headers(), "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        producer.send(record).get();

        await().atMost(PATIENCE).until(() -> !traces.isEmpty());
        assertThat(traces).containsExactly("0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void oldMessagesAreForgotten() throws Exception {
        try (Connection admin = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                Statement statement = admin.createStatement()) {
            statement.execute("""
                    insert into messaging.inbox (consumer, topic, message_id, received_at)
                    select 'old', 'old', i::text, now() - interval '2 days' from generate_series(1, 2500) as i
                    """);
        }
        send("a", "1", "a1");
        consumer(this::record);

        await().atMost(PATIENCE).until(() -> count("select count(*) from inbox where consumer = 'old'") == 0);
        await().atMost(PATIENCE).until(() -> count("select count(*) from inbox") == 1);
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> InboxSettings.of("Test", "x", topic.name())).hasMessageStartingWith("system and name");
        assertThatThrownBy(() -> new InboxSettings("test", "x", List.of(), 0, Duration.ofDays(1)))
                .hasMessageStartingWith("maxAttempts");
        assertThatThrownBy(() -> new InboxSettings("test", "x", List.of(), 1, Duration.ZERO))
                .hasMessageStartingWith("keep");
    }

    private InboxConsumer consumer(InboxConsumer.Handler handler) {
        InboxConsumer consumer = new InboxConsumer(
                settings, database.dataSource(), kafka, handler, faults, meters, telemetry, Ticker.system());
        consumers.add(consumer);
        consumer.start();
        return consumer;
    }

    private void send(String key, String id, String value) throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value.getBytes(UTF_8));
        MessageHeaders.put(record.headers(), MessageHeaders.MESSAGE_ID, id);
        producer.send(record).get();
    }

    private void record(Connection connection, Message message) throws SQLException {
        record(connection, message.keyText(), message);
    }

    private static void record(Connection connection, @Nullable String key, Message message) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into effect (key, value) values (?, ?)")) {
            statement.setString(1, key);
            statement.setString(2, new String(message.payload(), UTF_8));
            statement.executeUpdate();
        }
    }

    private Map<String, List<String>> effects() throws SQLException {
        Map<String, List<String>> effects = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select key, value from effect order by id")) {
            while (row.next()) {
                effects.computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                        .add(row.getString(2));
            }
        }
        return effects;
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
