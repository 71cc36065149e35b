package org.exchequer.lab.check;

import java.time.Duration;
import java.util.List;
import org.exchequer.kernel.Ticker;

/** All checkers of the ledger. */
public final class Checkers {
    private Checkers() {}

    /**
     * Every checker, in the order of a report.
     *
     * @param ticker for the budget of linearizability
     * @param perAccount most time for one account; ten times that for all
     */
    public static List<Checker> ledger(Ticker ticker, Duration perAccount) {
        return List.of(
                new Conservation(),
                new Balances(),
                new NoOverdraft(),
                new Durability(),
                new OneEffect(),
                new FreshReads(),
                new AccountLinearizability(ticker, perAccount, perAccount.multipliedBy(10)),
                new Publication());
    }
}
