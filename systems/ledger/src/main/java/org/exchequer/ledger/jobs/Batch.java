package org.exchequer.ledger.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.Declined;
import org.exchequer.ledger.core.Hold;
import org.exchequer.ledger.core.Proposal;
import org.exchequer.ledger.store.JournalEntry;
import org.exchequer.ledger.store.JournalReader.Row;
import org.jspecify.annotations.Nullable;

/**
 * Commands that share one commit, decided one after the other exactly as if each were alone: a key that occurs twice
 * gets one decision, and a reversal sees what stands before it in the same batch.
 *
 * <p>Speculative until {@link #answer}: {@link #undo} takes every decision back out of the books.
 */
final class Batch {
    /** A batch that has booked so many legs takes no further command: about 2 MB of journal. */
    private static final int MAX_LEGS = 65_536;

    private final Books books;
    private final Map<UUID, Row> answeredBefore;
    private final Map<Long, Original> originals;
    private final Map<UUID, JournalEntry> byKey = new HashMap<>();
    /** What this batch did to transactions, holds and adjustments, by their id; in order. */
    private final Map<Long, List<JournalEntry>> referring = new HashMap<>();
    /** What they have become by it. */
    private final Map<Long, Original> became = new HashMap<>();

    private final List<JournalEntry> entries = new ArrayList<>();
    /** All submissions, the followers of linked ones included. */
    private final List<Submission> submissions = new ArrayList<>();
    /** Per submission: the entry it led to, or null when it was answered before. */
    private final List<@Nullable JournalEntry> decided = new ArrayList<>();
    /** Submissions that repeat the key of an earlier one in this batch. */
    private final BitSet repeats = new BitSet();

    private final long firstSequence;
    private final Instant now;
    private final LocalDate today;
    private @Nullable LocalDate otherDate;
    private int legs;

    /**
     * An empty batch, but for holds whose time is up: they go first.
     *
     * @param answeredBefore journal rows by key digest, as far as they were looked up
     * @param originals what the batch's commands refer to, as far as it is in the journal and not in the books
     */
    Batch(
            Books books,
            List<Hold> due,
            Map<UUID, Row> answeredBefore,
            Map<Long, Original> originals,
            long firstSequence,
            Instant now) {
        this.books = books;
        this.answeredBefore = answeredBefore;
        this.originals = originals;
        this.firstSequence = firstSequence;
        this.now = now;
        this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        dateMoved();
        for (Hold hold : due) {
            add(JournalEntry.expiry(nextSequence(), now, hold, otherDate));
        }
    }

    /** Decides one more command, or linked batch of them; false when it has no room for another. */
    boolean take(Submission submission) {
        if (legs >= MAX_LEGS) {
            return false;
        }
        if (submission.followers.isEmpty()) {
            decideAlone(submission);
        } else {
            decideLinked(submission);
        }
        return true;
    }

    private void decideAlone(Submission submission) {
        if (answeredBefore.containsKey(submission.keyDigest)) {
            told(submission, null);
            return;
        }
        JournalEntry sameKey = byKey.get(submission.keyDigest);
        if (sameKey != null) {
            repeats.set(decided.size());
            told(submission, sameKey);
            return;
        }
        Decision decision = Decider.decide(books, submission.command, this::original, nextSequence(), now);
        told(submission, add(entry(submission, decision, null)));
    }

    /** All or none: what was accepted is taken back when a later one is not. */
    private void decideLinked(Submission first) {
        List<Submission> all = new ArrayList<>(first.followers.size() + 1);
        all.add(first);
        all.addAll(first.followers);
        int known = (int) all.stream().filter(this::isKnown).count();
        if (known == all.size()) {
            all.forEach(this::decideAlone);
            return;
        }
        long linkedTo = nextSequence();
        List<JournalEntry> accepted = new ArrayList<>();
        Declined declined = null;
        if (known == 0) {
            for (Submission submission : all) {
                Decision decision = Decider.decide(books, submission.command, this::original, nextSequence(), now);
                if (decision instanceof Declined no) {
                    declined = no;
                    break;
                }
                accepted.add(add(entry(submission, decision, linkedTo)));
            }
        }
        if (known == 0 && declined == null) {
            for (int i = 0; i < all.size(); i++) {
                told(all.get(i), accepted.get(i));
            }
            return;
        }
        accepted.reversed().forEach(this::takeBack);
        int culprit = accepted.size();
        for (int i = 0; i < all.size(); i++) {
            if (isKnown(all.get(i))) {
                decideAlone(all.get(i));
            } else {
                Declined reason =
                        known == 0 && i == culprit && declined != null ? declined : linkedFailed(known, culprit);
                told(all.get(i), add(entry(all.get(i), reason, linkedTo)));
            }
        }
    }

    private static Declined linkedFailed(int known, int culprit) {
        return new Declined(
                RejectionReason.LINKED_ITEM_FAILED,
                "",
                known > 0
                        ? "the linked batch has keys that were answered before (" + known + ") and others that were not"
                        : "items[" + culprit + "] of the linked batch was rejected");
    }

    private boolean isKnown(Submission submission) {
        return answeredBefore.containsKey(submission.keyDigest) || byKey.containsKey(submission.keyDigest);
    }

    private JournalEntry entry(Submission submission, Decision decision, @Nullable Long linkedTo) {
        return JournalEntry.of(
                nextSequence(),
                now,
                submission.command,
                submission.keyDigest,
                submission.requestDigest,
                otherDate,
                linkedTo,
                decision);
    }

    private long nextSequence() {
        return firstSequence + entries.size();
    }

    private JournalEntry add(JournalEntry entry) {
        books.apply(entry.decision());
        entries.add(entry);
        byKey.put(entry.keyDigest(), entry);
        Long refersTo = entry.decision().refersTo();
        if (refersTo != null) {
            Original before = original(refersTo);
            referring.computeIfAbsent(refersTo, id -> new ArrayList<>()).add(entry);
            remember(refersTo, after(before, entry.decision()));
        }
        if (entry.decision().booked() instanceof Decision.BookedLegs many) {
            legs += many.legs().size();
        } else {
            legs += 2;
        }
        if (entry.decision() instanceof Decision.DayClosed) {
            dateMoved();
        }
        return entry;
    }

    /** Takes the last entry back. */
    private void takeBack(JournalEntry entry) {
        books.undo(entry.decision());
        entries.removeLast();
        byKey.remove(entry.keyDigest());
        Long refersTo = entry.decision().refersTo();
        if (refersTo != null) {
            List<JournalEntry> left = referring.getOrDefault(refersTo, new ArrayList<>());
            left.removeLast();
            Original original = originalBefore(refersTo);
            for (JournalEntry each : left) {
                original = after(original, each.decision());
            }
            remember(refersTo, left.isEmpty() ? null : original);
        }
        if (entry.decision() instanceof Decision.DayClosed) {
            dateMoved();
        }
    }

    private void dateMoved() {
        LocalDate date = books.bookingDate(now);
        otherDate = date.equals(today) ? null : date;
    }

    private void told(Submission submission, @Nullable JournalEntry entry) {
        submissions.add(submission);
        decided.add(entry);
    }

    private void remember(long id, @Nullable Original original) {
        if (original == null) {
            became.remove(id);
        } else {
            became.put(id, original);
        }
    }

    /** What stands under this id, together with what this batch has done to it so far. */
    private @Nullable Original original(long id) {
        Original original = became.get(id);
        return original != null ? original : originalBefore(id);
    }

    private @Nullable Original originalBefore(long id) {
        return id >= firstSequence && id < nextSequence()
                ? original(entries.get((int) (id - firstSequence)).decision())
                : originals.get(id);
    }

    /** What an entry is to those that refer to it. */
    static @Nullable Original original(Decision decision) {
        if (decision instanceof Decision.Held held) {
            return new Original.Pending(held.hold().debit(), null);
        }
        if (decision instanceof Decision.Proposed proposed) {
            return new Original.Proposed(proposed.proposal());
        }
        Decision.Booked booked = decision.booked();
        return booked == null ? null : new Original.Posted(booked, isReversal(decision), 0);
    }

    private static boolean isReversal(Decision decision) {
        return decision instanceof Decision.Booked && decision.refersTo() != null;
    }

    /** What it becomes by an entry that refers to it. */
    static @Nullable Original after(@Nullable Original before, Decision decision) {
        return switch (decision) {
            case Decision.PendingPosted posted ->
                new Original.Pending(
                        posted.hold().debit(),
                        posted.released() < posted.hold().remaining() ? null : RejectionReason.PENDING_ALREADY_POSTED);
            case Decision.PendingReleased released ->
                new Original.Pending(
                        released.hold().debit(),
                        released.expired() ? RejectionReason.PENDING_EXPIRED : RejectionReason.PENDING_ALREADY_VOIDED);
            case Decision.AdjustmentPosted posted -> new Original.Decided();
            case Decision.AdjustmentMade made -> new Original.Decided();
            case Decision.AdjustmentDismissed dismissed -> new Original.Decided();
            case Decision.BookedPair pair
            when before instanceof Original.Posted posted ->
                new Original.Posted(posted.booked(), posted.reversal(), posted.reversed() + pair.amount());
            case Decision.BookedLegs legs
            when before instanceof Original.Posted posted -> new Original.Posted(posted.booked(), posted.reversal(), 1);
            default -> before;
        };
    }

    /** What is to be written, in order; empty when every key was answered before. */
    List<JournalEntry> entries() {
        return entries;
    }

    /** How many are to be answered. */
    int size() {
        return submissions.size();
    }

    /** Takes every decision back. */
    void undo() {
        for (JournalEntry entry : entries.reversed()) {
            books.undo(entry.decision());
        }
    }

    /** The batch is durable: tells every caller. */
    void answer() {
        for (int i = 0; i < submissions.size(); i++) {
            Submission submission = submissions.get(i);
            JournalEntry entry = decided.get(i);
            submission.answer.complete(entry == null ? replay(submission) : outcome(submission, entry, repeats.get(i)));
        }
    }

    /** Tells callers who have no answer yet that it is not known. */
    void giveUp(String why) {
        for (Submission submission : submissions) {
            submission.answer.complete(new Outcome.Unknown(why));
        }
    }

    private Outcome replay(Submission submission) {
        Row row = answeredBefore.get(submission.keyDigest);
        if (row == null) {
            throw new IllegalStateException("no answer for " + submission.command.key());
        }
        return row.key().equals(submission.command.key()) && row.requestDigest().equals(submission.requestDigest)
                ? row.outcome()
                : keyReused(submission);
    }

    private static Outcome outcome(Submission submission, JournalEntry entry, boolean replayed) {
        if (replayed
                && !(entry.key().equals(submission.command.key())
                        && entry.requestDigest().equals(submission.requestDigest))) {
            return keyReused(submission);
        }
        return switch (entry.decision()) {
            case Decision.Booked booked -> new Outcome.Posted(transaction(entry, booked), replayed);
            case Decision.PendingPosted posted -> new Outcome.Posted(transaction(entry, posted.booked()), replayed);
            case Decision.AdjustmentPosted posted -> new Outcome.Posted(transaction(entry, posted.booked()), replayed);
            case Decision.Held held -> new Outcome.Held(pending(entry, held.hold()), replayed);
            case Decision.PendingReleased released ->
                new Outcome.Released(
                        released.hold().id(),
                        new Money(
                                released.hold().remaining(),
                                released.hold().debit().currency()),
                        entry.sequence(),
                        replayed);
            case Decision.Proposed proposed -> new Outcome.Proposed(adjustment(entry, proposed.proposal()), replayed);
            case Decision.AdjustmentDismissed dismissed ->
                new Outcome.Dismissed(dismissed.proposal().id(), entry.sequence(), replayed);
            case Decision.AdjustmentMade made ->
                new Outcome.AccountChanged(made.changed().after(), entry.sequence(), replayed);
            case Decision.DayClosed closed ->
                new Outcome.DayClosed(
                        new DayClose(closed.day(), entry.sequence(), entry.recordedAt(), closed.closedBy()), replayed);
            case Decision.Opened opened -> new Outcome.AccountChanged(opened.account(), entry.sequence(), replayed);
            case Decision.Changed changed -> new Outcome.AccountChanged(changed.after(), entry.sequence(), replayed);
            case Declined declined ->
                new Outcome.Rejected(
                        declined.reason(), declined.field(), declined.detail(), entry.sequence(), replayed);
        };
    }

    private static PendingTransaction pending(JournalEntry entry, Hold hold) {
        Money amount = new Money(hold.remaining(), hold.debit().currency());
        return new PendingTransaction(
                entry.sequence(),
                entry.key(),
                entry.recordedAt(),
                hold.debit().code(),
                hold.credit().code(),
                amount,
                amount,
                new Money(0, amount.currency()),
                hold.expiresAt(),
                PendingTransaction.State.PENDING,
                entry.details(),
                entry.linkedTo());
    }

    private static Adjustment adjustment(JournalEntry entry, Proposal proposal) {
        return new Adjustment(
                proposal.id(),
                entry.key(),
                entry.recordedAt(),
                proposal.author(),
                proposal.reason(),
                proposal.legs(),
                proposal.change(),
                proposal.details(),
                Adjustment.State.PROPOSED,
                null,
                null);
    }

    private static Outcome keyReused(Submission submission) {
        return new Outcome.Rejected(
                RejectionReason.IDEMPOTENCY_KEY_REUSED,
                "idempotencyKey",
                "key " + submission.command.key() + " was used before for a different command",
                0,
                false);
    }

    private static Transaction transaction(JournalEntry entry, Decision.Booked booked) {
        List<Transaction.Entry> legs = switch (booked) {
            case Decision.BookedPair pair -> {
                Money amount = new Money(pair.amount(), pair.debit().currency());
                yield List.of(
                        new Transaction.Entry(new Leg(pair.debit().code(), Side.DEBIT, amount), pair.debitBalance()),
                        new Transaction.Entry(
                                new Leg(pair.credit().code(), Side.CREDIT, amount), pair.creditBalance()));
            }
            case Decision.BookedLegs many ->
                many.legs().stream()
                        .map(leg -> new Transaction.Entry(
                                new Leg(
                                        leg.slot().code(),
                                        leg.side(),
                                        new Money(leg.amount(), leg.slot().currency())),
                                leg.balanceAfter()))
                        .toList();
        };
        return new Transaction(
                entry.sequence(),
                entry.key(),
                entry.recordedAt(),
                entry.bookingDate(),
                entry.valueDate(),
                legs,
                entry.details(),
                origin(entry));
    }

    private static Transaction.Origin origin(JournalEntry entry) {
        Long refersTo = entry.decision().refersTo();
        if (refersTo == null && entry.linkedTo() == null) {
            return Transaction.Origin.DIRECT;
        }
        return switch (entry.decision()) {
            case Decision.PendingPosted p -> new Transaction.Origin(null, refersTo, null, entry.linkedTo());
            case Decision.AdjustmentPosted a -> new Transaction.Origin(null, null, refersTo, entry.linkedTo());
            default -> new Transaction.Origin(refersTo, null, null, entry.linkedTo());
        };
    }
}
