package org.exchequer.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.host.Served.Component;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.SystemModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles the program with itself for as long as it runs: checks every system's invariants again and again, says so
 * in its log when one breaks or holds again, and tells metrics and whoever asks whether it is ready. It begins at once,
 * rests a minute between two rounds, and at least nineteen times as long as a round took, so that it has no more than a
 * twentieth of the machine.
 *
 * <p>Metrics, tagged {@code system} and {@code invariant}: {@code exchequer.invariant.holds} (1 or 0), {@code
 * exchequer.invariant.checked}; and {@code exchequer.invariants.age.seconds} since the last round ended.
 */
public final class InvariantWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InvariantWatch.class);
    private static final long PATIENCE_MS = 2_000;
    private static final int REST_PER_WORK = 19;

    /** Among the parts that {@code /ready} lists. */
    public static final String NAME = "invariants";

    private final List<SystemModule> systems;
    private final MeterRegistry meters;
    private final Ticker ticker;
    private final Duration rest;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("invariant-watch").daemon().unstarted(this::run);
    private volatile long lastRoundNanos;
    private volatile boolean checked;

    /** What the metrics read. */
    private static final class Line {
        private volatile boolean holds = true;
        private volatile long checked;
    }

    InvariantWatch(List<SystemModule> systems, MeterRegistry meters, Ticker ticker, Duration rest) {
        this.systems = List.copyOf(systems);
        this.meters = meters;
        this.ticker = ticker;
        this.rest = rest;
        this.lastRoundNanos = ticker.nanos();
    }

    InvariantWatch start() {
        Gauge.builder(
                        "exchequer.invariants.age",
                        this,
                        watch -> (ticker.nanos() - watch.lastRoundNanos) / (double) TimeUnit.SECONDS.toNanos(1))
                .description("Since every invariant was last checked")
                .baseUnit("seconds")
                .register(meters);
        thread.start();
        return this;
    }

    private void run() {
        // At once: what was done to the database while nothing ran is to be found before it is relied on for long.
        long pause = 0;
        try {
            while (!closing.await(pause, TimeUnit.NANOSECONDS)) {
                long began = ticker.nanos();
                systems.forEach(this::check);
                lastRoundNanos = ticker.nanos();
                // The first round waits for what still starts, which is no work.
                pause = checked ? Math.max(rest.toNanos(), REST_PER_WORK * (lastRoundNanos - began)) : rest.toNanos();
                checked = true;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One system that cannot be checked does not keep the others from it. */
    void check(SystemModule system) {
        try {
            system.checkInvariants().forEach(result -> note(system.name(), result));
        } catch (RuntimeException e) {
            LOG.warn("the invariants of {} could not be checked", system.name(), e);
        }
    }

    /**
     * As a part of the process, for whoever asks whether it is ready. It can serve all the same, so that it is not
     * required. Everybody may ask: it names statements only; the accounts and amounts are in the log and the console.
     */
    Component component() {
        List<String> broken = lines.entrySet().stream()
                .filter(line -> !line.getValue().holds)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        String detail = broken.isEmpty()
                ? checked ? lines.size() + " statements hold" : "being checked for the first time"
                : "BROKEN: " + String.join("; ", broken) + " (what was found: the log, and the console's overview)";
        return new Component(NAME, broken.isEmpty(), false, detail);
    }

    private void note(String system, InvariantResult result) {
        Line line = lines.computeIfAbsent(system + ": " + result.statement(), name -> registered(system, result));
        line.checked = result.checked();
        if (line.holds && !result.holds()) {
            LOG.error("ALERT: {}: \"{}\" does not hold: {}", system, result.statement(), result.detail());
        } else if (!line.holds && result.holds()) {
            LOG.warn("{}: \"{}\" holds again: {}", system, result.statement(), result.detail());
        }
        line.holds = result.holds();
    }

    private Line registered(String system, InvariantResult result) {
        Line line = new Line();
        Gauge.builder("exchequer.invariant.holds", line, each -> each.holds ? 1 : 0)
                .description("1 while no violation is found")
                .tag("system", system)
                .tag("invariant", result.statement())
                .register(meters);
        Gauge.builder("exchequer.invariant.checked", line, each -> each.checked)
                .description("How many things the last check looked at")
                .tag("system", system)
                .tag("invariant", result.statement())
                .register(meters);
        return line;
    }

    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        thread.join(PATIENCE_MS);
    }
}
