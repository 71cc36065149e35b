package org.exchequer.ledger.api;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import org.exchequer.kernel.Currency;

/**
 * Income and expenses of a period, per currency.
 *
 * @param from first date of the period
 * @param to last date of the period
 * @param basis which of an entry's dates counts
 * @param statements one per currency with entries in the period, in order of code
 * @param asOfSequence the journal position it was drawn up at
 * @param asOfSequences of a ledger over several shards each shard's position, in the order of their numbers; {@code
 *     asOfSequence} is their sum then, and no position; empty of one journal
 */
public record IncomeStatement(
        LocalDate from,
        LocalDate to,
        AsOf.Basis basis,
        List<Statement> statements,
        long asOfSequence,
        List<Long> asOfSequences) {
    /** Of one journal. */
    public IncomeStatement(
            LocalDate from, LocalDate to, AsOf.Basis basis, List<Statement> statements, long asOfSequence) {
        this(from, to, basis, statements, asOfSequence, List.of());
    }

    /**
     * One currency, in minor units.
     *
     * @param income accounts of income, credits less debits
     * @param expenses accounts of expense, debits less credits
     * @param result total income less total expenses
     */
    public record Statement(
            Currency currency,
            List<BalanceSheet.Line> income,
            List<BalanceSheet.Line> expenses,
            BigInteger totalIncome,
            BigInteger totalExpenses,
            BigInteger result) {}
}
