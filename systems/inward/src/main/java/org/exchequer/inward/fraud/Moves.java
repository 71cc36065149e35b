package org.exchequer.inward.fraud;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.inward.api.Fraud.Moved;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Vector;
import org.exchequer.scoring.registry.Drift;
import org.exchequer.scoring.registry.RollingDrift;

/** How far what one model is given has moved, over the last hour or two and over the last day or two. */
final class Moves {
    private final RollingDrift hour;
    private final RollingDrift day;

    Moves(Ensemble model, long nowMillis) {
        hour = new RollingDrift(model, Duration.ofHours(1), nowMillis);
        day = new RollingDrift(model, Duration.ofDays(1), nowMillis);
    }

    void see(Vector features, double margin, long nowMillis) {
        hour.see(features, margin, nowMillis);
        day.see(features, margin, nowMillis);
    }

    /** Payments that the day's figures stand on. */
    long seen(long nowMillis) {
        return day.report(nowMillis).seen();
    }

    /**
     * The score and every feature, those that moved most first.
     *
     * @param alarm index from which one has shifted
     */
    List<Moved> moved(long nowMillis, double alarm) {
        Map<String, Drift.Index> ofHour = new HashMap<>();
        indexes(hour.report(nowMillis)).forEach(each -> ofHour.put(each.what(), each));
        List<Moved> moved = new ArrayList<>();
        indexes(day.report(nowMillis)).forEach(each -> {
            Drift.Index other = ofHour.getOrDefault(each.what(), each);
            moved.add(new Moved(
                    each.what(),
                    each.value(),
                    each.level().name(),
                    other.value(),
                    other.level().name(),
                    alarms(each, alarm) || alarms(other, alarm)));
        });
        moved.sort(
                Comparator.comparing(Moved::alarm).reversed().thenComparing(Moved::index, Comparator.reverseOrder()));
        return moved;
    }

    private static Stream<Drift.Index> indexes(Drift.Report report) {
        return Stream.concat(Stream.of(report.score()), report.features().stream());
    }

    private static boolean alarms(Drift.Index index, double alarm) {
        return index.level() != Drift.Level.TOO_FEW && index.value() >= alarm;
    }

    /** What is at the alarm or above it, in words. */
    List<String> shifted(long nowMillis, double alarm) {
        String model = day.report(nowMillis).model();
        return moved(nowMillis, alarm).stream()
                .filter(Moved::alarm)
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s of %s: %.2f within hours, %.2f within days",
                        each.what(),
                        model,
                        each.indexHour(),
                        each.index()))
                .toList();
    }
}
