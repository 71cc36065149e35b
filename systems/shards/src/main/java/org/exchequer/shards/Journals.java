package org.exchequer.shards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Marks.PartSize;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Names.PartKey;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.TwoPhase.Side;
import org.exchequer.shards.core.Whole;
import org.exchequer.shards.core.Whole.Posting;
import org.jspecify.annotations.Nullable;

/**
 * What the shards' journals say of a transaction over several of them, and what changes it by hand of a resolver.
 * Blocks; for virtual threads.
 */
public final class Journals {
    /** More attempts than anybody makes in a day of trying every minute. */
    private static final int MOST_ATTEMPTS = 2_000;

    private final List<Shard> shards;

    public Journals(List<Shard> shards) {
        this.shards = shards;
    }

    /** Commands that are accepted all or none. */
    static CompletableFuture<List<Outcome>> send(Shard shard, List<Command> commands) {
        return commands.size() == 1
                ? shard.ledger().submit(commands.getFirst()).thenApply(List::of)
                : shard.ledger().submitLinked(commands);
    }

    /** What is sure of a part: all but {@code HELD} and {@code ABSENT} stay so for ever. */
    public Side side(String transaction, PartSize part) {
        try {
            Shard shard = shards.get(part.shard());
            Optional<Outcome> outcome = shard.ledger().outcome(Names.hold(transaction, part.shard(), 0));
            return switch (outcome.orElse(null)) {
                case null -> Side.ABSENT;
                case Outcome.Held held ->
                    switch (shard.ledger()
                            .pending(held.pending().id())
                            .orElseThrow()
                            .state()) {
                        case PENDING -> Side.HELD;
                        case POSTED -> Side.POSTED;
                        case VOIDED, EXPIRED -> Side.GONE;
                    };
                case Outcome.Rejected refused -> Side.REFUSED;
                case Outcome other -> throw new IllegalStateException("no answer to a hold: " + other);
            };
        } catch (LedgerUnavailableException away) {
            return Side.UNSEEN;
        }
    }

    /** The part's holds as they were placed, in order; empty when none were. */
    public List<PendingTransaction> holds(String transaction, PartSize part) {
        List<PendingTransaction> holds = new ArrayList<>();
        for (int item = 0; item < part.holds(); item++) {
            if (shards.get(part.shard())
                            .ledger()
                            .outcome(Names.hold(transaction, part.shard(), item))
                            .orElse(null)
                    instanceof Outcome.Held held) {
                holds.add(held.pending());
            }
        }
        return holds;
    }

    /** What a part has posted, in order; empty when it has not. */
    public List<Posting> postings(String transaction, PartSize part) {
        List<Posting> postings = new ArrayList<>();
        for (PendingTransaction hold : holds(transaction, part)) {
            Marks marks = Marks.of(hold);
            for (long id : shards.get(part.shard()).ledger().postingsOf(hold.id())) {
                Transaction posting =
                        shards.get(part.shard()).ledger().transaction(id).orElseThrow();
                postings.add(new Posting(marks == null ? -1 : marks.leg(), posting));
            }
        }
        return postings;
    }

    /** Where the accounts of a transaction lived when it began: it goes on there, wherever they are now. */
    ToIntFunction<String> homes(Marks marks, SlotMap map) {
        Map<String, Integer> lived = lived(marks);
        return account -> lived.getOrDefault(account, among(marks, map, account));
    }

    private Map<String, Integer> lived(Marks marks) {
        Map<String, Integer> homes = new HashMap<>();
        for (PartSize part : marks.parts()) {
            for (PendingTransaction hold : holds(marks.transaction(), part)) {
                homes.put(hold.debitAccount(), part.shard());
                homes.put(hold.creditAccount(), part.shard());
            }
        }
        return homes;
    }

    /**
     * Nothing is reserved on it yet: of the transaction's shards, the one that the account was on, participants
     * first.
     */
    private static int among(Marks marks, SlotMap map, String account) {
        int slot = Placement.slot(account);
        for (PartSize part : marks.parts().reversed()) {
            if (map.slot(slot).shard() == part.shard()
                    || map.former(slot).stream().anyMatch(former -> former.shard() == part.shard())) {
                return part.shard();
            }
        }
        return map.slot(slot).shard();
    }

    /**
     * The transaction over several shards that this posting is a part of, as far as its shards have posted it.
     *
     * @param part what the posting's key says
     * @return empty when its coordinator has not decided on it
     */
    Optional<Transaction> whole(PartKey part) {
        Marks marks = marks(part);
        return marks == null ? Optional.empty() : whole(marks);
    }

    private @Nullable Marks marks(PartKey part) {
        Outcome held = shards.get(part.shard())
                .ledger()
                .outcome(Names.hold(part.transaction(), part.shard(), part.item()))
                .orElse(null);
        return held instanceof Outcome.Held found ? Marks.of(found.pending()) : null;
    }

    /** The numbers of all that the transaction of this posting has posted, the coordinator's first. */
    List<Long> parts(PartKey part) {
        Marks marks = marks(part);
        if (marks == null) {
            return List.of();
        }
        List<Long> ids = new ArrayList<>();
        for (PartSize size : marks.parts()) {
            postings(marks.transaction(), size)
                    .forEach(posting ->
                            ids.add(Ids.global(size.shard(), posting.posting().id())));
        }
        return ids;
    }

    /** What the holds of a transaction carry, looked for on all shards; empty when none reserved for it. */
    Optional<Marks> marks(String transaction) {
        for (Shard shard : shards) {
            if (shard.ledger()
                            .outcome(Names.hold(transaction, shard.index(), 0))
                            .orElse(null)
                    instanceof Outcome.Held held) {
                return Optional.ofNullable(Marks.of(held.pending()));
            }
        }
        return Optional.empty();
    }

    Optional<Transaction> whole(Marks marks) {
        List<Posting> postings = new ArrayList<>();
        for (PartSize part : marks.parts()) {
            List<Posting> theirs = postings(marks.transaction(), part);
            if (part == marks.parts().getFirst() && theirs.isEmpty()) {
                return Optional.empty();
            }
            postings.addAll(theirs);
        }
        return Optional.of(Whole.of(marks.key(), marks.coordinator(), marks.reverses(), postings));
    }

    /** What the caller wanted remembered, by the coordinator's decision. */
    public Details details(Marks marks) {
        return postings(marks.transaction(), marks.parts().getFirst())
                .getFirst()
                .posting()
                .details();
    }

    /**
     * Voids a part's holds.
     *
     * @return what the part is then: {@code GONE}, or {@code POSTED} when it was decided otherwise before
     */
    public Side release(String transaction, PartSize part) {
        List<Long> ids = ids(transaction, part);
        return ids.isEmpty()
                ? Side.UNSEEN
                : ended(send(shards.get(part.shard()), Plan.release(transaction, part.shard(), ids))
                        .join());
    }

    /** What a part is, by the answers to voiding it. */
    static Side ended(List<Outcome> outcomes) {
        Outcome.Rejected no = Whole.culprit(outcomes);
        if (no != null) {
            return switch (no.reason()) {
                case PENDING_ALREADY_VOIDED, PENDING_EXPIRED -> Side.GONE;
                case PENDING_ALREADY_POSTED -> Side.POSTED;
                default -> Side.UNSEEN;
            };
        }
        return outcomes.stream().allMatch(Outcome.Released.class::isInstance) ? Side.GONE : Side.UNSEEN;
    }

    /**
     * Posts a participant's holds, once the coordinator has decided. A refusal is recorded under the key for ever, so
     * after one comes another attempt under another key; the hold itself can be posted only once.
     *
     * @return {@code POSTED}; {@code BLOCKED} while an account is frozen; {@code UNSEEN} when there was no answer
     */
    public Side complete(String transaction, PartSize part, Details details) {
        Shard shard = shards.get(part.shard());
        List<Long> ids = ids(transaction, part);
        boolean undated = false;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !ids.isEmpty(); attempt++) {
            List<Outcome> outcomes = send(
                            shard, Plan.complete(transaction, part.shard(), ids, details, attempt, undated))
                    .join();
            Outcome.Rejected no = Whole.culprit(outcomes);
            if (no == null) {
                return outcomes.stream().allMatch(Outcome.Posted.class::isInstance) ? Side.POSTED : Side.UNSEEN;
            }
            switch (no.reason()) {
                case PENDING_ALREADY_POSTED -> {
                    return Side.POSTED;
                }
                case PENDING_ALREADY_VOIDED, PENDING_EXPIRED, NOT_PENDING -> {
                    return Side.GONE;
                }
                // The day was closed between the decision and this: it counts from the first open day.
                case VALUE_DATE_CLOSED -> undated = true;
                case ACCOUNT_FROZEN -> {
                    if (!no.replayed() || isFrozen(shard, transaction, part)) {
                        return Side.BLOCKED;
                    }
                }
                default -> {
                    if (no.reason() != RejectionReason.IDEMPOTENCY_KEY_REUSED) {
                        throw new IllegalStateException("a participant refused what it had reserved: " + no);
                    }
                }
            }
        }
        return Side.UNSEEN;
    }

    private boolean isFrozen(Shard shard, String transaction, PartSize part) {
        for (PendingTransaction hold : holds(transaction, part)) {
            for (String code : List.of(hold.debitAccount(), hold.creditAccount())) {
                boolean debit = code.equals(hold.debitAccount());
                AccountState state = shard.ledger().account(code).orElseThrow().state();
                if (state.freezes(debit ? org.exchequer.ledger.api.Side.DEBIT : org.exchequer.ledger.api.Side.CREDIT)) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<Long> ids(String transaction, PartSize part) {
        return holds(transaction, part).stream().map(PendingTransaction::id).toList();
    }
}
