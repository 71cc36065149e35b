package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.check.shards.Transactions.Item;
import org.exchequer.lab.check.shards.Transactions.Place;

/**
 * Nothing stays in doubt: every hold of a transaction over several shards ends, and once everything is well again it
 * does so within the bound. How long each took is measured by the cuts, so to a tenth of a second.
 */
public final class InDoubt implements ShardChecker {
    private static final int PERCENT = 100;
    private static final int HIGH = 99;

    @Override
    public String name() {
        return "in-doubt";
    }

    @Override
    public String invariant() {
        return "What is reserved for a transaction over several shards is posted or given back, within the bound once"
                + " every fault is over.";
    }

    @Override
    public Finding check(ShardedEvidence evidence) {
        Tally tally = new Tally(name(), "holds on accounts in transit");
        if (!evidence.isRead()) {
            tally.unknown("not every journal was read");
        }
        List<Long> lengths = new ArrayList<>();
        String[] longest = {""};
        long[] most = {-1};
        for (Map.Entry<String, Map<Place, Item>> each :
                Transactions.of(evidence).byName().entrySet()) {
            each.getValue().forEach((place, item) -> {
                Optional<Entry> hold = item.hold();
                if (hold.isEmpty()) {
                    return;
                }
                tally.checked();
                if (item.isOpen()) {
                    tally.violation(
                            hold.get().reserved().getFirst().amount(),
                            "a hold of the transaction of key " + key(evidence, each.getKey())
                                    + " was left behind on shard " + place.shard(),
                            item.story());
                } else {
                    long end = end(item);
                    length(evidence.cuts(), place.shard(), hold.get().position(), end)
                            .ifPresent(length -> {
                                if (length > most[0]) {
                                    most[0] = length;
                                    longest[0] = key(evidence, each.getKey()) + " on shard " + place.shard();
                                }
                                lengths.add(length);
                            });
                }
            });
        }
        measured(lengths, longest[0], tally);
        healed(evidence, tally);
        return tally.finding();
    }

    private static String key(ShardedEvidence evidence, String transaction) {
        ShardedEvidence.Mark mark = evidence.marks().get(transaction);
        return mark == null ? "?" : mark.key();
    }

    private static long end(Item item) {
        return (item.postings().isEmpty() ? item.ends() : item.postings())
                .getFirst()
                .position();
    }

    /** Milliseconds between the cuts that first showed the one and the other position of a shard. */
    private static Optional<Long> length(List<Cut> cuts, int shard, long from, long to) {
        Cut begun = first(cuts, shard, from);
        Cut ended = first(cuts, shard, to);
        return begun == null || ended == null ? Optional.empty() : Optional.of(ended.atMs() - begun.atMs());
    }

    /** Cuts without an answer of the shard count with the end that was seen before. */
    private static @org.jspecify.annotations.Nullable Cut first(List<Cut> cuts, int shard, long position) {
        int low = 0;
        int high = cuts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int known = middle;
            while (known >= low && cuts.get(known).first().get(shard) < 0) {
                known--;
            }
            if (known < low || cuts.get(known).first().get(shard) < position) {
                low = middle + 1;
            } else {
                high = known;
            }
        }
        return low < cuts.size() && cuts.get(low).first().get(shard) >= position ? cuts.get(low) : null;
    }

    private static void measured(List<Long> lengths, String longest, Tally tally) {
        if (!lengths.isEmpty()) {
            long[] sorted = lengths.stream().mapToLong(Long::longValue).sorted().toArray();
            tally.note("from reserved to ended: 99 of 100 within %.1f s, the longest %.1f s (%s), %d longer than 10 s"
                    .formatted(
                            sorted[sorted.length * HIGH / PERCENT] / 1e3,
                            sorted[sorted.length - 1] / 1e3,
                            longest,
                            Arrays.stream(sorted).filter(ms -> ms > 10_000).count()));
        }
    }

    private static void healed(ShardedEvidence evidence, Tally tally) {
        if (evidence.healing().isEmpty()) {
            tally.unknown("nobody looked how long it took after the last fault");
            return;
        }
        Healing healing = evidence.healing().get();
        if (healing.left() > 0 || healing.tookMs() > healing.boundMs()) {
            tally.violation(
                    healing.tookMs(),
                    "%d transactions were in doubt %.1f s after the last fault had ended"
                            .formatted(Math.max(1, healing.left()), healing.tookMs() / 1e3),
                    List.of("at most %.1f s are allowed".formatted(healing.boundMs() / 1e3)));
        } else {
            tally.note("after the last fault nothing was in doubt within %.1f s (%.0f s are allowed)"
                    .formatted(healing.tookMs() / 1e3, healing.boundMs() / 1e3));
        }
    }
}
