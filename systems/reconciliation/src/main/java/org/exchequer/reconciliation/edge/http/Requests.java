package org.exchequer.reconciliation.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.platform.web.StrictJson;
import org.exchequer.reconciliation.api.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the doors have in common: parameters, bodies, keys, and how errors become problems. */
final class Requests {
    private static final String KEY = "Idempotency-Key";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private Requests() {}

    /** Who asks what under which key; the method, the path and the query belong to what is asked. */
    static Request request(HttpServletRequest request, byte[] body) {
        List<String> keys = Collections.list(request.getHeaders(KEY));
        if (keys.size() != 1 || keys.getFirst().isEmpty()) {
            throw problem(
                    ProblemCode.MISSING_HEADER,
                    KEY,
                    "must be given once, with 1 to 128 printable characters: a new one for each thing you want done,"
                            + " the same one to ask again");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString() + "\n")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return new Request(caller(request), keys.getFirst(), digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String caller(HttpServletRequest request) {
        return Objects.requireNonNull(request.getUserPrincipal(), "every route has an authenticated caller")
                .getName();
    }

    /** Refuses parameters that are not known here, or given twice. */
    static void only(HttpServletRequest request, String... known) {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!Set.of(known).contains(parameter.getKey())) {
                throw problem(
                        ProblemCode.INVALID_PARAMETER,
                        parameter.getKey(),
                        known.length == 0
                                ? "is not known: there are no parameters here"
                                : "is not known; known are " + String.join(", ", new TreeSet<>(Set.of(known))));
            }
            if (parameter.getValue().length != 1) {
                throw problem(ProblemCode.INVALID_PARAMETER, parameter.getKey(), "may be given once only");
            }
        }
    }

    static String required(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        if (text == null || text.isEmpty()) {
            throw problem(ProblemCode.INVALID_PARAMETER, name, "is required");
        }
        return text;
    }

    static String optional(HttpServletRequest request, String name, String otherwise) {
        String text = request.getParameter(name);
        return text == null ? otherwise : text;
    }

    static int limit(HttpServletRequest request) {
        return number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    static int number(HttpServletRequest request, String name, int otherwise, int least, int most) {
        String text = request.getParameter(name);
        if (text == null) {
            return otherwise;
        }
        int number = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw problem(ProblemCode.INVALID_PARAMETER, name, "must be " + least + " to " + most);
        }
        return number;
    }

    static boolean flag(HttpServletRequest request, String name) {
        return switch (request.getParameter(name)) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            case String other -> throw problem(ProblemCode.INVALID_PARAMETER, name, "must be true or false");
        };
    }

    static @Nullable LocalDate date(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException noDay) {
            throw problem(ProblemCode.INVALID_PARAMETER, name, "must be a day such as 2026-03-31");
        }
    }

    static <E extends Enum<E>> @Nullable E constant(HttpServletRequest request, String name, Class<E> type) {
        String text = request.getParameter(name);
        if (text == null) {
            return null;
        }
        for (E each : Objects.requireNonNull(type.getEnumConstants(), "an enum has constants")) {
            if (each.name().equals(text)) {
                return each;
            }
        }
        throw problem(
                ProblemCode.INVALID_PARAMETER,
                name,
                "must be one of "
                        + String.join(
                                ", ",
                                List.of(type.getEnumConstants()).stream()
                                        .map(Enum::name)
                                        .toList()));
    }

    static long id(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw problem(ProblemCode.INVALID_PARAMETER, name, "must be a positive number of at most 18 digits");
        }
        return Long.parseLong(text);
    }

    /** The fields of a body, all of them strings, all of them required. */
    static Map<String, String> fields(byte[] body, String... names) {
        JsonNode json;
        try {
            json = StrictJson.mapper()
                    .readTree(body.length == 0 ? "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII) : body);
        } catch (JacksonException malformed) {
            throw problem(ProblemCode.MALFORMED_BODY, "body", "must be valid JSON");
        }
        if (!json.isObject()) {
            throw problem(ProblemCode.MALFORMED_BODY, "body", "must be a JSON object");
        }
        Map<String, String> fields = new HashMap<>();
        json.properties().forEach(field -> {
            if (!Set.of(names).contains(field.getKey())) {
                throw problem(
                        ProblemCode.UNKNOWN_FIELD,
                        brief(field.getKey()),
                        "is not a field of this request, which has " + String.join(", ", names));
            }
            if (!field.getValue().isString()) {
                throw problem(ProblemCode.WRONG_TYPE, field.getKey(), "must be a string");
            }
            fields.put(field.getKey(), field.getValue().asString());
        });
        for (String name : names) {
            if (!fields.containsKey(name)) {
                throw problem(ProblemCode.MISSING_FIELD, name, "is required");
            }
        }
        return fields;
    }

    private static String brief(String name) {
        return name.length() > 40 ? name.substring(0, 40) : name;
    }

    static <T> T answering(Supplier<T> work) {
        try {
            return work.get();
        } catch (FieldError broken) {
            throw invalid(broken.field(), String.valueOf(broken.getMessage()));
        } catch (LedgerUnavailableException unavailable) {
            throw notNow("LEDGER_UNAVAILABLE", "the books or the breaks cannot be read at present; ask again shortly");
        }
    }

    static ProblemException invalid(String field, String rule) {
        return new ProblemException(Problem.of(400, "INVALID_FIELD", "Invalid field", field + " " + rule)
                .at(field, rule));
    }

    static ProblemException notNow(String code, String detail) {
        return new ProblemException(
                Problem.of(
                        503, code, code.equals("OUTCOME_UNKNOWN") ? "Outcome unknown" : "Ledger unavailable", detail),
                Map.of("Retry-After", "1"));
    }

    static ProblemException problem(ProblemCode code, String field, String rule) {
        return new ProblemException(Problem.of(code, field + " " + rule).at(field, rule));
    }

    static ResponseEntity<byte[]> ok(JsonNode body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(bytes(body));
    }

    static byte[] bytes(JsonNode body) {
        return StrictJson.mapper().writeValueAsBytes(body);
    }
}
