package org.exchequer.lab.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.exchequer.lab.history.Event;

/**
 * What clients saw, over time. Latency is counted from the moment an operation was meant to begin, not from when it
 * could: what waited for a free client, or for a stalled one, has waited.
 */
public final class Series {
    /** More bins say no more on a chart. */
    private static final int MOST_BINS = 360;

    private static final int DIGITS = 2;
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private final long lengthNanos;
    private final long binNanos;
    private final List<Bin> bins = new ArrayList<>();
    private final Histogram latency = new Histogram(LONGEST_MICROS, DIGITS);
    private final Histogram service = new Histogram(LONGEST_MICROS, DIGITS);
    private long lastWriteNanos;
    private Gap longest = new Gap(0, 0, true);

    /** One step of time. */
    private static final class Bin {
        long done;
        long rejected;
        long refused;
        long unknown;
        final Histogram latency = new Histogram(DIGITS);
    }

    /**
     * One step of time.
     *
     * @param atMillis its beginning, from the beginning of the load
     * @param done operations that fell due in it and were done
     * @param rejected that the books declined, and said so for good
     * @param refused that were never done, and the client gave up
     * @param unknown that nobody knows of
     * @param p50Micros median latency, 0 when nothing was answered
     * @param p99Micros 99th percentile
     * @param maxMicros longest
     */
    public record Point(
            long atMillis,
            long done,
            long rejected,
            long refused,
            long unknown,
            long p50Micros,
            long p99Micros,
            long maxMicros) {}

    /**
     * Figures of the whole run.
     *
     * @param operations how many were asked
     * @param serviceP99Micros 99th percentile from the first attempt on: what one would have measured without regard
     *     to when the operation was meant to begin
     */
    public record Totals(
            long operations,
            long done,
            long rejected,
            long refused,
            long unknown,
            long p50Micros,
            long p99Micros,
            long p999Micros,
            long maxMicros,
            long serviceP99Micros) {}

    /**
     * A time in which no client was told that a write was done.
     *
     * @param fromMillis when the write before it was acknowledged, from the beginning of the load; 0 when none was
     * @param untilMillis when the one after it was; the end of the load when none was any more
     * @param ended whether one was
     */
    public record Gap(long fromMillis, long untilMillis, boolean ended) {
        /** Its length. */
        public long millis() {
            return untilMillis - fromMillis;
        }
    }

    /** @param length of the load */
    public Series(Duration length) {
        this.lengthNanos = length.toNanos();
        this.binNanos = Math.max(TimeUnit.SECONDS.toNanos(1), Math.ceilDiv(length.toNanos(), MOST_BINS));
    }

    /** Length of a step, in milliseconds. */
    public long binMillis() {
        return TimeUnit.NANOSECONDS.toMillis(binNanos);
    }

    /**
     * Takes in one operation.
     *
     * @param intendedNanos when it was meant to begin, from the beginning of the load
     * @param latencyNanos from then until its outcome
     * @param serviceNanos from its first attempt until its outcome
     * @param recorded whether a FAIL is a recorded rejection
     */
    public synchronized void add(
            long intendedNanos, long latencyNanos, long serviceNanos, Event.Type outcome, boolean recorded) {
        int index = Math.toIntExact(intendedNanos / binNanos);
        while (bins.size() <= index) {
            bins.add(new Bin());
        }
        Bin bin = bins.get(index);
        switch (outcome) {
            case OK -> bin.done++;
            case FAIL -> {
                if (recorded) {
                    bin.rejected++;
                } else {
                    bin.refused++;
                }
            }
            case INFO -> bin.unknown++;
            case INVOKE -> throw new IllegalArgumentException("not an outcome");
        }
        record(bin.latency, latencyNanos);
        record(latency, latencyNanos);
        record(service, serviceNanos);
    }

    /**
     * A client was told that a write was done that no client had been told of before.
     *
     * @param atNanos when, from the beginning of the load
     */
    public synchronized void acknowledged(long atNanos) {
        // What is waited for after the load has ended says nothing about a service that nobody asks any more.
        if (lastWriteNanos < lengthNanos && atNanos > lastWriteNanos) {
            longest = longer(longest, gap(atNanos, true));
        }
        lastWriteNanos = Math.max(lastWriteNanos, atNanos);
    }

    private Gap gap(long untilNanos, boolean ended) {
        return new Gap(TimeUnit.NANOSECONDS.toMillis(lastWriteNanos), TimeUnit.NANOSECONDS.toMillis(untilNanos), ended);
    }

    private static Gap longer(Gap one, Gap other) {
        return other.millis() > one.millis() ? other : one;
    }

    /** The longest time without an acknowledged write that began during the load. */
    public synchronized Gap longestGap() {
        return lastWriteNanos < lengthNanos ? longer(longest, gap(lengthNanos, false)) : longest;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    /** All steps so far. */
    public synchronized List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < bins.size(); i++) {
            Bin bin = bins.get(i);
            points.add(new Point(
                    TimeUnit.NANOSECONDS.toMillis(i * binNanos),
                    bin.done,
                    bin.rejected,
                    bin.refused,
                    bin.unknown,
                    bin.latency.getValueAtPercentile(50),
                    bin.latency.getValueAtPercentile(99),
                    bin.latency.getTotalCount() == 0 ? 0 : bin.latency.getMaxValue()));
        }
        return points;
    }

    /** Figures so far. */
    public synchronized Totals totals() {
        long done = 0;
        long rejected = 0;
        long refused = 0;
        long unknown = 0;
        for (Bin bin : bins) {
            done += bin.done;
            rejected += bin.rejected;
            refused += bin.refused;
            unknown += bin.unknown;
        }
        return new Totals(
                done + rejected + refused + unknown,
                done,
                rejected,
                refused,
                unknown,
                latency.getValueAtPercentile(50),
                latency.getValueAtPercentile(99),
                latency.getValueAtPercentile(99.9),
                latency.getTotalCount() == 0 ? 0 : latency.getMaxValue(),
                service.getValueAtPercentile(99));
    }
}
