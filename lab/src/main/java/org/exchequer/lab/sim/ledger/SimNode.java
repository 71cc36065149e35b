package org.exchequer.lab.sim.ledger;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.sim.Fault;
import org.exchequer.lab.sim.Network;
import org.exchequer.lab.sim.SimProcess;
import org.exchequer.lab.sim.Simulation;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;

/**
 * A simulated process of the ledger: standby, or writer with the real core. As the real committer it decides batches
 * against memory, appends them if its epoch is still the present one, publishes, answers; what it does not hear back
 * about it sends again.
 */
final class SimNode extends SimProcess {
    private static final Instant BEGAN = Instant.parse("2026-01-05T09:00:00Z");
    private static final long TICK = 50_000_000;
    private static final long RESEND = 40_000_000;
    private static final int BATCH = 8;
    private static final int RELAYED = 20;

    /** What a caller is told. */
    record Reply(Event.Type type, Map<String, String> values) {
        static Reply refused(String reason) {
            return new Reply(Event.Type.FAIL, Map.of(Functions.REASON, reason));
        }
    }

    private record Submission(Command command, Consumer<Reply> caller) {}

    private record Answering(Consumer<Reply> caller, Reply reply) {}

    private record Batch(long epoch, long after, List<Stored> rows, List<Answering> answers) {}

    private final Network network;
    private final SimDatabase database;
    private final SimBroker broker;
    private final List<Fault> skews;
    private final Bug bug;

    private boolean writing;
    private boolean broken;
    private @Nullable NodeBooks memory;
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private @Nullable Batch inFlight;
    private long epoch;
    private long end;
    private long leaseUntil;
    private long relayed;
    private long relaying;
    private Instant lastBooked = Instant.EPOCH;

    SimNode(
            Simulation simulation,
            int id,
            Network network,
            SimDatabase database,
            SimBroker broker,
            List<Fault> faults,
            Bug bug) {
        super(simulation, id);
        this.network = network;
        this.database = database;
        this.broker = broker;
        this.skews = faults.stream()
                .filter(fault -> fault.kind() == Fault.Kind.SKEW && fault.process() == id)
                .toList();
        this.bug = bug;
    }

    void start() {
        started();
    }

    boolean isWriter() {
        return isUp() && writing;
    }

    /** Whether everything it knows of is durable and relayed. */
    boolean isIdle() {
        return inFlight == null && queue.isEmpty() && relayed == end;
    }

    long epoch() {
        return epoch;
    }

    /** Published totals of an account; null when it has none. */
    Books.@Nullable Totals totals(String account) {
        return memory == null ? null : memory.books.totals(account);
    }

    /** What a reader of an account is told now. */
    Reply read(String account) {
        boolean mayRead = writing && simulation.nanos() < leaseUntil;
        NodeBooks known = memory;
        if (known == null || !(mayRead || bug == Bug.STALE_READ)) {
            return Reply.refused("NO_WRITER");
        }
        Books.Totals totals = known.books.totals(account);
        if (totals == null) {
            return Reply.refused("ACCOUNT_NOT_FOUND");
        }
        Map<String, String> values = new TreeMap<>();
        values.put(Functions.DEBITS, Long.toString(totals.debits()));
        values.put(Functions.CREDITS, Long.toString(totals.credits()));
        values.put(Functions.PENDING_DEBITS, Long.toString(totals.pendingDebits()));
        values.put(Functions.PENDING_CREDITS, Long.toString(totals.pendingCredits()));
        values.put(Functions.POSITION, Long.toString(totals.sequence()));
        return new Reply(Event.Type.OK, values);
    }

    /** Takes a command. */
    void submit(Command command, Consumer<Reply> caller) {
        if (!writing) {
            caller.accept(Reply.refused("NO_WRITER"));
            return;
        }
        queue.add(new Submission(command, caller));
        pump();
    }

    @Override
    protected void started() {
        after(0, this::tick);
    }

    @Override
    protected void crashed() {
        memory = null;
        broken = false;
        queue.clear();
        inFlight = null;
        stepDown();
    }

    private void stepDown() {
        writing = false;
        relaying = 0;
        leaseUntil = 0;
    }

    private void tick() {
        after(TICK, this::tick);
        long asked = simulation.nanos();
        if (!writing && !broken) {
            toDatabase(() -> database.acquire(
                    id(),
                    row -> {
                        List<Stored> journal = List.copyOf(database.journal());
                        toMe(() -> lead(row, journal, asked));
                    },
                    () -> {}));
        } else if (writing && inFlight == null) {
            long mine = epoch;
            toDatabase(() -> database.renew(mine, relayed, answer -> toMe(() -> renewed(mine, answer, asked))));
        }
        pump();
        relay();
    }

    private void lead(SimDatabase.Writer row, List<Stored> journal, long asked) {
        if (writing || row.epoch() <= epoch) {
            return;
        }
        epoch = row.epoch();
        try {
            memory = NodeBooks.replay(journal);
        } catch (NodeBooks.CorruptException e) {
            // As the real ledger: books that do not add up are not served.
            broken = true;
            memory = null;
            return;
        }
        writing = true;
        end = journal.size();
        relayed = row.relayed();
        leaseUntil = asked + SimDatabase.LEASE;
        lastBooked = journal.isEmpty() ? Instant.EPOCH : journal.getLast().at();
    }

    private void renewed(long mine, SimDatabase.Answer answer, long asked) {
        if (writing && mine == epoch) {
            switch (answer) {
                case DONE -> leaseUntil = Math.max(leaseUntil, asked + SimDatabase.LEASE);
                case FENCED -> depose();
            }
        }
    }

    /** Another epoch has begun: what is in flight may be in the journal or not, what waits was not looked at. */
    private void depose() {
        Batch batch = inFlight;
        inFlight = null;
        stepDown();
        if (batch != null && bug != Bug.COMMIT_BEFORE_WRITE) {
            batch.answers().forEach(each -> each.caller().accept(new Reply(Event.Type.INFO, Map.of())));
        }
        queue.forEach(each -> each.caller().accept(Reply.refused("NO_WRITER")));
        queue.clear();
        if (bug != Bug.STALE_READ) {
            memory = null;
        }
    }

    private void pump() {
        NodeBooks known = memory;
        if (!writing || known == null || inFlight != null) {
            return;
        }
        Instant now = now();
        if (queue.isEmpty() && !known.books.hasExpired(now)) {
            return;
        }
        List<Stored> rows = new ArrayList<>();
        List<Answering> answers = new ArrayList<>();
        for (Hold due : known.books.expired(now, BATCH)) {
            rows.add(known.expire(due, now));
        }
        for (int i = 0; i < BATCH && !queue.isEmpty(); i++) {
            Submission submission = queue.remove();
            Stored before = bug == Bug.SKIP_DEDUPE
                    ? null
                    : known.answered(submission.command().key());
            if (before == null) {
                before = known.decide(submission.command(), now);
                rows.add(before);
            }
            answers.add(new Answering(submission.caller(), reply(before, submission.command())));
        }
        lastBooked = now;
        Batch batch = new Batch(epoch, end, rows, answers);
        if (bug == Bug.COMMIT_BEFORE_WRITE || rows.isEmpty()) {
            known.books.publish(end + rows.size());
            batch.answers().forEach(each -> each.caller().accept(each.reply()));
        }
        if (!rows.isEmpty()) {
            inFlight = batch;
            append(batch);
        }
    }

    private static Reply reply(Stored row, Command asked) {
        if (!asked.equals(row.command())) {
            return Reply.refused("IDEMPOTENCY_KEY_REUSED");
        }
        return new Reply(row.accepted() ? Event.Type.OK : Event.Type.FAIL, row.answer());
    }

    private void append(Batch batch) {
        long mine = epoch;
        long asked = simulation.nanos();
        toDatabase(() -> database.append(
                mine, batch.after(), batch.rows(), answer -> toMe(() -> appended(batch, answer, asked))));
        after(RESEND, () -> {
            if (isInFlight(batch)) {
                append(batch);
            }
        });
    }

    private boolean isInFlight(Batch batch) {
        return inFlight != null && inFlight.epoch() == batch.epoch() && inFlight.after() == batch.after();
    }

    private void appended(Batch batch, SimDatabase.Answer answer, long asked) {
        NodeBooks known = memory;
        if (!isInFlight(batch) || known == null) {
            return;
        }
        if (answer == SimDatabase.Answer.FENCED) {
            depose();
            return;
        }
        inFlight = null;
        end += batch.rows().size();
        leaseUntil = Math.max(leaseUntil, asked + SimDatabase.LEASE);
        if (bug != Bug.COMMIT_BEFORE_WRITE) {
            known.books.publish(end);
            batch.answers().forEach(each -> each.caller().accept(each.reply()));
        }
        pump();
        relay();
    }

    /** Sends what is durable to the topic, one piece after the other. */
    private void relay() {
        NodeBooks known = memory;
        if (!writing || known == null || relaying != 0 || relayed >= end) {
            return;
        }
        long to = Math.min(end, relayed + RELAYED);
        List<Message> piece = SimBroker.messages(known.rows().subList((int) relayed, (int) to));
        relaying = to;
        long mine = epoch;
        network.send(this, broker, simulation.nanos(), () -> {
            broker.publish(piece);
            network.send(broker, this, simulation.nanos(), () -> {
                if (writing && epoch == mine && relaying == to) {
                    relayed = to;
                    relaying = 0;
                    relay();
                }
            });
        });
        after(RESEND, () -> {
            if (writing && epoch == mine && relaying == to) {
                relaying = 0;
                relay();
            }
        });
    }

    private Instant now() {
        long skew = 0;
        for (Fault fault : skews) {
            if (fault.from() <= simulation.nanos() && simulation.nanos() < fault.until()) {
                skew += fault.amount();
            }
        }
        Instant wall = BEGAN.plusNanos(simulation.nanos() + skew);
        return wall.isAfter(lastBooked) ? wall : lastBooked;
    }

    private void toDatabase(Runnable action) {
        network.send(this, database, simulation.nanos(), action);
    }

    private void toMe(Runnable action) {
        network.send(database, this, simulation.nanos(), action);
    }
}
