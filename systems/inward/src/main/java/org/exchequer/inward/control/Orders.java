package org.exchequer.inward.control;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Measure;
import org.exchequer.inward.partner.BreakerOverride;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/** The rules of an order's fields. */
final class Orders {
    private static final int MOST_REASON = 500;
    private static final int MOST_EXTENSION_MS = 5_500;

    private Orders() {}

    static void check(Controls.Draft draft) {
        Configuration.checkWords("reason", draft.reason(), MOST_REASON);
        if (draft.lasts().compareTo(Duration.ofSeconds(1)) < 0 || draft.lasts().compareTo(Controls.LONGEST) > 0) {
            throw new FieldError("lastsSeconds", "must be 1 to " + Controls.LONGEST.toSeconds());
        }
        Measure.Kind kind = draft.kind();
        boolean breaker = kind == Measure.Kind.BREAKER_OVERRIDE;
        given("breaker", draft.breaker(), breaker);
        given("breakerMode", draft.breakerMode(), breaker);
        given("extensionMs", draft.extensionMs(), kind == Measure.Kind.SLA_EXTENSION);
        given("payment", draft.payment(), kind == Measure.Kind.FORCED_COMPLETION);
        breaker(draft);
        Integer extension = draft.extensionMs();
        if (extension != null && (extension < 1 || extension > MOST_EXTENSION_MS)) {
            throw new FieldError("extensionMs", "must be 1 to " + MOST_EXTENSION_MS);
        }
        scope(draft);
    }

    private static void breaker(Controls.Draft draft) {
        if (draft.breaker() != null && !Breakers.isKnown(draft.breaker())) {
            throw new FieldError(
                    "breaker", "must be a partner, or one of " + Breakers.known() + ", or such a one/resource");
        }
        if (draft.breakerMode() != null
                && Arrays.stream(BreakerOverride.Mode.values())
                        .noneMatch(mode -> mode.name().equals(draft.breakerMode()))) {
            throw new FieldError("breakerMode", "must be FORCED_OPEN or FORCED_CLOSED");
        }
    }

    private static void scope(Controls.Draft draft) {
        boolean scoped = switch (draft.kind()) {
            case EMERGENCY_MODE, FRAUD_BYPASS, SLA_EXTENSION -> true;
            case BREAKER_OVERRIDE, FORCED_COMPLETION -> false;
        };
        if (!scoped && (draft.messageType() != null || draft.currency() != null)) {
            throw new FieldError("messageType", "must not be given, nor currency: it is about one thing");
        }
        String type = draft.messageType();
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
        if (draft.currency() != null && Currency.find(draft.currency()).isEmpty()) {
            throw new FieldError("currency", Currency.RULE);
        }
    }

    private static void given(String field, @Nullable Object value, boolean wanted) {
        if (wanted && value == null) {
            throw new FieldError(field, "is required for this kind");
        }
        if (!wanted && value != null) {
            throw new FieldError(field, "must not be given for this kind");
        }
    }

    /** Of a decision or an end; may be left out. */
    static void checkReason(String reason) {
        if (reason.length() > MOST_REASON || reason.indexOf('\0') >= 0) {
            throw new FieldError("reason", "must have at most " + MOST_REASON + " characters, none of them U+0000");
        }
    }
}
