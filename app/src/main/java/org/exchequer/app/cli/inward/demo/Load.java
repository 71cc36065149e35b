package org.exchequer.app.cli.inward.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.app.cli.inward.InwardServer;
import org.exchequer.app.cli.inward.demo.Sent.Message;
import org.exchequer.app.cli.inward.demo.Sent.Told;
import org.exchequer.kernel.Ticker;

/**
 * Sends messages at their times, whether or not answers come: an open loop. Each is sent on a virtual thread of its own
 * and timed from when it was to be sent. One that was not taken is sent again, as the server asks, until it is too
 * late; one whose connection breaks, too: the same message is carried out once.
 */
final class Load implements AutoCloseable {
    private static final long AGAIN = Duration.ofMillis(200).toNanos();
    private static final byte[] NOTHING = {};

    private final InwardServer server;
    private final Traffic traffic;
    private final Ticker ticker;
    private final long hardNanos;
    private final List<Sent> sent = new ArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Load(InwardServer server, Traffic traffic, Ticker ticker, Duration hard) {
        this.server = server;
        this.traffic = traffic;
        this.ticker = ticker;
        this.hardNanos = hard.toNanos();
    }

    /** What is looked at while it runs. */
    interface Watcher {
        /** @param elapsedNanos since the start */
        void at(long elapsedNanos) throws InterruptedException;
    }

    /**
     * Sends for so long at this mean rate, a second. It rises to that from a tenth of it during the first sixth: nobody
     * sends all they have to a program that has just started.
     */
    void run(Duration time, int rate, Watcher watcher) throws InterruptedException {
        long start = ticker.nanos();
        long next = 0;
        while (next < time.toNanos()) {
            awaitTime(start + next);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Sent message = send(traffic.next(), start + next);
            traffic.remember(message);
            Optional<Message> rival = traffic.rival(message);
            if (rival.isPresent()) {
                send(rival.get(), start + next + rival.get().afterNanos());
            }
            watcher.at(next);
            next += traffic.gapNanos(now(rate, next, time));
        }
    }

    /**
     * Sends so many one after the other: a program that has just started does what it does for the first time, and none
     * waits behind another for that. They count like all others.
     */
    void begin(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            traffic.remember(send(traffic.next(), ticker.nanos()));
            await();
        }
    }

    private static double now(int rate, long elapsedNanos, Duration time) {
        return rate * Math.clamp(6.0 * elapsedNanos / time.toNanos(), 0.1, 1);
    }

    private Sent send(Message message, long at) {
        Sent one = new Sent(message, at);
        sent.add(one);
        waiting.incrementAndGet();
        var unused = threads.submit(() -> {
            try {
                awaitTime(at);
                one.tell(attempts(message.bytes(), at));
            } finally {
                waiting.decrementAndGet();
            }
        });
        return one;
    }

    private void awaitTime(long at) {
        long left = at - ticker.nanos();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = at - ticker.nanos();
        }
    }

    private Told attempts(byte[] bytes, long began) {
        while (true) {
            Told told = attempt(bytes, began);
            boolean again = !told.answered() && (told.http() == 0 || told.http() == 503 || told.http() == 429);
            if (!again
                    || told.tookNanos() + AGAIN > hardNanos
                    || Thread.currentThread().isInterrupted()) {
                return told;
            }
            awaitTime(ticker.nanos() + AGAIN);
        }
    }

    private Told attempt(byte[] bytes, long began) {
        try {
            InwardServer.Answer answer = server.post("/messages", bytes);
            return new Told(
                    ticker.nanos() - began,
                    answer.http(),
                    answer.body(),
                    answer.payment(),
                    answer.status(),
                    answer.repeated(),
                    answer.http() == 200 ? Answers.code(answer.body()) : answer.problem("reasonCode"));
        } catch (IOException lost) {
            return new Told(ticker.nanos() - began, 0, NOTHING, "", "", false, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Told(ticker.nanos() - began, 0, NOTHING, "", "", false, "");
        }
    }

    /** How many have no answer yet. */
    int waiting() {
        return waiting.get();
    }

    /** All that were sent, in order; from the thread that sends. */
    List<Sent> sent() {
        return sent;
    }

    /** Waits until all are answered, or given up. */
    void await() throws InterruptedException {
        while (waiting.get() > 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
