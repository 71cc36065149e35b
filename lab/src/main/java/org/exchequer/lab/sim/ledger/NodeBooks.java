package org.exchequer.lab.sim.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;

/** The ledger's real books and decider with the rows that led there: what a writer has in memory. */
final class NodeBooks {
    /** The journal does not lead where it says it does. */
    static final class CorruptException extends RuntimeException {
        CorruptException(String message) {
            super(message);
        }
    }

    final Books books = new Books();
    private final List<Stored> rows = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final Map<String, Stored> byKey = new HashMap<>();

    /**
     * Replays a journal.
     *
     * @throws CorruptException when an entry does not lead to what it records
     */
    static NodeBooks replay(List<Stored> journal) {
        NodeBooks memory = new NodeBooks();
        for (Stored row : journal) {
            Stored again = row.command() == null
                    ? memory.expire(memory.hold(row.hold()), row.at())
                    : memory.decide(row.command(), row.at());
            if (!again.entry().equals(row.entry())) {
                throw new CorruptException("journal says " + row.entry().describe() + ", its replay "
                        + again.entry().describe());
            }
        }
        memory.books.publish(journal.size());
        return memory;
    }

    List<Stored> rows() {
        return rows;
    }

    @Nullable
    Stored answered(String key) {
        return byKey.get(key);
    }

    /** Decides a command, and applies it. */
    Stored decide(Command command, Instant at) {
        long position = rows.size() + 1L;
        Decision decision = Decider.decide(books, command, this::original, position, at);
        return add(Stored.of(position, at, command, decision), decision);
    }

    Stored expire(Hold hold, Instant at) {
        Decision.PendingReleased released = new Decision.PendingReleased(hold, true);
        return add(Stored.expiry(rows.size() + 1L, at, released), released);
    }

    private Hold hold(long id) {
        Hold hold = books.hold(id);
        if (hold == null) {
            throw new CorruptException("hold " + id + " expires and is not open");
        }
        return hold;
    }

    private Stored add(Stored row, Decision decision) {
        books.apply(decision);
        rows.add(row);
        decisions.add(decision);
        byKey.putIfAbsent(row.entry().key(), row);
        return row;
    }

    /** What stands under this id, with everything that has referred to it since. */
    private @Nullable Original original(long id) {
        if (id < 1 || id > decisions.size()) {
            return null;
        }
        Decision first = decisions.get((int) id - 1);
        Original original = null;
        if (first instanceof Decision.Held held) {
            original = new Original.Pending(held.hold().debit(), null);
        } else if (first.booked() != null) {
            boolean reversal = first instanceof Decision.Booked && first.refersTo() != null;
            original = new Original.Posted(first.booked(), reversal, 0);
        }
        for (Decision decision : decisions.subList((int) id, decisions.size())) {
            Long refersTo = decision.refersTo();
            if (refersTo != null && refersTo == id) {
                original = after(original, decision);
            }
        }
        return original;
    }

    private static @Nullable Original after(@Nullable Original before, Decision decision) {
        if (decision instanceof Decision.PendingPosted posted) {
            return new Original.Pending(posted.hold().debit(), RejectionReason.PENDING_ALREADY_POSTED);
        }
        if (decision instanceof Decision.PendingReleased released) {
            return new Original.Pending(
                    released.hold().debit(),
                    released.expired() ? RejectionReason.PENDING_EXPIRED : RejectionReason.PENDING_ALREADY_VOIDED);
        }
        if (decision instanceof Decision.BookedPair pair && before instanceof Original.Posted posted) {
            return new Original.Posted(posted.booked(), posted.reversal(), posted.reversed() + pair.amount());
        }
        return before;
    }
}
