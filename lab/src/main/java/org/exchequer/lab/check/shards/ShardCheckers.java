package org.exchequer.lab.check.shards;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Checkers;

/** All checkers of a ledger over several shards. */
public final class ShardCheckers {
    /** What is about answers is checked of all journals together, too. */
    private static final Set<String> OF_THE_WHOLE = Set.of("durability", "one-effect");

    private ShardCheckers() {}

    /**
     * Every checker, in the order of a report.
     *
     * @param ticker for the budget of linearizability
     * @param perAccount most time for one account; ten times that for all of a shard
     */
    public static List<ShardChecker> all(Ticker ticker, Duration perAccount) {
        List<ShardChecker> all =
                new ArrayList<>(List.of(new TwoPhase(), new InTransit(), new InDoubt(), new OneHome()));
        Views views = new Views();
        Checkers.ledger(ticker, perAccount)
                .forEach(checker -> all.add(new EachShard(checker, OF_THE_WHOLE.contains(checker.name()), views)));
        return List.copyOf(all);
    }
}
