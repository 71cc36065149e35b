package org.exchequer.ledger.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An open hold in memory.
 *
 * @param id its position in the journal
 * @param remaining what is still reserved, in minor units, more than zero
 * @param expiresAt when the rest is released, or null for never
 */
public record Hold(
        long id,
        Slot debit,
        Slot credit,
        long remaining,
        @Nullable Instant expiresAt) {
    Hold less(long released) {
        return new Hold(id, debit, credit, remaining - released, expiresAt);
    }
}
