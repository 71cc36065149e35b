package org.exchequer.lab.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One account compared with a statement while it was posted to, as the program answered. Amounts in minor units, signed
 * as the account's owner sees them.
 *
 * @param account its code
 * @param statement the lines that were sent, true ones and wrong ones
 * @param known how many lines the account was seen to have before
 * @param ours how many of the account's lines took part
 * @param sum of these
 * @param matches pairs of one line of each side
 * @param breaks what was left
 * @param trouble what else was wrong with the answer, else null
 * @param unanswered why there is no answer to judge, else null
 */
public record Reconciled(
        String account,
        List<Long> statement,
        long known,
        long ours,
        long sum,
        long matches,
        List<Break> breaks,
        @Nullable String trouble,
        @Nullable String unanswered) {
    public Reconciled {
        statement = List.copyOf(statement);
        breaks = List.copyOf(breaks);
    }

    /**
     * A line that is in no match.
     *
     * @param ours whether the ledger has it, else the statement
     */
    public record Break(boolean ours, long amount) {}
}
