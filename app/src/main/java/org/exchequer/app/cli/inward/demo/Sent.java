package org.exchequer.app.cli.inward.demo;

import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** A message of the demo, and what was said to it. */
@SuppressWarnings("ArrayRecordComponent") // never compared
final class Sent {
    private final Message message;
    private final long intendedNanos;
    private volatile @Nullable Told told;

    /**
     * A message before it is sent.
     *
     * @param what in words, e.g. {@code creditor's account is closed}
     * @param type null when it cannot be read
     * @param from the sender's BIC; empty where it is not ours to say
     * @param amount null when it has none, or none that can be read
     * @param about what a duplicate repeats, and what a reversal or cancellation is about
     * @param afterNanos how much later than planned it is sent, so that two race each other
     */
    record Message(
            Kind kind,
            String what,
            @Nullable MessageType type,
            byte[] bytes,
            String messageId,
            String endToEndId,
            String uetr,
            String from,
            @Nullable Money amount,
            @Nullable Sent about,
            long afterNanos) {}

    /**
     * An answer.
     *
     * @param tookNanos from when the message was to be sent, so that a stalled sender hides nothing
     * @param http status of the last attempt; 0 when no answer came
     * @param status as in {@code Answered.status}; empty when it was no message
     * @param code why it was refused or is unreadable; empty when it was not
     */
    record Told(long tookNanos, int http, byte[] body, String payment, String status, boolean repeated, String code) {
        boolean accepted() {
            return status.equals("ACCC") || status.equals("ACSC");
        }

        boolean refused() {
            return status.equals("RJCT");
        }

        boolean pending() {
            return status.equals("PDNG");
        }

        boolean unreadable() {
            return http == 422;
        }

        boolean answered() {
            return !status.isEmpty() || unreadable();
        }
    }

    Sent(Message message, long intendedNanos) {
        this.message = message;
        this.intendedNanos = intendedNanos;
    }

    Message message() {
        return message;
    }

    Kind kind() {
        return message.kind();
    }

    /** When it was to be sent, by the ticker. */
    long intendedNanos() {
        return intendedNanos;
    }

    /** Null while nothing was said. */
    @Nullable
    Told told() {
        return told;
    }

    void tell(Told answer) {
        told = answer;
    }

    /** As what it was, for people. */
    String name() {
        Told now = told;
        return message.what()
                + (now == null || now.payment().isEmpty()
                        ? " " + message.messageId()
                        : " " + message.messageId() + ", payment " + now.payment());
    }
}
