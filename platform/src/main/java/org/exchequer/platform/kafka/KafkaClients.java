package org.exchequer.platform.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka clients that are set up alike: durable, ordered, and bounded in memory and time. The broker need not
 * answer yet when one is made.
 */
public final class KafkaClients {
    /** Largest message, headers and key included: the broker's own default limit. */
    public static final int MAX_MESSAGE_BYTES = 1_000_000;

    private static final int REQUEST_TIMEOUT_MS = 10_000;

    private final String bootstrapServers;
    private final int deliveryTimeoutMs;

    /** @param bootstrapServers {@code host:port}, comma-separated */
    public KafkaClients(String bootstrapServers) {
        this(bootstrapServers, Duration.ofSeconds(30));
    }

    /**
     * As above.
     *
     * @param deliveryTimeout after this time without an acknowledgement a message counts as failed; a second or more
     */
    public KafkaClients(String bootstrapServers, Duration deliveryTimeout) {
        if (deliveryTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("deliveryTimeout: must be a second or more");
        }
        this.bootstrapServers = bootstrapServers;
        this.deliveryTimeoutMs = Math.toIntExact(deliveryTimeout.toMillis());
    }

    /** After this time without an acknowledgement a message counts as failed. */
    public Duration deliveryTimeout() {
        return Duration.ofMillis(deliveryTimeoutMs);
    }

    /**
     * A producer whose messages arrive in the order sent. Idempotent, acknowledged by all in-sync replicas, with one
     * request in flight: so when one fails for good, its owner can stop the producer from inside the callback before a
     * later one overtakes it. Holds at most 32 MiB; {@code send} waits up to 10 s for room or metadata.
     */
    public Producer<byte[], byte[]> producer(String clientId) {
        return producer(clientId, MAX_MESSAGE_BYTES);
    }

    /** As above, with another limit of a message; the broker's own applies too. */
    public Producer<byte[], byte[]> producer(String clientId, int maxMessageBytes) {
        Map<String, Object> config = common(clientId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxMessageBytes);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000L);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(REQUEST_TIMEOUT_MS, deliveryTimeoutMs / 2));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeoutMs);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A consumer that starts at the beginning where its group has no position, and leaves committing to its owner.
     * Holds at most 8 MiB of messages fetched ahead.
     *
     * @param maxPollRecords most messages in one poll
     */
    public Consumer<byte[], byte[]> consumer(String clientId, String group, int maxPollRecords) {
        Map<String, Object> config = common(clientId);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Makes the topics that are missing. Waits up to 10 s per request; safe when several processes do it at once.
     *
     * @throws KafkaException when the broker does not answer or refuses
     * @throws IllegalStateException when a topic exists with another number of partitions: keys would change places,
     *     and order per key would be lost
     */
    public void ensure(Collection<Topic> topics) throws InterruptedException {
        Map<String, Object> config = common("exchequer-topics");
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        try (Admin admin = Admin.create(config)) {
            for (Topic topic : topics) {
                if (!create(admin, topic)) {
                    requirePartitions(admin, topic);
                }
            }
        }
    }

    private static boolean create(Admin admin, Topic topic) throws InterruptedException {
        NewTopic request = new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty());
        try {
            admin.createTopics(List.of(request.configs(topic.config()))).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw new KafkaException("cannot make topic " + topic.name() + ": " + reason(e), e.getCause());
        }
    }

    private static void requirePartitions(Admin admin, Topic topic) throws InterruptedException {
        try {
            int found = admin.describeTopics(List.of(topic.name())).allTopicNames().get().values().stream()
                    .mapToInt(description -> description.partitions().size())
                    .sum();
            if (found != topic.partitions()) {
                throw new IllegalStateException("topic " + topic.name() + " has " + found + " partitions, "
                        + topic.partitions() + " are configured");
            }
        } catch (ExecutionException e) {
            throw new KafkaException("cannot describe topic " + topic.name() + ": " + reason(e), e.getCause());
        }
    }

    private static String reason(ExecutionException e) {
        return String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> config = new HashMap<>();
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        // A broker that is away for minutes is normal here: look again every second, not twenty times a second.
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50L);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        config.put(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500L);
        // No figures about this program leave it, and no JMX beans: Micrometer has its own.
        config.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        config.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        return config;
    }
}
