package org.exchequer.app.cli;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle's entry says, for people: a row of the ledger's journal is in it as PostgreSQL renders it for COPY
 * BINARY, columns in table order. Accounts are the numbers that they have in the books of their shard, amounts minor
 * units: more is not in the row, and looking it up would say what the books say now, not what was signed.
 */
final class JournalEntryText {
    private static final int COLUMNS = 23;
    private static final int FIRST_LEG = 7;
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
    private static final List<String> KINDS = List.of(
            "transfer",
            "posting",
            "reversal",
            "opening of an account",
            "change of an account",
            "hold",
            "posting of a hold",
            "voiding of a hold",
            "expiry of a hold",
            "proposal of an adjustment",
            "decision on an adjustment",
            "end of a day");

    private final ByteBuffer[] columns;

    private JournalEntryText(ByteBuffer[] columns) {
        this.columns = columns;
    }

    /** Lines for people; empty when the bytes are no row of a journal. */
    static List<String> of(byte[] entry) {
        try {
            return read(entry).map(JournalEntryText::lines).orElse(List.of());
        } catch (BufferUnderflowException | IndexOutOfBoundsException notOfAJournal) {
            return List.of();
        }
    }

    private static Optional<JournalEntryText> read(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        if (entry.length < 2 || bytes.getShort() != COLUMNS) {
            return Optional.empty();
        }
        ByteBuffer[] columns = new ByteBuffer[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            int length = bytes.getInt();
            // Of no length: absent. No text that is kept is empty.
            columns[i] = bytes.slice(bytes.position(), Math.max(0, length));
            bytes.position(bytes.position() + Math.max(0, length));
        }
        return bytes.hasRemaining() ? Optional.empty() : Optional.of(new JournalEntryText(columns));
    }

    private boolean has(int column) {
        return columns[column].hasRemaining();
    }

    private long number(int column) {
        return columns[column].getLong(0);
    }

    private @Nullable String text(int column) {
        return has(column)
                ? StandardCharsets.UTF_8.decode(columns[column].duplicate()).toString()
                : null;
    }

    private List<String> lines() {
        int kind = columns[2].getShort(0);
        int outcome = columns[3].getShort(0);
        Instant recorded = EPOCH.atStartOfDay(ZoneOffset.UTC).toInstant().plus(number(1), ChronoUnit.MICROS);
        List<String> lines = new ArrayList<>();
        lines.add("journal sequence " + number(0) + ": "
                + (kind >= 1 && kind <= KINDS.size() ? KINDS.get(kind - 1) : "kind " + kind)
                + (outcome == 0 ? "" : ", rejected"));
        LocalDate booked = has(16) ? date(16) : LocalDate.ofInstant(recorded, ZoneOffset.UTC);
        lines.add(
                "booked at " + recorded + ", booking date " + booked + ", value date " + (has(17) ? date(17) : booked));
        lines.add("idempotency key " + text(6));
        if (has(19)) {
            lines.add("reference " + text(19));
        }
        if (has(20)) {
            lines.add("correlation id " + text(20));
        }
        if (has(14)) {
            lines.add("refers to journal sequence " + number(14));
        }
        legs(lines);
        return lines;
    }

    private LocalDate date(int column) {
        return EPOCH.plusDays(columns[column].getInt(0));
    }

    private void legs(List<String> lines) {
        if (has(FIRST_LEG) && has(FIRST_LEG + 2)) {
            lines.add(leg(number(FIRST_LEG), number(FIRST_LEG + 2)));
            lines.add(leg(number(FIRST_LEG + 1), -number(FIRST_LEG + 2)));
        }
        if (has(12)) {
            // An array: dimensions, flags, type, size, lower bound, then account, signed amount and balance per leg.
            ByteBuffer array = columns[12].duplicate();
            int size = array.getInt(12);
            array.position(20);
            for (int i = 0; i < size; i += 3) {
                long account = array.getInt() == Long.BYTES ? array.getLong() : 0;
                long amount = array.getInt() == Long.BYTES ? array.getLong() : 0;
                array.position(array.position() + Integer.BYTES + Long.BYTES);
                lines.add(leg(account, amount));
            }
        }
    }

    private static String leg(long account, long signed) {
        return (signed < 0 ? "credit" : "debit") + " of account number " + account + ": "
                + (signed < 0 ? Long.toString(signed).substring(1) : Long.toString(signed)) + " minor units";
    }
}
