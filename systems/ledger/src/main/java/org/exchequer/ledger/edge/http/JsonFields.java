package org.exchequer.ledger.edge.http;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the fields of one JSON object, each by its one permitted type. What is missing, null, of another type or not
 * known is a {@link ProblemException} with the full path of the field, e.g. {@code legs[2].amount}; a value that breaks
 * a rule is a {@link FieldError} with the same path.
 *
 * <p>Holds one object straight from the parser, without a tree of nodes: ten thousand of them pass here in one request.
 */
final class JsonFields {
    /** No fields at all. */
    static final JsonFields NONE = new JsonFields("");

    private static final int MAX_SHOWN = 40;
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    /** Values that no string, object or list stands for. */
    private enum Other {
        NULL,
        TRUE,
        FALSE
    }

    /** A number as it was written. */
    private record Numeral(String text) {}

    private final String prefix;
    private String[] names = new String[8];
    private Object[] values = new Object[8];
    private int size;

    private JsonFields(String prefix) {
        this.prefix = prefix;
    }

    /** Reads the object that the parser has just entered, up to its end. */
    static JsonFields read(String prefix, JsonParser parser) {
        JsonFields fields = new JsonFields(prefix);
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            fields.add(name, value(prefix + name, parser.nextToken(), parser));
        }
        return fields;
    }

    private static Object value(String path, JsonToken token, JsonParser parser) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case START_OBJECT -> read(path + ".", parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(path + "[" + items.size() + "]", next, parser));
                }
                yield items;
            }
            case VALUE_TRUE -> Other.TRUE;
            case VALUE_FALSE -> Other.FALSE;
            case VALUE_NULL -> Other.NULL;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getString());
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("the parser gave " + token + " for a value");
        };
    }

    private void add(String name, Object value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        names[size] = name;
        values[size++] = value;
    }

    private @Nullable Object get(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** Refuses fields with other names than these. */
    JsonFields only(Set<String> known) {
        for (int i = 0; i < size; i++) {
            if (!known.contains(names[i])) {
                throw problem(
                        ProblemCode.UNKNOWN_FIELD,
                        shown(names[i]),
                        known.isEmpty()
                                ? "is not a field of this request, which has none"
                                : "is not a field of this request; its fields are "
                                        + String.join(", ", new TreeSet<>(known)));
            }
        }
        return this;
    }

    /** A name that the caller made up, cut to a length that an answer and a log line can bear. */
    static String shown(String name) {
        return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
    }

    boolean has(String name) {
        return get(name) != null;
    }

    /** Whether it is given, as null. */
    boolean isNull(String name) {
        return get(name) == Other.NULL;
    }

    String string(String name) {
        String value = optionalString(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    @Nullable
    String optionalString(String name) {
        return switch (get(name)) {
            case null -> null;
            case String text -> text;
            case Object other -> throw wrongType(name, "must be a string", other);
        };
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        string(name);
        return optionalOneOf(type, name).orElseThrow();
    }

    <E extends Enum<E>> Optional<E> optionalOneOf(Class<E> type, String name) {
        String value = optionalString(name);
        if (value == null) {
            return Optional.empty();
        }
        List<String> allowed = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return Optional.of(constant);
            }
            allowed.add(constant.name());
        }
        throw new FieldError(prefix + name, "must be one of " + String.join(", ", allowed));
    }

    /** True or false; false when absent. */
    boolean flag(String name) {
        return switch (get(name)) {
            case null -> false;
            case Other.TRUE -> true;
            case Other.FALSE -> false;
            case Object other -> throw wrongType(name, "must be true or false", other);
        };
    }

    /** True or false, which must be given. */
    boolean requiredFlag(String name) {
        if (!has(name)) {
            throw missing(name);
        }
        return flag(name);
    }

    /** A whole number of at most 18 digits. */
    long whole(String name) {
        Object value = get(name);
        if (value == null) {
            throw missing(name);
        }
        if (!(value instanceof Numeral number)) {
            throw wrongType(name, "must be a whole number", value);
        }
        if (!WHOLE.matcher(number.text()).matches()) {
            throw new FieldError(prefix + name, "must be a whole number of at most 18 digits");
        }
        return Long.parseLong(number.text());
    }

    /** A day such as {@code 2026-03-31}; null when absent. */
    @Nullable
    LocalDate optionalDate(String name) {
        String text = optionalString(name);
        return text == null ? null : date(prefix + name, text);
    }

    LocalDate date(String name) {
        return date(prefix + name, string(name));
    }

    /** A day as ISO 8601 writes it. */
    static LocalDate date(String path, String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException noSuchDay) {
            throw new FieldError(path, "must be a day that the calendar has, such as 2026-03-31");
        }
        throw new FieldError(path, "must be a day such as 2026-03-31");
    }

    Currency currency(String name) {
        return Currency.find(string(name)).orElseThrow(() -> new FieldError(prefix + name, Currency.RULE));
    }

    /** A decimal string without a sign, read by the exponent of the currency. */
    Money amount(String name, Currency currency) {
        if (string(name).startsWith("-")) {
            throw new FieldError(prefix + name, "must not be negative");
        }
        return signedAmount(name, currency);
    }

    /** The same, with a minus where it is below zero. */
    Money signedAmount(String name, Currency currency) {
        String text = string(name);
        try {
            return Money.parse(text, currency);
        } catch (IllegalArgumentException broken) {
            throw new FieldError(prefix + name, String.valueOf(broken.getMessage()));
        }
    }

    /** An object of strings; empty when absent. */
    Map<String, String> labels(String name) {
        Object value = get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof JsonFields inner)) {
            throw wrongType(name, "must be an object of strings", value);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < inner.size; i++) {
            labels.put(inner.names[i], inner.string(inner.names[i]));
        }
        return labels;
    }

    /** An object. */
    JsonFields object(String name) {
        return switch (get(name)) {
            case null -> throw missing(name);
            case JsonFields inner -> inner;
            case Object other -> throw wrongType(name, "must be an object", other);
        };
    }

    /** A list of objects, each read by {@code item}. */
    <T> List<T> list(String name, int maxItems, Function<JsonFields, T> item) {
        Object value = get(name);
        if (value == null) {
            throw missing(name);
        }
        if (!(value instanceof List<?> found)) {
            throw wrongType(name, "must be an array", value);
        }
        if (found.size() > maxItems) {
            throw new FieldError(prefix + name, "may have at most " + maxItems + " items");
        }
        List<T> items = new ArrayList<>(found.size());
        for (Object each : found) {
            if (!(each instanceof JsonFields fields)) {
                throw wrongType(name + "[" + items.size() + "]", "must be an object", each);
            }
            items.add(item.apply(fields));
        }
        return items;
    }

    /** Runs a constructor that checks rules of its own, and puts this object's path before the fields it names. */
    <T> T build(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (FieldError broken) {
            throw new FieldError(prefix + broken.field(), String.valueOf(broken.getMessage()));
        }
    }

    /** The full path of one of this object's fields. */
    String path(String name) {
        return prefix + name;
    }

    private ProblemException missing(String name) {
        return problem(ProblemCode.MISSING_FIELD, name, "is required");
    }

    private ProblemException wrongType(String name, String rule, Object value) {
        return problem(ProblemCode.WRONG_TYPE, name, rule + ", is " + typeOf(value));
    }

    private ProblemException problem(ProblemCode code, String name, String rule) {
        return JsonBody.problem(code, prefix + name, rule);
    }

    private static String typeOf(Object value) {
        return switch (value) {
            case Other.NULL -> "null";
            case Other.TRUE, Other.FALSE -> "true or false";
            case Numeral number -> "a number";
            case String text -> "a string";
            case List<?> items -> "an array";
            default -> "an object";
        };
    }
}
