package org.exchequer.inward.core;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.exchequer.inward.api.Stage;

/**
 * How much time a payment has, counted from its receipt, the wait in Kafka included.
 *
 * @param hard within which it must be answered
 * @param warning from which it is watched
 * @param critical by which every stage must be over: what follows is only what must be done
 * @param emergency by which it is answered whatever is known
 * @param budgets by stage; those that are not named keep {@link Stage#budget()}
 */
public record Sla(
        Duration hard, Duration warning, Duration critical, Duration emergency, Map<Stage, Duration> budgets) {
    /** As specified: 4.5 s, with a warning at 3.5 s, critical at 4.2 s and an emergency at 4.45 s. */
    public static final Sla STANDARD = new Sla(
            Duration.ofMillis(4_500),
            Duration.ofMillis(3_500),
            Duration.ofMillis(4_200),
            Duration.ofMillis(4_450),
            Map.of());

    /** Where a payment stands in its time. */
    public enum Level {
        IN_TIME,
        WARNING,
        CRITICAL,
        EMERGENCY,
        BREACHED
    }

    /** @throws IllegalArgumentException when the bounds are not in order, or the budgets do not fit into them */
    public Sla {
        Map<Stage, Duration> all = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            Duration budget = budgets.getOrDefault(stage, stage.budget());
            if (budget.compareTo(stage.least()) < 0) {
                throw new IllegalArgumentException("budget of " + stage + " must be at least "
                        + stage.least().toMillis() + " ms");
            }
            all.put(stage, budget);
        }
        // Asked for some hundred times for each payment: by its place, not by its hash.
        budgets = Collections.unmodifiableMap(all);
        if (warning.isNegative()
                || warning.compareTo(critical) > 0
                || critical.compareTo(emergency) > 0
                || emergency.compareTo(hard) > 0) {
            throw new IllegalArgumentException("must be in order: 0 <= warning <= critical <= emergency <= hard");
        }
        Duration sum = all.values().stream().reduce(Duration.ZERO, Duration::plus);
        if (sum.compareTo(critical) > 0) {
            throw new IllegalArgumentException("the budgets of all stages, " + sum.toMillis()
                    + " ms, must fit into the " + critical.toMillis() + " ms until it is critical");
        }
    }

    /** The same with more time for the whole: an extension that somebody granted. */
    public Sla extended(Duration by) {
        return new Sla(hard.plus(by), warning.plus(by), critical.plus(by), emergency.plus(by), budgets);
    }

    public Duration budget(Stage stage) {
        return budgets.getOrDefault(stage, stage.budget());
    }

    /** @param elapsedNanos since the receipt */
    public Level level(long elapsedNanos) {
        if (elapsedNanos >= hard.toNanos()) {
            return Level.BREACHED;
        }
        if (elapsedNanos >= emergency.toNanos()) {
            return Level.EMERGENCY;
        }
        if (elapsedNanos >= critical.toNanos()) {
            return Level.CRITICAL;
        }
        return elapsedNanos >= warning.toNanos() ? Level.WARNING : Level.IN_TIME;
    }
}
