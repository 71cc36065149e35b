package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.edge.http.Answer.Addressed;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.JsonNode;

/** What the ledger's controllers have in common: the key, the deadline, and how errors become problems. */
abstract class Door {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = Page.MAX_LIMIT;

    static final String KEY = "Idempotency-Key";

    /** The one idempotency key of a write. */
    static String key(HttpServletRequest request) {
        List<String> keys = Collections.list(request.getHeaders(KEY));
        if (keys.size() != 1 || keys.getFirst().isEmpty()) {
            throw JsonBody.problem(
                    ProblemCode.MISSING_HEADER,
                    KEY,
                    "must be given once, with 1 to 128 printable characters: a new one for each thing you want done,"
                            + " the same one to ask again");
        }
        return keys.getFirst();
    }

    /** Refuses parameters that are not known here, or given twice: a misspelt filter must not list everything. */
    static void only(HttpServletRequest request, String... known) {
        requireUtf8(request);
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!Set.of(known).contains(parameter.getKey())) {
                throw JsonBody.problem(
                        ProblemCode.INVALID_PARAMETER,
                        parameter.getKey(),
                        known.length == 0
                                ? "is not known: there are no parameters here"
                                : "is not known; known are " + String.join(", ", new TreeSet<>(Set.of(known))));
            }
            if (parameter.getValue().length != 1) {
                throw JsonBody.problem(ProblemCode.INVALID_PARAMETER, parameter.getKey(), "may be given once only");
            }
        }
    }

    /** JSON is UTF-8 (RFC 8259): one who announces another character set would be misread. */
    private static void requireUtf8(HttpServletRequest request) {
        String type = request.getContentType();
        Charset charset = type == null ? null : MediaType.parseMediaType(type).getCharset();
        if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
            String rule = "must be application/json, which is UTF-8";
            throw new ProblemException(Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type " + rule)
                    .at("Content-Type", rule));
        }
    }

    static int limit(HttpServletRequest request) {
        String text = request.getParameter("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw JsonBody.problem(ProblemCode.INVALID_PARAMETER, "limit", "must be 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    /** The number of a transaction, hold or adjustment in a path. */
    static long id(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw JsonBody.problem(
                    ProblemCode.INVALID_PARAMETER, name, "must be a positive number of at most 18 digits");
        }
        return Long.parseLong(text);
    }

    /** A date in a path or a query. */
    static LocalDate date(String name, String text) {
        try {
            LocalDate date = JsonFields.date(name, text);
            if (date.getYear() < 1900 || date.getYear() > 2999) {
                throw new FieldError(name, "must lie in the years 1900 to 2999");
            }
            return date;
        } catch (FieldError broken) {
            throw JsonBody.problem(ProblemCode.INVALID_PARAMETER, name, String.valueOf(broken.getMessage()));
        }
    }

    static LocalDate requiredDate(HttpServletRequest request, String name) {
        return date(name, required(request, name));
    }

    static @Nullable LocalDate optionalDate(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        return text == null ? null : date(name, text);
    }

    /** A parameter that must be given. */
    static String required(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        if (text == null || text.isEmpty()) {
            throw JsonBody.problem(ProblemCode.INVALID_PARAMETER, name, "is required");
        }
        return text;
    }

    /** A parameter that is true or false; false when it is left out. */
    static boolean flag(HttpServletRequest request, String name) {
        return switch (request.getParameter(name)) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            case String other -> throw JsonBody.problem(ProblemCode.INVALID_PARAMETER, name, "must be true or false");
        };
    }

    /** The date that a report is drawn up for: {@code bookingDate}, {@code valueDate}, or neither for now. */
    static AsOf asOf(HttpServletRequest request) {
        String booking = request.getParameter("bookingDate");
        String value = request.getParameter("valueDate");
        if (booking != null && value != null) {
            throw JsonBody.problem(
                    ProblemCode.INVALID_PARAMETER, "valueDate", "may not be given together with bookingDate");
        }
        return booking != null
                ? AsOf.booking(date("bookingDate", booking))
                : value != null ? AsOf.value(date("valueDate", value)) : AsOf.NOW;
    }

    /** Who calls, by the token: what no body may say. */
    static boolean isAdmin(HttpServletRequest request) {
        return request.isUserInRole(Role.ADMIN.name());
    }

    static String caller(HttpServletRequest request) {
        return Objects.requireNonNull(request.getUserPrincipal(), "every route has an authenticated caller")
                .getName();
    }

    /** The name that a field of the ledger's interface has in JSON. */
    static String field(String field) {
        return switch (field) {
            case "idempotencyKey" -> KEY;
            case "pendingId" -> "holdId";
            case "timeout" -> "timeoutSeconds";
            case "author", "decidedBy", "closedBy" -> "Authorization";
            case "commands" -> "items";
            default ->
                field.replace("].idempotencyKey", "].key")
                        .replace("].pendingId", "].holdId")
                        .replace("commands[", "items[");
        };
    }

    /** Runs a request with a body; what it throws because of the caller or the books becomes a problem. */
    static <T> T answering(Supplier<T> work) {
        return answering("INVALID_FIELD", "Invalid field", work);
    }

    /** The same for one without: what is at fault stands in its path or query. */
    static <T> T reading(Supplier<T> work) {
        return answering(ProblemCode.INVALID_PARAMETER.name(), ProblemCode.INVALID_PARAMETER.title(), work);
    }

    private static <T> T answering(String code, String title, Supplier<T> work) {
        try {
            return work.get();
        } catch (FieldError broken) {
            String field = field(broken.field());
            String rule = String.valueOf(broken.getMessage());
            // A rule that begins with its subject (a currency) is a sentence by itself.
            String detail = Character.isUpperCase(rule.charAt(0)) ? rule : field + " " + rule;
            throw new ProblemException(Problem.of(400, code, title, detail).at(field, rule));
        } catch (LedgerUnavailableException unavailable) {
            throw new ProblemException(
                    Problem.of(
                            503,
                            "LEDGER_UNAVAILABLE",
                            "Ledger unavailable",
                            "the books cannot be read at present; ask again shortly"),
                    Map.of("Retry-After", "1"));
        }
    }

    /** Waits for an outcome, but not for ever: past the deadline nobody here knows it. */
    static Outcome await(CompletableFuture<Outcome> outcome, Duration deadline) {
        return await(outcome, deadline, unknown -> unknown);
    }

    /** The same for an answer of another kind, which {@code unknown} makes where there is none. */
    static <T> T await(CompletableFuture<T> outcome, Duration deadline, Function<Outcome.Unknown, T> unknown) {
        try {
            return outcome.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return unknown.apply(new Outcome.Unknown("no outcome in time"));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return unknown.apply(new Outcome.Unknown("the wait for the outcome was interrupted"));
        } catch (ExecutionException broken) {
            throw new IllegalStateException("the ledger broke its promise to answer with an outcome", broken);
        }
    }

    static ResponseEntity<byte[]> respond(Answer answer) {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(answer.status()).contentType(MediaType.parseMediaType(answer.mediaType()));
        answer.location().ifPresent(path -> response.header("Location", path));
        answer.retryAfterSeconds().ifPresent(seconds -> response.header("Retry-After", Long.toString(seconds)));
        if (answer.replayed()) {
            response.header("Idempotency-Replayed", "true");
        }
        return response.body(JsonBody.bytes(answer.body()));
    }

    /** Sends a command and answers with its outcome. */
    static ResponseEntity<byte[]> execute(Ledger ledger, Command command, Duration deadline) {
        return respond(Answer.to(await(ledger.submit(command), deadline), Addressed.by(command)));
    }

    static ResponseEntity<byte[]> ok(JsonNode body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(JsonBody.bytes(body));
    }

    static ProblemException notFound(String code, String field, String detail) {
        return new ProblemException(new Problem(404, code, Answer.title(code), detail, field, null, Map.of()));
    }

    /** The fields of a body that must be there. */
    static JsonFields fields(byte @Nullable [] body, Set<String> known) {
        return JsonBody.read(body == null ? new byte[0] : body).only(known);
    }

    /** The fields of a body that may be left out. */
    static JsonFields optionalFields(byte @Nullable [] body, Set<String> known) {
        return body == null || body.length == 0 ? JsonFields.NONE : fields(body, known);
    }
}
