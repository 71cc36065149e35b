package org.exchequer.lab.history;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON lines: {@code {"i":7,"t":1200,"p":3,"type":"ok","f":"transfer","v":{"position":"12"}}}.
 */
final class EventJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private EventJson() {}

    static String line(Event event) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("i", event.index());
        node.put("t", event.timeNanos());
        node.put("p", event.process());
        node.put("type", event.type().name().toLowerCase(Locale.ROOT));
        node.put("f", event.function());
        ObjectNode values = node.putObject("v");
        event.values().forEach(values::put);
        return MAPPER.writeValueAsString(node) + "\n";
    }

    /** @throws IllegalArgumentException when the line is no event */
    static Event parse(String line) {
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> value : field(node, "v").properties()) {
            if (!value.getValue().isString()) {
                throw new IllegalArgumentException("v." + value.getKey() + " is no text");
            }
            values.put(value.getKey(), value.getValue().stringValue());
        }
        return new Event(
                number(node, "i"),
                number(node, "t"),
                Math.toIntExact(number(node, "p")),
                type(text(node, "type")),
                text(node, "f"),
                values);
    }

    private static Event.Type type(String name) {
        for (Event.Type type : Event.Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("type is none of invoke, ok, fail, info: " + name);
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode field = node.get(name);
        if (field == null) {
            throw new IllegalArgumentException("field " + name + " is missing");
        }
        return field;
    }

    private static long number(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.isIntegralNumber() || !field.canConvertToLong()) {
            throw new IllegalArgumentException("field " + name + " is no whole number of 64 bits");
        }
        return field.longValue();
    }

    private static String text(JsonNode node, String name) {
        JsonNode field = field(node, name);
        if (!field.isString()) {
            throw new IllegalArgumentException("field " + name + " is no text");
        }
        return field.stringValue();
    }
}
