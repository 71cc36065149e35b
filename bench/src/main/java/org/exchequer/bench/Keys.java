package org.exchequer.bench;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** How callers make their idempotency keys. */
enum Keys {
    /** UUID version 7 of RFC 9562, as a client would make it: neighbours in time are neighbours in the index. */
    TIME_ORDERED("UUID version 7") {
        @Override
        UUID next() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            long high = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000);
            return new UUID(high, (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
        }
    },
    /** UUID version 4: each key falls on any page of the index. */
    RANDOM("UUID version 4") {
        @Override
        UUID next() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
            return new UUID(high, (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
        }
    };

    final String text;

    Keys(String text) {
        this.text = text;
    }

    abstract UUID next();
}
