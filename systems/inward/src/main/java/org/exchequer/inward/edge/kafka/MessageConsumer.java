package org.exchequer.inward.edge.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Submission;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.web.StrictJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from {@link #MESSAGES}, each on a virtual thread of its own, and answers on {@link #ANSWERS}. A
 * message counts as read once its answer is durable there; should the process die before, it is delivered again, here
 * or to another node, and gets the same bytes. The time that it lay in the topic counts against its time.
 *
 * <p>One that is answered as pending is asked for again until its outcome is known, and answered once more.
 */
public final class MessageConsumer implements AutoCloseable {
    /** Messages in. The broker's clock says when each came, not the sender's. */
    public static final Topic MESSAGES =
            new Topic("exchequer.inward.messages.v1", 6, Map.of("message.timestamp.type", "LogAppendTime"));

    /** Answers out, by payment. */
    public static final Topic ANSWERS = Topic.of("exchequer.inward.answers.v1", 6);

    /** Status of the answer: {@code ACCC}, {@code ACSC}, {@code RJCT}, {@code PDNG}; {@code UNREADABLE} for none. */
    public static final String STATUS = "exchequer-status";

    /** Whether the message was here before. */
    public static final String REPEATED = "exchequer-repeated";

    /** Which message is answered: {@code topic-partition-offset}. */
    public static final String ANSWERED = "exchequer-answered";

    /** The sender's own id of that, when it gave {@link MessageHeaders#MESSAGE_ID} of at most {@link #LONGEST_ID}. */
    public static final String REQUEST_ID = "exchequer-request-id";

    /** In bytes. */
    static final int LONGEST_ID = 256;

    private static final Logger LOG = LoggerFactory.getLogger(MessageConsumer.class);
    private static final String GROUP = "exchequer-inward";
    private static final int MOST_UNDER_WAY = 1_000;
    private static final int MOST_AT_ONCE = 200;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration MOST_WAITED = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration FINAL_WITHIN = Duration.ofSeconds(60);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Inward inward;
    private final DeadLetters letters;
    private final KafkaClients kafka;
    private final String node;
    private final Clock clock;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
    private final Offsets offsets = new Offsets();
    private final AtomicReference<Consumer<byte[], byte[]>> polling = new AtomicReference<>();
    private final Producer<byte[], byte[]> answers;
    private final Thread thread;
    private volatile boolean closed;

    /** Makes one; {@link #start} sets it going. The broker need not answer yet. */
    public MessageConsumer(
            Inward inward,
            DeadLetters letters,
            KafkaClients kafka,
            String node,
            Clock clock,
            Ticker ticker,
            MeterRegistry meters) {
        this.inward = inward;
        this.letters = letters;
        this.kafka = kafka;
        this.node = node;
        this.clock = clock;
        this.ticker = ticker;
        this.meters = meters;
        this.answers = kafka.producer("inward-answers-" + node);
        this.thread = Thread.ofPlatform().name("inward-kafka").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                kafka.ensure(List.of(MESSAGES, ANSWERS));
                consume();
            } catch (InterruptedException e) {
                return;
            } catch (KafkaException | IllegalStateException e) {
                LOG.warn("Messages are not read from Kafka now: {}", e.getMessage());
                if (!pause(AGAIN)) {
                    return;
                }
            }
        }
    }

    private void consume() throws InterruptedException {
        offsets.clear();
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("inward-messages-" + node, GROUP, MOST_AT_ONCE)) {
            polling.set(consumer);
            consumer.subscribe(List.of(MESSAGES.name()), new Leaving(consumer));
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> message : poll(consumer)) {
                    take(message);
                }
                commit(consumer);
            }
            // What is answered within a moment need not be delivered again.
            if (places.tryAcquire(MOST_UNDER_WAY, CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                places.release(MOST_UNDER_WAY);
            }
            commit(consumer);
        } finally {
            polling.set(null);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException e) {
            LOG.debug("The consumer of messages was woken, to stop");
            return ConsumerRecords.empty();
        }
    }

    private final class Leaving implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Leaving(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit(consumer);
            offsets.forget(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.debug("Reads {}", partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            offsets.forget(partitions);
        }
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> positions = offsets.take();
        if (positions.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(positions);
        } catch (WakeupException e) {
            // Asked to stop while committing: once more, which the wake-up does not disturb.
            consumer.commitSync(positions);
        } catch (KafkaException e) {
            LOG.warn(
                    "Positions are not stored; some messages will be delivered and answered again: {}", e.getMessage());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message) throws InterruptedException {
        places.acquire();
        Offsets.Work work = offsets.begin(new TopicPartition(message.topic(), message.partition()), message.offset());
        Thread.ofVirtual().name("inward-kafka-" + message.offset()).start(() -> {
            try {
                if (answer(message)) {
                    work.done();
                }
            } catch (RuntimeException e) {
                // Without its position: it is delivered again when the program starts again.
                LOG.error("Message {} is left unanswered", source(message), e);
            } finally {
                places.release();
            }
        });
    }

    /** False when the program stops before it is done. */
    private boolean answer(ConsumerRecord<byte[], byte[]> message) {
        byte[] bytes = message.value() == null ? new byte[0] : message.value();
        long end = ticker.nanos() + FINAL_WITHIN.toNanos();
        Duration waited = waited(message);
        boolean told = false;
        while (!closed) {
            Submission submission = inward.submit(bytes, "kafka", waited);
            switch (submission) {
                case Submission.Busy(long retryAfterMs) -> {
                    if (!pause(Duration.ofMillis(retryAfterMs))) {
                        return false;
                    }
                    waited = told ? Duration.ZERO : waited(message);
                }
                case Submission.Unreadable unreadable -> {
                    return tell(unreadable(message, unreadable)) && awaitKept(unreadable.deadLetter());
                }
                case Submission.Taken(CompletableFuture<Answered> answer) -> {
                    Answered answered = answer.join();
                    boolean pending = answered.status().equals("PDNG");
                    if (!pending || !told) {
                        meters.counter("exchequer.inward.kafka.answers", "status", answered.status())
                                .increment();
                        if (!tell(answer(message, answered))) {
                            return false;
                        }
                    }
                    if (!pending || ticker.nanos() > end) {
                        return true;
                    }
                    told = true;
                    waited = Duration.ZERO;
                    if (!pause(AGAIN)) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    /** How long it lay there. No clock is trusted further than an hour, and none runs backwards. */
    private Duration waited(ConsumerRecord<byte[], byte[]> message) {
        long millis = clock.millis() - message.timestamp();
        return Duration.ofMillis(Math.clamp(millis, 0, MOST_WAITED.toMillis()));
    }

    /** Its sender is told in time; the message counts as read once it is kept. False when the program stops before. */
    private boolean awaitKept(UUID letter) {
        while (!isKept(letter)) {
            if (closed || !pause(AGAIN)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is among the dead letters, durably: else its message would be lost with its position. */
    private boolean isKept(UUID letter) {
        try {
            return letters.letter(letter).isPresent();
        } catch (PaymentsUnavailableException e) {
            return false;
        }
    }

    private static String source(ConsumerRecord<byte[], byte[]> message) {
        return message.topic() + "-" + message.partition() + "-" + message.offset();
    }

    private static ProducerRecord<byte[], byte[]> answer(ConsumerRecord<byte[], byte[]> to, Answered answered) {
        ProducerRecord<byte[], byte[]> answer =
                headed(to, answered.payment().toString(), answered.message(), answered.status());
        MessageHeaders.put(answer.headers(), MessageHeaders.TYPE, "iso20022.xml");
        MessageHeaders.put(answer.headers(), REPEATED, Boolean.toString(answered.repeated()));
        return answer;
    }

    private static ProducerRecord<byte[], byte[]> unreadable(
            ConsumerRecord<byte[], byte[]> to, Submission.Unreadable why) {
        byte[] text = StrictJson.mapper()
                .writeValueAsBytes(Map.of(
                        "deadLetter", why.deadLetter().toString(), "reasonCode", why.code(), "rule", why.rule()));
        ProducerRecord<byte[], byte[]> answer = headed(to, why.deadLetter().toString(), text, "UNREADABLE");
        MessageHeaders.put(answer.headers(), MessageHeaders.TYPE, "unreadable.json");
        return answer;
    }

    private static ProducerRecord<byte[], byte[]> headed(
            ConsumerRecord<byte[], byte[]> to, String key, byte[] value, String status) {
        ProducerRecord<byte[], byte[]> answer =
                new ProducerRecord<>(ANSWERS.name(), key.getBytes(java.nio.charset.StandardCharsets.UTF_8), value);
        MessageHeaders.put(answer.headers(), MessageHeaders.MESSAGE_ID, key + "-" + status);
        MessageHeaders.put(answer.headers(), STATUS, status);
        MessageHeaders.put(answer.headers(), ANSWERED, source(to));
        // As it came, and never so long that the answer could not be sent.
        Header request = to.headers().lastHeader(MessageHeaders.MESSAGE_ID);
        if (request != null && request.value() != null && request.value().length <= LONGEST_ID) {
            answer.headers().add(REQUEST_ID, request.value());
        }
        return answer;
    }

    /** Sends an answer until the broker has it. */
    private boolean tell(ProducerRecord<byte[], byte[]> answer) {
        while (!closed) {
            try {
                answers.send(answer).get();
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RecordTooLargeException) {
                    // No later attempt would fare better, and what follows it must not wait: it stands in the database.
                    meters.counter("exchequer.inward.kafka.unsendable").increment();
                    LOG.error("An answer is larger than Kafka takes, and is not sent: {}", e.getMessage());
                    return true;
                }
                LOG.warn("An answer waits for Kafka: {}", e.getMessage());
            } catch (KafkaException e) {
                LOG.warn("An answer waits for Kafka: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (!pause(AGAIN)) {
                return false;
            }
        }
        return false;
    }

    private static boolean pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Reads no more, and stores positions of what is done. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = polling.get();
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (!thread.join(CLOSING.multipliedBy(2))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        answers.close(CLOSING);
    }
}
