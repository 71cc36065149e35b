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
 * @param id the same on every delivery: the header {@value MessageHeaders#MESSAGE_ID}, or {@code partition@offset} from
 *     a sender that sets none, whose own repetitions then count as different messages
 * @param key messages of one key come in order; null when it has none
 * @param type name of the schema its payload follows, or null when it does not say
 * @param headers all of them
 * @param payload its bytes, none for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Message(
        String topic,
        String id,
        @Nullable String key,
        @Nullable String type,
        Headers headers,
        byte[] payload) {
    static Message of(ConsumerRecord<byte[], byte[]> record) {
        String id = MessageHeaders.text(record.headers(), MessageHeaders.MESSAGE_ID);
        return new Message(
                record.topic(),
                id == null || id.length() > 200 ? record.partition() + "@" + record.offset() : id,
                record.key() == null ? null : new String(record.key(), UTF_8),
                MessageHeaders.text(record.headers(), MessageHeaders.TYPE),
                record.headers(),
                record.value() == null ? new byte[0] : record.value());
    }
}
