package org.exchequer.inward.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.core.ConfigSet;
import org.jspecify.annotations.Nullable;

/** Whether a proposal makes sense together with what applies, to whatever payment and at whatever time. */
final class Combinations {
    private static final int MOST = 50_000;
    private static final int MOST_EXPERIMENTS = 6;
    /** Stands for whatever no entry names. */
    private static final String OTHER = "";

    private final SortedSet<String> types = new TreeSet<>(Set.of(OTHER));
    private final SortedSet<String> currencies = new TreeSet<>(Set.of(OTHER));
    private final SortedSet<Long> amounts = new TreeSet<>(Set.of(0L));
    private final SortedSet<String> instances = new TreeSet<>(Set.of(OTHER));
    private final SortedSet<String> experiments = new TreeSet<>();

    private Combinations(List<ConfigEntry> entries) {
        for (ConfigEntry entry : entries) {
            ConfigScope scope = entry.scope();
            add(types, scope.messageType());
            add(currencies, scope.currency());
            add(amounts, scope.leastMinorUnits());
            add(amounts, scope.mostMinorUnits());
            add(instances, scope.instance());
            add(experiments, entry.experiment());
        }
    }

    private static <T> void add(Set<T> values, @Nullable T value) {
        if (value != null) {
            values.add(value);
        }
    }

    /** What is wrong, in words; null when nothing is. */
    static @Nullable String contradiction(
            ConfigEntry proposal,
            List<ConfigEntry> approved,
            long revision,
            Settings base,
            WorkGate.Bounds load,
            Instant now) {
        List<ConfigEntry> all = new ArrayList<>(approved);
        all.add(approved(proposal, revision + 1));
        ConfigSet set = new ConfigSet(revision + 1, all);
        Combinations every = new Combinations(set.newest());
        SortedSet<Instant> times = new TreeSet<>(Set.of(now));
        times.addAll(set.changes().tailSet(now));
        long count = (long) times.size()
                        * every.types.size()
                        * every.currencies.size()
                        * every.amounts.size()
                        * every.instances.size()
                << Math.min(every.experiments.size(), MOST_EXPERIMENTS);
        if (every.experiments.size() > MOST_EXPERIMENTS) {
            return "there may be " + MOST_EXPERIMENTS + " experiments at once; end one first";
        }
        if (count > MOST) {
            return "too many scopes, experiments and times would apply to be checked; take some away first";
        }
        for (Instant time : times) {
            String wrong = every.contradiction(set, base, load, time);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable String contradiction(ConfigSet set, Settings base, WorkGate.Bounds load, Instant time) {
        List<String> named = List.copyOf(experiments);
        for (String instance : instances) {
            for (int arms = 0; arms < 1 << named.size(); arms++) {
                int chosen = arms;
                for (String type : types) {
                    for (String currency : currencies) {
                        for (Long amount : amounts) {
                            ConfigSet.Applied applied = set.apply(new ConfigSet.Context(
                                    type,
                                    currency,
                                    amount,
                                    instance,
                                    time,
                                    entry -> (chosen >> named.indexOf(entry.experiment()) & 1) == 1));
                            String wrong = contradiction(applied, base, load);
                            if (wrong != null) {
                                return wrong;
                            }
                        }
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable String contradiction(ConfigSet.Applied applied, Settings base, WorkGate.Bounds load) {
        try {
            Settings unused = ConfiguredSettings.of(base, applied.entries());
            Map<String, java.math.BigDecimal> values = new HashMap<>();
            applied.entries().forEach(entry -> values.put(entry.key(), Objects.requireNonNull(entry.value())));
            NodeSettings alsoUnused = NodeSettings.of(load, values);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static ConfigEntry approved(ConfigEntry proposal, long revision) {
        return new ConfigEntry(
                proposal.key(),
                proposal.version(),
                proposal.value(),
                proposal.scope(),
                proposal.from(),
                proposal.until(),
                proposal.experiment(),
                proposal.percentage(),
                proposal.rollbackOf(),
                proposal.reason(),
                proposal.createdBy(),
                proposal.createdAt(),
                proposal.state(),
                proposal.decision(),
                revision);
    }
}
