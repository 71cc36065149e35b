package org.exchequer.ledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Hold;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.JournalReader.Row;
import org.exchequer.ledger.store.JournalWriter;
import org.exchequer.ledger.store.JournalWriter.DeposedException;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.JournalWriter.KeyTakenException;
import org.exchequer.ledger.store.WriterLease;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. Takes whatever commands wait, decides them in memory, appends them in one commit, answers; then takes
 * what has gathered meanwhile. An idle ledger commits a lone command at once, a busy one thousands together.
 *
 * <p>When the connection breaks, the fate of the batch in flight is unknown: it is looked up on a new connection, and
 * written again if it did not get in. Nobody is told anything before that is known, or 15 seconds have
 * passed.
 */
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int QUEUE = 65_536;
    /** In transfers; a posting counts half its legs. */
    private static final int MAX_BATCH = 8_192;
    /** Below this many, answering costs less than handing the batch to another thread. */
    private static final int ANSWER_HERE = 64;
    /** How long a batch waits for the database before its callers are told that its fate is unknown. */
    private static final long UNKNOWN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** After a key turned up that was in the journal already, this many batches are looked up before they are tried. */
    private static final int CAUTIOUS_BATCHES = 64;

    private static final long EXPIRIES_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long COMPLAIN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long RECONNECT_MS = 200;

    /** Opens a connection of the writer's own, in auto-commit mode. */
    @FunctionalInterface
    public interface Connector {
        Connection connect() throws SQLException;
    }

    /** Why the committer ended. */
    public enum End {
        STOPPED,
        DEPOSED
    }

    private final Books books;
    private final Connector connector;
    private final JournalReader reader;
    private final Clock clock;
    private final Ticker ticker;
    private final Faults faults;
    private final long leaseMs;
    private final LongConsumer onCommit;
    private final LedgerMeters meters;
    private final BlockingQueue<Submission> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Semaphore queued = new Semaphore(QUEUE);
    private final BlockingQueue<Batch> answers = new ArrayBlockingQueue<>(16);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final Thread answerThread;

    private Head head;
    private List<Submission> inFlight = List.of();
    private Instant lastInstant;
    private int cautious;
    private boolean expiriesFailed;
    private long expiriesFailedNanos;
    private boolean complained;
    private long complainedNanos;
    private @Nullable JournalWriter writer;
    private @Nullable Connection connection;
    private WriterLease.@Nullable Session session;
    private volatile boolean stopping;
    private volatile boolean closed;
    private volatile @Nullable End end;
    private volatile long leaseSeenNanos;
    private volatile long committedSequence;

    /**
     * @param head where the journal ends, as returned by the lease
     * @param lastBooked booking time of the last journal entry
     * @param leaseSeenNanos the ticker before the lease was taken or last renewed
     * @param leaseMs life of the lease, renewed by each batch and when idle
     * @param onCommit told the last sequence after each commit, on the committer's thread; must be quick
     */
    public Committer(
            Books books,
            Head head,
            Instant lastBooked,
            long leaseSeenNanos,
            Connector connector,
            JournalReader reader,
            Clock clock,
            Ticker ticker,
            Faults faults,
            long leaseMs,
            LongConsumer onCommit,
            LedgerMeters meters) {
        this.books = books;
        this.head = head;
        this.connector = connector;
        this.reader = reader;
        this.clock = clock;
        this.ticker = ticker;
        this.faults = faults;
        this.leaseMs = leaseMs;
        this.onCommit = onCommit;
        this.meters = meters;
        this.committedSequence = head.lastSequence();
        this.lastInstant = lastBooked;
        this.leaseSeenNanos = leaseSeenNanos;
        this.thread = Thread.ofPlatform().name("ledger-committer").unstarted(this::run);
        this.answerThread = Thread.ofPlatform().name("ledger-answers").daemon().unstarted(this::answerBatches);
    }

    public void start() {
        answerThread.start();
        thread.start();
    }

    /** Queues a command; see {@link org.exchequer.ledger.api.Ledger#submit}. */
    public CompletableFuture<Outcome> submit(Command command) {
        Submission submission = new Submission(command);
        enqueue(submission);
        return submission.answer;
    }

    /** Queues a linked batch; see {@link org.exchequer.ledger.api.Ledger#submitLinked}. */
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        Submission first = Submission.linked(commands);
        enqueue(first);
        List<CompletableFuture<Outcome>> answers = new ArrayList<>(List.of(first.answer));
        first.followers.forEach(follower -> answers.add(follower.answer));
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    private void enqueue(Submission submission) {
        if (stopping) {
            submission.completeAll(new Outcome.Refused(Cause.STOPPING, 1_000));
            return;
        }
        int weight = submission.weight();
        boolean room = queued.tryAcquire(weight);
        if (!room || !queue.offer(submission)) {
            if (room) {
                queued.release(weight);
            }
            meters.refused();
            submission.completeAll(new Outcome.Refused(Cause.OVERLOADED, 100));
            return;
        }
        if (closed) {
            refuseQueued(); // the committer ended between the check and the offer
        }
    }

    /** Last sequence that is durable. */
    public long committedSequence() {
        return committedSequence;
    }

    /** Whether this node may answer reads from memory: its lease still runs, counted from before its last renewal. */
    public boolean holdsLease() {
        return end == null && ticker.nanos() - leaseSeenNanos < TimeUnit.MILLISECONDS.toNanos(leaseMs);
    }

    public long epoch() {
        return head.epoch();
    }

    /** Commands waiting. */
    public int queued() {
        return queue.size();
    }

    /** Why it ended, or null while it runs. */
    public @Nullable End end() {
        return end;
    }

    /** Waits until it has ended. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Finishes what is queued and ends. */
    public void stop() throws InterruptedException {
        stopping = true;
        ended.await();
    }

    private void run() {
        End why = End.STOPPED;
        try {
            while (commitNext()) {
                // each round answers what waited
            }
        } catch (DeposedException deposed) {
            why = End.DEPOSED;
            LOG.warn("deposed: {}", deposed.getMessage());
        } catch (InterruptedException interrupted) {
            LOG.warn("interrupted, ending");
        } catch (RuntimeException | Error bug) {
            LOG.error("the committer failed; it ends, and the books are recovered from the journal", bug);
            why = End.DEPOSED;
        } finally {
            end = why;
            stopping = true;
            closed = true;
            // Answered ones stay as they are; the rest, if a bug or an interrupt got us here, must not wait for ever.
            giveUp(inFlight, "the writer ended while the outcome was open");
            refuseQueued();
            disconnect();
            ended.countDown();
        }
    }

    /** Takes and commits one batch; false when it is time to end. */
    private boolean commitNext() throws InterruptedException, DeposedException {
        Submission first = queue.poll(stopping ? 0 : Math.min(leaseMs / 4, 100), TimeUnit.MILLISECONDS);
        if (first == null && stopping) {
            return false;
        }
        if (first != null || (!expiriesRest() && books.hasExpired(clock.instant()))) {
            inFlight = first == null ? List.of() : gather(first);
            commit(inFlight);
            inFlight = List.of();
        }
        // Also after a batch: one that only repeated old answers has not moved the writer's row.
        renewIfDue();
        return true;
    }

    /** Whether the database refused a batch with expiries a moment ago; commands go on without them meanwhile. */
    private boolean expiriesRest() {
        return expiriesFailed && ticker.nanos() - expiriesFailedNanos < EXPIRIES_REST_NANOS;
    }

    /** Everything that waits, up to a bound in number and in size. */
    private List<Submission> gather(Submission first) {
        List<Submission> submissions = new ArrayList<>();
        int weight = 0;
        for (Submission next = first; next != null; next = queue.poll()) {
            submissions.add(next);
            weight += next.weight();
            if (weight >= MAX_BATCH) {
                break;
            }
        }
        queued.release(weight);
        return submissions;
    }

    private void commit(List<Submission> submissions) throws InterruptedException, DeposedException {
        List<Submission> left = submissions;
        do {
            Instant now = bookingTime();
            List<Hold> due = expiriesRest() ? List.of() : books.expired(now, MAX_BATCH);
            int taken = commit(left, due);
            left = left.subList(taken, left.size());
        } while (!left.isEmpty());
    }

    /** Commits as many of the submissions as fit a batch, and returns how many. */
    private int commit(List<Submission> submissions, List<Hold> due) throws InterruptedException, DeposedException {
        long started = ticker.nanos();
        Instant now = lastInstant;
        boolean lookedUp = cautious > 0;
        while (true) {
            Batch batch = null;
            try {
                Map<UUID, Row> before = Map.of();
                if (lookedUp) {
                    cautious = Math.max(0, cautious - 1);
                    before = lookUp(submissions);
                }
                batch = decide(submissions, due, before, now);
                write(batch, submissions);
            } catch (KeyTakenException taken) {
                undo(batch);
                if (lookedUp) {
                    // Taken, yet not there to be found: a damaged index. Never a reason to try the same again.
                    isolate(submissions, due, new RejectedByDatabaseException(taken));
                    return submissions.size();
                }
                lookedUp = true;
                cautious = CAUTIOUS_BATCHES;
                continue;
            } catch (RejectedByDatabaseException refused) {
                undo(batch);
                isolate(submissions, due, refused);
                return submissions.size();
            }
            books.publish(head.lastSequence());
            committedSequence = head.lastSequence();
            onCommit.accept(committedSequence);
            answer(batch);
            meters.committed(batch.entries().size(), ticker.nanos() - started);
            return batch.taken();
        }
    }

    private static void undo(@Nullable Batch batch) {
        if (batch != null) {
            batch.undo();
        }
    }

    private Map<UUID, Row> lookUp(List<Submission> submissions)
            throws InterruptedException, DeposedException, RejectedByDatabaseException {
        return withConnection(submissions, c -> reader.byKeyDigest(c, keys(submissions)));
    }

    private Batch decide(List<Submission> submissions, List<Hold> due, Map<UUID, Row> before, Instant now)
            throws InterruptedException, DeposedException, RejectedByDatabaseException {
        Set<Long> named = new HashSet<>();
        for (Submission submission : submissions) {
            name(submission.command, named);
            submission.followers.forEach(follower -> name(follower.command, named));
        }
        Map<Long, Original> originals =
                named.isEmpty() ? Map.of() : withConnection(submissions, c -> reader.originals(c, named, books));
        return new Batch(books, submissions, due, before, originals, head.lastSequence() + 1, now);
    }

    private void name(Command command, Set<Long> named) {
        for (long id : refersTo(command)) {
            // Of an open hold, all that may be asked is in memory.
            if (command instanceof Command.Reverse || books.hold(id) == null) {
                named.add(id);
            }
        }
    }

    /** The journal entries that a command names. */
    static List<Long> refersTo(Command command) {
        return switch (command) {
            case Command.Reverse reverse -> List.of(reverse.transactionId());
            case Command.PostPending post -> List.of(post.pendingId());
            case Command.VoidPending release -> List.of(release.pendingId());
            case Command.DecideAdjustment decide -> List.of(decide.adjustmentId());
            default -> List.of();
        };
    }

    /** Writes until the batch is durable, over as many connections as it takes. */
    private void write(Batch batch, List<Submission> submissions)
            throws InterruptedException, DeposedException, KeyTakenException, RejectedByDatabaseException {
        if (batch.entries().isEmpty()) {
            return;
        }
        long last = batch.entries().getLast().sequence();
        long started = ticker.nanos();
        boolean inDoubt = false;
        while (true) {
            try {
                JournalWriter current = writer();
                if (inDoubt) {
                    Head actual = current.head();
                    if (actual.lastSequence() == last) {
                        head = actual;
                        return;
                    }
                    inDoubt = false;
                }
                long sent = ticker.nanos();
                byte[] hash = current.append(head, batch.entries());
                head = new Head(head.epoch(), last, hash);
                leaseSeenNanos = sent;
                return;
            } catch (KeyTakenException taken) {
                throw taken;
            } catch (DeposedException deposed) {
                afterDeposition(batch, submissions, inDoubt);
                throw deposed;
            } catch (SQLException e) {
                // A server that dies for want of room leaves it open; one that lives on has rolled back.
                boolean noRoom = DatabaseTrouble.isOutOfRoom(e) && connectionLives();
                disconnect();
                if (!inDoubt && (noRoom || !DatabaseTrouble.isPassing(e))) {
                    throw new RejectedByDatabaseException(e);
                }
                inDoubt = true;
                LOG.warn("batch {}..{} in doubt: {}", head.lastSequence() + 1, last, e.getMessage());
                meters.connectionLost();
                waitForDatabase(submissions, started);
            }
        }
    }

    /** What to tell the callers of a batch whose writer was deposed: a successor will never take it over. */
    private static void afterDeposition(Batch batch, List<Submission> submissions, boolean inDoubt) {
        batch.undo();
        for (Submission submission : submissions) {
            submission.completeAll(
                    inDoubt
                            ? new Outcome.Unknown("the writer changed while the outcome was in doubt")
                            : new Outcome.Refused(Cause.NO_WRITER, 500));
        }
    }

    /**
     * The database refuses something in the batch itself, so each command is tried alone, and holds that are due rest
     * for a while; only the culprit fails. But when there is no room for any, all of them are refused at once.
     */
    private void isolate(List<Submission> submissions, List<Hold> due, RejectedByDatabaseException refused)
            throws InterruptedException, DeposedException {
        complain(submissions.size(), due.size(), refused);
        if (!due.isEmpty()) {
            expiriesFailed = true;
            expiriesFailedNanos = ticker.nanos();
        }
        if (DatabaseTrouble.isOutOfRoom(refused.cause) || (submissions.size() == 1 && due.isEmpty())) {
            submissions.forEach(alone -> alone.completeAll(new Outcome.Refused(Cause.STORAGE, 1_000)));
            return;
        }
        for (Submission submission : submissions) {
            commit(List.of(submission), List.of());
        }
    }

    /** In full once a minute: where the reason is a full disk, the log is on it too. */
    private void complain(int commands, int expiries, RejectedByDatabaseException refused) {
        long now = ticker.nanos();
        if (!complained || now - complainedNanos > COMPLAIN_NANOS) {
            complained = true;
            complainedNanos = now;
            LOG.error("the database refused a batch of {} commands and {} expiries", commands, expiries, refused);
        } else {
            LOG.debug("the database refused a batch of {} commands: {}", commands, refused.getMessage());
        }
    }

    private void answer(Batch batch) throws InterruptedException {
        if (batch.size() <= ANSWER_HERE) {
            answerSafely(batch);
        } else {
            answers.put(batch);
        }
    }

    private void answerBatches() {
        try {
            while (!closed || !answers.isEmpty()) {
                Batch batch = answers.poll(100, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    answerSafely(batch);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A bug in one answer must not leave the callers of all later batches waiting. */
    private static void answerSafely(Batch batch) {
        try {
            batch.answer();
        } catch (RuntimeException bug) {
            LOG.error("a batch is durable but could not be answered", bug);
            batch.giveUp("the outcome is in the journal but could not be told; ask again with the same key");
        }
    }

    private void renewIfDue() throws DeposedException, InterruptedException {
        long now = ticker.nanos();
        if (now - leaseSeenNanos < TimeUnit.MILLISECONDS.toNanos(leaseMs / 3)) {
            return;
        }
        try {
            writer().renewLease();
            leaseSeenNanos = now;
        } catch (SQLException e) {
            LOG.warn("cannot renew the lease: {}", e.getMessage());
            disconnect();
            pause();
        }
    }

    /** Booking times never go back, whatever the clock does; whole microseconds, as the database keeps them. */
    private Instant bookingTime() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        lastInstant = now.isAfter(lastInstant) ? now : lastInstant;
        return lastInstant;
    }

    @FunctionalInterface
    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T withConnection(List<Submission> submissions, Query<T> query)
            throws InterruptedException, DeposedException, RejectedByDatabaseException {
        long started = ticker.nanos();
        while (true) {
            try {
                writer();
                Connection open = connection;
                if (open == null) {
                    throw new SQLException("no connection", "08003");
                }
                return query.run(open);
            } catch (SQLException e) {
                LOG.warn("cannot read the journal: {}", e.getMessage());
                disconnect();
                if (!DatabaseTrouble.isPassing(e)) {
                    throw new RejectedByDatabaseException(e);
                }
                waitForDatabase(submissions, started);
            }
        }
    }

    /** The writer's connection. A new one first sees to it that the session of the lost one has ended. */
    private JournalWriter writer() throws SQLException {
        JournalWriter open = writer;
        if (open == null) {
            Connection fresh = connector.connect();
            try {
                if (session != null) {
                    WriterLease.end(fresh, session);
                }
                session = WriterLease.session(fresh);
                open = new JournalWriter(fresh, faults, head.epoch(), leaseMs);
            } catch (SQLException e) {
                fresh.close();
                throw e;
            }
            connection = fresh;
            writer = open;
        }
        return open;
    }

    private boolean connectionLives() {
        try {
            return connection != null && connection.isValid(1);
        } catch (SQLException e) {
            LOG.debug("the writer's connection cannot be asked", e);
            return false;
        }
    }

    private void disconnect() {
        JournalWriter open = writer;
        if (open != null) {
            open.close();
            writer = null;
            connection = null;
        }
    }

    private void waitForDatabase(List<Submission> waiting, long since) throws InterruptedException {
        if (ticker.nanos() - since > UNKNOWN_AFTER_NANOS) {
            giveUp(waiting, "the database has been away; ask again with the same key");
            refuseQueued();
            if (stopping) {
                throw new InterruptedException("stopping while the database is away");
            }
        }
        pause();
    }

    private static void giveUp(List<Submission> submissions, String why) {
        for (Submission submission : submissions) {
            submission.completeAll(new Outcome.Unknown(why));
        }
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(RECONNECT_MS);
    }

    private void refuseQueued() {
        List<Submission> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        for (Submission submission : waiting) {
            queued.release(submission.weight());
            submission.completeAll(new Outcome.Refused(Cause.NO_WRITER, 500));
        }
    }

    private static List<UUID> keys(List<Submission> submissions) {
        List<UUID> keys = new ArrayList<>();
        for (Submission submission : submissions) {
            keys.add(submission.keyDigest);
            submission.followers.forEach(follower -> keys.add(follower.keyDigest));
        }
        return keys;
    }

    /** The database will not have this batch, however often it is tried. */
    private static final class RejectedByDatabaseException extends Exception {
        private static final long serialVersionUID = 1L;

        final transient SQLException cause;

        RejectedByDatabaseException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
