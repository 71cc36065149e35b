package org.exchequer.platform.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.RelaySource.Chunk;
import org.exchequer.platform.kafka.RelaySource.Lag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a database has committed to Kafka: everything, in order, at least once.
 *
 * <p><b>Order.</b> Messages leave in the source's order. When one fails, its producer is stopped from inside the
 * callback, with a single request in flight, so none sent after it can arrive; the relay then starts again from what is
 * durable. Repetitions therefore occur, but on each partition the first occurrences are in order and without gaps. That
 * also holds when a relay that has lost its lock is still sending: it, too, began at or before the recorded position.
 *
 * <p><b>One at a time.</b> The relay of one name that holds the database's advisory lock sends; others stand by. All
 * its
 * database work is on the session that holds the lock: with the session the lock is lost and nothing more is recorded.
 *
 * <p><b>Delay.</b> While nothing waits the relay looks every 100 ms: an event leaves that long after its commit at
 * most.
 *
 * <p><b>Death.</b> Between send and record: sent again after restart. The record is written without waiting for the
 * disk, since losing it costs only repetitions.
 *
 * <p><b>Kafka away.</b> Two chunks are in memory at most; the rest waits in the database. After each failure the relay
 * waits longer, up to 5 s, and hands the lock to a standby that may have better luck.
 *
 * <p>Fault points: {@code <name>.send.before}, {@code <name>.send.after} (acknowledged, not yet recorded), {@code
 * <name>.record.after}. Metrics, tagged {@code relay}: {@code exchequer.relay.lag.messages}, {@code
 * exchequer.relay.oldest.age.seconds}, {@code exchequer.relay.sent}, {@code exchequer.relay.failures}.
 */
public final class Relay implements AutoCloseable {
    /** Opens a connection of the relay's own, in the schema of its source. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    /** What a relay is doing. */
    public enum State {
        /** Not started yet, or closed. */
        STOPPED,
        /** Another one has the lock. */
        STANDBY,
        /** Sends. */
        ACTIVE,
        /** Waits after a failure. */
        BACKING_OFF
    }

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STANDBY_POLL = Duration.ofSeconds(1);
    /** How long an embedded broker may take for its start on a busy machine before anybody is told. */
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);

    private static final long MIN_BACKOFF_MS = 100;
    private static final long MAX_BACKOFF_MS = 5_000;
    private static final long LAG_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final String name;
    private final List<Topic> topics;
    private final Connections connections;
    private final RelaySource source;
    private final KafkaClients kafka;
    private final Faults faults;
    private final Ticker ticker;
    private final Counter sent;
    private final Counter failures;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile State state = State.STOPPED;
    private volatile Lag lag = new Lag(0, 0);
    private long lagMeasuredNanos;
    private boolean lagMeasured;
    private int failuresInARow;
    private long startedNanos;
    private boolean wasActive;

    /**
     * Makes a relay; {@link #start} sets it going.
     *
     * @param name {@code <system>.<what>}, e.g. {@code ledger.relay}; relays of one name in one database take turns
     * @param topics made on first use where missing
     */
    public Relay(
            String name,
            List<Topic> topics,
            Connections connections,
            RelaySource source,
            KafkaClients kafka,
            Faults faults,
            MeterRegistry meters,
            Ticker ticker) {
        this.name = name;
        this.topics = List.copyOf(topics);
        this.connections = connections;
        this.source = source;
        this.kafka = kafka;
        this.faults = faults;
        this.ticker = ticker;
        this.sent = meters.counter("exchequer.relay.sent", "relay", name);
        this.failures = meters.counter("exchequer.relay.failures", "relay", name);
        Gauge.builder("exchequer.relay.lag.messages", this, relay -> relay.lag.messages())
                .tag("relay", name)
                .register(meters);
        Gauge.builder("exchequer.relay.oldest.age.seconds", this, relay -> relay.lag.oldestAgeSeconds())
                .tag("relay", name)
                .register(meters);
        this.thread = Thread.ofPlatform().name("relay-" + name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public State state() {
        return state;
    }

    /** What waited at the last measurement, 5 s ago or less while the database answers. */
    public Lag lag() {
        return lag;
    }

    /** Stops after what is in flight, or after 3 s without it. Safe to call twice. */
    @Override
    public void close() {
        stopping.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(Duration.ofSeconds(3))) {
                thread.interrupt();
                if (!thread.join(Duration.ofSeconds(10))) {
                    LOG.warn("relay {}: still in a database call; left to end with it", name);
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
        startedNanos = ticker.nanos();
        while (!closed()) {
            try (Connection connection = connections.open()) {
                session(connection);
            } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
                LOG.debug("relay {}: interrupted", name, e);
                break;
            } catch (Exception e) {
                backOff(e);
            }
        }
        state = State.STOPPED;
    }

    private void backOff(Exception e) {
        if (closed()) {
            return;
        }
        failures.increment();
        failuresInARow++;
        state = State.BACKING_OFF;
        long ceilingMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS << Math.min(failuresInARow - 1, 10));
        long waitMs = ceilingMs / 2 + ThreadLocalRandom.current().nextLong(ceilingMs / 2 + 1);
        if (!wasActive && startsUp(e, Duration.ofNanos(ticker.nanos() - startedNanos))) {
            LOG.info("relay {}: Kafka does not answer yet, next try in {} ms", name, waitMs);
        } else {
            LOG.warn("relay {}: failed, next try in {} ms: {}", name, waitMs, e.toString());
        }
        LOG.debug("relay {}: failure", name, e);
        try {
            stoppingWithin(Duration.ofMillis(waitMs));
        } catch (InterruptedException interrupted) {
            stopping.countDown();
        }
    }

    /** A broker that starts beside the relay is no trouble until it takes long. */
    static boolean startsUp(Exception e, Duration sinceStart) {
        return e instanceof KafkaException
                && e.getCause() instanceof TimeoutException
                && sinceStart.compareTo(PATIENCE_AT_START) < 0;
    }

    private void session(Connection connection) throws Exception {
        prepare(connection);
        if (!awaitLock(connection)) {
            return;
        }
        source.begin(connection);
        connection.commit();
        measureLag(connection);
        kafka.ensure(topics);
        try (OrderedSender sender = new OrderedSender(kafka.producer("exchequer-relay-" + name))) {
            state = State.ACTIVE;
            wasActive = true;
            LOG.info("relay {}: active, {} messages wait", name, lag.messages());
            loop(connection, sender);
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = '30s'");
            // Losing a record of what was sent costs only repetitions: not worth waiting for the disk.
            statement.execute("set synchronous_commit = off");
        }
        connection.commit();
        // A network that swallows packets must not hold the relay for ever.
        connection.setNetworkTimeout(Runnable::run, 60_000);
    }

    private boolean awaitLock(Connection connection) throws SQLException, InterruptedException {
        while (!tryLock(connection)) {
            state = State.STANDBY;
            measureLag(connection);
            if (stoppingWithin(STANDBY_POLL)) {
                return false;
            }
        }
        return true;
    }

    private boolean tryLock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select pg_try_advisory_lock(hashtextextended('exchequer.relay.' || ?, 0))")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                boolean locked = row.next() && row.getBoolean(1);
                connection.commit();
                return locked;
            }
        }
    }

    /** Reads the next chunk while the one before is under way. */
    private void loop(Connection connection, OrderedSender sender) throws Exception {
        Chunk underWay = Chunk.EMPTY;
        while (!closed() || !underWay.isEmpty()) {
            Chunk next = closed() ? Chunk.EMPTY : source.next(connection);
            connection.commit();
            if (!underWay.isEmpty()) {
                settle(connection, sender, underWay);
            }
            if (!next.isEmpty()) {
                faults.at(name + ".send.before");
                sender.send(next.records());
            }
            underWay = next;
            measureLag(connection);
            if (underWay.isEmpty()) {
                stoppingWithin(POLL);
            }
        }
    }

    private void settle(Connection connection, OrderedSender sender, Chunk chunk) throws Exception {
        while (!sender.await(Duration.ofSeconds(1))) {
            measureLag(connection);
        }
        faults.at(name + ".send.after");
        source.sent(connection, chunk);
        connection.commit();
        faults.at(name + ".record.after");
        sent.increment(chunk.records().size());
        failuresInARow = 0;
    }

    private void measureLag(Connection connection) throws SQLException {
        long now = ticker.nanos();
        if (!lagMeasured || now - lagMeasuredNanos >= LAG_INTERVAL_NANOS) {
            lag = source.lag(connection);
            connection.commit();
            lagMeasured = true;
            lagMeasuredNanos = now;
        }
    }

    private boolean stoppingWithin(Duration time) throws InterruptedException {
        return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
