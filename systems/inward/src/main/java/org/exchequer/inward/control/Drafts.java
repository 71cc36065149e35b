package org.exchequer.inward.control;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.exchequer.inward.api.ConfigKey;
import org.exchequer.inward.api.ConfigKey.Dimension;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations.Draft;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.FieldError;

/** The rules of a proposal's fields. */
final class Drafts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,50}");
    private static final Duration LONGEST_AHEAD = Duration.ofDays(366);

    private Drafts() {}

    static void check(Draft draft, ConfigKey key, Instant now) {
        if (draft.value() != null) {
            value(draft.value(), key);
        }
        scope(draft.scope(), key);
        times(draft, now);
        experiment(draft);
        if (draft.experiment() != null && key.scopes().equals(java.util.Set.of(Dimension.INSTANCE))) {
            throw new FieldError("experiment", "must not be given: " + key.name() + " is the same for all payments");
        }
    }

    private static void value(BigDecimal value, ConfigKey key) {
        int decimals = key.unit() == ConfigKey.Unit.SHARE ? 4 : 0;
        boolean fits = value.precision() - value.scale() < 20
                && value.stripTrailingZeros().scale() <= decimals;
        if (!fits || value.compareTo(key.least()) < 0 || value.compareTo(key.most()) > 0) {
            throw new FieldError(
                    "value",
                    "must be " + key.least().toPlainString() + " to "
                            + key.most().toPlainString()
                            + (decimals == 0 ? ", whole" : ", with at most four decimals"));
        }
    }

    private static void scope(ConfigScope scope, ConfigKey key) {
        allowed(scope.messageType(), "messageType", Dimension.MESSAGE_TYPE, key);
        allowed(scope.currency(), "currency", Dimension.CURRENCY, key);
        allowed(scope.leastMinorUnits(), "leastMinorUnits", Dimension.AMOUNT, key);
        allowed(scope.mostMinorUnits(), "mostMinorUnits", Dimension.AMOUNT, key);
        allowed(scope.instance(), "instance", Dimension.INSTANCE, key);
        String type = scope.messageType();
        if (type != null
                && Arrays.stream(MessageType.values())
                        .noneMatch(one -> one.name().equals(type))) {
            throw new FieldError(
                    "messageType",
                    "must be one of "
                            + Arrays.stream(MessageType.values())
                                    .map(Enum::name)
                                    .collect(Collectors.joining(", ")));
        }
        if (scope.currency() != null && Currency.find(scope.currency()).isEmpty()) {
            throw new FieldError("currency", Currency.RULE);
        }
        if (key.unit() == ConfigKey.Unit.MINOR_UNITS && scope.currency() == null) {
            throw new FieldError("currency", "is required: the value is an amount");
        }
        if (scope.instance() != null && !NAME.matcher(scope.instance()).matches()) {
            throw new FieldError("instance", "must be the name of a node");
        }
        amounts(scope);
    }

    private static void amounts(ConfigScope scope) {
        long least = Objects.requireNonNullElse(scope.leastMinorUnits(), 0L);
        long most = Objects.requireNonNullElse(scope.mostMinorUnits(), Long.MAX_VALUE);
        boolean given = scope.leastMinorUnits() != null || scope.mostMinorUnits() != null;
        if (given && scope.currency() == null) {
            throw new FieldError("currency", "is required with a range of amounts");
        }
        if (least < 0 || least >= most) {
            throw new FieldError("leastMinorUnits", "must be 0 or more, and below mostMinorUnits");
        }
    }

    private static void allowed(
            @org.jspecify.annotations.Nullable Object given, String field, Dimension dimension, ConfigKey key) {
        if (given != null && !key.scopes().contains(dimension)) {
            throw new FieldError(field, "must not be given: " + key.name() + " is the same for all of them");
        }
    }

    private static void times(Draft draft, Instant now) {
        Instant from = draft.from() == null ? now : draft.from();
        if (from.isAfter(now.plus(LONGEST_AHEAD))) {
            throw new FieldError("from", "must lie within a year");
        }
        if (draft.until() != null
                && (!draft.until().isAfter(from) || !draft.until().isAfter(now))) {
            throw new FieldError("until", "must lie after from, and ahead");
        }
    }

    private static void experiment(Draft draft) {
        if ((draft.experiment() == null) != (draft.percentage() == null)) {
            throw new FieldError("percentage", "must be given together with experiment, or not at all");
        }
        if (draft.experiment() != null && !NAME.matcher(draft.experiment()).matches()) {
            throw new FieldError("experiment", "must have 1 to 50 letters, digits, dots, hyphens and underscores");
        }
        BigDecimal percentage = draft.percentage();
        if (percentage != null
                && (percentage.stripTrailingZeros().scale() > 2
                        || percentage.compareTo(new BigDecimal("0.01")) < 0
                        || percentage.compareTo(BigDecimal.valueOf(100)) > 0)) {
            throw new FieldError("percentage", "must be 0.01 to 100, with at most two decimals");
        }
    }
}
