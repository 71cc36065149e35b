package org.exchequer.platform.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.RelaySource;

/** Reads the outbox in order of place, and deletes what was sent. */
final class OutboxSource implements RelaySource {
    private static final int MAX_ROWS = 1_000;
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    /** Fetched piecemeal, so that rows of the largest size stay within a few MiB: see FETCH_ROWS. */
    private static final String READ = """
            select id, message_id, topic, message_key, headers, payload
              from outbox
             where id <> all (?)
             order by id
             limit %d
            """.formatted(MAX_ROWS);

    private static final int FETCH_ROWS = 50;

    private static final String DELETE = "delete from outbox where id = any (?)";

    private static final String LAG = """
            select (select count(*) from (select from outbox limit 1000000) as counted),
                   coalesce((select extract(epoch from clock_timestamp() - created_at)
                               from outbox order by id limit 1), 0)
            """;

    /** Given out and not yet deleted; at most two chunks. */
    private final List<long[]> givenOut = new ArrayList<>();

    @Override
    public void begin(Connection connection) {
        givenOut.clear();
    }

    @Override
    public Chunk next(Connection connection) throws SQLException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        int bytes = 0;
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setFetchSize(FETCH_ROWS);
            statement.setArray(1, bigints(connection, givenOut));
            try (ResultSet row = statement.executeQuery()) {
                while (bytes < MAX_BYTES && row.next()) {
                    ids.add(row.getLong(1));
                    ProducerRecord<byte[], byte[]> record = record(row);
                    bytes += record.value().length;
                    records.add(record);
                }
            }
        }
        if (ids.isEmpty()) {
            return Chunk.EMPTY;
        }
        long[] positions = ids.stream().mapToLong(Long::longValue).toArray();
        givenOut.add(positions);
        return new Chunk(records, positions);
    }

    @Override
    public void sent(Connection connection, Chunk chunk) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setArray(1, bigints(connection, List.of(chunk.positions())));
            statement.executeUpdate();
        }
        givenOut.remove(chunk.positions());
    }

    @Override
    public Lag lag(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAG);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Lag(row.getLong(1), Math.max(0, row.getDouble(2)));
        }
    }

    private static ProducerRecord<byte[], byte[]> record(ResultSet row) throws SQLException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(row.getString(3), row.getString(4).getBytes(UTF_8), row.getBytes(6));
        String[] headers = (String[]) row.getArray(5).getArray();
        for (int i = 0; i < headers.length; i += 2) {
            MessageHeaders.put(record.headers(), headers[i], headers[i + 1]);
        }
        MessageHeaders.put(record.headers(), MessageHeaders.MESSAGE_ID, row.getString(2));
        return record;
    }

    private static java.sql.Array bigints(Connection connection, List<long[]> ids) throws SQLException {
        return connection.createArrayOf(
                "bigint",
                ids.stream().flatMapToLong(java.util.Arrays::stream).boxed().toArray());
    }
}
