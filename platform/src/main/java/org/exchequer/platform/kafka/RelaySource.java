package org.exchequer.platform.kafka;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Where a {@link Relay} takes its messages from. Used by one thread at a time. The connection is the relay's own, not
 * in
 * auto-commit mode; the relay commits after each call.
 */
public interface RelaySource {
    /** Starts anew from what is durable: forgets what {@link #next} gave out and {@link #sent} has not heard of. */
    void begin(Connection connection) throws SQLException;

    /**
     * The next messages in the order in which they must leave, after those given out since {@link #begin}. Bounded in
     * number and bytes; {@link Chunk#isEmpty} when there is nothing at present.
     */
    Chunk next(Connection connection) throws SQLException;

    /** Records that the broker has the whole chunk, and all before it. */
    void sent(Connection connection, Chunk chunk) throws SQLException;

    /** How much waits to be sent. */
    Lag lag(Connection connection) throws SQLException;

    /**
     * Some messages and what to record once they are sent.
     *
     * @param records what to send; may be empty though there is progress to record
     * @param positions the source's own: row ids, or the last journal position
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Chunk(List<ProducerRecord<byte[], byte[]>> records, long[] positions) {
        public static final Chunk EMPTY = new Chunk(List.of(), new long[0]);

        public boolean isEmpty() {
            return positions.length == 0;
        }
    }

    /**
     * What waits to be sent.
     *
     * @param messages how many; a source may stop counting at a million
     * @param oldestAgeSeconds for how long the oldest has been waiting; 0 when none waits
     */
    record Lag(long messages, double oldestAgeSeconds) {}
}
