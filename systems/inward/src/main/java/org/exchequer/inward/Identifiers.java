package org.exchequer.inward;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** New ids: time-ordered UUIDs (version 7, RFC 9562), so that indexes grow at one end. */
final class Identifiers {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Identifiers(Clock clock) {
        this.clock = clock;
    }

    UUID next() {
        long high = clock.millis() << 16 | 0x7000 | random.nextInt(0x1000);
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
