package org.exchequer.ledger.store;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.BookedLeg;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.core.Hold;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Journal rows in PostgreSQL's COPY BINARY format. These bytes, without the file's header and trailer, are also what
 * the hash chain is made of: anyone can get them again with {@code COPY (SELECT * FROM journal ...) TO STDOUT (FORMAT
 * binary)}.
 */
public final class BatchEncoder {
    private static final int COLUMNS = 23;

    private final CopyBuffer out = new CopyBuffer();

    public void clear() {
        out.clear();
    }

    void send(Connection connection, String copy) throws SQLException {
        out.send(connection, copy);
    }

    /** Bytes since {@link #clear}. */
    public int length() {
        return out.length();
    }

    /** SHA-256 over the hash before and everything encoded since {@link #clear}. */
    public byte[] chain(byte[] previousHash) {
        MessageDigest digest = Digest.copy();
        digest.update(previousHash);
        digest.update(out.bytes(), 0, out.length());
        return digest.digest();
    }

    /** Encodes one more entry. */
    public void add(JournalEntry entry) {
        out.row(COLUMNS);
        out.int8(entry.sequence());
        out.timestamp(entry.recordedAt());
        out.int2(entry.kind());
        out.int2(entry.outcome());
        out.uuid(entry.keyDigest());
        out.uuid(entry.requestDigest());
        out.text(entry.key());
        amounts(entry.decision());
        optional(entry.decision().refersTo());
        optional(entry.linkedTo());
        date(entry.otherDate());
        date(entry.details().valueDate());
        expiry(entry.decision());
        Details details = entry.details();
        out.text(details.reference());
        out.text(details.correlationId());
        out.text(details.metadata().isEmpty() ? null : JournalJson.metadata(details.metadata()));
        out.text(body(entry.decision()));
    }

    /** Two accounts, amount, two balances, legs, what is reserved. */
    private void amounts(Decision decision) {
        switch (decision) {
            case BookedPair pair -> {
                pair(pair);
                out.nulls(2);
            }
            case BookedLegs booked -> {
                out.nulls(5);
                legs(booked.legs());
                out.nulls(1);
            }
            case Decision.AdjustmentPosted posted -> amounts(posted.booked());
            case Decision.PendingPosted posted -> {
                pair(posted.booked());
                out.nulls(1);
                out.int8(-posted.released());
            }
            case Decision.Held held -> reserved(held.hold(), held.hold().remaining());
            case Decision.PendingReleased released ->
                reserved(released.hold(), -released.hold().remaining());
            case Decision.Proposed proposed -> out.nulls(7);
            case Decision.AdjustmentMade made -> out.nulls(7);
            case Decision.AdjustmentDismissed dismissed -> out.nulls(7);
            case Decision.DayClosed closed -> out.nulls(7);
            case Decision.Opened opened -> out.nulls(7);
            case Decision.Changed changed -> out.nulls(7);
            case Decision.Declined declined -> out.nulls(7);
        }
    }

    private void pair(BookedPair pair) {
        out.int8(pair.debit().id());
        out.int8(pair.credit().id());
        out.int8(pair.amount());
        out.int8(pair.debitBalance());
        out.int8(pair.creditBalance());
    }

    private void reserved(Hold hold, long pending) {
        out.int8(hold.debit().id());
        out.int8(hold.credit().id());
        out.nulls(4);
        out.int8(pending);
    }

    private void date(@Nullable LocalDate date) {
        if (date == null) {
            out.nulls(1);
        } else {
            out.date(date.toEpochDay());
        }
    }

    private void expiry(Decision decision) {
        if (decision instanceof Decision.Held held && held.hold().expiresAt() != null) {
            out.timestamp(held.hold().expiresAt());
        } else {
            out.nulls(1);
        }
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
            case Decision.AdjustmentMade made ->
                JournalJson.decision(made.decidedBy(), made.changed().after());
            case Decision.AdjustmentDismissed dismissed ->
                JournalJson.dismissal(dismissed.decidedBy(), dismissed.reason());
            case Decision.DayClosed closed -> JournalJson.closing(closed.day(), closed.closedBy());
            case Decision.Opened opened -> JournalJson.account(opened.account());
            case Decision.Changed changed -> JournalJson.account(changed.after());
            case Decision.Declined declined -> JournalJson.rejection(declined.field(), declined.detail());
        };
    }

    private void legs(List<BookedLeg> legs) {
        out.array(legs.size() * 3);
        for (BookedLeg leg : legs) {
            out.int8(leg.slot().id());
            out.int8(leg.signedAmount());
            out.int8(leg.balanceAfter());
        }
    }

    private void optional(@Nullable Long id) {
        if (id == null) {
            out.nulls(1);
        } else {
            out.int8(id);
        }
    }
}
