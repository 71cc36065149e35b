package org.exchequer.inward.core;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Timing;

/** Makes {@link Figures} of counts as they are stored. For one thread. */
public final class Tally {
    private final Map<String, SortedMap<String, Counts>> kinds = new TreeMap<>();

    private static final class Counts {
        private final long[] bins = new long[Timing.BOUNDS.size() + 1];
        private long count;
        private long totalUs;

        Timing timing() {
            List<Long> list = new ArrayList<>();
            for (long bin : bins) {
                list.add(bin);
            }
            return new Timing(list, Duration.of(totalUs, ChronoUnit.MICROS));
        }

        Duration mean() {
            return count == 0 ? Duration.ZERO : Duration.of(totalUs / count, ChronoUnit.MICROS);
        }
    }

    /**
     * Adds a count.
     *
     * @param kind {@code payment} (by {@code in_time}, {@code late}, {@code open}), {@code stage}, {@code budget},
     *     {@code fallback} (by stage), {@code type}, {@code status}, {@code reason}, {@code breaker}, {@code forecast};
     *     others are passed over
     * @param bin of {@link Timing}, for payments and stages
     */
    public void add(String kind, String key, int bin, long count, long totalUs) {
        Counts counts = kinds.computeIfAbsent(kind, name -> new TreeMap<>()).computeIfAbsent(key, name -> new Counts());
        counts.bins[Math.clamp(bin, 0, Timing.BOUNDS.size())] += count;
        counts.count += count;
        counts.totalUs += totalUs;
    }

    public Figures figures(Instant from, Instant until) {
        SortedMap<String, Counts> payments = kind("payment");
        Counts none = new Counts();
        Counts inTime = payments.getOrDefault("in_time", none);
        Counts late = payments.getOrDefault("late", none);
        return new Figures(
                from,
                until,
                payments.values().stream().mapToLong(counts -> counts.count).sum(),
                inTime.count,
                late.count,
                kind("forecast").getOrDefault("at_risk", none).count,
                inTime.timing().plus(late.timing()),
                stages(),
                counts("type"),
                counts("status"),
                counts("reason"),
                counts("breaker"));
    }

    private Map<Stage, Figures.StageFigures> stages() {
        Map<Stage, Figures.StageFigures> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            Counts timed = kind("stage").get(stage.name());
            if (timed != null) {
                Counts none = new Counts();
                stages.put(
                        stage,
                        new Figures.StageFigures(
                                timed.timing(),
                                kind("budget").getOrDefault(stage.name(), none).mean(),
                                kind("fallback").getOrDefault(stage.name(), none).count));
            }
        }
        return stages;
    }

    private SortedMap<String, Counts> kind(String kind) {
        return kinds.getOrDefault(kind, new TreeMap<>());
    }

    private SortedMap<String, Long> counts(String kind) {
        SortedMap<String, Long> counts = new TreeMap<>();
        kind(kind).forEach((key, value) -> counts.put(key, value.count));
        return counts;
    }
}
