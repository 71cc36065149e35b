package org.exchequer.inward.partner;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.exchequer.inward.partner.BreakerReading.State;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * One breaker. Window, states and probes are Resilience4j's, on the injected ticker; thresholds that adapt, a person's
 * override that expires, and what other nodes tell are added here. That library's thresholds are fixed when a breaker
 * is made: it has the upper bounds, and {@link #judge} opens what has passed the threshold of the moment below them.
 */
final class Breaker {
    /** Whether a call may go. */
    enum Pass {
        REFUSED,
        GRANTED,
        /** Forced through: its result does not count. */
        FORCED
    }

    private record Forced(BreakerOverride override, long untilNanos) {}

    /** Of the long-run share of failures. */
    private static final double GAIN = 1 / 256.0;

    private static final long FAST = 0;
    private static final long SLOW = 2;
    private static final RuntimeException FAILED = new IllegalStateException("counted as a failure");

    private final String name;
    private final BreakerSettings settings;
    private final Ticker ticker;
    private final CircuitBreaker inner;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final IntervalFunction waits;
    private volatile @Nullable Forced forced;
    /** Until when it refuses all calls, by the ticker, since it opened last. */
    private volatile long openUntilNanos;

    private final Object learning = new Object();
    private double longRun;
    private double averageNanos;
    private double deviationNanos;
    private boolean timed;

    /** @param changed called with the state that it leaves and the one it enters, for whatever reason */
    Breaker(
            String name,
            BreakerSettings settings,
            Ticker ticker,
            BiConsumer<CircuitBreaker.State, CircuitBreaker.State> changed) {
        this.name = name;
        this.settings = settings;
        this.ticker = ticker;
        this.waits = IntervalFunction.ofExponentialBackoff(settings.firstWait(), 2.0, settings.longestWait());
        this.inner = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                settings.window(),
                                settings.leastCalls(),
                                CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        // Upper bounds while it is closed; probes are judged by them.
                        .failureRateThreshold((float) (100 * settings.mostFailures()))
                        .slowCallRateThreshold((float) (100 * settings.slowCalls()))
                        .slowCallDurationThreshold(Duration.ofNanos(SLOW - 1))
                        .permittedNumberOfCallsInHalfOpenState(settings.probes())
                        .waitIntervalFunctionInOpenState(this::waitMillis)
                        .clock(new TickerClock(ticker, ticker.nanos()))
                        .currentTimestampFunction(clock -> ticker.nanos(), TimeUnit.NANOSECONDS)
                        .build());
        inner.getEventPublisher()
                .onStateTransition(event -> changed.accept(
                        event.getStateTransition().getFromState(),
                        event.getStateTransition().getToState()));
    }

    String name() {
        return name;
    }

    /** Asked for when it opens. */
    private long waitMillis(int times) {
        long wait = waits.apply(times);
        openUntilNanos = ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(wait);
        return wait;
    }

    /** Whether it is not closed, and only a call can show that it may be. */
    boolean due() {
        return forced() == null
                && switch (inner.getState()) {
                    case HALF_OPEN -> true;
                    case OPEN -> ticker.nanos() - openUntilNanos > 0;
                    case CLOSED, DISABLED, METRICS_ONLY, FORCED_OPEN -> false;
                };
    }

    Pass acquire() {
        Forced now = forced();
        if (now != null) {
            if (now.override().mode() == BreakerOverride.Mode.FORCED_CLOSED) {
                return Pass.FORCED;
            }
            refused.increment();
            return Pass.REFUSED;
        }
        if (inner.tryAcquirePermission()) {
            return Pass.GRANTED;
        }
        refused.increment();
        return Pass.REFUSED;
    }

    /** Gives back a pass that was not used, or whose call says nothing of the partner. */
    void giveBack(Pass pass) {
        if (pass == Pass.GRANTED) {
            inner.releasePermission();
        }
    }

    /** Records the end of a call that had a pass. */
    void record(Pass pass, boolean failed, long tookNanos) {
        calls.increment();
        if (failed) {
            failures.increment();
        }
        if (pass != Pass.GRANTED) {
            return;
        }
        long time = tookNanos > slowAfterNanos() ? SLOW : FAST;
        if (inner.getState() == CircuitBreaker.State.CLOSED) {
            learn(failed, tookNanos);
        }
        if (failed) {
            inner.onError(time, TimeUnit.NANOSECONDS, FAILED);
        } else {
            inner.onSuccess(time, TimeUnit.NANOSECONDS);
        }
        judge();
    }

    private void learn(boolean failed, long tookNanos) {
        synchronized (learning) {
            longRun += GAIN * ((failed ? 1 : 0) - longRun);
            if (failed) {
                return;
            }
            if (timed) {
                deviationNanos += (Math.abs(tookNanos - averageNanos) - deviationNanos) / 4;
                averageNanos += (tookNanos - averageNanos) / 8;
            } else {
                timed = true;
                averageNanos = tookNanos;
                deviationNanos = tookNanos / 2.0;
            }
        }
    }

    private void judge() {
        CircuitBreaker.Metrics metrics = inner.getMetrics();
        boolean fails = metrics.getFailureRate() >= 100 * failureThreshold();
        boolean slow = metrics.getSlowCallRate() >= 100 * settings.slowCalls();
        if ((fails || slow) && inner.getState() == CircuitBreaker.State.CLOSED) {
            inner.transitionToOpenState();
        }
    }

    double failureThreshold() {
        synchronized (learning) {
            return Math.min(settings.leastFailures() + 3 * longRun, settings.mostFailures());
        }
    }

    long slowAfterNanos() {
        synchronized (learning) {
            double estimate = timed ? averageNanos + 4 * deviationNanos : Double.MAX_VALUE;
            return (long) Math.clamp(
                    estimate,
                    settings.leastSlow().toNanos(),
                    settings.mostSlow().toNanos());
        }
    }

    /** Average time of an answer, or 0 when there was none yet. */
    long averageNanos() {
        synchronized (learning) {
            return (long) averageNanos;
        }
    }

    /**
     * What few answers take longer than: the average and four deviations, as TCP waits for one; 0 until it is known.
     */
    long usualNanos() {
        synchronized (learning) {
            return timed ? (long) (averageNanos + 4 * deviationNanos) : 0;
        }
    }

    /** Another node has seen its partner fail. */
    void openBecauseTold() {
        if (inner.getState() == CircuitBreaker.State.CLOSED) {
            inner.transitionToOpenState();
        }
    }

    /** Another node has seen its partner well again. */
    void probeBecauseTold() {
        if (inner.getState() == CircuitBreaker.State.OPEN) {
            inner.transitionToHalfOpenState();
        }
    }

    void force(@Nullable BreakerOverride override) {
        forced = override == null
                ? null
                : new Forced(override, ticker.nanos() + override.lasts().toNanos());
    }

    /** How long it is forced yet; without any such, what is given. */
    long nanosForced(long otherwise) {
        Forced now = forced();
        return now == null ? otherwise : now.untilNanos() - ticker.nanos();
    }

    /** Forced and open as another of its name was. */
    Breaker as(Breaker other) {
        forced = other.forced;
        if (other.inner.getState() == CircuitBreaker.State.OPEN) {
            openBecauseTold();
        }
        return this;
    }

    private @Nullable Forced forced() {
        Forced now = forced;
        return now != null && now.untilNanos() - ticker.nanos() > 0 ? now : null;
    }

    State state() {
        Forced now = forced();
        if (now != null) {
            return State.valueOf(now.override().mode().name());
        }
        return switch (inner.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
            case OPEN, FORCED_OPEN -> State.OPEN;
            case HALF_OPEN -> State.HALF_OPEN;
        };
    }

    BreakerReading reading() {
        Forced now = forced();
        CircuitBreaker.Metrics metrics = inner.getMetrics();
        return new BreakerReading(
                name,
                state(),
                now == null
                        ? null
                        : new BreakerOverride(
                                now.override().mode(),
                                now.override().by(),
                                now.override().reason(),
                                atLeastASecond(now.untilNanos() - ticker.nanos())),
                metrics.getFailureRate() / 100,
                failureThreshold(),
                metrics.getSlowCallRate() / 100,
                Duration.ofNanos(slowAfterNanos()),
                Duration.ofNanos(averageNanos()),
                calls.sum(),
                failures.sum(),
                refused.sum());
    }

    private static Duration atLeastASecond(long nanos) {
        return Duration.ofNanos(Math.max(nanos, TimeUnit.SECONDS.toNanos(1)));
    }

    /** Monotonic time as the clock that Resilience4j asks for; only differences mean something. */
    private static final class TickerClock extends Clock {
        private final Ticker ticker;
        private final long origin;

        TickerClock(Ticker ticker, long origin) {
            this.ticker = ticker;
            this.origin = origin;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(ticker.nanos() - origin);
        }
    }
}
