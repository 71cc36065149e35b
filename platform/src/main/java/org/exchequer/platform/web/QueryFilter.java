package org.exchequer.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a query string that cannot be read, or that holds what no parameter needs, before anybody reads it: the
 * container would throw at the first who asks for a parameter, and the database does not store a NUL.
 */
public final class QueryFilter extends OncePerRequestFilter {
    private static final int MAX_PARAMETERS = 100;
    private static final String QUERY = "query string";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Problem problem = check(request.getQueryString());
        if (problem == null) {
            chain.doFilter(request, response);
        } else {
            ProblemWriter.write(request, response, problem);
        }
    }

    /** What is wrong with a query string as it came, without its question mark; null when nothing is. */
    static @Nullable Problem check(@Nullable String query) {
        if (query == null) {
            return null;
        }
        String[] pairs = query.split("&", -1);
        if (pairs.length > MAX_PARAMETERS) {
            return invalid(QUERY, "may hold at most " + MAX_PARAMETERS + " parameters");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = decode(pair.substring(equals + 1));
            if (name == null || value == null) {
                return invalid(QUERY, "must be percent-encoded UTF-8: two hexadecimal digits after each %");
            }
            if (hasControl(name)) {
                return invalid(QUERY, "may not hold a control character in the name of a parameter");
            }
            if (hasControl(value)) {
                return invalid(name.isEmpty() ? QUERY : name, "may not hold a control character");
            }
        }
        return null;
    }

    private static Problem invalid(String field, String rule) {
        return Problem.of(ProblemCode.INVALID_PARAMETER, field + " " + rule).at(field, rule);
    }

    /** Null when it cannot be decoded; the JDK's own decoder would put a replacement character for broken UTF-8. */
    private static @Nullable String decode(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException broken) {
            return null;
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
