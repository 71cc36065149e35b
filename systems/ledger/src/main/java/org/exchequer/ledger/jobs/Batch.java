package org.exchequer.ledger.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.core.Decision;
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
    private final Books books;
    private final List<Submission> submissions;
    private final Map<UUID, Row> answeredBefore;
    private final Map<Long, Original> originals;
    private final Map<UUID, JournalEntry> byKey;
    private final Set<Long> reversed = new HashSet<>();
    private final List<JournalEntry> entries = new ArrayList<>();
    /** Per submission: the entry it led to, or null when it was answered before. */
    private final List<@Nullable JournalEntry> decided = new ArrayList<>();
    /** Submissions that repeat the key of an earlier one in this batch. */
    private final BitSet repeats = new BitSet();

    private final long firstSequence;

    /**
     * Decides.
     *
     * @param answeredBefore journal rows by key digest, as far as they were looked up
     * @param originals what the batch's reversals name, as far as it is in the journal
     */
    Batch(
            Books books,
            List<Submission> submissions,
            Map<UUID, Row> answeredBefore,
            Map<Long, Original> originals,
            long firstSequence,
            Instant now) {
        this.books = books;
        this.submissions = submissions;
        this.answeredBefore = answeredBefore;
        this.originals = originals;
        this.firstSequence = firstSequence;
        this.byKey = HashMap.newHashMap(submissions.size());
        for (Submission submission : submissions) {
            decided.add(decide(submission, now));
        }
    }

    private @Nullable JournalEntry decide(Submission submission, Instant now) {
        if (answeredBefore.containsKey(submission.keyDigest)) {
            return null;
        }
        JournalEntry sameKey = byKey.get(submission.keyDigest);
        if (sameKey != null) {
            repeats.set(decided.size());
            return sameKey;
        }
        Decision decision = Decider.decide(books, submission.command, this::original, now);
        books.apply(decision);
        if (decision instanceof Decision.Booked booked && booked.reversalOf() != null) {
            reversed.add(booked.reversalOf());
        }
        JournalEntry entry = new JournalEntry(
                firstSequence + entries.size(),
                now,
                submission.command,
                submission.keyDigest,
                submission.requestDigest,
                decision);
        byKey.put(submission.keyDigest, entry);
        entries.add(entry);
        return entry;
    }

    private @Nullable Original original(long id) {
        Original original = originals.get(id);
        if (original == null && id >= firstSequence && id < firstSequence + entries.size()) {
            Decision decision = entries.get((int) (id - firstSequence)).decision();
            original = decision instanceof Decision.Booked booked ? new Original(booked, false) : null;
        }
        return original != null && reversed.contains(id) ? new Original(original.booked(), true) : original;
    }

    /** What is to be written, in order; empty when every key was answered before. */
    List<JournalEntry> entries() {
        return entries;
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
                && !(entry.command().key().equals(submission.command.key())
                        && entry.requestDigest().equals(submission.requestDigest))) {
            return keyReused(submission);
        }
        return switch (entry.decision()) {
            case Decision.Booked booked -> new Outcome.Posted(transaction(entry, booked), replayed);
            case Decision.Opened opened -> new Outcome.AccountChanged(opened.account(), entry.sequence(), replayed);
            case Decision.Changed changed -> new Outcome.AccountChanged(changed.after(), entry.sequence(), replayed);
            case Decision.Declined declined ->
                new Outcome.Rejected(
                        declined.reason(), declined.field(), declined.detail(), entry.sequence(), replayed);
        };
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
                entry.command().key(),
                entry.recordedAt(),
                legs,
                entry.details(),
                booked.reversalOf());
    }
}
