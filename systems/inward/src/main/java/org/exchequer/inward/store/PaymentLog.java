package org.exchequer.inward.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.core.Assessment;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Way;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.outbox.Outbox;
import org.exchequer.platform.outbox.OutboxMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes receipts and endings durable, many in one commit: one thread takes whatever is waiting. When a commit fails, or
 * it is not known whether it did, it is tried again: both are stored once, however often they come.
 */
public final class PaymentLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentLog.class);
    private static final int MOST_WAITING = 16_384;
    private static final int MOST_AT_ONCE = 512;
    private static final long MOST_PAUSE_MS = 500;
    /** From so many in a commit on, the next one waits a little: fewer and larger ones cost much less. */
    private static final int MANY = 8;

    private static final long GATHERING_MS = 10;

    private final DataSource database;
    private final Outbox outbox;
    private final Faults faults;
    private final DistributionSummary sizes;
    private final Counter repeats;
    private final BlockingQueue<Write> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    /** Payments whose score the database does not take, the latest; of the log's thread. */
    private final Set<UUID> refused = Collections.newSetFromMap(new Latest<>());

    /** Of payments without a final answer the number of their last event on record, or of the batch; of its thread. */
    private final Map<UUID, Integer> events = new Latest<>();

    private final Thread thread;
    private volatile boolean closed;

    /** What was put last, as much as can wait at once. */
    private static final class Latest<V> extends LinkedHashMap<UUID, V> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, V> eldest) {
            return size() > MOST_WAITING;
        }
    }

    /** How a batch is stored. */
    private enum How {
        /** None of it is on record: the cheapest way. */
        NEW,
        /** Some of it may be: a commit was not confirmed, or another node was faster. */
        AGAIN,
        /** The database refuses some of it: one record after the other. */
        ALONE
    }

    private sealed interface Write {
        CompletableFuture<?> done();

        record Received(NewPayment payment, CompletableFuture<Receipt> done) implements Write {}

        record Ended(Ending ending, OutboxMessage message, CompletableFuture<Boolean> done) implements Write {
            boolean isFinal() {
                return ending.state().terminal();
            }
        }

        record Assessed(Assessment assessment, CompletableFuture<Void> done) implements Write {}

        record Passed(Way way, CompletableFuture<Void> done) implements Write {}

        record Followed(UUID id, CompletableFuture<Void> done) implements Write {}
    }

    /** Makes one; {@link #start} sets it going. */
    public PaymentLog(DataSource database, Outbox outbox, Faults faults, MeterRegistry meters) {
        this.database = database;
        this.outbox = outbox;
        this.faults = faults;
        this.sizes = meters.summary("exchequer.inward.log.batch");
        this.repeats = meters.counter("exchequer.inward.log.again");
        this.thread = Thread.ofPlatform().name("inward-log").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * Stores a message that came in; done when that is durable.
     *
     * @return empty when too many are waiting: nothing is stored then
     */
    public Optional<CompletableFuture<Receipt>> receive(NewPayment payment) {
        CompletableFuture<Receipt> done = new CompletableFuture<>();
        return waiting.offer(new Write.Received(payment, done)) ? Optional.of(done) : Optional.empty();
    }

    /**
     * Stores an answer with all that led to it, and the message that tells of it, once it is known that there is room
     * for it: its payment was received. True when it is the payment's answer; false when there was one already, which
     * stays. Only "pending" gives way to a final answer.
     */
    public CompletableFuture<Boolean> end(Ending ending, OutboxMessage message) throws InterruptedException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        waiting.put(new Write.Ended(ending, message, done));
        return done;
    }

    /**
     * Stores how a payment was scored, no later than its way or its ending: what comes first is stored first. False
     * when too many are waiting: nothing is stored then.
     */
    public boolean assessed(Assessment assessment) {
        return waiting.offer(new Write.Assessed(assessment, new CompletableFuture<>()));
    }

    /**
     * Stores what has happened to a payment so far; done when that is durable, with all that was given before it.
     *
     * @return empty when too many are waiting: nothing is stored then
     */
    public Optional<CompletableFuture<Void>> passed(Way way) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        return waiting.offer(new Write.Passed(way, done)) ? Optional.of(done) : Optional.empty();
    }

    /** Notes that nothing more has to be said to the liquidity service about a payment; lost when the process dies. */
    public void followed(UUID id) {
        var unused = waiting.offer(new Write.Followed(id, new CompletableFuture<>()));
    }

    private void run() {
        List<Write> batch = new ArrayList<>();
        int failures = 0;
        int last = 0;
        How how = How.NEW;
        while (!closed || !batch.isEmpty()) {
            try {
                if (batch.isEmpty()) {
                    Write first = waiting.poll(100, TimeUnit.MILLISECONDS);
                    if (first == null) {
                        continue;
                    }
                    if (last >= MANY && waiting.size() < MOST_AT_ONCE) {
                        TimeUnit.MILLISECONDS.sleep(GATHERING_MS);
                    }
                    batch.add(first);
                    waiting.drainTo(batch, MOST_AT_ONCE - 1);
                }
                last = batch.size();
                if (how == How.ALONE) {
                    storeEach(batch);
                } else {
                    store(batch, how == How.AGAIN);
                }
                how = How.NEW;
                batch.clear();
                failures = 0;
            } catch (SQLException e) {
                how = isRefused(e) && how == How.AGAIN ? How.ALONE : How.AGAIN;
                failures++;
                repeats.increment();
                String next = how == How.ALONE ? "one by one" : "again";
                LOG.warn("{} records are stored {}, as that failed: {}", batch.size(), next, e.getMessage());
                if (closed || !pause(failures)) {
                    break;
                }
            } catch (InterruptedException e) {
                break;
            }
        }
        waiting.drainTo(batch);
        batch.forEach(write -> write.done().completeExceptionally(new SQLException("the log of payments is closed")));
    }

    /**
     * One after the other, so that what the database takes from nobody keeps nobody else waiting. That is left out, and
     * whoever waits for it told. Of a payment whose score was left out no way is stored either: the ledger is asked
     * only with both on record.
     */
    private void storeEach(List<Write> batch) throws SQLException {
        while (!batch.isEmpty()) {
            Write write = batch.getFirst();
            try {
                if (write instanceof Write.Passed(Way way, var done) && refused.contains(way.id())) {
                    events.remove(way.id());
                    done.completeExceptionally(new SQLException("the payment's score could not be stored"));
                } else {
                    store(List.of(write), true);
                }
            } catch (SQLException e) {
                if (!isRefused(e)) {
                    throw e;
                }
                LOG.error("A record of a payment is left out, as the database refuses it: {}", e.getMessage());
                if (write instanceof Write.Assessed(Assessment assessment, var done)) {
                    refused.add(assessment.payment());
                } else if (write instanceof Write.Passed(Way way, var done)) {
                    events.remove(way.id());
                }
                write.done().completeExceptionally(e);
            }
            batch.removeFirst();
        }
    }

    /** Whether it is for what is in it, so that it will be refused again: data, a constraint, or a limit. */
    private static boolean isRefused(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }

    private static boolean pause(int failures) {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(MOST_PAUSE_MS, 5L << Math.min(failures, 7)));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** The records of one commit, by what they are. */
    private record Batch(
            List<Write.Received> received,
            Map<UUID, Write.Ended> ended,
            List<Write.Ended> repeated,
            List<Write.Assessed> assessed,
            List<Write.Passed> passed,
            List<Write.Followed> followed) {
        static Batch of(List<Write> writes) {
            Batch batch = new Batch(
                    new ArrayList<>(),
                    new HashMap<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
            for (Write write : writes) {
                switch (write) {
                    case Write.Received one -> batch.received.add(one);
                    case Write.Ended one -> batch.end(one);
                    case Write.Assessed one -> batch.assessed.add(one);
                    case Write.Passed one -> batch.passed.add(one);
                    case Write.Followed one -> batch.followed.add(one);
                }
            }
            return batch;
        }

        private void end(Write.Ended one) {
            Write.Ended before = ended.putIfAbsent(one.ending().id(), one);
            if (before != null && one.isFinal() && !before.isFinal()) {
                ended.put(one.ending().id(), one);
                repeated.add(before);
            } else if (before != null) {
                repeated.add(one);
            }
        }
    }

    /** @param again whether some of it may be stored already, and is passed over then */
    private void store(List<Write> writes, boolean again) throws SQLException {
        Batch batch = Batch.of(writes);
        List<Receipt> receipts;
        Set<UUID> answered;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            byIndex(connection);
            faults.at("inward.log.before");
            receipts = batch.received.isEmpty()
                    ? List.of()
                    : PaymentTable.receive(
                            connection,
                            batch.received.stream().map(Write.Received::payment).toList());
            if (!batch.assessed.isEmpty()) {
                FraudTable.insert(
                        connection,
                        batch.assessed.stream().map(Write.Assessed::assessment).toList());
            }
            batch.passed.forEach(one -> onRecord(one.way().id(), one.way().events()));
            answered = PaymentTable.end(
                    connection,
                    batch.ended.values().stream().map(Write.Ended::ending).toList(),
                    batch.passed.stream().map(Write.Passed::way).toList(),
                    events,
                    again);
            List<OutboxMessage> messages = batch.ended.values().stream()
                    .filter(one -> answered.contains(one.ending().id()))
                    .map(Write.Ended::message)
                    .toList();
            if (!messages.isEmpty()) {
                outbox.append(connection, messages);
            }
            if (!batch.followed.isEmpty()) {
                PaymentTable.followed(
                        connection,
                        batch.followed.stream().map(Write.Followed::id).toList());
            }
            connection.commit();
        }
        faults.at("inward.log.after");
        sizes.record(writes.size());
        tell(batch, receipts, answered);
    }

    private void tell(Batch stored, List<Receipt> receipts, Set<UUID> answered) {
        for (int i = 0; i < stored.received.size(); i++) {
            stored.received.get(i).done().complete(receipts.get(i));
        }
        for (Write.Ended one : stored.ended.values()) {
            UUID id = one.ending().id();
            if (one.isFinal()) {
                events.remove(id);
            } else if (answered.contains(id)) {
                onRecord(id, one.ending().events());
            }
            one.done().complete(answered.contains(id));
        }
        stored.repeated.forEach(one -> one.done().complete(false));
        stored.assessed.forEach(one -> one.done().complete(null));
        stored.passed.forEach(one -> one.done().complete(null));
        stored.followed.forEach(one -> one.done().complete(null));
    }

    private void onRecord(UUID payment, List<PaymentEvent> way) {
        if (!way.isEmpty()) {
            events.put(payment, way.getLast().number());
        }
    }

    /**
     * Of the tables of what is open and owed the planner knows that they are as good as empty, and has them read whole:
     * until they are vacuumed, that is all payments of the last minute, for each commit.
     */
    private static void byIndex(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local enable_seqscan = off");
        }
    }

    /** Stops once what is waiting is stored, or cannot be. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
