package org.exchequer.lab.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.lab.stage.Order.Outcome;

/**
 * Carries out what the lab asks of a node, within the node. What is asked for stands in a file, a line each, which is
 * read again every 20 ms; what came of each is written to another. Each ends when its line is gone, and by itself when
 * its time is over.
 */
final class Orders {
    private static final long REREAD_MS = 20;

    private final Burdens burdens;
    private final Path asked;
    private final Path done;
    // Of the thread that looks alone: all that were ever begun.
    private final Map<Long, CountDownLatch> running = new HashMap<>();

    Orders(Burdens burdens, Path asked, Path done) {
        this.burdens = burdens;
        this.asked = asked;
        this.done = done;
    }

    /** Begins to look, for as long as the process lives. */
    void watch() {
        // Above the others: an order that fills the machine must still be ended.
        Thread thread = Thread.ofPlatform()
                .name("orders")
                .daemon()
                .priority(Thread.MAX_PRIORITY)
                .unstarted(() -> {
                    try {
                        while (true) {
                            look();
                            TimeUnit.MILLISECONDS.sleep(REREAD_MS);
                        }
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                });
        thread.start();
    }

    /** Begins what is new, and ends what is asked for no more. */
    void look() {
        List<Order> wanted = read();
        for (Order order : wanted) {
            if (!running.containsKey(order.number())) {
                CountDownLatch recalled = new CountDownLatch(1);
                running.put(order.number(), recalled);
                Thread.ofPlatform().name("order-" + order.number()).daemon().start(() -> carryOut(order, recalled));
            }
        }
        running.forEach((number, recalled) -> {
            if (wanted.stream().noneMatch(order -> order.number() == number)) {
                recalled.countDown();
            }
        });
    }

    private void carryOut(Order order, CountDownLatch recalled) {
        try {
            Burdens.Burden burden = burdens.begin(order);
            try {
                var unused = recalled.await(order.lengthMs(), TimeUnit.MILLISECONDS);
            } finally {
                Burdens.Seen seen = burden.end();
                note(new Outcome(order.number(), seen.bit(), seen.words()));
            }
        } catch (IllegalArgumentException cannot) {
            note(new Outcome(order.number(), false, "not begun: " + cannot.getMessage()));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(Outcome outcome) {
        try {
            Files.writeString(
                    done,
                    outcome.line() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note down what came of an order", e);
        }
    }

    /** Written by renaming, so it is never seen half. */
    private List<Order> read() {
        try {
            return Files.exists(asked)
                    ? Files.readAllLines(asked).stream().map(Order::of).toList()
                    : List.of();
        } catch (IOException removed) {
            return List.of();
        }
    }
}
