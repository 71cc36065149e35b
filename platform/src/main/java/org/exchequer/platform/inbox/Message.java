package org.exchequer.platform.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.exchequer.platform.kafka.MessageHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came from Kafka.
 *
 * @param topic where it was
 * @param id the same on every delivery: the header {@value MessageHeaders#MESSAGE_ID}, of 1 to 200 characters without
 *     NUL; or {@code partition@offset} from a sender that sets none, whose own repetitions then count as different
 *     messages
 * @param key messages of one key come in order; bytes, since other senders' keys need not be text; null when it has
 *     none
 * @param type name of the schema its payload follows, or null when it does not say
 * @param headers all of them
 * @param payload its bytes, none for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Message(
        String topic,
        String id,
        byte @Nullable [] key,
        @Nullable String type,
        Headers headers,
        byte[] payload) {
    private static final int MAX_ID_CHARACTERS = 200;

    /** The key as UTF-8; only for senders whose keys are text, since different bytes may read alike. */
    public @Nullable String keyText() {
        return key == null ? null : new String(key, UTF_8);
    }

    static Message of(ConsumerRecord<byte[], byte[]> record) {
        String id = MessageHeaders.text(record.headers(), MessageHeaders.MESSAGE_ID);
        return new Message(
                record.topic(),
                id != null && isUsable(id) ? id : record.partition() + "@" + record.offset(),
                record.key(),
                MessageHeaders.text(record.headers(), MessageHeaders.TYPE),
                record.headers(),
                record.value() == null ? new byte[0] : record.value());
    }

    /** What PostgreSQL cannot store as text would be refused for ever, and hold up its partition. */
    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.length() <= MAX_ID_CHARACTERS && id.indexOf('\0') < 0;
    }
}
