package org.exchequer.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.SystemModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles the program with itself for as long as it runs: checks every system's invariants again and again, says so
 * in its log when one breaks or holds again, and tells metrics. It rests a minute between two rounds, and at least
 * nineteen times as long as a round took, so that it has no more than a twentieth of the machine.
 *
 * <p>Metrics, tagged {@code system} and {@code invariant}: {@code exchequer.invariant.holds} (1 or 0), {@code
 * exchequer.invariant.checked}; and {@code exchequer.invariants.age.seconds} since the last round ended.
 */
final class InvariantWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InvariantWatch.class);
    private static final long PATIENCE_MS = 2_000;
    private static final int REST_PER_WORK = 19;

    private final List<SystemModule> systems;
    private final MeterRegistry meters;
    private final Ticker ticker;
    private final Duration rest;
    private final Map<String, Line> lines = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("invariant-watch").daemon().unstarted(this::run);
    private volatile long lastRoundNanos;

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
        long pause = rest.toNanos();
        try {
            while (!closing.await(pause, TimeUnit.NANOSECONDS)) {
                long began = ticker.nanos();
                systems.forEach(this::check);
                lastRoundNanos = ticker.nanos();
                pause = Math.max(rest.toNanos(), REST_PER_WORK * (lastRoundNanos - began));
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

    private void note(String system, InvariantResult result) {
        Line line = lines.computeIfAbsent(system + "/" + result.statement(), name -> registered(system, result));
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
