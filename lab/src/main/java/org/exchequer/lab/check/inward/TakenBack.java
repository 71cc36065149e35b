package org.exchequer.lab.check.inward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/** A payment that was called back has not happened and never will; and no more is reversed of one than it was. */
final class TakenBack implements InwardChecker {
    @Override
    public String name() {
        return "taken-back";
    }

    @Override
    public String invariant() {
        return "What a cancellation was granted for is never carried out, and of no payment more is reversed than it"
                + " was.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.journal().isEmpty() || evidence.rows().isEmpty()) {
            return Finding.unknown(name(), "cancellations and reversals", "journal or payments were not read");
        }
        Tally tally = new Tally(name(), "cancellations and reversals");
        Map<String, List<Entry>> posted = evidence.posted();
        Map<String, List<Row>> rows = evidence.rowsByDigest();
        Map<String, Attempt> outcomes = evidence.outcomes();
        Map<String, Long> reversed = new HashMap<>();
        outcomes.forEach((key, attempt) -> {
            String of = attempt.message().of();
            Attempt original = of == null ? null : outcomes.get(of);
            if (original == null || of == null) {
                return;
            }
            tally.checked();
            if (attempt.message().kind().equals("camt.056")) {
                if (attempt.accepted()) {
                    granted(attempt, original, entries(original, rows, posted), tally);
                }
                return;
            }
            for (Entry entry : entries(attempt, rows, posted)) {
                reversed.merge(of, entry.legs().getFirst().amount(), Math::addExact);
            }
        });
        reversed.forEach((of, sum) -> {
            Attempt original = outcomes.get(of);
            long was = original == null
                    ? 0
                    : entries(original, rows, posted).stream()
                            .mapToLong(entry -> entry.legs().getFirst().amount())
                            .sum();
            if (sum > was) {
                tally.violation(
                        sum - was,
                        "of " + of + " " + sum + " was reversed, and it was " + was + " (minor units)",
                        List.of(original == null ? of : original.describe()));
            }
        });
        return tally.finding();
    }

    private static void granted(Attempt cancellation, Attempt original, List<Entry> entries, Tally tally) {
        if (!entries.isEmpty() || original.accepted()) {
            List<String> story = new ArrayList<>(List.of(original.describe(), cancellation.describe()));
            entries.forEach(entry -> story.add(entry.describe()));
            tally.violation(
                    original.message().amount() == null ? 0 : original.message().amount(),
                    original.message() + " was called back with success, and carried out",
                    story);
        }
    }

    private static List<Entry> entries(Attempt attempt, Map<String, List<Row>> rows, Map<String, List<Entry>> posted) {
        return rows.getOrDefault(attempt.message().digest(), List.of()).stream()
                .flatMap(row -> posted.getOrDefault(row.id(), List.of()).stream())
                .toList();
    }
}
