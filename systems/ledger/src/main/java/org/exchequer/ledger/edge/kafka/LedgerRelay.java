package org.exchequer.ledger.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.event.v1.TransactionPosted;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.RelaySource;
import org.exchequer.platform.kafka.Topic;

/**
 * Sends every posted transaction to {@code exchequer.ledger.transactions.v1}. The journal is its own outbox: the relay
 * tails it by position, and nothing is written twice.
 *
 * <p><b>One partition</b>, hence one order: that of the journal. A transaction touches several accounts, so no key
 * could
 * keep the order of each; and a consumer of a total order has the books at a position by reading up to it. One
 * partition takes about as many events a second as the engine posts. The record's key and message id are the
 * transaction's id, which is also in the header {@value #SEQUENCE}; a consumer that needs no inbox passes over what is
 * not above the last it has seen.
 *
 * <p>After a crash events come again; none is missing, and first occurrences are in order (see {@link Relay}).
 */
public final class LedgerRelay {
    /** Where the events go. */
    public static final Topic TOPIC = Topic.of("exchequer.ledger.transactions.v1", 1);

    /** Header with the transaction's position in the journal, in decimal. */
    public static final String SEQUENCE = "exchequer-sequence";

    private static final String NAME = "ledger.relay";

    private static final String POSITION = "select position from relay_position where relay = '%s'".formatted(NAME);

    /** Where the events of a shard of several go: each has its own journal, so each its own order. */
    public static Topic shard(int index) {
        return index == 0 ? TOPIC : Topic.of("exchequer.ledger.transactions.s" + index + ".v1", 1);
    }

    private LedgerRelay() {}

    /** The journal position up to which the broker has acknowledged everything, as far as it was recorded. */
    static long recorded(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POSITION);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /**
     * Makes the relay, which the caller starts, wakes after commits if it likes, and closes. Of several processes one
     * sends at a time.
     *
     * @param topic {@link #TOPIC}, or that of a {@link #shard}
     * @param connections to the ledger's schema
     */
    public static Relay of(
            Topic topic,
            Relay.Connections connections,
            JournalTail journal,
            KafkaClients kafka,
            Faults faults,
            MeterRegistry meters,
            Ticker ticker) {
        return new Relay(
                NAME, List.of(topic), connections, new JournalSource(topic, journal), kafka, faults, meters, ticker);
    }

    /** The journal from the recorded position on. */
    private static final class JournalSource implements RelaySource {
        private static final int MAX_POSITIONS = 2_000;

        /** Never back: a relay that lost its lock without knowing cannot undo what its successor recorded. */
        private static final String RECORD = """
                insert into relay_position as r (relay, position) values ('%s', ?)
                on conflict (relay) do update set position = excluded.position, updated_at = now()
                 where r.position < excluded.position
                """.formatted(NAME);

        private final Topic topic;
        private final JournalTail journal;
        private long givenOut;

        JournalSource(Topic topic, JournalTail journal) {
            this.topic = topic;
            this.journal = journal;
        }

        @Override
        public void begin(Connection connection) throws SQLException {
            givenOut = recorded(connection);
        }

        @Override
        public Chunk next(Connection connection) throws SQLException {
            JournalTail.Slice slice = journal.read(connection, givenOut, MAX_POSITIONS);
            if (slice.through() == givenOut) {
                return Chunk.EMPTY;
            }
            List<ProducerRecord<byte[], byte[]>> records =
                    new ArrayList<>(slice.transactions().size());
            for (Transaction transaction : slice.transactions()) {
                records.add(record(transaction));
            }
            givenOut = slice.through();
            return new Chunk(records, new long[] {givenOut});
        }

        @Override
        public void sent(Connection connection, Chunk chunk) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
                statement.setLong(1, chunk.positions()[0]);
                statement.executeUpdate();
            }
        }

        @Override
        public Lag lag(Connection connection) throws SQLException {
            JournalTail.Backlog backlog = journal.backlog(connection, recorded(connection));
            return new Lag(backlog.positions(), backlog.oldestAgeSeconds());
        }

        private ProducerRecord<byte[], byte[]> record(Transaction transaction) {
            String id = Long.toString(transaction.id());
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    topic.name(),
                    0,
                    id.getBytes(UTF_8),
                    TransactionEvents.of(transaction).toByteArray());
            record.headers().add(SEQUENCE, id.getBytes(UTF_8)).add(MessageHeaders.MESSAGE_ID, id.getBytes(UTF_8));
            MessageHeaders.put(
                    record.headers(),
                    MessageHeaders.TYPE,
                    TransactionPosted.getDescriptor().getFullName());
            return record;
        }
    }
}
