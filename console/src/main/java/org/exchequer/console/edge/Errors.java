package org.exchequer.console.edge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules broken by fields of a form, asked for by the templates.
 *
 * @param byField e.g. {@code legs[1].amount} → {@code must be more than zero}
 */
public record Errors(Map<String, String> byField) {
    /** The rule this field breaks, or null. */
    public @Nullable String of(String field) {
        return byField.get(field);
    }

    /** The first rule broken by this field or a part of it, or null. */
    public @Nullable String under(String field) {
        return byField.entrySet().stream()
                .filter(error -> error.getKey().equals(field) || error.getKey().startsWith(field + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    public boolean none() {
        return byField.isEmpty();
    }
}
