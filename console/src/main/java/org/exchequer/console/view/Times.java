package org.exchequer.console.view;

import java.time.Duration;
import java.util.Locale;

/** Times and shares written for people. */
public final class Times {
    private Times() {}

    /** Three digits or so: {@code 0.42 ms}, {@code 145 ms}, {@code 2.80 s}. */
    public static String text(Duration time) {
        double millis = time.toNanos() / 1_000_000.0;
        if (millis == 0) {
            return "0 ms";
        }
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.2f ms", millis);
        }
        return millis < 1_000
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
    }

    /** A share as a percentage with so many decimals, rounded down: 99.96 % is not 100 %. */
    public static String percent(double share, int decimals) {
        double scale = Math.pow(10, decimals);
        // What a share of two counts loses in a double must not cost it a whole digit.
        double shown = Math.floor(share * 100 * scale + 1e-9) / scale;
        return String.format(Locale.ROOT, "%." + decimals + "f", shown) + " %";
    }

    /** {@code PAYMENT_EXECUTION} → {@code payment execution}. */
    public static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
