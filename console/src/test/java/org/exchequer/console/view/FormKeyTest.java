package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FormKeyTest {
    @Test
    void keysAreTimeOrderedUuidsThatNeverRepeat() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T09:30:00.123Z"), ZoneOffset.UTC);
        FormKey keys = new FormKey(clock);
        String key = keys.next();
        assertThat(key).startsWith("console-");
        UUID uuid = UUID.fromString(key.substring("console-".length()));
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(clock.millis());
        assertThat(keys.next()).isNotEqualTo(key);
    }
}
