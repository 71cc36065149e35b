package org.exchequer.lab.check.inward;

import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/**
 * Who judged a payment stands in its record: models, with their decision; or rules, as the stage that was done without
 * them says.
 */
final class OnRecord implements InwardChecker {
    private static final String STAGE = "FRAUD_DETECTION";

    @Override
    public String name() {
        return "on-record";
    }

    @Override
    public String invariant() {
        return "Every accepted payment was judged for fraud, and its record says by whom: models, or rules in their"
                + " stead.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.rows().isEmpty()) {
            return Finding.unknown(name(), "accepted payments", "payments were not read");
        }
        Tally tally = new Tally(name(), "accepted payments");
        Map<String, List<Row>> rows = evidence.rowsByDigest();
        long without = 0;
        for (Attempt attempt : evidence.outcomes().values()) {
            if (!attempt.accepted() || !attempt.message().isNewMoney()) {
                continue;
            }
            for (Row row : rows.getOrDefault(attempt.message().digest(), List.of())) {
                tally.checked();
                boolean rules = row.fallbacks().contains(STAGE);
                without += rules ? 1 : 0;
                if (row.decision().isEmpty() && !rules) {
                    tally.violation(
                            1, attempt.message() + " was accepted and nobody judged it", List.of(row.toString()));
                }
            }
        }
        tally.note("%,d by rules alone".formatted(without));
        return tally.finding();
    }
}
