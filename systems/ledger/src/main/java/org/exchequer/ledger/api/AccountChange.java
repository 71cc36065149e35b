package org.exchequer.ledger.api;

import org.exchequer.kernel.Currency;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of an account; what is null stays as it is.
 *
 * @param account its code
 * @param state freeze, reopen or close
 * @param overdraftLimit in minor units, 0 or more; needs an account with a balance rule
 * @param bounds both bounds anew, {@link Bounds#NONE} for none
 * @param currency that limit and bounds are given in, which must be the account's; null where it goes without saying
 */
public record AccountChange(
        String account,
        @Nullable AccountState state,
        @Nullable Long overdraftLimit,
        @Nullable Bounds bounds,
        @Nullable Currency currency) {
    /** @throws FieldError when nothing changes, the code is none, or the limit is negative */
    public AccountChange {
        AccountSpec.requireCode("account", account);
        if (state == null && overdraftLimit == null && bounds == null) {
            throw new FieldError("state", "is missing: give a state, an overdraftLimit or bounds");
        }
        if (overdraftLimit != null && overdraftLimit < 0) {
            throw new FieldError("overdraftLimit", "must not be negative");
        }
        if (currency != null && overdraftLimit == null && (bounds == null || bounds.equals(Bounds.NONE))) {
            throw new FieldError("currency", "belongs to an overdraftLimit or a bound, and there is none");
        }
    }

    /** The same, with the account's currency beside its limits where it went without saying. */
    public AccountChange in(@Nullable Currency own) {
        boolean amounts = overdraftLimit != null || (bounds != null && !bounds.equals(Bounds.NONE));
        return amounts && currency == null ? new AccountChange(account, state, overdraftLimit, bounds, own) : this;
    }
}
