package org.exchequer.inward.core;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import org.exchequer.inward.api.State;
import org.exchequer.iso20022.Answer;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.MessageType;
import org.jspecify.annotations.Nullable;

/** What is said to a message, by the state that its payment has ended in. */
public final class Answers {
    /** The transaction statuses that are given, of the external payment transaction statuses. */
    public enum Code {
        /** Settled on the creditor's account. */
        ACCC,
        /** Settled: the debtor's account was debited, or what was settled was reversed. */
        ACSC,
        /** Rejected. */
        RJCT,
        /** Not known yet; the same question later gets the final answer. */
        PDNG
    }

    /** Whoever is told by which name or rule they were found would know what to change. */
    private static final Set<State> UNEXPLAINED = EnumSet.of(State.SANCTIONS_HIT, State.FRAUD_HIGH_RISK);

    private Answers() {}

    /**
     * The answer.
     *
     * @param id of the payment
     * @param state terminal; any other is answered as pending
     * @param why of a rejection
     * @param at when it is made
     */
    public static Answer of(UUID id, Intake intake, State state, @Nullable Finding why, Instant at) {
        Code code = code(intake.type(), state);
        String reason = why == null ? null : why.code();
        String text = why == null || UNEXPLAINED.contains(state) ? null : why.path() + ": " + why.text();
        if (intake.type() == MessageType.CAMT_056) {
            Answer.Confirmation confirmation = switch (code) {
                case ACCC, ACSC -> Answer.Confirmation.CNCL;
                case RJCT -> Answer.Confirmation.RJCR;
                case PDNG -> Answer.Confirmation.PDCR;
            };
            return new Answer.Resolution(messageId(id), at, intake.subject(), confirmation, reason, text);
        }
        boolean settled = code == Code.ACCC || code == Code.ACSC;
        return new Answer.Status(messageId(id), at, intake.subject(), code.name(), reason, text, settled ? at : null);
    }

    /** How a payment in this state is answered. */
    public static Code code(MessageType type, State state) {
        if (!state.terminal()) {
            return Code.PDNG;
        }
        if (state != State.COMPLETED) {
            return Code.RJCT;
        }
        return type == MessageType.PACS_008 ? Code.ACCC : Code.ACSC;
    }

    /** The answer's own id: the payment's, without its hyphens. */
    private static String messageId(UUID id) {
        return HexFormat.of().toHexDigits(id.getMostSignificantBits())
                + HexFormat.of().toHexDigits(id.getLeastSignificantBits());
    }
}
