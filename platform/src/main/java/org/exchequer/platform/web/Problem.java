package org.exchequer.platform.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457). {@link #body()} is a pure function of the problem, so that a stored answer can be
 * given
 * again byte for byte; the host adds {@code instance} and {@code traceId} to those problems it raises itself.
 *
 * @param status HTTP status, 400..599
 * @param code stable name of the kind of problem, e.g. {@code UNKNOWN_FIELD}
 * @param title the same words for every problem of this code
 * @param detail what is wrong this time, for people
 * @param field path of the field, parameter or header at fault, e.g. {@code legs[1].amount}
 * @param rule what it must be, e.g. {@code "a decimal string, e.g. \"10.50\""}
 * @param more further members, in order
 */
public record Problem(
        int status,
        String code,
        String title,
        String detail,
        @Nullable String field,
        @Nullable String rule,
        Map<String, Object> more) {
    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE_PREFIX = "urn:exchequer:problem:";

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400..599, not " + status);
        }
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** A problem of one of the host's codes. */
    public static Problem of(ProblemCode code, String detail) {
        return of(code.status(), code.name(), code.title(), detail);
    }

    /** A problem of a system's own code. */
    public static Problem of(int status, String code, String title, String detail) {
        return new Problem(status, code, title, detail, null, null, Map.of());
    }

    /** The same, saying which field is at fault and what it must be. */
    public Problem at(String where, String mustBe) {
        return new Problem(status, code, title, detail, where, mustBe, more);
    }

    /** The same with one more member. */
    public Problem with(String name, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(more);
        members.put(name, value);
        return new Problem(status, code, title, detail, field, rule, members);
    }

    /** The members of the document in their order. */
    public Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", TYPE_PREFIX + code.toLowerCase(Locale.ROOT).replace('_', '-'));
        body.put("title", title);
        body.put("status", status);
        body.put("code", code);
        body.put("detail", detail);
        if (field != null) {
            body.put("field", field);
        }
        if (rule != null) {
            body.put("rule", rule);
        }
        body.putAll(more);
        return body;
    }
}
