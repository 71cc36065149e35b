package org.exchequer.shards;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Globals;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Marks.PartSize;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Names.PartKey;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.core.SlotMap;

/**
 * Reversals. Of a transaction on one shard: that shard's business. Of one over several, or of which an account has
 * moved to another shard since: a transaction back, whole and once. Its name follows from the original's, not from
 * the caller's key, so that of two callers one finds the other's. A reversal that was rolled back leaves room for
 * another attempt under the next name.
 */
final class Reversals {
    private static final int MOST_ATTEMPTS = 1_000;

    private Reversals() {}

    /**
     * Blocks.
     *
     * @param settled how a transaction ended that this drive could not go on with
     */
    static Outcome reverse(
            Command.Reverse reverse,
            Shard shard,
            Journals journals,
            Function<Plan, Outcome> drive,
            BiFunction<Marks, Outcome, Outcome> settled,
            SlotMap map) {
        Optional<Transaction> found = shard.ledger().transaction(Ids.local(reverse.transactionId()));
        if (found.isPresent() && BetweenShards.isMove(found.get().key())) {
            return no(
                    RejectionReason.NOT_REVERSIBLE,
                    "transactionId",
                    "transaction " + reverse.transactionId() + " carried an account to another shard: it is half of no"
                            + " movement of money, and is not reversed");
        }
        PartKey part = found.map(Transaction::key).map(Names::part).orElse(null);
        if (part == null && !(found.isPresent() && hasMoved(found.get(), shard, map))) {
            return Globals.outcome(shard.index(), shard.ledger().execute(Globals.local(reverse)));
        }
        Optional<Transaction> whole =
                part == null ? found.map(posting -> Globals.transaction(shard.index(), posting)) : journals.whole(part);
        if (whole.isEmpty()) {
            return new Outcome.Unknown("the transaction is not complete on all its shards yet; ask again");
        }
        Transaction original = whole.get();
        if (original.reversalOf() != null) {
            return no(
                    RejectionReason.NOT_REVERSIBLE,
                    "transactionId",
                    "transaction " + original.id() + " is the reversal of " + original.reversalOf());
        }
        if (reverse.amount() != null) {
            return no(
                    RejectionReason.PARTIAL_REVERSAL_NOT_POSSIBLE,
                    "amount",
                    "transaction " + original.id() + " is, or has accounts, on several shards: reverse it as a whole");
        }
        if (part == null
                && !shard.ledger()
                        .reversalsOf(Ids.local(reverse.transactionId()))
                        .isEmpty()) {
            return no(
                    RejectionReason.ALREADY_REVERSED,
                    "transactionId",
                    "transaction " + original.id() + " was reversed, in full or part, before an account of it moved");
        }
        List<Leg> legs = original.entries().stream()
                .map(Transaction.Entry::leg)
                .map(leg -> new Leg(leg.account(), leg.side().opposite(), leg.amount()))
                .toList();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Marks> marks = journals.marks(Names.reversal(original.id(), attempt));
            Plan plan = Plan.of(
                    Names.reversal(original.id(), attempt),
                    reverse.key(),
                    legs,
                    reverse.details(),
                    original.id(),
                    true,
                    marks.map(begun -> journals.homes(begun, map)).orElse(map::shard));
            if (marks.isEmpty() || marks.get().key().equals(reverse.key())) {
                Outcome outcome = drive.apply(plan);
                if (!(outcome instanceof Outcome.Rejected no
                        && no.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED)) {
                    return marks.isPresent() ? settled.apply(marks.get(), outcome) : outcome;
                }
                // The name belongs to another caller's attempt: one that was refused, or that has just begun.
                marks = journals.marks(plan.transaction());
                if (marks.isEmpty()) {
                    continue;
                }
            }
            PartSize coordinator = marks.get().parts().getFirst();
            switch (journals.side(plan.transaction(), coordinator)) {
                case POSTED -> {
                    return no(
                            RejectionReason.ALREADY_REVERSED,
                            "transactionId",
                            "transaction " + original.id() + " was reversed before");
                }
                case GONE, REFUSED -> {}
                case UNSEEN, ABSENT, HELD, BLOCKED -> {
                    return new Outcome.Unknown("somebody else is reversing this transaction; ask again");
                }
            }
        }
        throw new IllegalStateException("transaction " + original.id() + " cannot be reversed");
    }

    /** Whether an account of a transaction on one shard is on another now. */
    private static boolean hasMoved(Transaction posting, Shard shard, SlotMap map) {
        return posting.entries().stream()
                .map(entry -> entry.leg().account())
                .anyMatch(account -> !Names.isOwnAccount(account) && map.shard(account) != shard.index());
    }

    /** The reversal of a transaction over several shards, if there is one. */
    static Optional<Transaction> of(long transactionId, Journals journals) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Marks> marks = journals.marks(Names.reversal(transactionId, attempt));
            if (marks.isEmpty()) {
                return Optional.empty();
            }
            Optional<Transaction> whole = journals.whole(marks.get());
            if (whole.isPresent()) {
                return whole;
            }
        }
        return Optional.empty();
    }

    private static Outcome no(RejectionReason reason, String field, String detail) {
        return new Outcome.Rejected(reason, field, detail, 0, false);
    }
}
