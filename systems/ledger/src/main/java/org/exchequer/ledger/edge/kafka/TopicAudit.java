package org.exchequer.ledger.edge.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.event.v1.TransactionPosted;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.module.InvariantResult;
import org.jspecify.annotations.Nullable;

/**
 * Compares the topic with the journal, event by event: none missing, none of a transaction that the journal does not
 * have, first occurrences in order, each saying what the journal says. A call goes on where the last one ended and
 * reads at most {@value #AT_MOST} events; what it found wrong once it keeps saying.
 */
public final class TopicAudit {
    private static final int AT_MOST = 200_000;
    private static final int POLL_RECORDS = 2_000;
    private static final int READ_POSITIONS = 2_000;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final String STATEMENT = "events in the topic = transactions in the journal";

    private final Topic topic;
    private final Relay.Connections connections;
    private final JournalTail journal;
    private final KafkaClients kafka;
    private final Clock clock;

    private long nextOffset = -1;
    /** The transaction that the last event is about; all before it have been compared. */
    private long last = -1;
    /** Transactions that were read from the journal and not yet met, and how far it was read. */
    private final Deque<Transaction> expected = new ArrayDeque<>();

    private long readThrough;
    private long compared;
    private long repeats;
    private String violation = "";

    /** @param topic where the relay of this ledger sends */
    public TopicAudit(
            Topic topic, Relay.Connections connections, JournalTail journal, KafkaClients kafka, Clock clock) {
        this.topic = topic;
        this.connections = connections;
        this.journal = journal;
        this.kafka = kafka;
        this.clock = clock;
    }

    /** Reads on, and tells how it stands. */
    public synchronized InvariantResult check() throws SQLException {
        if (!violation.isEmpty()) {
            return result(false, violation);
        }
        String unread = "";
        try (Connection connection = connections.open();
                Consumer<byte[], byte[]> consumer =
                        kafka.consumer("ledger-topic-audit", "exchequer.ledger.audit", POLL_RECORDS)) {
            connection.setAutoCommit(true);
            // Before the topic's end is asked for: all up to there has been acknowledged by then.
            long sent = LedgerRelay.recorded(connection);
            long left = read(consumer, connection);
            if (left > 0) {
                unread = ", " + left + " more to compare";
            } else if (violation.isEmpty()) {
                nothingMissingUpTo(sent, connection);
            }
        } catch (KafkaException away) {
            return result(violation.isEmpty(), "not checked: Kafka does not answer: " + away.getMessage());
        }
        String detail = last < 0 ? "the topic is empty" : "up to transaction " + last;
        return result(
                violation.isEmpty(),
                !violation.isEmpty() ? violation : detail + unread + (repeats > 0 ? ", " + repeats + " repeated" : ""));
    }

    private InvariantResult result(boolean holds, String detail) {
        return new InvariantResult(STATEMENT, holds, compared, "events", clock.instant(), detail);
    }

    /** Returns how many events are left for another time. */
    private long read(Consumer<byte[], byte[]> consumer, Connection connection) throws SQLException {
        TopicPartition partition = new TopicPartition(topic.name(), 0);
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
        long begin = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
        if (nextOffset < begin) {
            // Retention has taken what was there: what is still to be compared begins with the first event left.
            nextOffset = begin;
            last = begin == 0 ? 0 : -1;
            readThrough = 0;
            expected.clear();
        }
        consumer.seek(partition, nextOffset);
        long stop = Math.min(end, nextOffset + AT_MOST);
        while (nextOffset < stop && violation.isEmpty()) {
            var records = consumer.poll(POLL);
            if (records.isEmpty() && consumer.position(partition) == nextOffset) {
                throw new KafkaException("no event came within " + POLL.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (violation.isEmpty()) {
                    compare(record, connection);
                }
            }
            nextOffset = consumer.position(partition);
        }
        return end - nextOffset;
    }

    private void compare(ConsumerRecord<byte[], byte[]> event, Connection connection) throws SQLException {
        String header = MessageHeaders.text(event.headers(), LedgerRelay.SEQUENCE);
        if (header == null || !header.matches("[1-9][0-9]{0,17}")) {
            violation = "the event at offset " + event.offset() + " names no transaction";
            return;
        }
        long id = Long.parseLong(header);
        if (last < 0) {
            last = id - 1;
            readThrough = last;
        }
        if (id <= last) {
            repeats++;
            return;
        }
        Transaction next = next(connection);
        if (next == null || next.id() > id) {
            violation = "the event at offset " + event.offset() + " is about transaction " + id
                    + ", which the journal does not have";
        } else if (next.id() < id) {
            violation =
                    "transaction " + next.id() + " has no event before that of " + id + " at offset " + event.offset();
        } else if (!says(event, next)) {
            violation = "the event of transaction " + id + " at offset " + event.offset()
                    + " says something else than the journal";
        } else {
            expected.removeFirst();
            last = id;
            compared++;
        }
    }

    private static boolean says(ConsumerRecord<byte[], byte[]> event, Transaction transaction) {
        try {
            return TransactionPosted.parseFrom(event.value()).equals(TransactionEvents.of(transaction));
        } catch (InvalidProtocolBufferException broken) {
            return false;
        }
    }

    /** What the relay has recorded as sent must have been met. */
    private void nothingMissingUpTo(long sent, Connection connection) throws SQLException {
        Transaction next = last < 0 ? null : next(connection);
        if (next != null && next.id() <= sent) {
            violation = "transaction " + next.id() + " was recorded as sent, and the topic ends without it";
        }
    }

    /** The first transaction in the journal that no event has been compared with; null when there is none. */
    private @Nullable Transaction next(Connection connection) throws SQLException {
        while (expected.isEmpty()) {
            JournalTail.Slice slice = journal.read(connection, readThrough, READ_POSITIONS);
            if (slice.through() == readThrough) {
                return null;
            }
            readThrough = slice.through();
            expected.addAll(slice.transactions());
        }
        return expected.getFirst();
    }
}
