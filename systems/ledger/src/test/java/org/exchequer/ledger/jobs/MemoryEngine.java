package org.exchequer.ledger.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        for (JournalEntry entry : batch.entries()) {
            journal.add(entry);
            Long refersTo = entry.decision().refersTo();
            if (refersTo != null) {
                referring.computeIfAbsent(refersTo, id -> new ArrayList<>()).add(entry);
            }
        }
        books.publish(journal.size());
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
            for (long id : Committer.refersTo(submission.command)) {
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
        return new Batch(books, submissions, books.expired(now, AT_MOST), before, originals, journal.size() + 1L, now);
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
