package org.exchequer.inward.api;

import org.jspecify.annotations.Nullable;

/**
 * What a configured value applies to; what is null does not matter.
 *
 * @param messageType {@code PACS_008}, {@code PACS_003}, {@code PACS_007} or {@code CAMT_056}
 * @param currency of the payment
 * @param leastMinorUnits amounts from this on
 * @param mostMinorUnits amounts below this
 * @param instance name of a node
 */
public record ConfigScope(
        @Nullable String messageType,
        @Nullable String currency,
        @Nullable Long leastMinorUnits,
        @Nullable Long mostMinorUnits,
        @Nullable String instance) {
    /** Everything. */
    public static final ConfigScope ALL = new ConfigScope(null, null, null, null, null);

    /** Everything in a currency. */
    public static ConfigScope of(String currency) {
        return new ConfigScope(null, currency, null, null, null);
    }

    /** For people, e.g. {@code PACS_008 SGD 0..10000}; {@code all} for everything. */
    public String label() {
        StringBuilder label = new StringBuilder();
        append(label, messageType);
        append(label, currency);
        if (leastMinorUnits != null || mostMinorUnits != null) {
            append(
                    label,
                    (leastMinorUnits == null ? 0 : leastMinorUnits) + ".."
                            + (mostMinorUnits == null ? "" : mostMinorUnits));
        }
        append(label, instance == null ? null : "node " + instance);
        return label.isEmpty() ? "all" : label.toString();
    }

    private static void append(StringBuilder label, @Nullable String part) {
        if (part != null) {
            label.append(label.isEmpty() ? "" : " ").append(part);
        }
    }
}
