package org.exchequer.console.view;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * An instant written for people, always in UTC.
 *
 * @param shown to the second, e.g. {@code 2026-03-01 09:30:00}
 * @param iso in full, e.g. {@code 2026-03-01T09:30:00.123456Z}
 */
public record Moment(String shown, String iso) {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    public static Moment of(Instant instant) {
        return new Moment(SECONDS.format(instant), instant.toString());
    }
}
