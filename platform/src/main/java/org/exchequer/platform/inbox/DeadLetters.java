package org.exchequer.platform.inbox;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;

/**
 * Sends messages that cannot be applied to the consumer's dead-letter topic, unchanged but for headers that say why:
 * {@code exchequer-dead-error}, {@code exchequer-dead-behind} (id of the message that failed, its own or an earlier one
 * of its key), {@code exchequer-dead-topic}, {@code exchequer-dead-partition}, {@code exchequer-dead-offset}.
 */
final class DeadLetters implements AutoCloseable {
    static final String ERROR = "exchequer-dead-error";
    static final String BEHIND = "exchequer-dead-behind";
    static final String TOPIC = "exchequer-dead-topic";
    static final String PARTITION = "exchequer-dead-partition";
    static final String OFFSET = "exchequer-dead-offset";
    private static final int MAX_ERROR_CHARACTERS = 1_000;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Duration patience;

    DeadLetters(InboxSettings settings, KafkaClients kafka) {
        this.topic = settings.deadLetters().name();
        // Its producer gives up by itself before that, unless its thread is gone.
        this.patience = kafka.deliveryTimeout().plusSeconds(15);
        this.producer = kafka.producer(settings.group() + "-dead-letters");
    }

    /**
     * Returns once the broker has it.
     *
     * @throws KafkaException when it may not have it
     */
    void send(ConsumerRecord<byte[], byte[]> record, String error, String behindMessageId) throws InterruptedException {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, record.key(), record.value());
        record.headers().forEach(letter.headers()::add);
        MessageHeaders.put(letter.headers(), ERROR, error.substring(0, Math.min(error.length(), MAX_ERROR_CHARACTERS)));
        MessageHeaders.put(letter.headers(), BEHIND, behindMessageId);
        MessageHeaders.put(letter.headers(), TOPIC, record.topic());
        MessageHeaders.put(letter.headers(), PARTITION, String.valueOf(record.partition()));
        MessageHeaders.put(letter.headers(), OFFSET, String.valueOf(record.offset()));
        try {
            producer.send(letter).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("dead letter not acknowledged: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
