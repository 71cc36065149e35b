package org.exchequer.platform.telemetry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks what looks like a secret in text that is about to be logged. The last line of defence: code does not log
 * secrets, libraries and exception messages may.
 */
public final class Secrets {
    private static final String MASK = "***";

    private static final String NAMES = "passw(?:or)?d|pwd|passphrase|secret|api[-_]?key|private[-_]?key|credentials?"
            + "|(?:access|refresh|id|login|csrf)?[-_]?token|client[-_]?secret|jsessionid|_csrf";

    /**
     * In order of precedence at one place: a PEM private key; an authorization or cookie header to its line's end; a
     * bearer or basic credential; a JWT; a password in a URL; a named value in JSON, a query or a properties line.
     */
    private static final Pattern SECRET = Pattern.compile(
            "(?<pem>-----BEGIN [A-Z ]*PRIVATE KEY-----)[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
                    + "|(?<header>\\b(?:proxy-)?(?:authorization|cookie|set-cookie)\\b\"?\\s*[:=]\\s*\"?)[^\\r\\n\"]+"
                    + "|(?<scheme>\\b(?:bearer|basic)\\s+)[A-Za-z0-9._~+/=-]{8,}"
                    + "|eyJ[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)*"
                    + "|(?<url>://[^\\s:/@?#]{0,128}:)[^\\s/@]{1,512}(?=@)"
                    + "|(?<name>\\b[a-z0-9_.-]{0,40}(?:" + NAMES + ")\\\\?[\"']?\\s*[:=]\\s*)"
                    + "(?:\\\\\"(?:(?!\\\\\").)*+(?:\\\\\")?|\"(?:[^\"\\\\]|\\\\.)*+\"?|'[^']*+'?|[^\\s,;&\"'\\])}]+)",
            Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /** The text with every secret replaced by {@code ***}; the same object when there is none. */
    public static String mask(String text) {
        Matcher matcher = SECRET.matcher(text);
        if (!matcher.find()) {
            return text;
        }
        StringBuilder masked = new StringBuilder(text.length());
        do {
            matcher.appendReplacement(masked, Matcher.quoteReplacement(keep(matcher) + MASK));
        } while (matcher.find());
        return matcher.appendTail(masked).toString();
    }

    private static String keep(Matcher matcher) {
        for (String group : new String[] {"pem", "header", "scheme", "url", "name"}) {
            String kept = matcher.group(group);
            if (kept != null) {
                return kept;
            }
        }
        return "";
    }
}
