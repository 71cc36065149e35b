package org.exchequer.ledger.api;

import java.math.BigInteger;
import org.exchequer.kernel.Currency;

/**
 * What an account and everything under it hold together in one currency.
 *
 * @param currency of the amounts
 * @param accounts how many posting accounts with entries in that currency were added up
 * @param debits total of all debits, in minor units
 * @param credits total of all credits, in minor units
 * @param balance on the normal side of the account at the top, in minor units
 */
public record Rollup(Currency currency, int accounts, BigInteger debits, BigInteger credits, BigInteger balance) {}
