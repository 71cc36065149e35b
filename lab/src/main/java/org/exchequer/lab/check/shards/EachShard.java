package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;

/**
 * What must hold of any ledger, checked of each shard as a ledger of its own; and, where it is about what callers were
 * answered, of all of them together.
 */
public final class EachShard implements ShardChecker {
    private final Checker checker;
    private final boolean whole;
    private final Views views;

    /** @param whole whether it is checked of the journals put together, too */
    EachShard(Checker checker, boolean whole, Views views) {
        this.checker = checker;
        this.whole = whole;
        this.views = views;
    }

    @Override
    public String name() {
        return checker.name();
    }

    @Override
    public String invariant() {
        return checker.invariant();
    }

    @Override
    public Finding check(ShardedEvidence evidence) {
        if (!evidence.isRead()) {
            return Finding.unknown(name(), "things", "not every journal was read");
        }
        List<Evidence> seen = views.of(evidence);
        List<Finding> findings = new ArrayList<>();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            findings.add(named("shard " + shard, checker.check(seen.get(shard))));
        }
        if (whole) {
            findings.add(named("all shards", checker.check(seen.getLast())));
        }
        return sum(findings);
    }

    /** A shard as a ledger of its own. */
    public static Evidence view(ShardedEvidence evidence, int shard) {
        return ShardView.of(evidence, shard, new Views());
    }

    private static Finding named(String where, Finding finding) {
        return new Finding(
                finding.checker(),
                finding.verdict(),
                finding.checked(),
                finding.unit(),
                finding.violations(),
                named(where, finding.first()),
                named(where, finding.worst()),
                named(where, finding.last()),
                finding.note().isEmpty() ? "" : where + ": " + finding.note());
    }

    private static Optional<Violation> named(String where, Optional<Violation> violation) {
        return violation.map(each -> new Violation(where + ": " + each.summary(), each.story()));
    }

    private static Finding sum(List<Finding> findings) {
        Finding first = findings.getFirst();
        List<Finding> broken = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.INVALID)
                .toList();
        return new Finding(
                first.checker(),
                Verdict.of(findings),
                findings.stream().mapToLong(Finding::checked).sum(),
                first.unit(),
                findings.stream().mapToLong(Finding::violations).sum(),
                broken.stream().findFirst().flatMap(Finding::first),
                broken.stream().findFirst().flatMap(Finding::worst),
                broken.isEmpty() ? Optional.empty() : broken.getLast().last(),
                String.join(
                        "; ",
                        findings.stream()
                                .map(Finding::note)
                                .filter(note -> !note.isEmpty())
                                .toList()));
    }
}
