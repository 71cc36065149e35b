package org.exchequer.lab.scenario;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.api.event.v1.TransactionPosted;
import org.exchequer.platform.kafka.KafkaClients;

/** What stands on the ledger's topic, read past all proxies. */
final class Topics {
    /** The ledger's topic. */
    static final String TRANSACTIONS = "exchequer.ledger.transactions.v1";

    /** Of a topic's one partition. */
    static final String STREAM = TRANSACTIONS + "/0";

    /** The topic of a shard; the first has that of a ledger that is whole. */
    static String transactions(int shard) {
        return shard == 0 ? TRANSACTIONS : "exchequer.ledger.transactions.s" + shard + ".v1";
    }

    private static final int POLL_RECORDS = 2_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients kafka;
    private final Ticker ticker;

    Topics(String bootstrapServers, Ticker ticker) {
        this.kafka = new KafkaClients(bootstrapServers);
        this.ticker = ticker;
    }

    /**
     * Everything on the topic, once the last of these positions is there, or the time is over.
     *
     * @param last position that is waited for; 0 for none
     */
    List<Message> read(String topic, long last, Duration most) {
        List<Message> messages = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        long began = ticker.nanos();
        boolean seen = last == 0;
        try (Consumer<byte[], byte[]> consumer = kafka.consumer("exchequer-lab", "exchequer-lab", POLL_RECORDS)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Message message = message(record);
                    messages.add(message);
                    seen |= message.sequence() == last;
                }
                Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
                boolean atEnd = consumer.position(partition) >= ends.getOrDefault(partition, 0L);
                if ((seen && atEnd) || ticker.nanos() - began > most.toNanos()) {
                    return messages;
                }
            }
        }
    }

    static Message message(ConsumerRecord<byte[], byte[]> record) {
        try {
            TransactionPosted event = TransactionPosted.parseFrom(record.value());
            return new Message(record.topic() + "/" + record.partition(), event.getId(), body(event));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("offset " + record.offset() + " of " + record.topic() + " is no event", e);
        }
    }

    /** An event in one line, by what moved. */
    static String body(TransactionPosted event) {
        StringBuilder text = new StringBuilder(event.getIdempotencyKey());
        event.getEntriesList()
                .forEach(leg -> text.append(line(
                        leg.getAccount(),
                        leg.getSide() == Side.SIDE_DEBIT,
                        leg.getMinorUnits(),
                        leg.getCurrency(),
                        leg.getBalanceAfter())));
        return text.toString();
    }

    /** An entry of the journal in the same line. */
    static String body(Entry entry) {
        StringBuilder text = new StringBuilder(entry.key());
        for (Leg leg : entry.legs()) {
            Long balance = leg.balanceAfter();
            text.append(line(leg.account(), leg.debit(), leg.amount(), leg.currency(), balance == null ? 0 : balance));
        }
        return text.toString();
    }

    private static String line(String account, boolean debit, long amount, String currency, long balanceAfter) {
        return "; " + (debit ? "debit " : "credit ") + account + " " + amount + " " + currency + " → " + balanceAfter;
    }
}
