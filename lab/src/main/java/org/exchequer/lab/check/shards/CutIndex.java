package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut.Pair;

/** Finds the cut that says most about the order of two entries on different shards. Journals only grow. */
final class CutIndex {
    private final List<List<List<Pair>>> pairs = new ArrayList<>();

    CutIndex(List<Cut> cuts, int shards) {
        for (int one = 0; one < shards; one++) {
            List<List<Pair>> others = new ArrayList<>();
            for (int other = 0; other < shards; other++) {
                List<Pair> both = new ArrayList<>();
                if (one != other) {
                    for (Cut cut : cuts) {
                        cut.pair(one, other).ifPresent(both::add);
                    }
                }
                others.add(both);
            }
            pairs.add(others);
        }
    }

    List<Pair> pairs(int one, int other) {
        return pairs.get(one).get(other);
    }

    /** Whether a cut saw the participant's posting and, later, not yet its coordinator's decision. */
    boolean sawFirst(int coordinator, long decision, int participant, long posting) {
        Pair pair = first(pairs(coordinator, participant), Pair::other, posting);
        return pair != null && pair.later() < decision;
    }

    /** Whether a cut saw the coordinator's decision and, later, not yet what the participant reserved. */
    boolean sawDecided(int coordinator, long decision, int participant, long hold) {
        Pair pair = first(pairs(coordinator, participant), Pair::earlier, decision);
        return pair != null && pair.other() < hold;
    }

    private static @org.jspecify.annotations.Nullable Pair first(
            List<Pair> pairs, ToLongFunction<Pair> end, long position) {
        int low = 0;
        int high = pairs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end.applyAsLong(pairs.get(middle)) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == pairs.size() ? null : pairs.get(low);
    }
}
