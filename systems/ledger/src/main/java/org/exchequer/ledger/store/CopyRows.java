package org.exchequer.ledger.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query in PostgreSQL's COPY BINARY format, column by column: for millions of rows. The server goes on
 * while earlier rows are taken in, and nothing is turned into text and back.
 */
final class CopyRows implements AutoCloseable {
    private static final long[] NO_NUMBERS = {};

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
            row.position(CopyBuffer.HEADER.length);
            first = false;
        }
        return row.getShort() >= 0;
    }

    /** The next column, an {@code int8} that is not null. */
    long int8() throws SQLException {
        notNull();
        return row.getLong();
    }

    @Nullable
    Long int8OrNull() {
        return row.getInt() < 0 ? null : row.getLong();
    }

    /** The next column, an {@code int2} that is not null. */
    int int2() throws SQLException {
        notNull();
        return row.getShort();
    }

    /** The next column, a {@code boolean} that is not null. */
    boolean bool() throws SQLException {
        notNull();
        return row.get() != 0;
    }

    /** The next column, a {@code date} in days since 2000, or this when it is null. */
    int dayOr(int otherwise) {
        return row.getInt() < 0 ? otherwise : row.getInt();
    }

    /** The next column, a {@code timestamptz} that is not null, as its date in UTC, in days since 2000. */
    int dayOfInstant() throws SQLException {
        return (int) Math.floorDiv(int8(), TimeUnit.DAYS.toMicros(1));
    }

    /** The next column, a {@code bigint[]} of one dimension without nulls; empty when it is null. */
    long[] int8Array() throws SQLException {
        if (row.getInt() < 0) {
            return NO_NUMBERS;
        }
        int dimensions = row.getInt();
        int nulls = row.getInt();
        row.getInt(); // the type of the elements
        if (dimensions > 1 || nulls != 0) {
            throw new SQLException("an array of " + dimensions + " dimensions, or with nulls");
        }
        if (dimensions == 0) {
            return NO_NUMBERS;
        }
        long[] numbers = new long[row.getInt()];
        row.getInt(); // what it counts from
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = int8();
        }
        return numbers;
    }

    private void notNull() throws SQLException {
        if (row.getInt() < 0) {
            throw new SQLException("a column that must not be null is null");
        }
    }

    /** The next column, a {@code timestamptz} that is not null. */
    Instant instant() throws SQLException {
        long micros = int8();
        return Instant.ofEpochSecond(
                CopyBuffer.POSTGRES_EPOCH_SECOND + Math.floorDiv(micros, 1_000_000L),
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
