package org.exchequer.lab.scenario;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.stage.Stage;
import org.exchequer.ledger.api.event.v1.TransactionPosted;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.inbox.InboxConsumer;
import org.exchequer.platform.inbox.InboxSettings;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of the ledger's events with an inbox, as another system would be, and between the two somebody who
 * delivers a third of the events again: at once, or late and behind later ones, as after a rebalance or a sender's
 * retry. First deliveries are in order, which Kafka promises; nothing else is.
 */
final class Redelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
    private static final Topic TOPIC = Topic.of("exchequer.lab.redelivered.v1", 1);
    private static final int REPEAT_PERCENT = 33;
    private static final int REMEMBERED = 500;
    private static final int POLL_RECORDS = 200;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STEP = Duration.ofMillis(100);

    private static final String APPLY = "INSERT INTO applied (position, body) VALUES (?, ?)";
    private static final String APPLIED = "SELECT position, body FROM applied ORDER BY place";

    private final KafkaClients kafka;
    private final Database database;
    private final InboxConsumer consumer;
    private final RandomGenerator random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private final AtomicLong first = new AtomicLong();
    private final AtomicLong again = new AtomicLong();
    private final AtomicLong behind = new AtomicLong();

    private Redelivery(Stage stage, long seed, Ticker ticker) {
        this.kafka = new KafkaClients(stage.kafka().bootstrapServers());
        this.database =
                Database.open(stage.postgres(0).address(), "lab", new SimpleMeterRegistry(), OpenTelemetry.noop());
        this.random = new SplittableRandom(seed ^ 0x5DEECE66DL);
        this.consumer = new InboxConsumer(
                InboxSettings.of("lab", "redelivery", TOPIC.name()),
                database.dataSource(),
                kafka,
                (connection, message) -> apply(connection, message.payload()),
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                ticker);
        this.thread = Thread.ofPlatform().name("redelivery").daemon().unstarted(this::run);
    }

    static Redelivery start(Stage stage, long seed, Ticker ticker) throws InterruptedException {
        Redelivery redelivery = new Redelivery(stage, seed, ticker);
        redelivery.kafka.ensure(List.of(TOPIC));
        redelivery.consumer.start();
        redelivery.thread.start();
        return redelivery;
    }

    private static void apply(Connection connection, byte[] payload) throws Exception {
        TransactionPosted event = TransactionPosted.parseFrom(payload);
        try (PreparedStatement statement = connection.prepareStatement(APPLY)) {
            statement.setLong(1, event.getId());
            statement.setString(2, Topics.body(event));
            statement.executeUpdate();
        }
    }

    private void run() {
        long next = 0;
        List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
        TopicPartition partition = new TopicPartition(Topics.TRANSACTIONS, 0);
        while (stop.getCount() > 0) {
            try (Consumer<byte[], byte[]> from = kafka.consumer("lab-redelivery", "lab-redelivery", POLL_RECORDS);
                    Producer<byte[], byte[]> to = kafka.producer("lab-redelivery")) {
                from.assign(List.of(partition));
                from.seek(partition, next);
                while (stop.getCount() > 0) {
                    List<Future<RecordMetadata>> sent = new ArrayList<>();
                    long end = next;
                    for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
                        sent.addAll(deliver(to, record, seen));
                        end = record.offset() + 1;
                    }
                    for (Future<RecordMetadata> each : sent) {
                        each.get();
                    }
                    next = end;
                }
            } catch (KafkaException | ExecutionException away) {
                // Kafka is killed now and then: begin again where we were. What was sent by then comes twice: fine.
                LOG.debug("redelivery begins again at {}: {}", next, away.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<Future<RecordMetadata>> deliver(
            Producer<byte[], byte[]> to,
            ConsumerRecord<byte[], byte[]> record,
            List<ConsumerRecord<byte[], byte[]>> seen) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(List.of(send(to, record)));
        first.incrementAndGet();
        if (random.nextInt(100) < REPEAT_PERCENT) {
            boolean late = !seen.isEmpty() && random.nextBoolean();
            sent.add(send(to, late ? seen.get(random.nextInt(seen.size())) : record));
            again.incrementAndGet();
            behind.addAndGet(late ? 1 : 0);
        }
        if (seen.size() == REMEMBERED) {
            seen.remove(random.nextInt(REMEMBERED));
        }
        seen.add(record);
        return sent;
    }

    private static Future<RecordMetadata> send(Producer<byte[], byte[]> to, ConsumerRecord<byte[], byte[]> record) {
        return to.send(new ProducerRecord<>(TOPIC.name(), 0, record.key(), record.value(), record.headers()));
    }

    /** What the consumer has applied, in order, once it has come to this position or the time is over. */
    List<Message> applied(long last, Duration most) throws SQLException, InterruptedException {
        List<Message> messages = read();
        for (long waited = 0; waited < most.toMillis() && !reached(messages, last); waited += STEP.toMillis()) {
            Thread.sleep(STEP);
            messages = read();
        }
        return messages;
    }

    private static boolean reached(List<Message> messages, long last) {
        return !messages.isEmpty() && messages.getLast().sequence() >= last;
    }

    private List<Message> read() throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(APPLIED)) {
            while (rows.next()) {
                messages.add(new Message(Topics.STREAM, rows.getLong("position"), rows.getString("body")));
            }
        }
        return messages;
    }

    /** What was done, as a fault that lasted the whole run. */
    FaultRecord record(long lengthMs) {
        return new FaultRecord(
                Fault.of(0, FaultKind.REDELIVERY, lengthMs),
                "a consumer of the events",
                0,
                lengthMs,
                again.get() > 0,
                List.of("%,d events were delivered, %,d of them again, %,d of these behind later ones"
                        .formatted(first.get(), again.get(), behind.get())));
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        database.close();
    }
}
