package org.exchequer.ledger.api;

import java.util.List;
import org.exchequer.kernel.Currency;

/**
 * All posting accounts with entries, at one position of the journal.
 *
 * @param rows one per account, in order of code
 * @param totals one per currency, in order of code; each ties out when its debits equal its credits
 * @param asOf which entries it takes in
 * @param asOfSequence the journal position it includes, and everything before
 * @param asOfSequences of a ledger over several shards each shard's position, in the order of their numbers; {@code
 *     asOfSequence} is their sum then, and no position; empty of one journal
 */
public record TrialBalance(
        List<Balance> rows, List<Total> totals, AsOf asOf, long asOfSequence, List<Long> asOfSequences) {
    /** Of one journal. */
    public TrialBalance(List<Balance> rows, List<Total> totals, AsOf asOf, long asOfSequence) {
        this(rows, totals, asOf, asOfSequence, List.of());
    }

    /**
     * Totals of one currency in minor units.
     *
     * @param debits sum of all debits ever posted
     * @param credits sum of all credits ever posted
     */
    public record Total(Currency currency, java.math.BigInteger debits, java.math.BigInteger credits) {
        public boolean ties() {
            return debits.equals(credits);
        }
    }

    /** Debits equal credits in every currency. */
    public boolean ties() {
        return totals.stream().allMatch(Total::ties);
    }
}
