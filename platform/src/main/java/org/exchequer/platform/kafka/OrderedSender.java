package org.exchequer.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends messages so that on each partition a prefix of them arrives, whatever happens. For one thread, and of no more
 * use after a failure.
 */
final class OrderedSender implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private CountDownLatch outstanding = new CountDownLatch(0);

    OrderedSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Hands over messages; {@link #await} says when the broker has them. Call it only after the ones before.
     *
     * @throws KafkaException when one has failed already
     */
    void send(List<ProducerRecord<byte[], byte[]>> records) {
        CountDownLatch latch = new CountDownLatch(records.size());
        outstanding = latch;
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                var unused = producer.send(record, (metadata, exception) -> {
                    if (exception != null && failure.compareAndSet(null, exception)) {
                        // At once and in this callback: one request is in flight, so nothing later has left yet.
                        producer.close(Duration.ZERO);
                    }
                    latch.countDown();
                });
            }
        } catch (IllegalStateException producerIsClosed) {
            throwFailure();
            throw producerIsClosed;
        }
    }

    /**
     * Waits until the broker has acknowledged all that was handed over.
     *
     * @return false when the time is up first
     * @throws KafkaException when a message failed
     */
    boolean await(Duration time) throws InterruptedException {
        boolean done = outstanding.await(time.toNanos(), TimeUnit.NANOSECONDS);
        throwFailure();
        return done;
    }

    private void throwFailure() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new KafkaException("not acknowledged: " + failed.getMessage(), failed);
        }
    }

    /** Drops what was not acknowledged. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
