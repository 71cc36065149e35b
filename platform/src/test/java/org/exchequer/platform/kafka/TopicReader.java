package org.exchequer.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads a topic from its beginning, as a test looks at it. */
public final class TopicReader implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private boolean assigned;

    public TopicReader(String bootstrapServers, String topic) {
        this.consumer = new KafkaClients(bootstrapServers).consumer("test-reader", "test-reader", 5_000);
        this.topic = topic;
    }

    /**
     * Reads until so many different messages are there (by message id), however often each.
     *
     * @return everything read so far, repetitions included, in order per partition
     */
    public List<ConsumerRecord<byte[], byte[]>> readUntil(int different, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (firsts(records).size() < different) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("only " + firsts(records).size() + " of " + different + " messages in " + topic
                        + " within " + time);
            }
            if (!assigned) {
                assign();
            }
            if (assigned) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return List.copyOf(records);
    }

    /** The first occurrence of each message id, in order of reading. */
    public static List<ConsumerRecord<byte[], byte[]>> firsts(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, ConsumerRecord<byte[], byte[]>> firsts = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            firsts.putIfAbsent(String.valueOf(header(record, MessageHeaders.MESSAGE_ID)), record);
        }
        return List.copyOf(firsts.values());
    }

    /** Payloads as text, by key, in order. */
    public static Map<String, List<String>> byKey(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, List<String>> byKey = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byKey.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                    .add(new String(record.value(), UTF_8));
        }
        return byKey;
    }

    public static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return MessageHeaders.text(record.headers(), name);
    }

    private void assign() {
        List<PartitionInfo> partitions;
        try {
            partitions = consumer.partitionsFor(topic, Duration.ofSeconds(2));
        } catch (TimeoutException brokerIsAway) {
            return;
        }
        if (partitions != null && !partitions.isEmpty()) {
            List<TopicPartition> all = partitions.stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            assigned = true;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
