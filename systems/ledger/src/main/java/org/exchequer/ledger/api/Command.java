package org.exchequer.ledger.api;

import java.util.List;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the ledger. Every command carries an idempotency key: the same key with the same command gets
 * the first answer again, rejections included; the same key with another command is refused.
 *
 * <p>Keys are 1 to 128 printable ASCII characters, unique over the whole ledger and for ever. A time-ordered UUID
 * (version 7, RFC 9562) is the best choice: the ledger's key index then grows at one end.
 */
public sealed interface Command {
    /** The idempotency key. */
    String key();

    /** Moves one amount: debits one account, credits another. The common case, and the fast one. */
    record Transfer(String key, String debitAccount, String creditAccount, Money amount, Details details)
            implements Command {
        public Transfer {
            requireKey(key);
            AccountSpec.requireCode("debitAccount", debitAccount);
            AccountSpec.requireCode("creditAccount", creditAccount);
        }
    }

    /** Posts 2 to {@value #MAX_LEGS} legs, all or none, balanced in each currency. */
    record Post(String key, List<Leg> legs, Details details) implements Command {
        public static final int MAX_LEGS = 1_000;

        public Post {
            requireKey(key);
            if (legs.size() < 2 || legs.size() > MAX_LEGS) {
                throw new FieldError("legs", "must be 2 to " + MAX_LEGS);
            }
            legs = List.copyOf(legs);
        }
    }

    /** Undoes a whole transaction by posting its legs with the sides exchanged. Possible once. */
    record Reverse(String key, long transactionId, Details details) implements Command {
        public Reverse {
            requireKey(key);
            if (transactionId < 1) {
                throw new FieldError("transactionId", "must be a positive number");
            }
        }
    }

    /** Opens an account. */
    record OpenAccount(String key, AccountSpec account) implements Command {
        public OpenAccount {
            requireKey(key);
        }
    }

    /**
     * Changes an account; what is null stays as it is.
     *
     * @param state freeze, reopen or close
     * @param overdraftLimit in minor units, 0 or more; needs an account with a balance rule
     */
    record ChangeAccount(
            String key,
            String account,
            @Nullable AccountState state,
            @Nullable Long overdraftLimit) implements Command {
        public ChangeAccount {
            requireKey(key);
            AccountSpec.requireCode("account", account);
            if (state == null && overdraftLimit == null) {
                throw new FieldError("state", "give a state, an overdraftLimit, or both");
            }
            if (overdraftLimit != null && overdraftLimit < 0) {
                throw new FieldError("overdraftLimit", "must not be negative");
            }
        }
    }

    private static void requireKey(String key) {
        if (key.isEmpty() || key.length() > 128) {
            throw new FieldError("idempotencyKey", "must have 1 to 128 characters");
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < 0x21 || key.charAt(i) > 0x7e) {
                throw new FieldError("idempotencyKey", "may hold printable ASCII only, without spaces");
            }
        }
    }
}
