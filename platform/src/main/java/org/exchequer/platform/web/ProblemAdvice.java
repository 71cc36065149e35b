package org.exchequer.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.web.BodyLimitFilter.BodyLimitException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Turns whatever a controller, or the way to it, throws into a problem document. */
@RestControllerAdvice
public final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** Problems that edges raise on purpose. */
    @ExceptionHandler
    public void problem(ProblemException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ProblemWriter.write(request, response, e.problem(), e.headers());
    }

    @ExceptionHandler
    public void method(
            HttpRequestMethodNotSupportedException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String[] supported = e.getSupportedMethods();
        String allow = supported == null ? "" : String.join(", ", supported);
        ProblemWriter.write(request, response, methodNotAllowed(e.getMethod(), allow), Map.of("Allow", allow));
    }

    /** A path that exists for other methods. */
    public static Problem methodNotAllowed(String method, String allow) {
        return Problem.of(ProblemCode.METHOD_NOT_ALLOWED, method + " is not possible here.")
                .at("method", "one of " + allow);
    }

    @ExceptionHandler
    public void noTrace(AccessTrail.UnavailableException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        LOG.error("refused, since no trace can be left of it", e);
        ProblemWriter.write(request, response, AccessTrail.UnavailableException.PROBLEM, Map.of("Retry-After", "5"));
    }

    /** Security's own exceptions go on to its filters, which know how to answer. */
    @ExceptionHandler
    public void security(AccessDeniedException e) {
        throw e;
    }

    @ExceptionHandler
    public void security(AuthenticationException e) {
        throw e;
    }

    /** The caller hung up: there is nobody to answer. */
    @ExceptionHandler
    public void gone(AsyncRequestNotUsableException e, HttpServletResponse response) {
        LOG.debug("the caller hung up: {}", e.getMessage());
    }

    /** Everything else: by kind, or a bug. */
    @ExceptionHandler
    public void other(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (RequestTimeFilter.expired(request)) {
            ProblemWriter.write(request, response, RequestTimeFilter.problem(), Map.of("Retry-After", "1"));
            return;
        }
        BodyLimitException limit = cause(e, BodyLimitException.class);
        if (limit != null) {
            ProblemWriter.write(request, response, limit.problem(), Map.of("Connection", "close"));
            return;
        }
        Problem problem = classify(e, request);
        if (problem == null) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
            problem =
                    Problem.of(ProblemCode.INTERNAL_ERROR, "Something broke here. The log has it under this trace id.");
        }
        ProblemWriter.write(request, response, problem);
    }

    private static @Nullable Problem classify(Exception e, HttpServletRequest request) {
        return switch (e) {
            case NoHandlerFoundException ignored -> notFound(request);
            case NoResourceFoundException ignored -> notFound(request);
            case JacksonException json -> JsonProblems.of(json);
            case HttpMessageNotReadableException unreadable -> unreadable(unreadable);
            case HttpMediaTypeNotSupportedException media ->
                mediaType(request.getContentType(), MediaType.toString(media.getSupportedMediaTypes()));
            case HttpMediaTypeNotAcceptableException media ->
                Problem.of(ProblemCode.NOT_ACCEPTABLE, "The answer exists in no media type you accept.")
                        .at("Accept", "one of " + MediaType.toString(media.getSupportedMediaTypes()));
            case MissingRequestHeaderException missing ->
                Problem.of(ProblemCode.MISSING_HEADER, "Header " + missing.getHeaderName() + " is missing.")
                        .at(missing.getHeaderName(), "required");
            case MissingServletRequestParameterException missing ->
                Problem.of(ProblemCode.MISSING_PARAMETER, "Parameter " + missing.getParameterName() + " is missing.")
                        .at(missing.getParameterName(), "required");
            case MethodArgumentTypeMismatchException mismatch ->
                Problem.of(ProblemCode.INVALID_PARAMETER, mismatch.getName() + " does not hold what it should.")
                        .at(mismatch.getName(), rule(mismatch.getRequiredType()));
            case ServletRequestBindingException ignored ->
                Problem.of(ProblemCode.BAD_REQUEST, "The request lacks something this route needs.");
            default -> null;
        };
    }

    /** By the header itself: Spring puts {@code application/octet-stream} for a type that is missing. */
    private static Problem mediaType(@Nullable String given, String supported) {
        String detail = given == null ? "Content-Type is missing" : "This route does not read " + given;
        return Problem.of(
                        ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                        detail + (given == null ? "; this route reads " : "; it reads ") + supported + ".")
                .at("Content-Type", "one of " + supported);
    }

    /** Nothing stands at the request's path. */
    public static Problem notFound(HttpServletRequest request) {
        return Problem.of(ProblemCode.NOT_FOUND, "There is nothing at " + request.getRequestURI() + ".");
    }

    private static Problem unreadable(HttpMessageNotReadableException e) {
        JacksonException json = cause(e, JacksonException.class);
        return json == null
                ? Problem.of(ProblemCode.MALFORMED_BODY, "The body is empty or cannot be read.")
                        .at("body", "one JSON document")
                : JsonProblems.of(json);
    }

    private static String rule(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type)
                ? "a whole number within its range"
                : "a valid " + type.getSimpleName();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable top, Class<T> type) {
        for (Throwable t = top; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
