package org.exchequer.lab.scenario;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.lab.check.inward.InTime;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.load.inward.InwardLoad.Sample;

/**
 * When a run ends before its time, with everything healed: it was to show how much harm is survived, not to do more.
 * Looked at once a second, over the last minute, once there are {@value #LEAST} attempts to judge. What was asked of a
 * node that was taken away on purpose counts for nothing.
 *
 * @param missedPercent most that may be answered late or not at all; 100 for no such rule
 * @param refusedPercent most that may not be taken; 100 for no such rule
 * @param p95Ms most that 95 of 100 may take; 0 for no such rule
 * @param mostHit most messages that may be sent within an hour while a fault is in force; 0 for no such rule
 * @param breaches so many late or missing answers within a minute end the run, however many were in time; 0 for no such
 *     rule
 */
public record StopRules(int missedPercent, int refusedPercent, long p95Ms, long mostHit, long breaches) {
    /** Those of the processor's specification: 98 of 100 in time, at most 5 errors, and 95 of 100 within 4 s. */
    public static final StopRules SPECIFIED = new StopRules(2, 5, 4_000, 0, 0);

    /** The same, and the first breach ends it, and a hundred messages in an hour are the most that may be hit. */
    public static final StopRules STRICT = new StopRules(2, 5, 4_000, 100, 1);

    /** For runs that take the database and nodes away: most is pending while it is gone. */
    static final StopRules MISSED_ONLY = new StopRules(2, 100, 0, 0, 0);

    static final int LEAST = 100;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_KEPT = 100_000;

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public StopRules {
        if (missedPercent < 0 || missedPercent > 100 || refusedPercent < 0 || refusedPercent > 100) {
            throw new IllegalArgumentException("percentages must be from 0 to 100");
        }
        if (p95Ms < 0 || mostHit < 0 || breaches < 0) {
            throw new IllegalArgumentException("p95Ms, mostHit and breaches must be 0 or more");
        }
    }

    /** The same with another limit of what may be missed. */
    public StopRules missing(int percent) {
        return new StopRules(percent, refusedPercent, p95Ms, mostHit, breaches);
    }

    /** The same with another limit of what may be hit. */
    public StopRules hitting(long most) {
        return new StopRules(missedPercent, refusedPercent, p95Ms, most, breaches);
    }

    /** The same with another limit of what may not be taken. */
    public StopRules refusing(int percent) {
        return new StopRules(missedPercent, percent, p95Ms, mostHit, breaches);
    }

    /** The same with another limit of what 95 of 100 may take. */
    public StopRules within(long ms) {
        return new StopRules(missedPercent, refusedPercent, ms, mostHit, breaches);
    }

    /** The same where so many breaches within a minute end the run. */
    public StopRules breaching(long least) {
        return new StopRules(missedPercent, refusedPercent, p95Ms, mostHit, least);
    }

    /** The rule that is broken by what was seen, in words. */
    Optional<String> broken(List<Sample> seen, long hit) {
        if (mostHit > 0 && hit > mostHit) {
            return Optional.of("%,d messages were sent within an hour while a fault was in force; at most %,d may be"
                    .formatted(hit, mostHit));
        }
        long missed = seen.stream().filter(StopRules::isMissed).count();
        if (breaches > 0 && missed >= breaches) {
            return Optional.of("%,d messages were answered late or not at all within a minute; %,d end the run"
                    .formatted(missed, breaches));
        }
        if (seen.size() < LEAST) {
            return Optional.empty();
        }
        long refused =
                seen.stream().filter(sample -> sample.type() == Event.Type.FAIL).count();
        if (missed * 100 > (long) missedPercent * seen.size()) {
            return Optional.of("%,d of %,d messages were answered late or not at all; at most %d %% may be"
                    .formatted(missed, seen.size(), missedPercent));
        }
        if (refused * 100 > (long) refusedPercent * seen.size()) {
            return Optional.of("%,d of %,d messages were not taken; at most %d %% may be"
                    .formatted(refused, seen.size(), refusedPercent));
        }
        long[] took = seen.stream()
                .mapToLong(sample -> sample.ended() - sample.due())
                .sorted()
                .toArray();
        long p95 = TimeUnit.NANOSECONDS.toMillis(took[(took.length * 95 - 1) / 100]);
        return p95Ms > 0 && p95 > p95Ms
                ? Optional.of("95 of 100 messages took up to %,d ms; at most %,d ms may be".formatted(p95, p95Ms))
                : Optional.empty();
    }

    private static boolean isMissed(Sample sample) {
        return sample.type() == Event.Type.INFO
                || sample.type() == Event.Type.OK && InTime.isLate(sample.due(), sample.ended());
    }

    /** Keeps what was seen of late. Safe to use from any thread. */
    static final class Seen {
        private final Deque<Sample> samples = new ArrayDeque<>();

        synchronized void add(Sample sample) {
            if (samples.size() == MOST_KEPT) {
                samples.removeFirst();
            }
            samples.addLast(sample);
        }

        /** What ended within the last minute. */
        synchronized List<Sample> recent(long now) {
            while (!samples.isEmpty() && now - samples.getFirst().ended() > WINDOW) {
                samples.removeFirst();
            }
            return new ArrayList<>(samples);
        }
    }
}
