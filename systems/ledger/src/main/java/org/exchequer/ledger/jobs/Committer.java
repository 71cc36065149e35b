package org.exchequer.ledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Hold;
import org.exchequer.ledger.jobs.JournalSession.RejectedByDatabaseException;
import org.exchequer.ledger.store.BatchEncoder;
import org.exchequer.ledger.store.JournalEntry;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.JournalReader.Row;
import org.exchequer.ledger.store.JournalWriter.DeposedException;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.JournalWriter.KeyTakenException;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer. Takes whatever commands wait, decides them in memory, appends them in one commit, answers; then takes
 * what has gathered meanwhile. An idle ledger commits a lone command at once, a busy one thousands together.
 *
 * <p>A large batch is written by a thread of its own, while the next one is already decided on top of it. The next is
 * written only when the one before is durable; when that one fails, both are taken back and decided again. What has to
 * be looked up in the journal first waits until no batch is on its way.
 *
 * <p>When the connection breaks, the fate of the batch in flight is unknown until it was looked up: see {@link
 * JournalSession}. Nobody is told anything before that is known, or 15 seconds have passed.
 */
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    /** How long a batch waits for the database before its callers are told that its fate is unknown. */
    private static final long UNKNOWN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final String ENDED = "the writer ended while the outcome was open";
    private static final String DATABASE_AWAY = "the database has been away; ask again with the same key";

    /** For how long a batch may grow. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A batch that has come to so many bytes takes no further command. */
    private static final int MAX_BYTES = 8 << 20;

    /** The same when no more of them fit. Its end wakes the committer in any case. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** After a key turned up that was in the journal already, this many batches are looked up before they are tried. */
    private static final int CAUTIOUS_BATCHES = 64;

    /** Below this many, writing costs less than handing the batch to another thread would win. */
    private static final int WRITE_HERE = 256;
    /** While a batch is being written, how often commands that came meanwhile are decided. */
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long EXPIRIES_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long COMPLAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

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
    private final JournalReader reader;
    private final Clock clock;
    private final Ticker ticker;
    private final long epoch;
    private final long leaseMs;
    private final LongConsumer onCommit;
    private final LedgerMeters meters;
    private final CommandQueue queue;
    private final Answers answers = new Answers();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final ExecutorService journalThread;

    private final JournalSession session;
    private final BatchEncoder[] encoders = {new BatchEncoder(), new BatchEncoder()};

    /** Where the journal ends when everything decided so far is in it. */
    private Head decided;
    /** The batch on its way to the database, if any. */
    private @Nullable Flight inFlight;
    /** The batch decided on top of that, if any. */
    private @Nullable Flight ahead;
    /** Taken from the queue, and never sent to the database. */
    private List<Submission> open = List.of();
    /** Being committed one batch after the other, with nothing else on its way: some may be durable already. */
    private List<Submission> redoing = List.of();

    private int batches;
    private Instant lastInstant;
    private int cautious;
    private boolean expiriesFailed;
    private long expiriesFailedNanos;
    private boolean complained;
    private long complainedNanos;
    private volatile boolean stopping;
    private volatile @Nullable End end;
    private volatile long committedSequence;

    /**
     * @param head where the journal ends, as returned by the lease
     * @param lastBooked booking time of the last journal entry
     * @param leaseSeenNanos the ticker before the lease was taken or last renewed
     * @param leaseMs life of the lease, renewed by each batch and when idle
     * @param onCommit told the last sequence after each commit, by the thread that committed; must be quick
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
        this.decided = head;
        this.session = new JournalSession(head, leaseSeenNanos, connector, ticker, faults, leaseMs, meters);
        this.reader = reader;
        this.clock = clock;
        this.ticker = ticker;
        this.leaseMs = leaseMs;
        this.onCommit = onCommit;
        this.meters = meters;
        this.queue = new CommandQueue(meters);
        this.committedSequence = head.lastSequence();
        this.lastInstant = lastBooked;
        this.epoch = head.epoch();
        this.thread = Thread.ofPlatform().name("ledger-committer").unstarted(this::run);
        this.journalThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("ledger-journal").daemon().factory());
    }

    public void start() {
        answers.start();
        thread.start();
    }

    /** Queues a command; see {@link org.exchequer.ledger.api.Ledger#submit}. */
    public CompletableFuture<Outcome> submit(Command command) {
        Submission submission = new Submission(command);
        queue.add(submission);
        return submission.answer;
    }

    /** Queues a linked batch; see {@link org.exchequer.ledger.api.Ledger#submitLinked}. */
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        Submission first = Submission.linked(commands);
        queue.add(first);
        List<CompletableFuture<Outcome>> answers = new ArrayList<>(List.of(first.answer));
        first.followers.forEach(follower -> answers.add(follower.answer));
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

    /** Last sequence that is durable. */
    public long committedSequence() {
        return committedSequence;
    }

    /** Whether this node may answer reads from memory: its lease still runs, counted from before its last renewal. */
    public boolean holdsLease() {
        return end == null && ticker.nanos() - session.leaseSeenNanos() < TimeUnit.MILLISECONDS.toNanos(leaseMs);
    }

    public long epoch() {
        return epoch;
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
        queue.stop();
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
            queue.stop();
            // What is at the database ends by itself: while stopping, it does not wait for long.
            journalThread.close();
            answers.close();
            queue.close();
            // Answered ones stay as they are; the rest, if a bug or an interrupt got us here, must not wait for ever.
            giveUp(inFlight == null ? List.of() : inFlight.submissions, ENDED);
            giveUp(redoing, ENDED);
            refuse(ahead == null ? List.of() : ahead.submissions);
            refuse(open);
            session.close();
            ended.countDown();
        }
    }

    /** Takes and commits one batch; false when it is time to end. */
    private boolean commitNext() throws InterruptedException, DeposedException {
        if (open.isEmpty()) {
            open = queue.gather(await(), CommandQueue.MAX_BATCH);
        }
        if (open.isEmpty() && (expiriesRest() || !books.hasExpired(clock.instant()))) {
            land();
            // Also after a batch: one that only repeated old answers has not moved the writer's row.
            session.renewIfDue();
            return !stopping || !queue.isEmpty();
        }
        if (needsJournal(open)) {
            land();
            redoing = open;
            open = List.of();
            commit(redoing);
            redoing = List.of();
        } else {
            commitAhead();
        }
        if (inFlight == null) {
            session.renewIfDue();
        }
        return true;
    }

    /** The next command; null when there is none for a while. Looks after the batch that is being written meanwhile. */
    private @Nullable Submission await() throws InterruptedException, DeposedException {
        Submission first = null;
        while (inFlight != null) {
            // While its callers have been told to come again, nobody else is kept waiting behind it.
            if (inFlight.done || inFlight.gaveUp) {
                land();
            } else {
                first = queue.poll();
                if (first != null) {
                    return first;
                }
                park(LOOK_NANOS);
            }
        }
        return queue.poll(stopping ? 0 : Math.min(leaseMs / 4, 100));
    }

    /** Whether the database refused a batch with expiries a moment ago; commands go on without them meanwhile. */
    private boolean expiriesRest() {
        return expiriesFailed && ticker.nanos() - expiriesFailedNanos < EXPIRIES_REST_NANOS;
    }

    /** Until the batch on its way may have ended, or more has come. */
    private static void park(long nanos) throws InterruptedException {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Whether something has to be looked up before these can be decided. */
    private boolean needsJournal(List<Submission> submissions) {
        return cautious > 0 || !Lookups.named(submissions, books).isEmpty();
    }

    /**
     * Decides what is open on top of the batch that is being written, and goes on with what comes as long as that is;
     * then hands over the next one. What is left undecided stays open.
     */
    private void commitAhead() throws InterruptedException, DeposedException {
        Instant now = bookingTime();
        List<Hold> due = expiriesRest() ? List.of() : books.expired(now, CommandQueue.MAX_BATCH);
        Flight next = new Flight(due, Map.of(), Map.of(), now);
        ahead = next;
        open = next.take(open);
        while (open.isEmpty() && mayGrow(next)) {
            park(LOOK_NANOS);
            open = queue.gather(queue.poll(), CommandQueue.MAX_BATCH - next.submissions.size());
            if (needsJournal(open)) {
                break;
            }
            open = next.take(open);
        }
        if (!land()) {
            return;
        }
        inFlight = next;
        ahead = null;
        next.seal();
        if (next.batch.size() < WRITE_HERE) {
            next.run();
            land();
        } else {
            journalThread.execute(next);
        }
    }

    /** Whether a batch may take more: it books all at the time of its first command, which must not be long ago. */
    private boolean mayGrow(Flight next) {
        return inFlight != null
                && !inFlight.done
                && !inFlight.gaveUp
                && next.submissions.size() < CommandQueue.MAX_BATCH
                && ticker.nanos() - next.started < AHEAD_NANOS;
    }

    /**
     * Waits until the batch on its way is durable. False when what was decided on top of it has been taken back:
     * because it failed and had to be decided again, or because its callers have given up.
     */
    private boolean land() throws InterruptedException, DeposedException {
        Flight flight = inFlight;
        if (flight == null) {
            return true;
        }
        boolean intact = true;
        while (!flight.done) {
            park(WAIT_NANOS);
            if (flight.gaveUp) {
                intact &= ahead == null;
                refuse(takeBackAhead());
                open = List.of();
            }
        }
        if (flight.failure == null) {
            inFlight = null;
            return intact;
        }
        open = takeBackAhead();
        redoing = flight.submissions;
        if (failed(flight)) {
            cautious = CAUTIOUS_BATCHES;
            commit(redoing);
        }
        redoing = List.of();
        return false;
    }

    /** Takes back what was decided ahead, and returns it with everything else that is open. */
    private List<Submission> takeBackAhead() {
        if (ahead == null) {
            return open;
        }
        ahead.batch.undo();
        List<Submission> all = new ArrayList<>(ahead.submissions);
        all.addAll(open);
        ahead = null;
        return all;
    }

    private void commit(List<Submission> submissions) throws InterruptedException, DeposedException {
        List<Submission> left = submissions;
        do {
            Instant now = bookingTime();
            List<Hold> due = expiriesRest() ? List.of() : books.expired(now, CommandQueue.MAX_BATCH);
            left = commit(left, due, now);
        } while (!left.isEmpty());
    }

    /** Commits as many of the submissions as fit a batch, with nothing else on its way, and returns those left. */
    private List<Submission> commit(List<Submission> submissions, List<Hold> due, Instant now)
            throws InterruptedException, DeposedException {
        boolean lookedUp = cautious > 0;
        while (true) {
            Flight flight;
            List<Submission> left;
            try {
                Map<UUID, Row> before = Map.of();
                if (lookedUp) {
                    cautious = Math.max(0, cautious - 1);
                    before = read(submissions, c -> reader.byKeyDigest(c, Lookups.keys(submissions)));
                }
                Set<Long> named = Lookups.named(submissions, books);
                Map<Long, Original> originals =
                        named.isEmpty() ? Map.of() : read(submissions, c -> reader.originals(c, named, books));
                flight = new Flight(due, before, originals, now);
            } catch (RejectedByDatabaseException refused) {
                isolate(submissions, due, refused);
                return List.of();
            }
            left = flight.take(submissions);
            flight.seal();
            inFlight = flight;
            flight.run();
            if (flight.failure == null) {
                inFlight = null;
                return left;
            }
            if (!failed(flight)) {
                return left;
            }
            if (lookedUp && flight.failure instanceof KeyTakenException taken) {
                // Taken, yet not there to be found: a damaged index. Never a reason to try the same again.
                isolate(flight.submissions, due, new RejectedByDatabaseException(taken));
                return left;
            }
            lookedUp = true;
            cautious = CAUTIOUS_BATCHES;
        }
    }

    private <T> T read(List<Submission> submissions, JournalSession.Query<T> query)
            throws InterruptedException, DeposedException, RejectedByDatabaseException {
        return session.read(query, nanos -> databaseAway(submissions, nanos));
    }

    /** A batch, from its first command to its last answer. */
    private final class Flight implements Runnable {
        final Batch batch;
        final List<Hold> due;
        final List<Submission> submissions = new ArrayList<>();
        private final BatchEncoder encoder = encoders[batches++ & 1];
        private final long started = ticker.nanos();
        private int encoded;
        private Head after = decided;
        private Books.@Nullable Sealed sealed;
        private @Nullable Throwable failure;
        private boolean inDoubt;
        private volatile boolean gaveUp;
        private volatile boolean done;

        Flight(List<Hold> due, Map<UUID, Row> before, Map<Long, Original> originals, Instant now) {
            this.due = due;
            this.batch = new Batch(books, due, before, originals, decided.lastSequence() + 1, now);
            encoder.clear();
        }

        /** Decides as many as there is room for, and returns those left. */
        List<Submission> take(List<Submission> more) {
            int taken = 0;
            while (taken < more.size() && encoder.length() < MAX_BYTES && batch.take(more.get(taken))) {
                submissions.add(more.get(taken++));
                encode();
            }
            return more.subList(taken, more.size());
        }

        private void encode() {
            for (List<JournalEntry> entries = batch.entries(); encoded < entries.size(); encoded++) {
                encoder.add(entries.get(encoded));
            }
        }

        /** Nothing further is taken. */
        void seal() {
            encode(); // a batch of expiries alone has taken nothing yet
            if (!batch.entries().isEmpty()) {
                after = new Head(epoch, batch.entries().getLast().sequence(), encoder.chain(decided.hash()));
                decided = after;
            }
            sealed = books.seal(after.lastSequence());
        }

        /** Writes, publishes and answers. */
        @Override
        public void run() {
            try {
                if (!batch.entries().isEmpty()) {
                    session.append(batch.entries(), encoder, after, this::databaseAway);
                }
                books.publish(Objects.requireNonNull(sealed));
                committedSequence = after.lastSequence();
                onCommit.accept(committedSequence);
                answers.give(batch);
                meters.committed(batch.entries().size(), ticker.nanos() - started);
            } catch (Exception | Error e) {
                failure = e;
                inDoubt = session.inDoubt();
            }
            done = true;
            LockSupport.unpark(thread);
        }

        private void databaseAway(long nanos) throws InterruptedException {
            gaveUp |= nanos > UNKNOWN_AFTER_NANOS;
            Committer.this.databaseAway(submissions, nanos);
        }
    }

    /**
     * Takes a batch that did not get in back out of the books. True when a key of it is in the journal already; false
     * when the database refused it, and its commands have been dealt with.
     */
    private boolean failed(Flight flight) throws InterruptedException, DeposedException {
        Throwable failure = flight.failure;
        if (failure instanceof DeposedException deposed) {
            afterDeposition(flight);
            throw deposed;
        }
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (!(failure instanceof KeyTakenException) && !(failure instanceof RejectedByDatabaseException)) {
            throw new IllegalStateException("a batch failed", failure);
        }
        flight.batch.undo();
        decided = session.head();
        inFlight = null;
        if (failure instanceof RejectedByDatabaseException refused) {
            isolate(flight.submissions, flight.due, refused);
            return false;
        }
        return true;
    }

    /** What to tell the callers of a batch whose writer was deposed: a successor will never take it over. */
    private static void afterDeposition(Flight flight) {
        for (Submission submission : flight.submissions) {
            submission.completeAll(
                    flight.inDoubt
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
        if (refused.isOutOfRoom() || (submissions.size() == 1 && due.isEmpty())) {
            submissions.forEach(alone -> alone.completeAll(new Outcome.Refused(Cause.STORAGE, 1_000)));
            return;
        }
        for (Submission submission : submissions) {
            commit(List.of(submission), List.of(), bookingTime());
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

    /** Booking times never go back, whatever the clock does; whole microseconds, as the database keeps them. */
    private Instant bookingTime() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        lastInstant = now.isAfter(lastInstant) ? now : lastInstant;
        return lastInstant;
    }

    /** Callers wait no longer than this for the database. */
    private void databaseAway(List<Submission> waiting, long nanos) throws InterruptedException {
        if (nanos > UNKNOWN_AFTER_NANOS) {
            giveUp(waiting, DATABASE_AWAY);
            queue.refuseAll();
            if (Thread.currentThread().equals(thread)) {
                giveUp(redoing, DATABASE_AWAY);
                refuse(open);
                open = List.of();
            }
            if (stopping) {
                throw new InterruptedException("stopping while the database is away");
            }
        }
    }

    private static void giveUp(List<Submission> submissions, String why) {
        for (Submission submission : submissions) {
            submission.completeAll(new Outcome.Unknown(why));
        }
    }

    /** For commands that were never sent to the database. */
    private static void refuse(List<Submission> submissions) {
        for (Submission submission : submissions) {
            submission.completeAll(new Outcome.Refused(Cause.NO_WRITER, 500));
        }
    }
}
