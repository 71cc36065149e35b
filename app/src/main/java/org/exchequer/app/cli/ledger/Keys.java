package org.exchequer.app.cli.ledger;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** New idempotency keys: time-ordered UUIDs (version 7, RFC 9562), so that the ledger's key index grows at one end. */
public final class Keys {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Keys(Clock clock) {
        this.clock = clock;
    }

    public String next() {
        long high = clock.millis() << 16 | 0x7000 | random.nextInt(0x1000);
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
