package org.exchequer.ledger.edge.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object, each by its one permitted type. What is missing, null, of another type or not
 * known is a {@link ProblemException} with the full path of the field, e.g. {@code legs[2].amount}; a value that breaks
 * a rule is a {@link FieldError} with the same path.
 */
final class JsonFields {
    private static final int MAX_SHOWN = 40;

    private final String prefix;
    private final JsonNode node;

    JsonFields(String prefix, JsonNode node) {
        this.prefix = prefix;
        this.node = node;
    }

    /** Refuses fields with other names than these. */
    JsonFields only(Set<String> known) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw problem(
                        ProblemCode.UNKNOWN_FIELD,
                        shown(name),
                        "is not a field of this request; its fields are " + String.join(", ", new TreeSet<>(known)));
            }
        }
        return this;
    }

    /** A name that the caller made up, cut to a length that an answer and a log line can bear. */
    private static String shown(String name) {
        return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN) + "…";
    }

    boolean has(String name) {
        return node.has(name);
    }

    String string(String name) {
        String value = optionalString(name);
        if (value == null) {
            throw problem(ProblemCode.MISSING_FIELD, name, "is required");
        }
        return value;
    }

    @Nullable
    String optionalString(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw problem(ProblemCode.WRONG_TYPE, name, "must be a string, is " + typeOf(value));
        }
        return value.stringValue();
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        string(name);
        return optionalOneOf(type, name).orElseThrow();
    }

    <E extends Enum<E>> java.util.Optional<E> optionalOneOf(Class<E> type, String name) {
        String value = optionalString(name);
        if (value == null) {
            return java.util.Optional.empty();
        }
        List<String> allowed = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return java.util.Optional.of(constant);
            }
            allowed.add(constant.name());
        }
        throw new FieldError(prefix + name, "must be one of " + String.join(", ", allowed));
    }

    Currency currency(String name) {
        return Currency.find(string(name))
                .orElseThrow(() -> new FieldError(prefix + name, "must be an ISO 4217 currency code such as EUR"));
    }

    /** A decimal string, read by the exponent of the currency. */
    Money amount(String name, Currency currency) {
        String text = string(name);
        try {
            return Money.parse(text, currency);
        } catch (IllegalArgumentException broken) {
            throw new FieldError(prefix + name, String.valueOf(broken.getMessage()));
        }
    }

    /** An object of strings; empty when absent. */
    Map<String, String> labels(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw problem(ProblemCode.WRONG_TYPE, name, "must be an object of strings, is " + typeOf(value));
        }
        Map<String, String> labels = new LinkedHashMap<>();
        JsonFields inner = new JsonFields(prefix + name + ".", value);
        for (String key : value.propertyNames()) {
            labels.put(key, inner.string(key));
        }
        return labels;
    }

    /** A list of objects, each read by {@code item}. */
    <T> List<T> list(String name, int maxItems, Function<JsonFields, T> item) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw problem(ProblemCode.MISSING_FIELD, name, "is required");
        }
        if (!value.isArray()) {
            throw problem(ProblemCode.WRONG_TYPE, name, "must be an array, is " + typeOf(value));
        }
        if (value.size() > maxItems) {
            throw new FieldError(prefix + name, "may have at most " + maxItems + " items");
        }
        List<T> items = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            String path = prefix + name + "[" + i + "]";
            if (!value.get(i).isObject()) {
                throw problem(
                        ProblemCode.WRONG_TYPE, name + "[" + i + "]", "must be an object, is " + typeOf(value.get(i)));
            }
            items.add(item.apply(new JsonFields(path + ".", value.get(i))));
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

    private ProblemException problem(ProblemCode code, String name, String rule) {
        return JsonBody.problem(code, prefix + name, rule);
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case BOOLEAN -> "true or false";
            case ARRAY, OBJECT, STRING, NUMBER -> {
                String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
                yield (type.charAt(0) == 'a' || type.charAt(0) == 'o' ? "an " : "a ") + type;
            }
            case BINARY, MISSING, POJO -> "something else";
        };
    }
}
