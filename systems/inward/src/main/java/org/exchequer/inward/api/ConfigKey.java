package org.exchequer.inward.api;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be configured.
 *
 * @param name such as {@code sla.warning_ms}
 * @param least smallest value, in the unit
 * @param most largest
 * @param standard without any configuration; null where it depends on the currency
 * @param scopes what a value may be limited to
 * @param text what it does
 */
public record ConfigKey(
        String name,
        Category category,
        Unit unit,
        BigDecimal least,
        BigDecimal most,
        @Nullable BigDecimal standard,
        Set<Dimension> scopes,
        String text) {
    /** Which part of the processing it is about. */
    public enum Category {
        SLA,
        FRAUD,
        VALIDATION,
        EXECUTION,
        CIRCUIT_BREAKER,
        LOAD,
        EMERGENCY
    }

    /** What a value is counted in. */
    public enum Unit {
        MILLISECONDS,
        COUNT,
        /** Of the currency that the scope names. */
        MINOR_UNITS,
        /** 0 to 1, with at most four decimals. */
        SHARE
    }

    /** What a value can be limited to. */
    public enum Dimension {
        MESSAGE_TYPE,
        CURRENCY,
        /** A range of amounts; only together with a currency. */
        AMOUNT,
        /** One node, by its name. */
        INSTANCE
    }

    public ConfigKey {
        scopes = Set.copyOf(scopes);
    }
}
