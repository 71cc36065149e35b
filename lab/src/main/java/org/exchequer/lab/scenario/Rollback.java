package org.exchequer.lab.scenario;

import java.util.List;
import java.util.Optional;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Planted;

/**
 * The way back once faults are over, by a stop rule or by the schedule.
 *
 * @param why the rule that ended the run before its time; empty for none
 * @param atMs when it was ended, from the beginning of the load; its length when nothing ended it
 * @param healedMs from then until nothing was broken any more and a node was ready; negative for never
 * @param stableMs from then until each node carried payments out without a fallback; negative for never
 * @param limitMs within which that must be
 */
record Rollback(String why, long atMs, long healedMs, long stableMs, long limitMs) {
    private static final long MINUTE_MS = 60_000;

    /** Whether everything was as before in time. */
    boolean isVerified() {
        return healedMs >= 0 && stableMs >= 0 && stableMs <= limitMs;
    }

    NamedFinding finding() {
        Optional<Violation> violation = isVerified()
                ? Optional.empty()
                : Optional.of(new Violation(
                        "it was not as before within %,d s".formatted(limitMs / 1_000), List.of(story())));
        return new NamedFinding(
                "Once faults are over, or were stopped, everything is as before within %,d s, and stays so."
                        .formatted(limitMs / 1_000),
                new Finding(
                        "rolled-back",
                        isVerified() ? Verdict.VALID : Verdict.INVALID,
                        1,
                        "ways back",
                        violation.isPresent() ? 1 : 0,
                        violation,
                        violation,
                        violation,
                        story()));
    }

    /** Copies of this that are not as they should be, each as if what was broken had stayed so, and who finds that. */
    List<Planted> plant() {
        return List.of(
                planted("What was broken stays broken after the end.", new Rollback(why, atMs, -1, -1, limitMs)),
                planted(
                        "Payments need their fallbacks long after the end.",
                        new Rollback(why, atMs, healedMs, limitMs + 1, limitMs)));
    }

    private static Planted planted(String bug, Rollback broken) {
        Finding found = broken.finding().finding();
        return new Planted(bug, found.verdict() == Verdict.INVALID ? List.of(found.checker()) : List.of());
    }

    private String story() {
        return "nothing was broken %s, and payments went through all stages at each node %s"
                .formatted(after(healedMs), after(stableMs));
    }

    private static String after(long ms) {
        return ms < 0 ? "never again" : "after %.1f s".formatted(ms / 1e3);
    }

    /** What happened, for people, when a rule has ended the run. */
    String incident(String run, String again, List<FaultRecord> faults) {
        StringBuilder text = new StringBuilder("# The run %s was stopped%n%n".formatted(run));
        text.append("- **Rule**: ").append(why).append('\n');
        text.append("- **When**: %.1f s after the load began%n".formatted(atMs / 1e3));
        text.append("- **Way back**: %s%n".formatted(story()));
        text.append("- **As before in time**: %s (at most %,d s)%n%n"
                .formatted(isVerified() ? "yes" : "no", limitMs / 1_000));
        text.append("## What was in force then\n\n");
        List<FaultRecord> then = faults.stream()
                .filter(fault -> fault.injected() && fault.beganMs() <= atMs)
                .filter(fault -> fault.endedMs() >= atMs - MINUTE_MS)
                .toList();
        for (FaultRecord fault : then) {
            text.append("- %s at %s, %.1f s to %.1f s%n"
                    .formatted(
                            fault.fault().describe(), fault.resolved(), fault.beganMs() / 1e3, fault.endedMs() / 1e3));
            fault.evidence().forEach(line -> text.append("    - ").append(line).append('\n'));
        }
        text.append(then.isEmpty() ? "Nothing: look at the machine, and at what had ended a minute before.\n" : "");
        text.append("\n## What to do\n\n");
        text.append("1. Read `report.html` beside this: late answers stand under `in-time`, with their stories.\n");
        text.append("2. Play it again: `").append(again).append("`\n");
        text.append("3. When it stops again by the same fault alone, that is what is weak: write it down as a"
                + " postmortem, mend it, and play it until it ends by itself.\n");
        return text.toString();
    }
}
