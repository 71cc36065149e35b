package org.exchequer.platform.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.EmbeddedKafka;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.kafka.TopicReader;
import org.exchequer.platform.testing.PrivatePostgres;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay while its broker and its database are killed. */
class OutboxOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Topic TOPIC = Topic.of("exchequer.test.outage.v1", 1);

    private final Outbox outbox = new Outbox(List.of(TOPIC), OpenTelemetry.noop());
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void brokerAndDatabaseAreKilledAndEverythingFollowsInOrder(@TempDir Path directory) throws Exception {
        try (PrivatePostgres postgres = TestPostgres.privateCluster();
                EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), Ticker.system(), line -> {});
                Database database = Database.open(postgres.address(), "messaging", meters, OpenTelemetry.noop());
                Relay relay = outbox.relay(
                        database, new KafkaClients(broker.bootstrapServers()), new Faults(), meters, Ticker.system());
                TopicReader reader = new TopicReader(broker.bootstrapServers(), TOPIC.name())) {
            // The broker is still starting.
            relay.start();
            append(database, 0, 100);
            reader.readUntil(100, PATIENCE);

            ProcessHandle.of(broker.pid()).orElseThrow().destroyForcibly();
            append(database, 100, 3_000);
            reader.readUntil(3_000, PATIENCE);

            append(database, 3_000, 3_500);
            postgres.kill();
            postgres.awaitRunning();
            append(database, 3_500, 4_000);
            List<String> sent = TopicReader.byKey(TopicReader.firsts(reader.readUntil(4_000, PATIENCE)))
                    .get("k");
            assertThat(sent)
                    .isEqualTo(
                            IntStream.range(0, 4_000).mapToObj(String::valueOf).toList());
            await().atMost(PATIENCE).until(() -> relay.state() == Relay.State.ACTIVE);
        }
    }

    /**
     * A broker that hangs has taken a request without an answer. The relay gives up on it and sends again; the broker,
     * once awake, works off both.
     */
    @Test
    void brokerThatHangsLongerThanTheRelayWaitsGetsEverythingInOrder(@TempDir Path directory) throws Exception {
        Faults faults = new Faults();
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), Ticker.system(), line -> {});
                Database database =
                        Database.open(TestPostgres.freshDatabase(), "messaging", meters, OpenTelemetry.noop());
                Relay relay = outbox.relay(
                        database,
                        new KafkaClients(broker.bootstrapServers(), Duration.ofSeconds(2)),
                        faults,
                        meters,
                        Ticker.system());
                TopicReader reader = new TopicReader(broker.bootstrapServers(), TOPIC.name())) {
            relay.start();
            append(database, 0, 10);
            reader.readUntil(10, PATIENCE);

            signal("STOP", broker.pid());
            append(database, 10, 2_500);
            await().atMost(PATIENCE)
                    .until(() -> meters.counter("exchequer.relay.failures", "relay", "messaging.outbox")
                                    .count()
                            >= 1);
            signal("CONT", broker.pid());

            List<String> sent = TopicReader.byKey(TopicReader.firsts(reader.readUntil(2_500, PATIENCE)))
                    .get("k");
            assertThat(sent)
                    .isEqualTo(
                            IntStream.range(0, 2_500).mapToObj(String::valueOf).toList());
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** In one transaction, so that a killed database leaves all of it or nothing. */
    private void append(Database database, int from, int to) throws SQLException {
        List<OutboxMessage> messages = IntStream.range(from, to)
                .mapToObj(i -> new OutboxMessage(
                        TOPIC, "k", "test.v1.Said", Map.of(), String.valueOf(i).getBytes(UTF_8)))
                .toList();
        // Not from the pool, which may still hold connections to a server that was killed half a second ago.
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            outbox.append(connection, messages);
            connection.commit();
        }
    }
}
