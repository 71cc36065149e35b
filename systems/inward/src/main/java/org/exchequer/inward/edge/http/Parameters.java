package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    /** One of the names of an enumeration, or null when it is not given. */
    static <E extends Enum<E>> @Nullable E one(HttpServletRequest request, String name, Class<E> type) {
        String names = Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
        return given(request, name, "must be one of " + names, text -> Enum.valueOf(type, text));
    }

    /**
     * A time that can be calculated with, and that the database knows.
     *
     * @throws DateTimeException when it is none of the years 1900 to 2999
     */
    static Instant time(String text) {
        Instant time = Instant.parse(text);
        day(time.atOffset(ZoneOffset.UTC).toLocalDate());
        return time;
    }

    /** A day of the same years. */
    static LocalDate day(String text) {
        return day(LocalDate.parse(text));
    }

    private static LocalDate day(LocalDate day) {
        if (day.getYear() < 1900 || day.getYear() > 2999) {
            throw new DateTimeException("not of the years 1900 to 2999");
        }
        return day;
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
            if (e.getCause() instanceof SQLException cause
                    && String.valueOf(cause.getSQLState()).startsWith("22")) {
                throw new ProblemException(Problem.of(
                        ProblemCode.INVALID_PARAMETER, "A value has characters, or a size, that cannot be stored."));
            }
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
