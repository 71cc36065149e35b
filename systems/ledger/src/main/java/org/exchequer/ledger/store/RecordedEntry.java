package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.Booked;
import org.exchequer.ledger.core.Hold;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.jspecify.annotations.Nullable;

/** What a replay needs of a row of the journal. One object for all rows: it is filled anew for each. */
final class RecordedEntry {
    private long sequence;
    private int kind;
    private int outcome;
    private long debitAccount;
    private long creditAccount;
    private boolean pair;
    private long amount;
    private long debitBalance;
    private long creditBalance;
    private long[] legs = {};
    private long pending;
    private @Nullable Long refersTo;
    private @Nullable Instant expiresAt;
    private @Nullable String body;

    /** The rows after {@code from}, up to {@code to}, in order. */
    static CopyRows rows(Connection connection, long from, long to) throws SQLException {
        String query = """
                SELECT sequence, kind, outcome, debit_account, credit_account, amount, debit_balance, credit_balance,
                       legs, pending, refers_to, expires_at, CASE WHEN kind = %d THEN body END
                  FROM journal WHERE sequence > %d AND sequence <= %d ORDER BY sequence""";
        return new CopyRows(connection, query.formatted(Kind.CLOSE_DAY, from, to));
    }

    void read(CopyRows row) throws SQLException {
        sequence = row.int8();
        kind = row.int2();
        outcome = row.int2();
        debitAccount = row.int8OrZero();
        creditAccount = row.int8OrZero();
        pair = !row.isNull();
        amount = pair ? row.int8() : 0;
        debitBalance = row.int8OrZero();
        creditBalance = row.int8OrZero();
        legs = row.int8Array();
        pending = row.int8OrZero();
        refersTo = row.int8OrNull();
        expiresAt = row.isNull() ? null : row.instant();
        body = row.textOrNull();
    }

    long sequence() {
        return sequence;
    }

    boolean accepted() {
        return outcome == 0;
    }

    /**
     * The decision that the row records; null where it changes nothing in memory: accounts are loaded as they are now,
     * and adjustments are read when they are decided.
     */
    @Nullable
    Decision decision(Books books) {
        Booked booked = booked(books);
        return switch (kind) {
            case Kind.HOLD ->
                new Decision.Held(
                        new Hold(sequence, books.slot(debitAccount), books.slot(creditAccount), pending, expiresAt));
            case Kind.POST_PENDING -> {
                Hold hold = open(books);
                long released = -pending;
                if (!(booked instanceof Decision.BookedPair posted)
                        || posted.amount() > released
                        || released > hold.remaining()) {
                    yield missing("what it posts of its hold");
                }
                yield new Decision.PendingPosted(hold, posted, released);
            }
            case Kind.VOID_PENDING, Kind.EXPIRE_PENDING -> {
                Hold hold = open(books);
                if (-pending != hold.remaining()) {
                    yield missing("what it releases of its hold");
                }
                yield new Decision.PendingReleased(hold, kind == Kind.EXPIRE_PENDING);
            }
            case Kind.PROPOSE_ADJUSTMENT, Kind.OPEN_ACCOUNT, Kind.CHANGE_ACCOUNT -> null;
            case Kind.DECIDE_ADJUSTMENT -> booked;
            case Kind.CLOSE_DAY -> {
                String closing = body == null ? missing("its day") : body;
                yield new Decision.DayClosed(
                        LocalDate.parse(JournalJson.text(closing, "day")),
                        books.closedThrough(),
                        JournalJson.text(closing, "closedBy"));
            }
            default -> booked != null ? booked : missing("its amount");
        };
    }

    private @Nullable Booked booked(Books books) {
        if (pair) {
            return new Decision.BookedPair(
                    books.slot(debitAccount), books.slot(creditAccount), amount, debitBalance, creditBalance, refersTo);
        }
        if (legs.length == 0) {
            return null;
        }
        List<Decision.BookedLeg> booked = new ArrayList<>(legs.length / 3);
        for (int i = 0; i < legs.length; i += 3) {
            booked.add(new Decision.BookedLeg(
                    books.slot(legs[i]),
                    legs[i + 1] > 0 ? Side.DEBIT : Side.CREDIT,
                    Math.abs(legs[i + 1]),
                    legs[i + 2]));
        }
        return new Decision.BookedLegs(booked, refersTo);
    }

    private Hold open(Books books) {
        Hold hold = refersTo == null ? null : books.hold(refersTo);
        return hold != null ? hold : missing("its hold");
    }

    private <T> T missing(String what) {
        throw new CorruptBooksException("journal entry " + sequence + " acts, but " + what + " is missing");
    }
}
