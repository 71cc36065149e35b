package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.SearchTooWideException;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Reads what stands in a request's address, and refuses what is wrong with its name and the rule. */
final class Parameters {
    private static final int LIMIT = 100;
    private static final int MOST = 1_000;

    private Parameters() {}

    /** Refuses parameters that are not known, or given twice. */
    static void only(HttpServletRequest request, String... known) {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!List.of(known).contains(parameter.getKey()) || parameter.getValue().length != 1) {
                throw invalid(parameter.getKey(), "is not known, or given twice");
            }
        }
    }

    /** The parameter {@code limit}: 1 to 1,000, and 100 when it is not given. */
    static int limit(HttpServletRequest request) {
        Integer given = given(request, "limit", "must be 1 to " + MOST, text -> {
            int limit = Integer.parseInt(text);
            if (limit < 1 || limit > MOST) {
                throw new IllegalArgumentException();
            }
            return limit;
        });
        return given == null ? LIMIT : given;
    }

    static @Nullable Boolean flag(HttpServletRequest request, String name) {
        return given(request, name, "must be true or false", text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException();
            }
            return Boolean.valueOf(text);
        });
    }

    static <T> @Nullable T given(HttpServletRequest request, String name, String rule, Function<String, T> read) {
        String text = request.getParameter(name);
        return text == null ? null : parse(name, text, rule, read);
    }

    static <T> T parse(String name, String text, String rule, Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid(name, rule);
        }
    }

    static ProblemException invalid(String name, String rule) {
        return new ProblemException(
                Problem.of(ProblemCode.INVALID_PARAMETER, name + " " + rule).at(name, rule));
    }

    /** What is read from the database, or 503 while it is away. */
    static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (SearchTooWideException e) {
            throw new ProblemException(
                    Problem.of(422, "SEARCH_TOO_WIDE", "Search too wide", String.valueOf(e.getMessage())));
        } catch (PaymentsUnavailableException e) {
            throw new ProblemException(
                    Problem.of(503, "DATABASE_UNAVAILABLE", "Database unavailable", "ask again shortly"),
                    Map.of("Retry-After", "1"));
        }
    }

    /** The same as an answer in JSON. */
    static ResponseEntity<byte[]> answering(Supplier<byte[]> body) {
        byte[] made = reading(body);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(made);
    }
}
