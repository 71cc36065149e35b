package org.exchequer.ledger.api;

import java.math.BigInteger;
import java.util.List;
import org.exchequer.kernel.Currency;

/**
 * Assets against liabilities, equity and the result so far, per currency.
 *
 * @param sheets one per currency with entries, in order of code
 * @param asOf which entries it takes in
 * @param asOfSequence the journal position it was drawn up at
 * @param asOfSequences of a ledger over several shards each shard's position, in the order of their numbers; {@code
 *     asOfSequence} is their sum then, and no position; empty of one journal
 */
public record BalanceSheet(List<Sheet> sheets, AsOf asOf, long asOfSequence, List<Long> asOfSequences) {
    /** Of one journal. */
    public BalanceSheet(List<Sheet> sheets, AsOf asOf, long asOfSequence) {
        this(sheets, asOf, asOfSequence, List.of());
    }

    /**
     * One account's line.
     *
     * @param account code
     * @param name for people
     * @param amount in minor units, on the normal side of its type: a contra account is negative
     */
    public record Line(String account, String name, BigInteger amount) {}

    /**
     * One currency.
     *
     * @param result income less expenses that no closing entry has moved to equity yet
     */
    public record Sheet(
            Currency currency,
            List<Line> assets,
            List<Line> liabilities,
            List<Line> equity,
            BigInteger totalAssets,
            BigInteger totalLiabilities,
            BigInteger totalEquity,
            BigInteger result) {
        /** What the sheet is off by; zero. */
        public BigInteger difference() {
            return totalAssets.subtract(totalLiabilities).subtract(totalEquity).subtract(result);
        }
    }

    /** Assets equal liabilities, equity and result in every currency. */
    public boolean ties() {
        return sheets.stream().allMatch(sheet -> sheet.difference().signum() == 0);
    }
}
