package org.exchequer.platform.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies each message once. The message's id is written to the inbox in the transaction of its effect; offsets are
 * committed after. A message that comes again, after a crash, a rebalance or its sender's retry, is found there and
 * passed over. The tables come by one line in a migration of the system: <code>${inbox_v1}</code>.
 *
 * <p><b>Order.</b> Within a partition messages are applied one after the other. While one is being retried, the rest of
 * its partition waits; other partitions go on.
 *
 * <p><b>Poison.</b> A message that fails {@link InboxSettings#maxAttempts} times goes to the dead-letter topic with the
 * error in its headers. From then on every later message of its key goes there too, so that nothing overtakes it: for
 * money a hole in one customer's history is worse than a delay. Once somebody has dealt with them, {@link #release}
 * lets
 * the key go on. Messages without key do not park anything. What reaches the dead-letter topic may be there twice.
 *
 * <p><b>Infrastructure.</b> While the database is away, or a deadlock or serialization failure undid the transaction, a
 * message is tried again without counting.
 *
 * <p>Fault points: {@code <group>.apply.before}, {@code <group>.apply.after} (before the commit), {@code
 * <group>.commit.after} (before the offset's). Metrics, tagged {@code consumer}: {@code exchequer.inbox.applied},
 * {@code .repeated}, {@code .failed}, {@code .dead}.
 */
public final class InboxConsumer implements AutoCloseable {
    /** The effect of a message. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Makes the effect on this connection, whose transaction the inbox commits.
         *
         * @throws Exception when it cannot; nothing of it remains
         */
        void apply(Connection connection, Message message) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(InboxConsumer.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_POLL_RECORDS = 200;
    private static final long MAX_BACKOFF_MS = 5_000;
    private static final int PURGE_ROWS = 1_000;
    private static final long PURGE_INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

    private final InboxSettings settings;
    private final DataSource database;
    private final KafkaClients kafka;
    private final Handler handler;
    private final Faults faults;
    private final OpenTelemetry telemetry;
    private final Tracer tracer;
    private final Ticker ticker;
    private final InboxStore store;
    private final Counter applied;
    private final Counter repeated;
    private final Counter failed;
    private final Counter dead;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    /** Partitions that wait before their next attempt. Of the consumer's thread alone, like the next two. */
    private final Map<TopicPartition, Retry> retries = new HashMap<>();

    private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    private long nextPurgeNanos;

    /** Failed attempts at one message; {@code counted} leaves out those that infrastructure was to blame for. */
    private record Retry(long offset, int attempts, int counted, long dueNanos) {}

    /** Makes a consumer; {@link #start} sets it going. */
    public InboxConsumer(
            InboxSettings settings,
            DataSource database,
            KafkaClients kafka,
            Handler handler,
            Faults faults,
            MeterRegistry meters,
            OpenTelemetry telemetry,
            Ticker ticker) {
        this.settings = settings;
        this.database = database;
        this.kafka = kafka;
        this.handler = handler;
        this.faults = faults;
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer("org.exchequer.inbox");
        this.ticker = ticker;
        this.store = new InboxStore(settings.group());
        this.applied = meters.counter("exchequer.inbox.applied", "consumer", settings.group());
        this.repeated = meters.counter("exchequer.inbox.repeated", "consumer", settings.group());
        this.failed = meters.counter("exchequer.inbox.failed", "consumer", settings.group());
        this.dead = meters.counter("exchequer.inbox.dead", "consumer", settings.group());
        this.nextPurgeNanos = ticker.nanos();
        this.thread =
                Thread.ofPlatform().name("inbox-" + settings.group()).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * Lets the messages of a key be applied again that come from now on; its dead letters stay where they are.
     *
     * @return false when the key was not parked
     */
    public boolean release(String topic, byte[] key) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            boolean released = store.release(connection, topic, key);
            connection.commit();
            return released;
        }
    }

    /** Stops after the message in hand. Safe to call twice. */
    @Override
    public void close() {
        stopping.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
                if (!thread.join(Duration.ofSeconds(10))) {
                    LOG.warn("inbox {}: still busy; left to end by itself", settings.group());
                }
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private boolean closed() {
        return stopping.getCount() == 0;
    }

    private void run() {
        int failuresInARow = 0;
        while (!closed()) {
            try (DeadLetters deadLetters = new DeadLetters(settings, kafka);
                    Consumer<byte[], byte[]> consumer = kafka.consumer(
                            settings.group() + "-" + thread.threadId(), settings.group(), MAX_POLL_RECORDS)) {
                kafka.ensure(List.of(settings.deadLetters()));
                failuresInARow = 0;
                consume(consumer, deadLetters);
            } catch (InterruptedException | InterruptException | WakeupException e) {
                LOG.debug("inbox {}: interrupted", settings.group(), e);
                return;
            } catch (Exception e) {
                failuresInARow++;
                LOG.warn("inbox {}: failed, trying again: {}", settings.group(), e.toString());
                LOG.debug("inbox {}: failure", settings.group(), e);
                if (!pause(backoffMs(failuresInARow))) {
                    return;
                }
            }
        }
    }

    private boolean pause(long ms) {
        try {
            return !stopping.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void consume(Consumer<byte[], byte[]> consumer, DeadLetters deadLetters) throws Exception {
        retries.clear();
        done.clear();
        consumer.subscribe(settings.topics(), new ForgetRevoked(consumer));
        while (!closed()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (TopicPartition partition : records.partitions()) {
                work(consumer, deadLetters, partition, records.records(partition));
            }
            commit(consumer);
            resumeDue(consumer);
            purge();
        }
        commit(consumer);
    }

    private void work(
            Consumer<byte[], byte[]> consumer,
            DeadLetters deadLetters,
            TopicPartition partition,
            List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Retry retry = closed() ? new Retry(record.offset(), 0, 0, ticker.nanos()) : attempt(record, deadLetters);
            if (retry != null) {
                retries.put(partition, retry);
                consumer.seek(partition, record.offset());
                consumer.pause(List.of(partition));
                return;
            }
            retries.remove(partition);
            done.put(partition, new OffsetAndMetadata(record.offset() + 1));
        }
    }

    /** Deals with a message. Returns null when that is done for good, else when to try it again. */
    private @Nullable Retry attempt(ConsumerRecord<byte[], byte[]> record, DeadLetters deadLetters)
            throws InterruptedException {
        Message message = Message.of(record);
        Retry known = retries.get(new TopicPartition(record.topic(), record.partition()));
        Retry before = known != null && known.offset() == record.offset() ? known : new Retry(record.offset(), 0, 0, 0);
        int attempts = before.attempts() + 1;
        int counted = before.counted();
        try {
            InboxStore.Claim.Parked parked = applyOnce(message);
            if (parked != null) {
                deadLetters.send(record, parked.error(), parked.behindMessageId());
                dead.increment();
            }
            return null;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failed.increment();
            LOG.warn(
                    "inbox {}: message {} of {} failed: {}",
                    settings.group(),
                    message.id(),
                    message.topic(),
                    e.toString());
            LOG.debug("inbox {}: failure", settings.group(), e);
            if (!isInfrastructure(e)) {
                counted++;
            }
            if (counted >= settings.maxAttempts() && bury(record, message, e, deadLetters)) {
                return null;
            }
            return new Retry(record.offset(), attempts, counted, dueNanos(attempts));
        }
    }

    /** Returns null when the message was applied, now or before; else what it waits behind. */
    private InboxStore.Claim.@Nullable Parked applyOnce(Message message) throws Exception {
        Span span = tracer.spanBuilder(message.topic() + " process")
                .setParent(MessageHeaders.contextOf(message.headers(), telemetry))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.message.id", message.id())
                .startSpan();
        // Closing the connection without a commit undoes everything.
        try (Scope scope = span.makeCurrent();
                Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            switch (store.claim(connection, message)) {
                case InboxStore.Claim.Apply() -> {
                    faults.at(settings.group() + ".apply.before");
                    handler.apply(connection, message);
                    faults.at(settings.group() + ".apply.after");
                    connection.commit();
                    applied.increment();
                    faults.at(settings.group() + ".commit.after");
                }
                case InboxStore.Claim.Seen() -> repeated.increment();
                case InboxStore.Claim.Parked parked -> {
                    return parked;
                }
            }
            return null;
        } catch (Exception e) {
            span.setStatus(StatusCode.ERROR, e.toString());
            throw e;
        } finally {
            span.end();
        }
    }

    /** First the dead letter, then the key: dying in between sends the letter twice, but loses none. */
    private boolean bury(
            ConsumerRecord<byte[], byte[]> record, Message message, Exception error, DeadLetters deadLetters)
            throws InterruptedException {
        try {
            String reason = DeadLetters.reason(error);
            deadLetters.send(record, reason, message.id());
            if (message.key() != null) {
                try (Connection connection = database.getConnection()) {
                    connection.setAutoCommit(false);
                    store.park(connection, message, reason);
                    connection.commit();
                }
            }
        } catch (SQLException | KafkaException e) {
            LOG.warn("inbox {}: cannot bury message {}: {}", settings.group(), message.id(), e.toString());
            return false;
        }
        dead.increment();
        LOG.error(
                "inbox {}: message {} of {} went to {}: {}",
                settings.group(),
                message.id(),
                message.topic(),
                settings.deadLetters().name(),
                error.toString());
        return true;
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        if (done.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(done);
            done.clear();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // Not lost: the messages come again and are found in the inbox.
            LOG.info("inbox {}: offsets not committed: {}", settings.group(), e.toString());
        }
    }

    private void resumeDue(Consumer<byte[], byte[]> consumer) {
        long now = ticker.nanos();
        for (TopicPartition partition : consumer.paused()) {
            Retry retry = retries.get(partition);
            if (retry == null || now - retry.dueNanos() >= 0) {
                consumer.resume(List.of(partition));
            }
        }
    }

    /** Forgets old messages, a bounded number at a time; at once again while there are more. */
    private void purge() {
        if (ticker.nanos() - nextPurgeNanos < 0) {
            return;
        }
        int deleted = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            deleted = store.purge(connection, settings.keep(), PURGE_ROWS);
            connection.commit();
        } catch (SQLException e) {
            LOG.info("inbox {}: old messages not deleted: {}", settings.group(), e.toString());
        }
        nextPurgeNanos = ticker.nanos() + (deleted == PURGE_ROWS ? 0 : PURGE_INTERVAL_NANOS);
    }

    private long dueNanos(int attempts) {
        return ticker.nanos() + Duration.ofMillis(backoffMs(attempts)).toNanos();
    }

    private static long backoffMs(int attempts) {
        return Math.min(MAX_BACKOFF_MS, 50L << Math.min(attempts, 10));
    }

    /** Whether the database or its load is to blame, by SQLSTATE: PostgreSQL manual, appendix A. */
    static boolean isInfrastructure(Throwable e) {
        int depth = 0;
        for (Throwable cause = e; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause instanceof java.sql.SQLTransientException || cause instanceof KafkaException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                // Connection, insufficient resources, operator intervention, transaction rollback, system error.
                if (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57")
                        || state.startsWith("40")
                        || state.startsWith("58")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What was in hand of a partition that now is another consumer's. */
    private final class ForgetRevoked implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        ForgetRevoked(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit(consumer);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> {
                retries.remove(partition);
                done.remove(partition);
            });
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.debug("inbox {}: reads {}", settings.group(), partitions);
        }
    }
}
