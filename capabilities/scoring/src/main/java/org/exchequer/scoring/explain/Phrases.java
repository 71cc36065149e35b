package org.exchequer.scoring.explain;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.exchequer.scoring.model.Score.Contribution;

/**
 * Sentences for features. A template says what the value means, with <code>{value}</code> where it stands: {@code
 * "{value} payments left this account within an hour"}. Features without one are named as they are.
 */
public final class Phrases {
    private static final String VALUE = "{value}";
    private static final Pattern SEPARATORS = Pattern.compile("[_.]+");

    private final Map<String, String> templates;

    /** @param templates by feature or member */
    public Phrases(Map<String, String> templates) {
        this.templates = Map.copyOf(templates);
    }

    public static Phrases plain() {
        return new Phrases(Map.of());
    }

    /** The fact alone, without what follows from it. */
    public String fact(String what, float value) {
        if (Float.isNaN(value)) {
            return name(what) + " is not known";
        }
        String template = templates.get(what);
        return template == null ? name(what) + " is " + number(value) : template.replace(VALUE, number(value));
    }

    /**
     * A whole sentence, e.g. {@code "9 payments left this account within an hour: odds of fraud 3.7 times as high"}.
     */
    public String sentence(Contribution contribution) {
        String fact = fact(contribution.what(), contribution.value());
        double times = StrictMath.exp(Math.abs(contribution.points()));
        String upOrDown = contribution.points() >= 0 ? "times as high" : "times lower";
        String text = fact + String.format(Locale.ROOT, ": odds of fraud %.1f %s", times, upOrDown);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    static String name(String what) {
        return SEPARATORS.matcher(what).replaceAll(" ");
    }

    /** As short as it stays right: three significant places after the point at most. */
    static String number(float value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.1f" : size >= 1 ? "%.2f" : "%.3g";
        return String.format(Locale.ROOT, format, value);
    }
}
