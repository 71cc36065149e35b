package org.exchequer.platform.web;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which rule of the path a request broke that was refused before any route was looked for. */
public final class BadRequests {
    private static final Map<Pattern, String> RULES = rules();

    private BadRequests() {}

    /**
     * The problem of a request that the container or the firewall refused.
     *
     * @param status HTTP status, 400 to 499
     * @param rawPath the path as it came, not decoded; null when the request line could not be read
     * @param elsewhere what else may be wrong when nothing is with the path
     */
    public static Problem of(int status, @Nullable String rawPath, String elsewhere) {
        String rule = rawPath == null ? null : pathRule(rawPath);
        Problem problem = Problem.of(
                status,
                ProblemCode.BAD_REQUEST.name(),
                ProblemCode.BAD_REQUEST.title(),
                rule == null ? elsewhere : "The path " + rule + ".");
        return rule == null ? problem : problem.at("path", rule);
    }

    private static @Nullable String pathRule(String rawPath) {
        String path = rawPath.toLowerCase(Locale.ROOT);
        return RULES.entrySet().stream()
                .filter(rule -> rule.getKey().matcher(path).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static Map<Pattern, String> rules() {
        Map<Pattern, String> rules = new LinkedHashMap<>();
        rules.put(Pattern.compile("%(?![0-9a-f]{2})"), "must have two hexadecimal digits after each %");
        rules.put(Pattern.compile("[\\x00-\\x1f\\x7f]|%[01][0-9a-f]|%7f"), "may not hold a control character");
        rules.put(Pattern.compile(";|%3b"), "may not hold a semicolon");
        rules.put(Pattern.compile("%2f"), "may not hold an encoded slash");
        rules.put(Pattern.compile("\\\\|%5c"), "may not hold a backslash");
        rules.put(Pattern.compile("%25"), "may not hold an encoded percent sign");
        rules.put(Pattern.compile("//"), "may not hold a double slash");
        rules.put(Pattern.compile("%2e|/\\.{1,2}(/|$)"), "may not hold an encoded dot, nor a segment of dots alone");
        rules.put(Pattern.compile("[^\\x21-\\x7e]"), "must be percent-encoded");
        rules.put(Pattern.compile("%[89a-f][0-9a-f]"), "must be percent-encoded UTF-8 without line separators");
        return rules;
    }
}
