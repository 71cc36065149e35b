package org.exchequer.platform.inbox;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;

/**
 * Sends messages that cannot be applied to the consumer's dead-letter topic, unchanged but for headers that say why:
 * {@code exchequer-dead-error}, {@code exchequer-dead-behind} (id of the message that failed, its own or an earlier one
 * of its key), {@code exchequer-dead-topic}, {@code exchequer-dead-partition}, {@code exchequer-dead-offset}.
 *
 * <p>There is room for these beside every message that {@link KafkaClients#MAX_MESSAGE_BYTES} admits. A larger one,
 * from a sender with other limits, must not hold up its partition: of it go these headers, its id, its key if that is
 * no longer than 1,000 bytes, and {@code exchequer-dead-payload-bytes}, the length of the payload that was left out,
 * which is to be had at the offset named until that topic's retention ends.
 */
final class DeadLetters implements AutoCloseable {
    static final String ERROR = "exchequer-dead-error";
    static final String BEHIND = "exchequer-dead-behind";
    static final String TOPIC = "exchequer-dead-topic";
    static final String PARTITION = "exchequer-dead-partition";
    static final String OFFSET = "exchequer-dead-offset";
    static final String PAYLOAD_BYTES = "exchequer-dead-payload-bytes";
    private static final int MAX_ERROR_CHARACTERS = 1_000;
    private static final int MAX_LONE_KEY_BYTES = 1_000;

    /** For the headers added here. With it a message is still below the broker's own default limit, 1,048,588 bytes. */
    private static final int ROOM_BYTES = 16 * 1024;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Duration patience;

    DeadLetters(InboxSettings settings, KafkaClients kafka) {
        this.topic = settings.deadLetters().name();
        // Its producer gives up by itself before that, unless its thread is gone.
        this.patience = kafka.deliveryTimeout().plusSeconds(15);
        this.producer = kafka.producer(settings.group() + "-dead-letters", KafkaClients.MAX_MESSAGE_BYTES + ROOM_BYTES);
    }

    /**
     * Returns once the broker has it.
     *
     * @param error see {@link #reason}
     * @throws KafkaException when it may not have it
     */
    void send(ConsumerRecord<byte[], byte[]> record, String error, String behindMessageId) throws InterruptedException {
        try {
            ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, record.key(), record.value());
            record.headers().forEach(letter.headers()::add);
            send(letter, record, error, behindMessageId);
        } catch (RecordTooLargeException e) {
            send(withoutPayload(record), record, error, behindMessageId);
        }
    }

    /** What an error says, in a form that headers and PostgreSQL can hold: bounded, and without NUL. */
    static String reason(Exception error) {
        String text = error.toString().replace('\0', ' ');
        return text.substring(0, Math.min(text.length(), MAX_ERROR_CHARACTERS));
    }

    private ProducerRecord<byte[], byte[]> withoutPayload(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key() == null || record.key().length > MAX_LONE_KEY_BYTES ? null : record.key();
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, key, new byte[0]);
        int payloadBytes = record.value() == null ? 0 : record.value().length;
        MessageHeaders.put(letter.headers(), PAYLOAD_BYTES, String.valueOf(payloadBytes));
        MessageHeaders.put(
                letter.headers(), MessageHeaders.MESSAGE_ID, Message.of(record).id());
        return letter;
    }

    private void send(
            ProducerRecord<byte[], byte[]> letter,
            ConsumerRecord<byte[], byte[]> record,
            String error,
            String behindMessageId)
            throws InterruptedException {
        MessageHeaders.put(letter.headers(), ERROR, error);
        MessageHeaders.put(letter.headers(), BEHIND, behindMessageId);
        MessageHeaders.put(letter.headers(), TOPIC, record.topic());
        MessageHeaders.put(letter.headers(), PARTITION, String.valueOf(record.partition()));
        MessageHeaders.put(letter.headers(), OFFSET, String.valueOf(record.offset()));
        try {
            producer.send(letter).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new KafkaException("dead letter not acknowledged: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
