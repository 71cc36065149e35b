package org.exchequer.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Pauses of the garbage collector and what it leaves, as the virtual machine itself records them. */
final class Pauses implements AutoCloseable {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final RecordingStream stream = new RecordingStream();
    private final Histogram pauses = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final List<Long> leftBytes = new ArrayList<>();

    Pauses() {
        stream.enable("jdk.GCPhasePause").withThreshold(Duration.ZERO);
        stream.enable("jdk.GCHeapSummary");
        stream.onEvent(
                "jdk.GCPhasePause",
                event -> pauses.recordValue(Math.min(
                        LONGEST_MICROS,
                        TimeUnit.NANOSECONDS.toMicros(event.getDuration().toNanos()))));
        stream.onEvent("jdk.GCHeapSummary", event -> {
            if (event.getString("when").equals("After GC")) {
                synchronized (leftBytes) {
                    leftBytes.add(event.getLong("heapUsed"));
                }
            }
        });
        stream.startAsync();
    }

    /** In words: how many pauses, how long, and what was in use after each collection over time. */
    String describe() throws InterruptedException {
        // Events come about a second late.
        TimeUnit.SECONDS.sleep(2);
        StringBuilder text = new StringBuilder("%,d pauses, p99 %.2f ms, longest %.2f ms"
                .formatted(
                        pauses.getTotalCount(),
                        pauses.getValueAtPercentile(99) / 1e3,
                        pauses.getTotalCount() == 0 ? 0 : pauses.getMaxValue() / 1e3));
        synchronized (leftBytes) {
            text.append("; in use after collections in each quarter of the time, least, MiB:");
            for (int quarter = 0; quarter < 4 && leftBytes.size() >= 4; quarter++) {
                text.append(' ')
                        .append(
                                leftBytes
                                                .subList(
                                                        leftBytes.size() * quarter / 4,
                                                        leftBytes.size() * (quarter + 1) / 4)
                                                .stream()
                                                .mapToLong(Long::longValue)
                                                .min()
                                                .orElse(0)
                                        >> 20);
            }
        }
        return text.toString();
    }

    long longestMicros() {
        return pauses.getTotalCount() == 0 ? 0 : pauses.getMaxValue();
    }

    @Override
    public void close() {
        stream.close();
    }
}
