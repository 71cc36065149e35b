package org.exchequer.platform.db;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows in PostgreSQL's COPY BINARY format, as they grow. Values of any length make room for themselves. */
public final class CopyBuffer {
    public static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    public static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};
    /** Seconds from 1970 to 2000, where PostgreSQL's time begins. */
    public static final long POSTGRES_EPOCH_SECOND = 946_684_800L;

    public static final long POSTGRES_EPOCH_DAY = POSTGRES_EPOCH_SECOND / 86_400;

    private static final int INT8_OID = 20;

    private static final int TEXT_OID = 25;
    /** At least so much is free whenever a value of fixed length is put, and more than a row of only such needs. */
    private static final int FIXED = 512;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private static final int SMALL = 64 * 1024;
    /** A buffer that once grew beyond this is not kept. */
    private static final int KEEP = 8 << 20;

    private byte[] bytes = new byte[SMALL];
    private int length;

    public void clear() {
        length = 0;
        if (bytes.length > KEEP) {
            bytes = new byte[SMALL];
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Begins a row; its columns follow. */
    public void row(int columns) {
        room(FIXED);
        putShort(columns);
    }

    public void nulls(int count) {
        for (int i = 0; i < count; i++) {
            putInt(-1);
        }
    }

    public void int2(int value) {
        putInt(2);
        putShort(value);
    }

    public void int8(long value) {
        putInt(8);
        putLong(value);
    }

    public void bool(boolean value) {
        putInt(1);
        bytes[length++] = (byte) (value ? 1 : 0);
    }

    public void float4(float value) {
        putInt(4);
        putInt(Float.floatToRawIntBits(value));
    }

    /** A {@code timestamptz}, to the microsecond. */
    public void timestamp(Instant value) {
        int8(micros(value));
    }

    /** Microseconds since 2000, as PostgreSQL counts time. */
    public static long micros(Instant instant) {
        return (instant.getEpochSecond() - POSTGRES_EPOCH_SECOND) * 1_000_000L + instant.getNano() / 1_000;
    }

    /** @param day days since 1970 */
    public void date(long day) {
        putInt(4);
        putInt((int) (day - POSTGRES_EPOCH_DAY));
    }

    public void uuid(UUID value) {
        putInt(16);
        putLong(value.getMostSignificantBits());
        putLong(value.getLeastSignificantBits());
    }

    public void text(@Nullable String value) {
        if (value == null) {
            nulls(1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(utf8.length + FIXED);
        putInt(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    /** A {@code text[]}. */
    public void texts(List<String> values) {
        int start = length;
        room(16 + 2 * FIXED);
        putInt(0); // its size, set below
        putInt(values.isEmpty() ? 0 : 1);
        putInt(0); // no nulls
        putInt(TEXT_OID);
        if (!values.isEmpty()) {
            dimension(values.size());
            values.forEach(this::text);
        }
        INT.set(bytes, start, length - start - 4);
    }

    /** Begins a {@code bigint[]}; its elements follow with {@link #int8}. */
    public void array(int elements) {
        beginArray(1, elements, 1);
        dimension(elements);
    }

    /** Begins a {@code bigint[][]}; its elements follow with {@link #int8}, row by row. */
    public void array(int rows, int columns) {
        beginArray(2, rows, columns);
        dimension(rows);
        dimension(columns);
    }

    /**
     * Sends the rows.
     *
     * @param copy {@code COPY table (columns) FROM STDIN (FORMAT binary)}
     */
    public void send(Connection connection, String copy) throws SQLException {
        CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        in.writeToCopy(HEADER, 0, HEADER.length);
        in.writeToCopy(bytes, 0, length);
        in.writeToCopy(TRAILER, 0, TRAILER.length);
        in.endCopy();
    }

    private void beginArray(int dimensions, int rows, int columns) {
        int size = 12 + dimensions * 8 + rows * columns * 12;
        room(size + 4 + FIXED);
        putInt(size);
        putInt(dimensions);
        putInt(0); // no nulls
        putInt(INT8_OID);
    }

    private void dimension(int elements) {
        putInt(elements);
        putInt(1); // counted from one
    }

    private void putShort(int value) {
        SHORT.set(bytes, length, (short) value);
        length += 2;
    }

    private void putInt(int value) {
        INT.set(bytes, length, value);
        length += 4;
    }

    private void putLong(long value) {
        LONG.set(bytes, length, value);
        length += 8;
    }

    private void room(int needed) {
        if (bytes.length - length < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + needed));
        }
    }
}
