package org.exchequer.ledger.edge.grpc;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Side;

/** Enums of ours and of messages, by name: {@code ASSET} is {@code ACCOUNT_TYPE_ASSET}. */
final class Enums {
    private Enums() {}

    /** @throws FieldError for a value that we have not */
    static <E extends Enum<E>> E read(Class<E> type, Enum<?> message, String field) {
        String prefix = prefix(message.getDeclaringClass());
        for (E one : type.getEnumConstants()) {
            if (message.name().equals(prefix + one.name())) {
                return one;
            }
        }
        throw new FieldError(
                field,
                "must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(one -> prefix + one.name())
                                .collect(Collectors.joining(", ")));
    }

    static <M extends Enum<M>> M write(Class<M> type, Enum<?> value) {
        return Enum.valueOf(type, prefix(type) + value.name());
    }

    /** Sides stand in every entry, and are not looked up by name. */
    static Side side(org.exchequer.ledger.api.event.v1.Side message, String field) {
        return switch (message) {
            case SIDE_DEBIT -> Side.DEBIT;
            case SIDE_CREDIT -> Side.CREDIT;
            case SIDE_UNSPECIFIED, UNRECOGNIZED -> throw new FieldError(field, "must be SIDE_DEBIT or SIDE_CREDIT");
        };
    }

    static org.exchequer.ledger.api.event.v1.Side side(Side side) {
        return side == Side.DEBIT
                ? org.exchequer.ledger.api.event.v1.Side.SIDE_DEBIT
                : org.exchequer.ledger.api.event.v1.Side.SIDE_CREDIT;
    }

    private static String prefix(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
    }
}
