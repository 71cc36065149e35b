package org.exchequer.ledger.api;

import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a posting account at one position of the journal, or as of a date.
 *
 * @param account code of the account
 * @param currency its currency
 * @param normalSide the side {@code posted} and {@code available} are counted on
 * @param debits total of all debits, in minor units
 * @param credits total of all credits, in minor units
 * @param pendingDebits reserved to be debited, in minor units; 0 as of a date, when holds are no part of the books
 * @param pendingCredits reserved to be credited, in minor units; 0 as of a date
 * @param posted the balance on the normal side: positive when it stands there
 * @param available what may still leave the account: {@code posted} less what is reserved to leave it, plus the
 *     overdraft limit when a rule guards that side, less the minimum balance when there is one; null as of a
 *     date, when nothing can be spent
 * @param asOfSequence the journal position it includes, and everything before
 */
public record Balance(
        String account,
        Currency currency,
        Side normalSide,
        long debits,
        long credits,
        long pendingDebits,
        long pendingCredits,
        Money posted,
        @Nullable Money available,
        long asOfSequence) {
    /** The same as of a date: without what holds and limits say, which concerns the present. */
    public Balance dated() {
        return new Balance(account, currency, normalSide, debits, credits, 0, 0, posted, null, asOfSequence);
    }
}
