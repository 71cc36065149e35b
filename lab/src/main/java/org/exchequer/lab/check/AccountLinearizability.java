package org.exchequer.lab.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.linear.AccountModel;
import org.exchequer.lab.linear.AccountModel.Operation;
import org.exchequer.lab.linear.AccountModel.State;
import org.exchequer.lab.linear.Call;

/**
 * Every account is linearizable: there is one order of all that was asked of it, in which each operation takes effect
 * once, between question and answer, and which explains every answer. Attempts under one key are one operation; an
 * operation without an answer may have happened at any time since it was asked, or never.
 *
 * <p>Accounts are checked one by one. That is as good as checking all together only for operations on a single account:
 * that a transfer moves both its accounts at the same moment is beyond this checker, and is what {@link FreshReads}
 * compares with the journal.
 *
 * <p>Positions in answers are used as hints where to look first. They never decide.
 */
public final class AccountLinearizability implements Checker {
    private static final Limit NONE = new Limit(null, null);

    private final Ticker ticker;
    private final Duration perAccount;
    private final Duration total;

    /**
     * @param perAccount most time for one account; when it is not decided by then it is unknown
     * @param total most time for all accounts together
     */
    public AccountLinearizability(Ticker ticker, Duration perAccount, Duration total) {
        this.ticker = ticker;
        this.perAccount = perAccount;
        this.total = total;
    }

    @Override
    public String name() {
        return "linearizability";
    }

    @Override
    public String invariant() {
        return "Every account behaves as if its operations happened one at a time, each while it was being asked.";
    }

    @Override
    public Finding check(Evidence evidence) {
        Tally tally = new Tally(name(), "operations on accounts");
        AccountCalls made = AccountCalls.of(evidence);
        Map<String, Limit> limits = evidence.limits().orElse(Map.of());
        Explanation explanation = new Explanation(ticker, perAccount, total, tally);
        made.byAccount().forEach((account, calls) -> {
            if (made.isBlurred()) {
                tally.unknown("unanswered posts, voids or reversals of which nothing else is known touch " + account);
                return;
            }
            Limit limit = limits.getOrDefault(account, NONE);
            explain(explanation, account, limit, evidence.opening().getOrDefault(account, Balance.ZERO), calls);
        });
        return tally.finding();
    }

    private static void explain(
            Explanation explanation, String account, Limit limit, Balance opening, List<Call<Operation>> calls) {
        explanation.explain(
                "account " + account,
                new AccountModel(limit.mostDebit(), limit.mostCredit()),
                new State(opening.debits(), opening.credits(), opening.pendingDebits(), opening.pendingCredits()),
                calls,
                State::describe);
    }
}
