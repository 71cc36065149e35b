package org.exchequer.ledger.edge.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.platform.web.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/** A body as one strict JSON object, and an object as the bytes of a body. */
public final class JsonBody {
    private JsonBody() {}

    /**
     * Reads one JSON object.
     *
     * @throws ProblemException naming the place and the rule when it is anything else
     */
    static JsonFields read(byte[] body) {
        return parsed(body, parser -> JsonFields.read("", parser));
    }

    /**
     * Reads one JSON object whose only field is a list of objects, each read by {@code item} as it comes.
     *
     * @throws ProblemException naming the place and the rule when it is anything else
     * @throws FieldError when there are none, or more than {@code maxItems}
     */
    static <T> List<T> items(byte[] body, String name, int maxItems, Function<JsonFields, T> item) {
        List<T> items = new ArrayList<>();
        parsed(body, parser -> {
            for (String field = parser.nextName(); field != null; field = parser.nextName()) {
                if (!field.equals(name)) {
                    throw problem(
                            ProblemCode.UNKNOWN_FIELD,
                            JsonFields.shown(field),
                            "is not a field of this request; its field is " + name);
                }
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    throw problem(ProblemCode.WRONG_TYPE, name, "must be an array");
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    String path = name + "[" + items.size() + "]";
                    if (parser.currentToken() != JsonToken.START_OBJECT) {
                        throw problem(ProblemCode.WRONG_TYPE, path, "must be an object");
                    }
                    if (items.size() == maxItems) {
                        throw new FieldError(name, "may have at most " + maxItems + " items");
                    }
                    items.add(item.apply(JsonFields.read(path + ".", parser)));
                }
            }
            return items;
        });
        if (items.isEmpty()) {
            throw new FieldError(name, "must have at least one item");
        }
        return items;
    }

    /** Enters the one object that the body must be, and turns what the parser throws into problems. */
    private static <T> T parsed(byte[] body, Function<JsonParser, T> reader) {
        JsonParser parser = StrictJson.mapper().createParser(body);
        try (parser) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("must be a JSON object");
            }
            T value = reader.apply(parser);
            if (parser.nextToken() != null) {
                throw malformed("must be one JSON object, with nothing after it");
            }
            return value;
        } catch (StreamConstraintsException tooMuch) {
            // The parser's place is the last name it could read, so one that is too long stands after it.
            throw malformed(
                    tooMuch.getOriginalMessage().startsWith("Name length")
                            ? "holds a field name that is too long, after " + fieldAt(parser)
                            : "is nested too deeply or holds a value that is too long, at " + fieldAt(parser));
        } catch (JacksonException broken) {
            // The library's message may quote the input, so only the place is passed on.
            if (broken.getOriginalMessage().startsWith("Duplicate")) {
                throw problem(ProblemCode.DUPLICATE_FIELD, fieldAt(parser), "may be given once only");
            }
            var location = broken.getLocation();
            throw malformed("must be valid JSON; it breaks at line %d, column %d"
                    .formatted(
                            location == null ? 1 : location.getLineNr(),
                            location == null ? 1 : location.getColumnNr()));
        }
    }

    /** Compact UTF-8, fields in the order they were put: the same tree always gives the same bytes. */
    public static byte[] bytes(JsonNode node) {
        return StrictJson.mapper().writeValueAsBytes(node);
    }

    static ProblemException problem(ProblemCode code, String field, String rule) {
        return new ProblemException(Problem.of(code, field + " " + rule).at(field, rule));
    }

    private static ProblemException malformed(String rule) {
        return problem(ProblemCode.MALFORMED_BODY, "body", rule);
    }

    /** {@code /legs/2/amount} as {@code legs[2].amount}. */
    private static String fieldAt(JsonParser parser) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        String field = pointer.replaceAll("/([0-9]+)(?=/|$)", "[$1]").replace('/', '.');
        return field.isEmpty() ? "body" : field.substring(field.startsWith(".") ? 1 : 0);
    }
}
