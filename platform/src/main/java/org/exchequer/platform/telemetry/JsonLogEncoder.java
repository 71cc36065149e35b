package org.exchequer.platform.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object per line: {@code time} (ISO 8601, UTC), {@code level}, {@code logger}, {@code thread},
 * {@code message}, then the event's own members and those of the context ({@code traceId}), {@code error} last. Every
 * text is masked by {@link Secrets}.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = new byte[0];

    private final JsonMapper json = JsonMapper.shared();

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", Secrets.mask(event.getFormattedMessage()));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.putIfAbsent(pair.key, value(pair.key, pair.value)));
        }
        event.getMDCPropertyMap().forEach((key, value) -> line.putIfAbsent(key, value(key, value)));
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            line.put("error", Secrets.mask(ThrowableProxyUtil.asString(error)));
        }
        return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Object value(String key, @Nullable Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        String masked = Secrets.mask(key + "=" + value);
        return masked.startsWith(key + "=") ? masked.substring(key.length() + 1) : masked;
    }
}
