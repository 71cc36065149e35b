package org.exchequer.lab.sim.ledger;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.exchequer.lab.sim.Fault;
import org.exchequer.lab.sim.SimDisk;
import org.exchequer.lab.sim.SimProcess;
import org.exchequer.lab.sim.Simulation;

/**
 * The simulated database: the journal, and the writer's row with epoch, holder and lease. One transaction at a time,
 * answered once it is on the disk. The lease is judged by this process's own time.
 */
final class SimDatabase extends SimProcess {
    static final long LEASE = 300_000_000;
    private static final long SYNC = 4_000_000;
    private static final long SLOW_SYNC = 100_000_000;

    /** The writer's row. */
    record Writer(long epoch, int holder, long leaseUntil, long relayed) {}

    /** What became of a transaction. */
    enum Answer {
        DONE,
        /** Another epoch has begun. */
        FENCED
    }

    private final SimDisk<Writer, Stored> disk = new SimDisk<>(new Writer(0, -1, 0, 0));
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final List<Fault> slow;
    private final Bug bug;
    private boolean busy;

    SimDatabase(Simulation simulation, List<Fault> faults, Bug bug) {
        super(simulation, Plan.DATABASE);
        this.slow = faults.stream()
                .filter(fault -> fault.kind() == Fault.Kind.SLOW_DISK)
                .toList();
        this.bug = bug;
    }

    /** Puts rows on the disk before the run begins. */
    void begin(List<Stored> rows) {
        rows.forEach(disk::append);
        disk.sync();
    }

    List<Stored> journal() {
        return disk.records();
    }

    Writer writer() {
        return disk.header();
    }

    /** Begins a new epoch if the lease has run out, or was this node's own. */
    void acquire(int node, java.util.function.Consumer<Writer> granted, Runnable refused) {
        transaction(
                () -> {
                    Writer writer = disk.header();
                    if (writer.leaseUntil() > simulation.nanos() && writer.holder() != node) {
                        return false;
                    }
                    disk.write(new Writer(writer.epoch() + 1, node, simulation.nanos() + LEASE, writer.relayed()));
                    return true;
                },
                () -> granted.accept(disk.header()),
                refused);
    }

    /**
     * Appends a batch if the epoch is still the present one. A batch that is there already was sent twice.
     *
     * @param after where the journal ended before it
     */
    void append(long epoch, long after, List<Stored> batch, java.util.function.Consumer<Answer> answer) {
        transaction(
                () -> {
                    Writer writer = disk.header();
                    if (writer.epoch() != epoch) {
                        return false;
                    }
                    long end = disk.records().size();
                    if (end == after) {
                        batch.forEach(disk::append);
                    } else if (bug == Bug.DOUBLE_APPLY) {
                        for (int i = 0; i < batch.size(); i++) {
                            disk.append(batch.get(i).at(end + 1 + i));
                        }
                    }
                    disk.write(new Writer(epoch, writer.holder(), simulation.nanos() + LEASE, writer.relayed()));
                    return true;
                },
                () -> answer.accept(Answer.DONE),
                () -> answer.accept(Answer.FENCED));
    }

    /** Extends the lease, and notes how far events were relayed. */
    void renew(long epoch, long relayed, java.util.function.Consumer<Answer> answer) {
        transaction(
                () -> {
                    Writer writer = disk.header();
                    if (writer.epoch() != epoch) {
                        return false;
                    }
                    disk.write(new Writer(
                            epoch, writer.holder(), simulation.nanos() + LEASE, Math.max(writer.relayed(), relayed)));
                    return true;
                },
                () -> answer.accept(Answer.DONE),
                () -> answer.accept(Answer.FENCED));
    }

    private void transaction(BooleanSupplier work, Runnable done, Runnable refused) {
        waiting.add(() -> {
            if (!work.getAsBoolean()) {
                refused.run();
                next();
                return;
            }
            boolean slowly = slow.stream()
                    .anyMatch(fault -> fault.from() <= simulation.nanos() && simulation.nanos() < fault.until());
            after(slowly ? SLOW_SYNC : SYNC, () -> {
                disk.sync();
                done.run();
                next();
            });
        });
        if (!busy) {
            next();
        }
    }

    private void next() {
        Runnable transaction = waiting.poll();
        busy = transaction != null;
        if (transaction != null) {
            transaction.run();
        }
    }

    @Override
    protected void crashed() {
        waiting.clear();
        busy = false;
        List<Stored> lost = disk.crash();
        if (bug == Bug.LOST_HALF_LEG
                && !lost.isEmpty()
                && !lost.getFirst().entry().legs().isEmpty()) {
            disk.append(lost.getFirst().torn());
            disk.sync();
        }
    }
}
