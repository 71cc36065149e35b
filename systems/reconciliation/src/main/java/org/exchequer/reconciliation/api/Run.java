package org.exchequer.reconciliation.api;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;

/**
 * One reconciliation of an account with a statement, as it was: nothing of it changes afterwards.
 *
 * @param id 1 and up
 * @param startedBy who asked for it
 * @param account code of the ledger's account
 * @param theirAccount what the statement calls the account; empty when it names none
 * @param statementSha256 of the statement, in hex
 * @param from first booking date of the ledger's lines
 * @param to last one
 * @param tolerance by how much amounts may differ, in minor units
 * @param windowDays by how many days value dates may differ
 * @param byAmount whether lines also match by amount and date alone
 * @param ours the ledger's lines with those carried over from open breaks
 * @param theirs the statement's lines with those carried over
 * @param newBreaks breaks that were not known before
 * @param continuedBreaks breaks that were open before and still are
 * @param settledBreaks breaks that were open before and whose lines have found each other, or belong to another break
 *     now
 */
public record Run(
        long id,
        String startedBy,
        Instant startedAt,
        String account,
        Currency currency,
        String theirAccount,
        String statementSha256,
        LocalDate from,
        LocalDate to,
        long tolerance,
        int windowDays,
        boolean byAmount,
        Optional<Money> opening,
        Optional<Money> closing,
        Lines ours,
        Lines theirs,
        int matches,
        int newBreaks,
        int continuedBreaks,
        int settledBreaks) {
    /** How many, and what they sum up to. */
    public record Lines(int count, Money sum) {}
}
