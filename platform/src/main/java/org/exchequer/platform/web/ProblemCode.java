package org.exchequer.platform.web;

/**
 * The problems that the host itself answers with; systems add codes of their own. Codes are stable: callers may switch
 * on them.
 */
public enum ProblemCode {
    /** The body is not JSON, or is cut short. */
    MALFORMED_BODY(400, "Malformed body"),
    /** The body names a field that does not exist here. */
    UNKNOWN_FIELD(400, "Unknown field"),
    /** The body names one field twice. */
    DUPLICATE_FIELD(400, "Duplicate field"),
    /** A field that must be there is not, or is null. */
    MISSING_FIELD(400, "Missing field"),
    /** A field holds another type than it should. */
    WRONG_TYPE(400, "Wrong type"),
    /** A header that must be there is not. */
    MISSING_HEADER(400, "Missing header"),
    /** A query parameter that must be there is not. */
    MISSING_PARAMETER(400, "Missing parameter"),
    /** A path or query parameter, or a header, does not hold what it should. */
    INVALID_PARAMETER(400, "Invalid parameter"),
    /** The request is not HTTP as this server accepts it. */
    BAD_REQUEST(400, "Bad request"),
    /** No token, or one that does not hold: expired, not yet valid, of another issuer or audience, badly signed. */
    UNAUTHENTICATED(401, "Not authenticated"),
    /** The caller is known and may not do this. */
    FORBIDDEN(403, "Forbidden"),
    /** A form came without the token that shows it was ours. */
    CSRF(403, "Form expired"),
    /** There is nothing at this path, or no such thing. */
    NOT_FOUND(404, "Not found"),
    /** The path exists, for other methods. */
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    /** The answer exists in no media type that the caller accepts. */
    NOT_ACCEPTABLE(406, "Not acceptable"),
    /** The body did not arrive in time. */
    REQUEST_TIMEOUT(408, "Request timeout"),
    /** The body is larger than this route takes. */
    BODY_TOO_LARGE(413, "Body too large"),
    /** The body is of a media type that this route does not read. */
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    /** More requests than this caller may make; ask again after {@code Retry-After} seconds. */
    RATE_LIMITED(429, "Too many requests"),
    /** A bug or broken machinery; the log has the same trace id. */
    INTERNAL_ERROR(500, "Internal error"),
    /** The system is starting or recovering; ask again after {@code Retry-After} seconds. */
    NOT_READY(503, "Not ready"),
    /** The answer took too long and was given up; a write may have happened: ask again with the same key. */
    TIMED_OUT(503, "Timed out");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The same words for every occurrence. */
    public String title() {
        return title;
    }
}
