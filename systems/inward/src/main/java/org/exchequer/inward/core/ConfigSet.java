package org.exchequer.inward.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.jspecify.annotations.Nullable;

/**
 * All that is approved, and what of it applies to a payment. Immutable.
 *
 * <p>Of one key, scope and experiment, the version approved last of those that apply at the time counts; with a null
 * value none does. Among those whose scope fits, the most specific wins; see {@code api.Configurations}.
 */
public final class ConfigSet {
    /** Nothing is configured. */
    public static final ConfigSet EMPTY = new ConfigSet(0, List.of());

    private static final int BUCKETS = 10_000;

    private final long revision;
    private final Map<String, List<List<ConfigEntry>>> lines = new TreeMap<>();

    private record Line(
            String key, ConfigScope scope, @Nullable String experiment) {}

    /**
     * What is known of a payment, or, with nulls, of a process.
     *
     * @param amount in minor units
     * @param inExperiment whether it takes part in the experiment of an entry
     */
    public record Context(
            @Nullable String messageType,
            @Nullable String currency,
            @Nullable Long amount,
            String instance,
            Instant now,
            Predicate<ConfigEntry> inExperiment) {
        /** A node's own values, which belong to no payment. */
        public static Context of(String instance, Instant now) {
            return new Context(null, null, null, instance, now, entry -> false);
        }
    }

    /**
     * What applies.
     *
     * @param entries one for each key that is configured
     * @param experiments that the payment takes part in
     */
    public record Applied(List<ConfigEntry> entries, SortedSet<String> experiments) {}

    /** @param approved entries with their revisions, in any order */
    public ConfigSet(long revision, List<ConfigEntry> approved) {
        this.revision = revision;
        Map<Line, List<ConfigEntry>> byLine = new HashMap<>();
        approved.stream()
                .sorted(Comparator.comparingLong((ConfigEntry entry) -> revision(entry))
                        .reversed())
                .forEach(entry -> byLine.computeIfAbsent(
                                new Line(entry.key(), entry.scope(), entry.experiment()), line -> new ArrayList<>())
                        .add(entry));
        byLine.forEach((line, entries) ->
                lines.computeIfAbsent(line.key(), key -> new ArrayList<>()).add(List.copyOf(entries)));
    }

    private static long revision(ConfigEntry entry) {
        return Objects.requireNonNull(entry.revision(), "it is approved");
    }

    public long revision() {
        return revision;
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Of each key, scope and experiment, what was approved last. */
    public List<ConfigEntry> newest() {
        return lines.values().stream()
                .flatMap(List::stream)
                .map(List::getFirst)
                .filter(entry -> entry.value() != null)
                .toList();
    }

    /** What applies to a payment. */
    public Applied apply(Context context) {
        List<ConfigEntry> entries = new ArrayList<>(lines.size());
        SortedSet<String> experiments = new TreeSet<>();
        for (List<List<ConfigEntry>> ofKey : lines.values()) {
            ConfigEntry best = null;
            for (List<ConfigEntry> line : ofKey) {
                ConfigEntry entry = present(line, context.now());
                if (entry == null || !fits(entry.scope(), context)) {
                    continue;
                }
                if (entry.experiment() != null) {
                    if (!context.inExperiment().test(entry)) {
                        continue;
                    }
                    experiments.add(entry.experiment());
                }
                if (best == null || ORDER.compare(entry, best) > 0) {
                    best = entry;
                }
            }
            if (best != null) {
                entries.add(best);
            }
        }
        return new Applied(entries, experiments);
    }

    private static @Nullable ConfigEntry present(List<ConfigEntry> line, Instant now) {
        for (ConfigEntry entry : line) {
            if (entry.appliesAt(now)) {
                return entry.value() == null ? null : entry;
            }
        }
        return null;
    }

    private static boolean fits(ConfigScope scope, Context context) {
        return (scope.messageType() == null || scope.messageType().equals(context.messageType()))
                && (scope.currency() == null || scope.currency().equals(context.currency()))
                && (scope.instance() == null || scope.instance().equals(context.instance()))
                && amountFits(scope, context.amount());
    }

    private static boolean amountFits(ConfigScope scope, @Nullable Long amount) {
        if (scope.leastMinorUnits() == null && scope.mostMinorUnits() == null) {
            return true;
        }
        return amount != null
                && (scope.leastMinorUnits() == null || amount >= scope.leastMinorUnits())
                && (scope.mostMinorUnits() == null || amount < scope.mostMinorUnits());
    }

    /** The more specific last; an experiment before its control group. */
    private static final Comparator<ConfigEntry> ORDER = Comparator.comparingInt(
                    (ConfigEntry entry) -> named(entry.scope()))
            .thenComparingInt(entry -> rank(entry.scope()))
            .thenComparing(entry -> width(entry.scope()), Comparator.reverseOrder())
            .thenComparing(entry -> entry.experiment() != null)
            .thenComparingLong(ConfigSet::revision);

    private static int named(ConfigScope scope) {
        return Integer.bitCount(rank(scope));
    }

    private static int rank(ConfigScope scope) {
        boolean amounts = scope.leastMinorUnits() != null || scope.mostMinorUnits() != null;
        return (scope.instance() == null ? 0 : 8)
                + (scope.messageType() == null ? 0 : 4)
                + (scope.currency() == null ? 0 : 2)
                + (amounts ? 1 : 0);
    }

    private static long width(ConfigScope scope) {
        return (scope.mostMinorUnits() == null ? Long.MAX_VALUE : scope.mostMinorUnits())
                - (scope.leastMinorUnits() == null ? 0 : scope.leastMinorUnits());
    }

    /**
     * Whether a payment takes part in an entry's experiment: the same on every node and whenever it is asked, and in
     * two experiments independently.
     *
     * @param key of the message, as of {@link Intake#key}
     */
    public static boolean inExperiment(ConfigEntry entry, byte[] key) {
        if (entry.experiment() == null || entry.percentage() == null) {
            return false;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(entry.experiment().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            long bucket =
                    Integer.toUnsignedLong(ByteBuffer.wrap(digest.digest(key)).getInt()) % BUCKETS;
            return bucket < entry.percentage().movePointRight(2).longValue();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** All times at which what applies may change. */
    public SortedSet<Instant> changes() {
        SortedSet<Instant> times = new TreeSet<>();
        lines.values().stream().flatMap(List::stream).flatMap(List::stream).forEach(entry -> {
            times.add(entry.from());
            if (entry.until() != null) {
                times.add(entry.until());
            }
        });
        return times;
    }
}
