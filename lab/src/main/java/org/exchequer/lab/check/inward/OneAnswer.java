package org.exchequer.lab.check.inward;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/**
 * A message has one answer, whoever is asked, however often, before and after a restart: the same bytes. "Pending" is
 * no answer yet: it is said as long as nobody can know, also of what was answered before when the database is gone.
 */
final class OneAnswer implements InwardChecker {
    @Override
    public String name() {
        return "one-answer";
    }

    @Override
    public String invariant() {
        return "Each message has exactly one answer, the same bytes for everybody who asks, and is one payment of its"
                + " own.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        Tally tally = new Tally(name(), "messages");
        Map<String, Attempt> owners = new HashMap<>();
        evidence.byMessage().forEach((key, attempts) -> {
            tally.checked();
            same(attempts, tally);
            for (Attempt attempt : attempts) {
                Attempt other = attempt.payment().isEmpty() ? null : owners.putIfAbsent(attempt.payment(), attempt);
                // Two letters of the same bytes are the same message: some forgeries of one original come out alike.
                if (other != null
                        && !other.message().key().equals(key)
                        && !other.message().digest().equals(attempt.message().digest())) {
                    tally.violation(
                            1,
                            "two messages were told that they are payment " + attempt.payment(),
                            List.of(other.describe(), attempt.describe()));
                }
            }
        });
        if (evidence.rows().isEmpty()) {
            tally.unknown("payments were not read");
        } else {
            stored(evidence, tally);
        }
        return tally.finding();
    }

    private static void same(List<Attempt> attempts, Tally tally) {
        Attempt first = null;
        for (Attempt attempt : attempts) {
            if (!attempt.isFinal()) {
                continue;
            }
            if (first == null) {
                first = attempt;
            } else if (!attempt.answer().equals(first.answer())) {
                tally.violation(
                        2, attempt.message() + " has two answers", List.of(first.describe(), attempt.describe()));
            }
        }
    }

    /** What is durable is what was said. */
    private static void stored(InwardEvidence evidence, Tally tally) {
        Map<String, List<Row>> rows = evidence.rowsByDigest();
        evidence.outcomes().forEach((key, attempt) -> {
            List<Row> own = rows.getOrDefault(attempt.message().digest(), List.of());
            if (own.size() > 1) {
                tally.violation(1, attempt.message() + " is " + own.size() + " payments", describe(own));
            }
            if (attempt.isFinal() && own.stream().noneMatch(row -> row.answer().equals(attempt.answer()))) {
                tally.violation(
                        3,
                        "the answer to " + attempt.message() + " is not the one that is stored",
                        describe(own, attempt.describe()));
            }
        });
    }

    private static List<String> describe(List<Row> rows, String... before) {
        List<String> lines = new java.util.ArrayList<>(List.of(before));
        rows.forEach(row -> lines.add("stored: " + row));
        return lines;
    }
}
