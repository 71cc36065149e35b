package org.exchequer.lab.scenario;

import java.time.Duration;
import java.util.List;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Checkers;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.shards.ShardChecker;
import org.exchequer.lab.check.shards.ShardCheckers;
import org.exchequer.lab.scenario.RunReport.NamedFinding;

/**
 * What must hold in every run.
 *
 * @param checkers in the order of the report
 */
record Invariants(List<Checker> checkers) {
    /** Most time for deciding whether one account is linearizable: longer histories may take longer. */
    private static final Duration PER_ACCOUNT = Duration.ofSeconds(10);

    private static final int SHARE_OF_LENGTH = 30;

    static Invariants of(Ticker ticker, long lengthMs) {
        return new Invariants(Checkers.ledger(ticker, perAccount(lengthMs)));
    }

    /** The same of a ledger over several shards. */
    static List<ShardChecker> ofShards(Ticker ticker, long lengthMs) {
        return ShardCheckers.all(ticker, perAccount(lengthMs));
    }

    private static Duration perAccount(long lengthMs) {
        Duration share = Duration.ofMillis(lengthMs / SHARE_OF_LENGTH);
        return share.compareTo(PER_ACCOUNT) > 0 ? share : PER_ACCOUNT;
    }

    List<NamedFinding> check(Evidence evidence) {
        return checkers.stream()
                .map(checker -> new NamedFinding(checker.invariant(), checker.check(evidence)))
                .toList();
    }
}
