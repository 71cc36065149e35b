package org.exchequer.ledger.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decider.Original;
import org.exchequer.ledger.store.JournalEntry;
import org.exchequer.ledger.store.JournalReader.Row;

/** The committer's work without a database: the journal is a list. */
final class MemoryEngine {
    private static final int AT_MOST = 8_192;

    final Books books = new Books();
    final List<JournalEntry> journal = new ArrayList<>();
    private final Map<UUID, Row> answered = new HashMap<>();
    private final Map<Long, List<JournalEntry>> referring = new HashMap<>();

    /**
     * Commits one batch, and returns the outcomes in order, linked ones one after the other.
     *
     * @param retries how often it is taken back and decided again first, as when the database refused it
     */
    List<Outcome> commit(List<Submission> submissions, Instant now, int retries) {
        Batch batch = decide(submissions, now);
        for (int i = 0; i < retries; i++) {
            batch.undo();
            batch = decide(submissions, now);
        }
        return settle(batch, submissions, books.seal(last(batch)));
    }

    /**
     * Commits two batches as the committer does under load: the second is decided while the first is not yet durable,
     * unless something must be looked up for it first.
     *
     * @param fails whether the first does not get in, so that both are taken back and decided again
     * @param between runs when only the first is published
     */
    List<Outcome> commitAhead(
            List<Submission> first, List<Submission> second, Instant now, boolean fails, Runnable between) {
        Batch ahead = null;
        Batch batch = decide(first, now);
        Books.Sealed sealed = books.seal(last(batch));
        if (!needsJournal(first, second)) {
            ahead = new Batch(books, List.of(), Map.of(), Map.of(), last(batch) + 1, now);
            second.forEach(ahead::take);
            if (fails) {
                ahead.undo();
                batch.undo();
                batch = decide(first, now);
                sealed = books.seal(last(batch));
                ahead = null;
            }
        }
        List<Outcome> outcomes = new ArrayList<>(settle(batch, first, sealed));
        between.run();
        outcomes.addAll(ahead == null ? commit(second, now, 0) : settle(ahead, second, books.seal(last(ahead))));
        return outcomes;
    }

    private boolean needsJournal(List<Submission> first, List<Submission> second) {
        Set<UUID> keys = new HashSet<>(answered.keySet());
        keys.addAll(Lookups.keys(first));
        return Lookups.keys(second).stream().anyMatch(keys::contains)
                || !Lookups.named(second, books).isEmpty();
    }

    private long last(Batch batch) {
        return journal.size() + batch.entries().size();
    }

    private List<Outcome> settle(Batch batch, List<Submission> submissions, Books.Sealed sealed) {
        for (JournalEntry entry : batch.entries()) {
            journal.add(entry);
            Long refersTo = entry.decision().refersTo();
            if (refersTo != null) {
                referring.computeIfAbsent(refersTo, id -> new ArrayList<>()).add(entry);
            }
        }
        books.publish(sealed);
        batch.answer();
        List<Submission> all = flat(submissions);
        List<Outcome> outcomes =
                all.stream().map(submission -> submission.answer.join()).toList();
        for (int i = 0; i < all.size(); i++) {
            Submission submission = all.get(i);
            answered.putIfAbsent(
                    submission.keyDigest,
                    new Row(submission.keyDigest, submission.command.key(), submission.requestDigest, outcomes.get(i)));
        }
        return outcomes;
    }

    private Batch decide(List<Submission> submissions, Instant now) {
        Map<UUID, Row> before = new HashMap<>();
        for (Submission submission : flat(submissions)) {
            Row row = answered.get(submission.keyDigest);
            if (row != null) {
                before.put(submission.keyDigest, row);
            }
        }
        Map<Long, Original> originals = new HashMap<>();
        for (Submission submission : flat(submissions)) {
            for (long id : Lookups.refersTo(submission.command)) {
                Original original = id <= journal.size()
                        ? Batch.original(journal.get((int) id - 1).decision())
                        : null;
                for (JournalEntry entry : referring.getOrDefault(id, List.of())) {
                    original = Batch.after(original, entry.decision());
                }
                if (original != null) {
                    originals.put(id, original);
                }
            }
        }
        Batch batch = new Batch(books, books.expired(now, AT_MOST), before, originals, journal.size() + 1L, now);
        submissions.forEach(batch::take);
        return batch;
    }

    static List<Submission> flat(Collection<Submission> submissions) {
        List<Submission> all = new ArrayList<>();
        for (Submission submission : submissions) {
            all.add(submission);
            all.addAll(submission.followers);
        }
        return all;
    }
}
