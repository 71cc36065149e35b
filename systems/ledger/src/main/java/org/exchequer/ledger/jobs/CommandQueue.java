package org.exchequer.ledger.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.jspecify.annotations.Nullable;

/** Commands that wait for the writer: bounded in number and in size, beyond which they are refused. */
final class CommandQueue {
    /** In transfers; a posting counts half its legs. */
    static final int MAX_BATCH = 8_192;

    private static final int CAPACITY = 65_536;

    private final BlockingQueue<Submission> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Semaphore room = new Semaphore(CAPACITY);
    private final LedgerMeters meters;
    private volatile boolean stopping;
    private volatile boolean closed;

    CommandQueue(LedgerMeters meters) {
        this.meters = meters;
    }

    /** Queues it, or refuses it at once. */
    void add(Submission submission) {
        if (stopping) {
            submission.completeAll(new Outcome.Refused(Cause.STOPPING, 1_000));
            return;
        }
        int weight = submission.weight();
        boolean fits = room.tryAcquire(weight);
        if (!fits || !queue.offer(submission)) {
            if (fits) {
                room.release(weight);
            }
            meters.refused();
            submission.completeAll(new Outcome.Refused(Cause.OVERLOADED, 100));
            return;
        }
        if (closed) {
            refuseAll(); // nobody takes it any more: the queue was closed between the check and the offer
        }
    }

    /** Commands waiting. */
    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The next one; to be given to {@link #gather}. */
    @Nullable
    Submission poll() {
        return queue.poll();
    }

    /** The next one, or null when none comes in time; to be given to {@link #gather}. */
    @Nullable
    Submission poll(long timeoutMs) throws InterruptedException {
        return queue.poll(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** This one and everything else that waits, up to this weight, which the last may exceed. */
    List<Submission> gather(@Nullable Submission first, int atMost) {
        List<Submission> submissions = new ArrayList<>();
        int weight = 0;
        for (Submission next = first; next != null; next = queue.poll()) {
            submissions.add(next);
            weight += next.weight();
            if (weight >= atMost) {
                break;
            }
        }
        room.release(weight);
        return submissions;
    }

    /** From now on, commands are refused. */
    void stop() {
        stopping = true;
    }

    /** What waits is refused, and whatever may still come. */
    void close() {
        stopping = true;
        closed = true;
        refuseAll();
    }

    void refuseAll() {
        List<Submission> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        for (Submission submission : waiting) {
            room.release(submission.weight());
            submission.completeAll(new Outcome.Refused(Cause.NO_WRITER, 500));
        }
    }
}
