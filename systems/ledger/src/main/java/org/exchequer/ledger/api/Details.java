package org.exchequer.ledger.api;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants remembered with a transaction.
 *
 * @param reference the caller's own name for it, e.g. an end-to-end id; up to 140 characters; need not be unique
 * @param correlationId ties together what belongs to one business event across systems; up to 64 characters
 * @param valueDate the day the transaction counts from, e.g. for interest; null for its booking date; years 1900 to
 *     2999
 * @param metadata free labels: up to {@value #MAX_METADATA} of them, keys up to 40 characters, values up to 500
 */
public record Details(
        @Nullable String reference,
        @Nullable String correlationId,
        @Nullable LocalDate valueDate,
        Map<String, String> metadata) {
    public static final int MAX_METADATA = 16;
    public static final Details NONE = new Details(null, null, null, Map.of());

    /** @throws FieldError naming the field that breaks a rule above */
    public Details {
        if (reference != null && (reference.isBlank() || reference.length() > 140 || hasControl(reference))) {
            throw new FieldError("reference", "must have 1 to 140 characters, none of them a control character");
        }
        if (correlationId != null
                && (correlationId.isBlank() || correlationId.length() > 64 || hasControl(correlationId))) {
            throw new FieldError("correlationId", "must have 1 to 64 characters, none of them a control character");
        }
        if (valueDate != null && (valueDate.getYear() < 1900 || valueDate.getYear() > 2999)) {
            throw new FieldError("valueDate", "must lie in the years 1900 to 2999");
        }
        metadata = sorted(metadata);
    }

    /** Details without a value date of their own. */
    public Details(@Nullable String reference, @Nullable String correlationId, Map<String, String> metadata) {
        this(reference, correlationId, null, metadata);
    }

    /** The same, counting from this day. */
    public Details valued(@Nullable LocalDate date) {
        return new Details(reference, correlationId, date, metadata);
    }

    public static Details reference(String reference) {
        return new Details(reference, null, null, Map.of());
    }

    /** The labels in order of key, checked, immutable. */
    static Map<String, String> sorted(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return Map.of();
        }
        if (metadata.size() > MAX_METADATA) {
            throw new FieldError("metadata", "may have at most " + MAX_METADATA + " entries");
        }
        metadata.forEach((key, value) -> {
            if (key.isBlank() || key.length() > 40 || hasControl(key)) {
                throw new FieldError("metadata", "keys must have 1 to 40 characters, none of them a control character");
            }
            if (value.length() > 500 || hasControl(value)) {
                throw new FieldError(
                        "metadata." + key, "must have at most 500 characters, none of them a control character");
            }
        });
        return Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** Control characters, NUL above all: PostgreSQL stores no NUL in text, and none of them belongs in a label. */
    public static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || (Character.isHighSurrogate(c)
                            && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))))
                    || (Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1))))) {
                return true;
            }
        }
        return false;
    }
}
