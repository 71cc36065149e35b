package org.exchequer.ledger.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows in PostgreSQL's COPY BINARY format, as they grow. Values of any length make room for themselves. */
final class CopyBuffer {
    static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};
    /** Seconds from 1970 to 2000, where PostgreSQL's time begins. */
    static final long POSTGRES_EPOCH_SECOND = 946_684_800L;

    static final long POSTGRES_EPOCH_DAY = POSTGRES_EPOCH_SECOND / 86_400;

    private static final int INT8_OID = 20;
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

    void clear() {
        length = 0;
        if (bytes.length > KEEP) {
            bytes = new byte[SMALL];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Begins a row; its columns follow. */
    void row(int columns) {
        room(FIXED);
        putShort(columns);
    }

    void nulls(int count) {
        for (int i = 0; i < count; i++) {
            putInt(-1);
        }
    }

    void int2(int value) {
        putInt(2);
        putShort(value);
    }

    void int8(long value) {
        putInt(8);
        putLong(value);
    }

    /** @param day days since 1970 */
    void date(long day) {
        putInt(4);
        putInt((int) (day - POSTGRES_EPOCH_DAY));
    }

    void uuid(UUID value) {
        putInt(16);
        putLong(value.getMostSignificantBits());
        putLong(value.getLeastSignificantBits());
    }

    void text(@Nullable String value) {
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

    /** Begins a {@code bigint[]}; its elements follow with {@link #int8}. */
    void array(int elements) {
        beginArray(1, elements, 1);
        dimension(elements);
    }

    /** Begins a {@code bigint[][]}; its elements follow with {@link #int8}, row by row. */
    void array(int rows, int columns) {
        beginArray(2, rows, columns);
        dimension(rows);
        dimension(columns);
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
