package org.exchequer.ledger.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query in PostgreSQL's COPY BINARY format, column by column: for millions of rows. The server goes on
 * while earlier rows are taken in, nothing is turned into text and back, and no number becomes an object.
 */
final class CopyRows implements AutoCloseable {
    private static final long[] NO_NUMBERS = {};

    private final CopyOut copy;
    private boolean first = true;
    private ByteBuffer row = ByteBuffer.allocate(0);

    // The last instant: what was recorded in one batch has the same.
    private long lastMicros;
    private Instant lastInstant = instant(0);

    /** @param query without parameters */
    CopyRows(Connection connection, String query) throws SQLException {
        this("(" + query + ")", connection);
    }

    private CopyRows(String source, Connection connection) throws SQLException {
        copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY " + source + " TO STDOUT (FORMAT binary)");
    }

    /**
     * A whole table, which costs the server less than a query over it.
     *
     * @param table its name and columns
     */
    static CopyRows ofTable(Connection connection, String table) throws SQLException {
        return new CopyRows(table, connection);
    }

    /**
     * A column with few different values: one that is the same as in the row before is not made again.
     *
     * @param <T> what its text stands for
     */
    static final class Repeated<T> {
        private final Function<String, T> meaning;
        private byte[] text = {};
        private @Nullable T value;

        Repeated(Function<String, T> meaning) {
            this.meaning = meaning;
        }

        private T of(byte[] row, int from, int to) {
            T last = value;
            if (last != null && Arrays.equals(row, from, to, text, 0, text.length)) {
                return last;
            }
            T fresh = meaning.apply(new String(row, from, to - from, StandardCharsets.UTF_8));
            text = Arrays.copyOfRange(row, from, to);
            value = fresh;
            return fresh;
        }
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

    /** Whether the next column is null; goes past it if so. */
    boolean isNull() {
        if (row.getInt(row.position()) >= 0) {
            return false;
        }
        row.getInt();
        return true;
    }

    /** The next column, an {@code int8}; zero when it is null. */
    long int8OrZero() {
        return row.getInt() < 0 ? 0 : row.getLong();
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
        if (micros != lastMicros) {
            lastInstant = instant(micros);
            lastMicros = micros;
        }
        return lastInstant;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                CopyBuffer.POSTGRES_EPOCH_SECOND + Math.floorDiv(micros, 1_000_000L),
                Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    /** The next column as its bytes; it is not null. */
    byte[] bytes() throws SQLException {
        int length = row.getInt();
        if (length < 0) {
            throw new SQLException("a column that must not be null is null");
        }
        byte[] value = new byte[length];
        row.get(value);
        return value;
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

    /** The next column, a text that is not null. */
    <T> T repeated(Repeated<T> column) throws SQLException {
        T value = repeatedOrNull(column);
        if (value == null) {
            throw new SQLException("a column that must not be null is null");
        }
        return value;
    }

    <T> @Nullable T repeatedOrNull(Repeated<T> column) {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        int from = row.position();
        row.position(from + length);
        return column.of(row.array(), from, from + length);
    }

    /** Reads what is left: a copy that is cancelled leaves its connection in disorder. */
    @Override
    public void close() throws SQLException {
        while (copy.isActive() && copy.readFromCopy() != null) {
            first = false;
        }
    }
}
