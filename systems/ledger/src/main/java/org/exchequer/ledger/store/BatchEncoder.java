package org.exchequer.ledger.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.BookedLeg;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;

/**
 * Journal rows in PostgreSQL's COPY BINARY format. These bytes, without the file's header and trailer, are also what
 * the hash chain is made of: anyone can get them again with {@code COPY (SELECT * FROM journal ...) TO STDOUT (FORMAT
 * binary)}.
 */
final class BatchEncoder {
    static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};
    /** Seconds from 1970 to 2000, where PostgreSQL's time begins. */
    static final long POSTGRES_EPOCH_SECOND = 946_684_800L;

    private static final long POSTGRES_EPOCH_DAY = POSTGRES_EPOCH_SECOND / 86_400;

    private static final int COLUMNS = 23;
    private static final int INT8_OID = 20;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private byte[] bytes = new byte[64 * 1024];
    private int length;

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** SHA-256 over the hash before and everything encoded since {@link #clear}. */
    byte[] chain(byte[] previousHash) {
        MessageDigest digest = Digest.copy();
        digest.update(previousHash);
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    void add(JournalEntry entry) {
        room(512);
        putShort(COLUMNS);
        int8(entry.sequence());
        int8(micros(entry.recordedAt()));
        int2(entry.kind());
        int2(entry.outcome());
        uuid(entry.keyDigest());
        uuid(entry.requestDigest());
        text(entry.key());
        amounts(entry.decision());
        optional(entry.decision().refersTo());
        optional(entry.linkedTo());
        date(entry.otherDate());
        date(entry.details().valueDate());
        expiry(entry.decision());
        Details details = entry.details();
        text(details.reference());
        text(details.correlationId());
        text(details.metadata().isEmpty() ? null : JournalJson.metadata(details.metadata()));
        text(body(entry.decision()));
    }

    /** Two accounts, amount, two balances, legs, what is reserved. */
    private void amounts(Decision decision) {
        switch (decision) {
            case BookedPair pair -> {
                pair(pair);
                nulls(2);
            }
            case BookedLegs booked -> {
                nulls(5);
                legs(booked.legs());
                nulls(1);
            }
            case Decision.AdjustmentPosted posted -> amounts(posted.booked());
            case Decision.PendingPosted posted -> {
                pair(posted.booked());
                nulls(1);
                int8(-posted.released());
            }
            case Decision.Held held -> reserved(held.hold(), held.hold().remaining());
            case Decision.PendingReleased released ->
                reserved(released.hold(), -released.hold().remaining());
            case Decision.Proposed proposed -> nulls(7);
            case Decision.AdjustmentDismissed dismissed -> nulls(7);
            case Decision.DayClosed closed -> nulls(7);
            case Decision.Opened opened -> nulls(7);
            case Decision.Changed changed -> nulls(7);
            case Decision.Declined declined -> nulls(7);
        }
    }

    private void pair(BookedPair pair) {
        int8(pair.debit().id());
        int8(pair.credit().id());
        int8(pair.amount());
        int8(pair.debitBalance());
        int8(pair.creditBalance());
    }

    private void reserved(Hold hold, long pending) {
        int8(hold.debit().id());
        int8(hold.credit().id());
        nulls(4);
        int8(pending);
    }

    private void date(@Nullable LocalDate date) {
        if (date == null) {
            nulls(1);
        } else {
            putInt(4);
            putInt((int) (date.toEpochDay() - POSTGRES_EPOCH_DAY));
        }
    }

    private void expiry(Decision decision) {
        if (decision instanceof Decision.Held held && held.hold().expiresAt() != null) {
            int8(micros(held.hold().expiresAt()));
        } else {
            nulls(1);
        }
    }

    static long micros(Instant instant) {
        return (instant.getEpochSecond() - POSTGRES_EPOCH_SECOND) * 1_000_000L + instant.getNano() / 1_000;
    }

    static @Nullable String body(Decision decision) {
        return switch (decision) {
            case BookedPair pair -> null;
            case BookedLegs legs -> null;
            case Decision.Held held -> null;
            case Decision.PendingPosted posted -> null;
            case Decision.PendingReleased released -> null;
            case Decision.Proposed proposed -> JournalJson.proposal(proposed.proposal());
            case Decision.AdjustmentPosted posted -> JournalJson.decision(posted.decidedBy());
            case Decision.AdjustmentDismissed dismissed -> JournalJson.decision(dismissed.decidedBy());
            case Decision.DayClosed closed -> JournalJson.closing(closed.day(), closed.closedBy());
            case Decision.Opened opened -> JournalJson.account(opened.account());
            case Decision.Changed changed -> JournalJson.account(changed.after());
            case Decision.Declined declined -> JournalJson.rejection(declined.field(), declined.detail());
        };
    }

    private void legs(List<BookedLeg> legs) {
        int numbers = legs.size() * 3;
        room(24 + numbers * 12);
        putInt(20 + numbers * 12);
        putInt(1);
        putInt(0);
        putInt(INT8_OID);
        putInt(numbers);
        putInt(1);
        for (BookedLeg leg : legs) {
            int8(leg.slot().id());
            int8(leg.signedAmount());
            int8(leg.balanceAfter());
        }
        room(512);
    }

    private void optional(@Nullable Long id) {
        if (id == null) {
            nulls(1);
        } else {
            int8(id);
        }
    }

    private void nulls(int count) {
        for (int i = 0; i < count; i++) {
            putInt(-1);
        }
    }

    private void int2(int value) {
        putInt(2);
        putShort(value);
    }

    private void int8(long value) {
        putInt(8);
        putLong(value);
    }

    private void uuid(UUID value) {
        putInt(16);
        putLong(value.getMostSignificantBits());
        putLong(value.getLeastSignificantBits());
    }

    private void text(@Nullable String value) {
        if (value == null) {
            nulls(1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(utf8.length + 256);
        putInt(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
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
