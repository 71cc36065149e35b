package org.exchequer.lab.check.inward;

import java.util.List;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/** Nothing stays open: what was answered as pending, or not at all, has its final answer in the end. */
final class Resolved implements InwardChecker {
    @Override
    public String name() {
        return "resolved";
    }

    @Override
    public String invariant() {
        return "What was pending, or had no answer, is resolved in the end, and whoever asks again is told.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        Tally tally = new Tally(name(), "messages and payments");
        long pending = 0;
        for (var entry : evidence.byMessage().entrySet()) {
            pending += entry.getValue().stream()
                            .anyMatch(attempt -> attempt.status().equals("PDNG"))
                    ? 1
                    : 0;
            boolean told = entry.getValue().stream()
                    .anyMatch(attempt -> attempt.status().equals("PDNG") || attempt.isFinal());
            tally.checked();
            if (told && entry.getValue().stream().noneMatch(InwardEvidence.Attempt::isFinal)) {
                tally.violation(
                        1,
                        entry.getValue().getFirst().message() + " was pending, and still is",
                        List.of(entry.getValue().getLast().describe()));
            }
        }
        tally.note("%,d messages were pending once".formatted(pending));
        if (evidence.rows().isEmpty()) {
            tally.unknown("payments were not read");
        }
        for (Row row : evidence.rows().orElse(List.of())) {
            tally.checked();
            if (!row.done() || row.status().equals("PDNG")) {
                tally.violation(1, "payment " + row.id() + " is not resolved", List.of(row.toString()));
            }
        }
        return tally.finding();
    }
}
