package org.exchequer.platform.telemetry;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;

/** Lines for people at a terminal, masked by {@link Secrets}. */
final class TextLogEncoder extends PatternLayoutEncoder {
    TextLogEncoder() {
        setPattern("%d{HH:mm:ss.SSS} %-5level %logger{20} %msg %kvp%n");
        setCharset(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return Secrets.mask(new String(super.encode(event), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }
}
