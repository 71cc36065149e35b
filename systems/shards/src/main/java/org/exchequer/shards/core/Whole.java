package org.exchequer.shards.core;

import java.util.Comparator;
import java.util.List;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/** One transaction, as its caller knows it, from what it is on its shards. */
public final class Whole {
    private Whole() {}

    /**
     * What became of one hold.
     *
     * @param leg the caller's leg, or -1
     * @param posting as the shard knows it
     */
    public record Posting(int leg, Transaction posting) {}

    /**
     * Puts the postings together. Number, times and dates are those of the coordinator's first posting; each leg
     * carries the balance that it led to on its shard.
     *
     * @param coordinator its shard
     * @param postings all of them, the coordinator's first
     */
    public static Transaction of(String key, int coordinator, @Nullable Long reverses, List<Posting> postings) {
        Transaction first = postings.getFirst().posting();
        List<Transaction.Entry> entries = postings.stream()
                .filter(posting -> posting.leg() >= 0)
                .sorted(Comparator.comparingInt(Posting::leg))
                .map(posting -> own(posting.posting()))
                .toList();
        return new Transaction(
                Ids.global(coordinator, first.id()),
                key,
                first.bookedAt(),
                first.bookingDate(),
                first.valueDate(),
                entries,
                first.details(),
                reverses == null ? Transaction.Origin.DIRECT : new Transaction.Origin(reverses, null, null, null));
    }

    private static Transaction.Entry own(Transaction posting) {
        return posting.entries().stream()
                .filter(entry -> !Names.isOwnAccount(entry.leg().account()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a leg without an account in " + posting.id()));
    }

    /** The one rejection that is to blame, of a batch accepted all or none; null when none was rejected. */
    public static Outcome.@Nullable Rejected culprit(List<Outcome> outcomes) {
        Outcome.Rejected found = null;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Rejected rejected
                    && (found == null || found.reason() == RejectionReason.LINKED_ITEM_FAILED)) {
                found = rejected;
            }
        }
        return found;
    }
}
