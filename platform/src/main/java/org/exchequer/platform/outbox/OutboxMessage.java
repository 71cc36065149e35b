package org.exchequer.platform.outbox;

import java.util.Map;
import org.exchequer.platform.kafka.Topic;

/**
 * A message to send once the transaction that appends it has committed.
 *
 * @param topic where to; one of those the outbox was made with
 * @param key messages of one key keep their order; 1 to 256 characters, e.g. a payment's id
 * @param type name of the schema the payload follows, e.g. {@code exchequer.payments.v1.PaymentSettled}
 * @param headers further headers; up to 16, each name and value up to 256 characters
 * @param payload up to {@value #MAX_PAYLOAD_BYTES} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutboxMessage(Topic topic, String key, String type, Map<String, String> headers, byte[] payload) {
    /** Well below Kafka's limit for a message, so that no message can block those behind it by its size. */
    public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

    /** @throws IllegalArgumentException naming the part that breaks a rule above */
    public OutboxMessage {
        requireText("key", key);
        requireText("type", type);
        if (headers.size() > 16) {
            throw new IllegalArgumentException("headers: at most 16");
        }
        headers.forEach((name, value) -> {
            requireText("header name", name);
            requireText("header " + name, value);
        });
        if (payload.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payload: at most " + MAX_PAYLOAD_BYTES + " bytes, not " + payload.length);
        }
        headers = Map.copyOf(headers);
    }

    private static void requireText(String what, String text) {
        if (text.isEmpty() || text.length() > 256 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + ": must have 1 to 256 characters, none of them NUL");
        }
    }
}
