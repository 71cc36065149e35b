package org.exchequer.platform.web;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what was wrong with a JSON body in the caller's terms: no class names, and never the body's own content. */
public final class JsonProblems {
    /** Jackson has no type for it, only a message. */
    private static final Pattern DUPLICATE = Pattern.compile("Duplicate Object property \"([^\"]{1,4096})\"");

    private JsonProblems() {}

    /** The problem that this failure of {@link StrictJson#mapper()} means. */
    public static Problem of(JacksonException e) {
        String path = path(e.getPath());
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                Problem.of(ProblemCode.UNKNOWN_FIELD, "There is no field " + path + " here.")
                        .at(path, "one of " + known(unknown));
            case MismatchedInputException mismatch -> mismatch(mismatch, path);
            case StreamConstraintsException ignored ->
                Problem.of(ProblemCode.MALFORMED_BODY, "The JSON is nested too deep, or a name or number is too long.")
                        .at("body", "JSON within the documented bounds");
            case StreamReadException read
            when isDuplicate(read) ->
                Problem.of(ProblemCode.DUPLICATE_FIELD, "A field is given twice" + where(read) + ".")
                        .at(duplicate(read, path), "each field at most once");
            case InputCoercionException range ->
                Problem.of(
                                ProblemCode.WRONG_TYPE,
                                "Field " + path + " does not hold " + expected(range.getTargetType()))
                        .at(path, expected(range.getTargetType()));
            default ->
                Problem.of(ProblemCode.MALFORMED_BODY, "The body is not well-formed JSON" + where(e) + ".")
                        .at("body", "one JSON document");
        };
    }

    /** Path of a field as problems name it, e.g. {@code legs[1].amount}. */
    public static String path(List<Reference> references) {
        StringBuilder path = new StringBuilder();
        for (Reference reference : references) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    private static Problem mismatch(MismatchedInputException e, String path) {
        String field = path.isEmpty() ? "body" : path;
        String rule = expected(e.getTargetType());
        if (e.getCurrentToken() == null && path.isEmpty()) {
            return Problem.of(ProblemCode.MALFORMED_BODY, "The body is empty.").at(field, rule);
        } else if (e.getCurrentToken() == JsonToken.END_OBJECT) {
            return Problem.of(ProblemCode.MISSING_FIELD, "Field " + field + " is missing.")
                    .at(field, rule);
        }
        return Problem.of(ProblemCode.WRONG_TYPE, "Field " + field + " does not hold " + rule + ".")
                .at(field, rule);
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        } else if (type == String.class) {
            return "a string";
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a whole number within its range";
        } else if (type.isEnum()) {
            return "one of " + List.of(type.getEnumConstants());
        } else if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
            return "an array";
        }
        return "an object";
    }

    private static List<String> known(UnrecognizedPropertyException e) {
        return e.getKnownPropertyIds() == null
                ? List.of()
                : e.getKnownPropertyIds().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList();
    }

    private static boolean isDuplicate(StreamReadException e) {
        return DUPLICATE.matcher(e.getOriginalMessage()).lookingAt();
    }

    private static String duplicate(StreamReadException e, String path) {
        Matcher matcher = DUPLICATE.matcher(e.getOriginalMessage());
        String name = matcher.lookingAt() ? matcher.group(1) : "body";
        // Whether the path reaches to the name or to its object depends on what was being read.
        if (path.isEmpty()) {
            return name;
        }
        return path.equals(name) || path.endsWith("." + name) ? path : path + "." + name;
    }

    private static String where(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
