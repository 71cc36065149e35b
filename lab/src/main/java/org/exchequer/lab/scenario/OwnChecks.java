package org.exchequer.lab.scenario;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.exchequer.app.ShardedSystem;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Watch;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.prooflog.MasterKeys;

/** What is checked beside the histories: the program's own invariants, and that no deposed writer has written. */
final class OwnChecks {
    /** One call looks at so many entries at most. */
    private static final long ENTRIES_PER_CHECK = 1_000_000;

    private OwnChecks() {}

    /**
     * Recovers the ledger from the database, as a start does, and lets it check itself: every entry, every balance, the
     * whole hash chain. No node may be running.
     */
    static List<NamedFinding> program(List<DatabaseAddress> databases, Clock clock, Ticker ticker) {
        Foundation foundation = new Foundation(
                clock,
                ticker,
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                "lab",
                "http://127.0.0.1:0",
                databases.getFirst(),
                "");
        if (databases.size() > 1) {
            ShardedSystem system = new ShardedSystem(foundation, databases, MasterKeys.NONE);
            return program(system, system::ledger);
        }
        LedgerModule module = new LedgerModule(foundation);
        return program(module, module::ledger);
    }

    private static List<NamedFinding> program(SystemModule system, Supplier<Ledger> ledger) {
        try (SystemModule module = system) {
            module.start();
            long last = ledger.get().lastSequence();
            for (long checked = 0; checked < last; checked += ENTRIES_PER_CHECK) {
                module.checkInvariants();
            }
            return module.checkInvariants().stream().map(OwnChecks::finding).toList();
        }
    }

    private static NamedFinding finding(InvariantResult result) {
        Optional<Violation> violation = result.holds()
                ? Optional.empty()
                : Optional.of(new Violation(result.statement() + " does not hold", List.of(result.detail())));
        return new NamedFinding(
                result.statement() + " (the program's own check)",
                new Finding(
                        "program, " + result.statement(),
                        result.holds() ? Verdict.VALID : Verdict.INVALID,
                        result.checked(),
                        result.unit(),
                        result.holds() ? 0 : 1,
                        violation,
                        violation,
                        violation,
                        result.detail()));
    }

    /**
     * Whether an epoch that was over wrote again.
     *
     * @param takeovers of each shard: what each epoch had written when a later one was first seen to write
     * @param entries of each shard: what each epoch has written in the end
     */
    static NamedFinding fencing(List<List<Watch.Takeover>> takeovers, List<Map<Long, Long>> entries) {
        List<Violation> violations = new ArrayList<>();
        long checked = 0;
        for (int shard = 0; shard < takeovers.size(); shard++) {
            checked += fencing(takeovers.get(shard), entries.get(shard), violations);
        }
        return finding(
                "A writer that was deposed writes nothing any more, however late it wakes up.",
                "fencing",
                checked,
                "ended epochs",
                violations,
                checked == 0 ? "no take-over in this run" : "");
    }

    private static long fencing(List<Watch.Takeover> takeovers, Map<Long, Long> entries, List<Violation> violations) {
        long checked = 0;
        for (Watch.Takeover takeover : takeovers) {
            for (Map.Entry<Long, Long> then : takeover.entries().entrySet()) {
                checked++;
                long now = entries.getOrDefault(then.getKey(), 0L);
                if (now != then.getValue()) {
                    violations.add(new Violation(
                            "a writer that had been deposed wrote",
                            List.of(
                                    "epoch %d had written %d entries".formatted(then.getKey(), then.getValue()),
                                    "epoch %d wrote, so epoch %d was over".formatted(takeover.epoch(), then.getKey()),
                                    "in the end epoch %d has written %d entries".formatted(then.getKey(), now))));
                }
            }
        }
        return checked;
    }

    /**
     * Whether a node ended that nobody had killed, or did not come up again.
     *
     * @param excused starts that failed while PostgreSQL or Kafka was away
     */
    static NamedFinding survival(int nodes, List<Node.Failure> failures, int excused) {
        List<Violation> violations = failures.stream()
                .map(failure -> new Violation(failure.what(), story(failure)))
                .toList();
        return finding(
                "A node that nobody kills lives through every fault, and one that is started comes up in its time.",
                "survival",
                nodes,
                "nodes",
                violations,
                excused == 0
                        ? ""
                        : "starts that failed while PostgreSQL or Kafka was away, and were made again: " + excused);
    }

    private static List<String> story(Node.Failure failure) {
        List<String> story = new ArrayList<>();
        story.add(failure.what() + ", and nobody had killed it; the end of its log:");
        story.addAll(failure.log());
        return story;
    }

    private static NamedFinding finding(
            String invariant, String name, long checked, String unit, List<Violation> violations, String note) {
        boolean holds = violations.isEmpty();
        Optional<Violation> first = violations.stream().findFirst();
        return new NamedFinding(
                invariant,
                new Finding(
                        name,
                        holds ? Verdict.VALID : Verdict.INVALID,
                        checked,
                        unit,
                        violations.size(),
                        first,
                        first,
                        holds ? Optional.empty() : Optional.of(violations.getLast()),
                        note));
    }
}
