package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.exchequer.platform.testing.PrivateKafka;
import org.exchequer.platform.testing.TestKafka;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaTest {
    private static final String TOPIC = "coins";

    @Test
    void keepsWhatItAcknowledgedOverAKillAndARestart() throws Exception {
        try (PrivateKafka kafka = TestKafka.privateBroker()) {
            kafka.awaitRunning();
            createTopic(kafka);
            produce(kafka, "crown");

            kafka.kill();
            kafka.awaitRunning();
            produce(kafka, "florin");
            assertThat(consume(kafka, 2)).containsExactly("crown", "florin");

            String before = kafka.bootstrapServers();
            kafka.stop();
            kafka.start();
            kafka.awaitRunning();
            assertThat(kafka.bootstrapServers()).isEqualTo(before);
            produce(kafka, "groat");
            assertThat(consume(kafka, 3)).containsExactly("crown", "florin", "groat");
        }
    }

    @Test
    void hasOnDiskWhatItAcknowledges() throws Exception {
        try (Admin admin =
                Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrapServers()))) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            assertThat(admin.describeConfigs(List.of(broker)).all().get(30, TimeUnit.SECONDS))
                    .hasEntrySatisfying(
                            broker,
                            config -> assertThat(config.get("log.flush.interval.messages")
                                            .value())
                                    .isEqualTo("1"));
        }
    }

    private static void createTopic(PrivateKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static void produce(PrivateKafka kafka, String value) throws Exception {
        Map<String, Object> configuration = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                StringSerializer.class);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(configuration)) {
            producer.send(new ProducerRecord<>(TOPIC, "key", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(PrivateKafka kafka, int count) {
        Map<String, Object> configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "reader-" + count,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(configuration)) {
            consumer.subscribe(List.of(TOPIC));
            for (int poll = 0; poll < 60 && values.size() < count; poll++) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(found.value());
                }
            }
        }
        return values;
    }
}
