package org.exchequer.console.view;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes the idempotency key that a form carries from the moment it is shown, so that a double click, a reload or a
 * second try after a broken connection is the same command.
 *
 * <p>UUID version 7 (RFC 9562), time-ordered: the ledger's key index then grows at one end.
 */
public final class FormKey {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public FormKey(Clock clock) {
        this.clock = clock;
    }

    /** A key never used before, e.g. {@code console-01936d3a-8e1c-7b52-9c0f-5d1f6a2b3c4d}. */
    public String next() {
        long millis = clock.millis() & 0xffff_ffff_ffffL;
        long high = (millis << 16) | 0x7000 | (random.nextInt() & 0xfff);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return "console-" + new UUID(high, low);
    }
}
