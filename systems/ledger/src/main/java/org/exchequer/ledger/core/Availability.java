package org.exchequer.ledger.core;

import java.math.BigInteger;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Side;

/** What may still leave an account. */
public final class Availability {
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);

    private Availability() {}

    /**
     * The balance on the normal side, less what is reserved to leave it, plus the overdraft limit where the account's
     * rule guards that side, or less the minimum balance where that is the tighter; in minor units, clamped at the
     * range of a long.
     */
    public static long of(AccountSpec spec, long debits, long credits, long pendingDebits, long pendingCredits) {
        boolean debitSide = spec.normalSide() == Side.DEBIT;
        Side leaving = spec.normalSide().opposite();
        long bound = Math.min(Slot.ruleBound(spec, leaving), Slot.boundsBound(spec, leaving));
        BigInteger free = BigInteger.valueOf(debitSide ? debits - credits : credits - debits)
                .subtract(BigInteger.valueOf(debitSide ? pendingCredits : pendingDebits));
        return (bound == Long.MAX_VALUE ? free : free.add(BigInteger.valueOf(bound)))
                .min(MOST)
                .max(LEAST)
                .longValueExact();
    }
}
