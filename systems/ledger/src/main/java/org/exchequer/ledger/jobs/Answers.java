package org.exchequer.ledger.jobs;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the callers of durable batches their outcomes; those of large ones on a thread of its own. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    /** Below this many, answering costs less than handing the batch to another thread. */
    private static final int HERE = 64;

    private static final int BACKLOG = 16;

    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BACKLOG);
    private final Thread thread =
            Thread.ofPlatform().name("ledger-answers").daemon().unstarted(this::run);
    private volatile boolean closed;

    void start() {
        thread.start();
    }

    /** Waits while too many batches are unanswered. */
    void give(Batch batch) throws InterruptedException {
        if (batch.size() <= HERE) {
            answer(batch);
        } else {
            batches.put(batch);
        }
    }

    /** What was given is still answered. */
    void close() {
        closed = true;
    }

    private void run() {
        try {
            while (!closed || !batches.isEmpty()) {
                Batch batch = batches.poll(100, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    answer(batch);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A bug in one answer must not leave the callers of all later batches waiting. */
    private static void answer(Batch batch) {
        try {
            batch.answer();
        } catch (RuntimeException bug) {
            LOG.error("a batch is durable but could not be answered", bug);
            batch.giveUp("the outcome is in the journal but could not be told; ask again with the same key");
        }
    }
}
