package org.exchequer.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Pieces of pages that need nothing from anywhere else. */
final class Html {
    private static final String MARK = """
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 5h18v2H3zM3 11h18v2H3zM3 17h18v2H3zM6 3h2v18H6zM16
            3h2v18h-2z"/></svg>""";

    private Html() {}

    /** A whole page. */
    static String page(String title, String body, String scripts) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <div class="brand">%s Exchequer lab</div>
                %s
                </main>
                %s
                </body>
                </html>
                """.formatted(text(title), resource("report.css"), MARK, body, scripts);
    }

    /** Text as it may stand in a page. */
    static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** E.g. {@code 12,345}. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A time for people, e.g. {@code 1.25 s} or {@code 830 µs}. */
    static String micros(long micros) {
        if (micros >= 1_000_000) {
            return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
        }
        return micros >= 1_000 ? String.format(Locale.ROOT, "%.1f ms", micros / 1e3) : micros + " µs";
    }

    /** Seconds of a run, e.g. {@code 12.5 s}. */
    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    static String resource(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
