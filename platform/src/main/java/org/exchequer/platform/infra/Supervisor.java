package org.exchequer.platform.infra;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/** Keeps one child process alive: starts it, waits until it answers, starts it again when it dies. */
final class Supervisor implements AutoCloseable {
    /** What is supervised. Called from one thread at a time. */
    interface Program {
        /** For people, e.g. {@code PostgreSQL}. */
        String name();

        /** Clears away what a dead predecessor left and starts the process; does not wait for it to answer. */
        ChildProcess launch() throws IOException, InterruptedException;

        /** One bounded attempt to use it. Throws {@link InfrastructureException} when waiting longer is no use. */
        boolean answers();

        /** Where its output goes, for messages. */
        String log();
    }

    /** Failures in a row, none of which ran for {@link #STEADY}, after which we give up. */
    private static final int MOST_FAILURES = 6;

    private static final Duration STEADY = Duration.ofSeconds(20);
    private static final Duration LONGEST_START = Duration.ofMinutes(10);
    private static final Duration PROBE_EVERY = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration TELL_AFTER = Duration.ofSeconds(2);
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Program program;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final Thread thread;

    /** Of the supervising thread alone: people were told that it is not there yet. */
    private boolean announced;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private ProcessState state = ProcessState.STARTING;
    private boolean stopping;
    private boolean atOnce;
    private @Nullable ChildProcess child;
    private String failure = "";

    private Supervisor(Program program, Ticker ticker, Consumer<String> progress) {
        this.program = program;
        this.ticker = ticker;
        this.progress = progress;
        this.thread =
                Thread.ofPlatform().name("supervise-" + program.name()).daemon().unstarted(this::run);
    }

    /** Will start it at {@link #launch}. */
    static Supervisor of(Program program, Ticker ticker, Consumer<String> progress) {
        return new Supervisor(program, ticker, progress);
    }

    /** Starts it in the background. */
    static Supervisor start(Program program, Ticker ticker, Consumer<String> progress) {
        Supervisor supervisor = of(program, ticker, progress);
        supervisor.launch();
        return supervisor;
    }

    /** Starts it in the background, once. */
    void launch() {
        thread.start();
    }

    ProcessState state() {
        return locked(() -> state);
    }

    /** Process id of the current child or the last one; 0 before the first. */
    long pid() {
        return locked(() -> child == null ? 0L : child.pid());
    }

    /** Waits until it answers. Returns false when the time is over, or it was stopped or given up. */
    boolean awaitRunning(Duration timeout) throws InterruptedException {
        long deadline = ticker.nanos() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (state == ProcessState.STARTING || state == ProcessState.RESTARTING || diedUnnoticed()) {
                long left = deadline - ticker.nanos();
                if (left <= 0 || changed.awaitNanos(left) <= 0) {
                    break;
                }
            }
            return state == ProcessState.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #awaitRunning(Duration)} without a limit of its own, throwing what went wrong. */
    void awaitRunning() throws InterruptedException {
        if (!awaitRunning(LONGEST_START.multipliedBy(MOST_FAILURES))) {
            throw new InfrastructureException(locked(() -> failure.isEmpty() ? program.name() + " stopped" : failure));
        }
    }

    /** Stops the process and the supervision. Safe to call twice. */
    @Override
    public void close() {
        close(false);
    }

    /** As {@link #close()}; at once leaves the process no time to tidy up. */
    void close(boolean now) {
        locked(() -> {
            stopping = true;
            atOnce = now;
            changed.signalAll();
            return true;
        });
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // A child that outlives us would hold the data directory: finish stopping first.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Between the death of a running child and our hearing of it. */
    private boolean diedUnnoticed() {
        return state == ProcessState.RUNNING && (child == null || !child.isAlive());
    }

    private void run() {
        int failures = 0;
        try {
            while (!isStopping()) {
                long began = ticker.nanos();
                String ended = runOnce();
                if (isStopping()) {
                    break;
                }
                boolean steady = ticker.nanos() - began > STEADY.toNanos();
                failures = steady ? 1 : failures + 1;
                if (failures >= MOST_FAILURES) {
                    fail(ended + "; gave up after " + failures + " attempts, see " + program.log());
                    return;
                }
                announce(ended + "; starting it again");
                enter(ProcessState.RESTARTING);
                pause(failures);
            }
            enter(ProcessState.STOPPED);
        } catch (InfrastructureException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            fail(program.name() + ": its supervisor was interrupted");
        } catch (RuntimeException e) {
            fail(program.name() + ": " + e);
        }
    }

    /** One life of the process. Returns how it ended, for people. */
    private String runOnce() throws InterruptedException {
        ChildProcess process;
        try {
            process = program.launch();
        } catch (IOException e) {
            return program.name() + " cannot be started: " + e.getMessage();
        }
        locked(() -> child = process);
        try {
            Optional<String> failed = awaitAnswer(process);
            if (failed.isPresent()) {
                return failed.get();
            }
            enter(ProcessState.RUNNING);
            if (announced) {
                announced = false;
                progress.accept(program.name() + " is ready");
            }
            return awaitEnd(process);
        } finally {
            process.stop(STOP_PATIENCE, locked(() -> atOnce));
        }
    }

    /** Says that it is not there yet; when it is, that will be said too. */
    private void announce(String line) {
        announced = true;
        progress.accept(line);
    }

    private Optional<String> awaitAnswer(ChildProcess process) throws InterruptedException {
        long began = ticker.nanos();
        long tell = TELL_AFTER.toNanos();
        while (!isStopping() && !program.answers()) {
            if (process.awaitExit(PROBE_EVERY)) {
                return Optional.of(program.name() + " ended at start with exit code " + process.awaitExit());
            }
            long elapsed = ticker.nanos() - began;
            if (elapsed > LONGEST_START.toNanos()) {
                return Optional.of(program.name() + " does not answer after " + LONGEST_START.toMinutes() + " min");
            }
            if (elapsed > tell) {
                announce(program.name() + " is starting, " + TimeUnit.NANOSECONDS.toSeconds(elapsed) + " s");
                tell = elapsed + TELL_EVERY.toNanos();
            }
        }
        return Optional.empty();
    }

    private String awaitEnd(ChildProcess process) throws InterruptedException {
        // The exit is awaited on a thread of its own so that this one hears of both: the exit and the wish to stop.
        Thread watcher = Thread.ofVirtual().start(() -> {
            try {
                process.awaitExit();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            locked(() -> {
                changed.signalAll();
                return true;
            });
        });
        lock.lockInterruptibly();
        try {
            while (!stopping && process.isAlive()) {
                changed.await();
            }
            if (stopping) {
                return program.name() + " stopped";
            }
        } finally {
            lock.unlock();
            watcher.interrupt();
        }
        return program.name() + " died with exit code " + process.awaitExit();
    }

    /** None after the first failure, so that a killed process is back at once; then doubling. */
    private void pause(int failures) throws InterruptedException {
        if (failures == 1) {
            return;
        }
        long nanos = Math.min(LONGEST_PAUSE.toNanos(), Duration.ofMillis(100).toNanos() << failures);
        lock.lockInterruptibly();
        try {
            while (!stopping && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(String why) {
        locked(() -> failure = why);
        progress.accept(why);
        enter(ProcessState.FAILED);
    }

    private void enter(ProcessState next) {
        locked(() -> {
            state = next;
            changed.signalAll();
            return true;
        });
    }

    private boolean isStopping() {
        return locked(() -> stopping);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
