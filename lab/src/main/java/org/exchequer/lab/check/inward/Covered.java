package org.exchequer.lab.check.inward;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Position;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/** Each bank's position was used by what was accepted of it, no more and no less, and nothing stays reserved. */
final class Covered implements InwardChecker {
    @Override
    public String name() {
        return "covered";
    }

    @Override
    public String invariant() {
        return "Of each bank's position exactly the accepted payments were used, and nothing stays reserved.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.positions().isEmpty()) {
            return Finding.unknown(name(), "positions", "the liquidity service was not asked");
        }
        Tally tally = new Tally(name(), "positions");
        Map<String, Long> accepted = new HashMap<>();
        for (Attempt attempt : evidence.outcomes().values()) {
            Long amount = attempt.message().amount();
            if (attempt.accepted() && attempt.message().isNewMoney() && amount != null) {
                accepted.merge(attempt.message().payer() + attempt.message().currency(), amount, Math::addExact);
            }
        }
        long owed = evidence.rows().orElse(List.of()).stream()
                .map(Row::owed)
                .filter(what -> !what.isEmpty())
                .count();
        if (owed > 0) {
            tally.violation(owed, owed + " payments of which the liquidity service was not told", List.of());
        }
        for (Position position : evidence.positions().get()) {
            tally.checked();
            long expected = accepted.getOrDefault(position.bank() + position.currency(), 0L);
            if (!position.conserved() || position.open() > 0 || position.reserved() != 0) {
                tally.violation(
                        position.reserved(), "a position is not settled in the end", List.of(position.toString()));
            } else if (position.used() != expected) {
                tally.violation(
                        Math.abs(position.used() - expected),
                        "of a position another amount was used than was accepted: " + expected,
                        List.of(position.toString()));
            }
        }
        return tally.finding();
    }
}
