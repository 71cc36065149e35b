package org.exchequer.inward.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.exchequer.inward.InwardBed;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.testing.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the real broker, with the real module behind the door. */
class MessageConsumerTest {
    private static InwardBed bed;
    private static KafkaClients kafka;
    private static MessageConsumer door;
    private static Producer<byte[], byte[]> sender;
    private static Consumer<byte[], byte[]> reader;
    private static final List<ConsumerRecord<byte[], byte[]>> ANSWERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        bed = new InwardBed();
        kafka = new KafkaClients(TestKafka.bootstrapServers());
        door = open(Clock.systemUTC());
        sender = kafka.producer("test-sender");
        reader = kafka.consumer("test-answers", "test-" + UUID.randomUUID(), 500);
        reader.subscribe(List.of(MessageConsumer.ANSWERS.name()));
    }

    private static MessageConsumer open(Clock clock) {
        MessageConsumer opened = new MessageConsumer(
                bed.module().inward(),
                bed.module().deadLetters(),
                kafka,
                "a",
                clock,
                Ticker.system(),
                new SimpleMeterRegistry());
        opened.start();
        return opened;
    }

    @AfterAll
    static void stop() {
        reader.close();
        sender.close();
        door.close();
        bed.close();
    }

    private static String send(byte[] message) throws Exception {
        return send(message, "mine".getBytes(UTF_8));
    }

    private static String send(byte[] message, byte[] id) throws Exception {
        ProducerRecord<byte[], byte[]> one = new ProducerRecord<>(MessageConsumer.MESSAGES.name(), message);
        one.headers().add(MessageHeaders.MESSAGE_ID, id);
        RecordMetadata stored = sender.send(one).get();
        return stored.topic() + "-" + stored.partition() + "-" + stored.offset();
    }

    /** The answers to a message, once there are so many. */
    private static List<ConsumerRecord<byte[], byte[]>> answers(String to, int count) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            reader.poll(Duration.ofMillis(100)).forEach(ANSWERS::add);
            found.clear();
            ANSWERS.stream()
                    .filter(answer -> to.equals(header(answer, MessageConsumer.ANSWERED)))
                    .forEach(found::add);
            return found.size() >= count;
        });
        return found;
    }

    private static String header(ConsumerRecord<byte[], byte[]> answer, String name) {
        return String.valueOf(MessageHeaders.text(answer.headers(), name));
    }

    @Test
    void answers_by_payment_and_a_duplicate_alike() throws Exception {
        byte[] message = InwardBed.transferBytes();
        ConsumerRecord<byte[], byte[]> first = answers(send(message), 1).getFirst();
        assertThat(header(first, MessageConsumer.STATUS)).isEqualTo("ACCC");
        assertThat(header(first, MessageConsumer.REPEATED)).isEqualTo("false");
        assertThat(header(first, MessageConsumer.REQUEST_ID)).isEqualTo("mine");
        assertThat(header(first, MessageHeaders.MESSAGE_ID)).isEqualTo(new String(first.key(), UTF_8) + "-ACCC");
        assertThat(new String(first.value(), UTF_8)).contains("<TxSts>ACCC</TxSts>");
        ConsumerRecord<byte[], byte[]> second = answers(send(message), 1).getFirst();
        assertThat(header(second, MessageConsumer.REPEATED)).isEqualTo("true");
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.value()).isEqualTo(first.value());
    }

    @Test
    void answers_with_the_senders_id_as_it_came_and_without_one_that_is_too_long() throws Exception {
        byte[] odd = {(byte) 0xc3, 0, 'x'};
        assertThat(answers(send(InwardBed.transferBytes(), odd), 1)
                        .getFirst()
                        .headers()
                        .lastHeader(MessageConsumer.REQUEST_ID)
                        .value())
                .isEqualTo(odd);
        // With it, the answer would be larger than the broker takes.
        ConsumerRecord<byte[], byte[]> answer =
                answers(send(InwardBed.transferBytes(), new byte[999_400]), 1).getFirst();
        assertThat(header(answer, MessageConsumer.STATUS)).isEqualTo("ACCC");
        assertThat(answer.headers().lastHeader(MessageConsumer.REQUEST_ID)).isNull();
    }

    @Test
    void keeps_what_cannot_be_read() throws Exception {
        ConsumerRecord<byte[], byte[]> answer =
                answers(send("no message".getBytes(UTF_8)), 1).getFirst();
        assertThat(header(answer, MessageConsumer.STATUS)).isEqualTo("UNREADABLE");
        UUID letter = UUID.fromString(new String(answer.key(), UTF_8));
        var kept = bed.module().deadLetters().letter(letter).orElseThrow();
        assertThat(kept.door()).isEqualTo("kafka");
        assertThat(kept.message()).asString().isEqualTo("no message");
    }

    @Test
    void another_consumer_goes_on_where_one_stopped_and_stale_messages_are_refused() throws Exception {
        String before = send(InwardBed.transferBytes());
        answers(before, 1);
        door.close();
        byte[] message = InwardBed.transferBytes();
        String waiting = send(message);
        // To this node's clock the message has lain there for a minute.
        door = open(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
        ConsumerRecord<byte[], byte[]> answer = answers(waiting, 1).getFirst();
        assertThat(header(answer, MessageConsumer.STATUS)).isEqualTo("RJCT");
        assertThat(new String(answer.value(), UTF_8)).contains("<Cd>AB05</Cd>");
        assertThat(answers(before, 1)).hasSize(1);
        door.close();
        door = open(Clock.systemUTC());
        assertThat(answers(send(message), 1).getFirst().value()).isEqualTo(answer.value());
    }
}
