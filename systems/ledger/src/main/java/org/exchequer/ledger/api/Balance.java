package org.exchequer.ledger.api;

import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;

/**
 * The balance of a posting account at one position of the journal.
 *
 * @param account code of the account
 * @param currency its currency
 * @param normalSide the side {@code posted} and {@code available} are counted on
 * @param debits total of all debits, in minor units
 * @param credits total of all credits, in minor units
 * @param posted the balance on the normal side: positive when it stands there
 * @param available {@code posted} plus the overdraft limit, when a rule guards that side; else {@code posted}
 * @param asOfSequence the journal position it includes, and everything before
 */
public record Balance(
        String account,
        Currency currency,
        Side normalSide,
        long debits,
        long credits,
        Money posted,
        Money available,
        long asOfSequence) {}
