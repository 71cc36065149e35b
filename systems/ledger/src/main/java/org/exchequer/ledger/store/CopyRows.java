package org.exchequer.ledger.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query in PostgreSQL's COPY BINARY format, column by column: for millions of rows. The server goes on
 * while earlier rows are taken in, and nothing is turned into text and back.
 */
final class CopyRows implements AutoCloseable {
    private final CopyOut copy;
    private boolean first = true;
    private ByteBuffer row = ByteBuffer.allocate(0);

    /** @param query without parameters */
    CopyRows(Connection connection, String query) throws SQLException {
        copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
    }

    /** Goes to the next row; false at the end. */
    boolean next() throws SQLException {
        byte[] tuple = copy.readFromCopy();
        if (tuple == null) {
            return false;
        }
        row = ByteBuffer.wrap(tuple);
        if (first) {
            row.position(BatchEncoder.HEADER.length);
            first = false;
        }
        return row.getShort() >= 0;
    }

    /** The next column, an {@code int8} that is not null. */
    long int8() throws SQLException {
        Long value = int8OrNull();
        if (value == null) {
            throw new SQLException("a column that must not be null is null");
        }
        return value;
    }

    @Nullable
    Long int8OrNull() {
        return row.getInt() < 0 ? null : row.getLong();
    }

    /** The next column, a {@code timestamptz} that is not null. */
    Instant instant() throws SQLException {
        long micros = int8();
        return Instant.ofEpochSecond(
                BatchEncoder.POSTGRES_EPOCH_SECOND + Math.floorDiv(micros, 1_000_000L),
                Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    /** The next column, a text that is not null. */
    String text() throws SQLException {
        String value = textOrNull();
        if (value == null) {
            throw new SQLException("a column that must not be null is null");
        }
        return value;
    }

    @Nullable
    String textOrNull() {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        String value = new String(row.array(), row.position(), length, StandardCharsets.UTF_8);
        row.position(row.position() + length);
        return value;
    }

    /** Reads what is left: a copy that is cancelled leaves its connection in disorder. */
    @Override
    public void close() throws SQLException {
        while (copy.isActive() && copy.readFromCopy() != null) {
            first = false;
        }
    }
}
