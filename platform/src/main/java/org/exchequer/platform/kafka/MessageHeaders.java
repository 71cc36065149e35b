package org.exchequer.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers that every message carries, and the trace context among them (W3C {@code traceparent}). */
public final class MessageHeaders {
    /** Identifies the message within its topic, the same on every delivery: the inbox tells repetitions by it. */
    public static final String MESSAGE_ID = "exchequer-message-id";

    /** Name of the Protobuf message or other schema that the payload follows. */
    public static final String TYPE = "exchequer-type";

    private MessageHeaders() {}

    /** The value of the last header of that name, or null when there is none. */
    public static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /** Replaces a header. */
    public static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(UTF_8));
    }

    /** Headers that continue the trace in {@code context}; empty when nothing is traced. */
    public static Map<String, String> traceOf(Context context, OpenTelemetry telemetry) {
        Map<String, String> trace = new TreeMap<>();
        telemetry.getPropagators().getTextMapPropagator().inject(context, trace, (carrier, name, value) -> {
            if (carrier != null) {
                carrier.put(name, value);
            }
        });
        return trace;
    }

    /** The trace that the headers continue, as a context whose parent is the present one. */
    public static Context contextOf(Headers headers, OpenTelemetry telemetry) {
        return telemetry
                .getPropagators()
                .getTextMapPropagator()
                .extract(Context.current(), headers, FromHeaders.INSTANCE);
    }

    private enum FromHeaders implements TextMapGetter<Headers> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Headers carrier) {
            List<String> names = new ArrayList<>();
            carrier.forEach(header -> names.add(header.key()));
            return names;
        }

        @Override
        public @Nullable String get(@Nullable Headers carrier, String name) {
            return carrier == null ? null : text(carrier, name);
        }
    }
}
