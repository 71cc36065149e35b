package org.exchequer.lab.scenario;

import java.util.List;
import java.util.Optional;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.scenario.RunReport.NamedFinding;

/**
 * What a run comes to at a glance: what became of the operations, and how long nothing could be written. A run in which
 * most fails shows little, however few violations it has.
 *
 * @param donePermille operations that were done, of a thousand, rounded down
 * @param rejectedPermille declined for good, and recorded so
 * @param refusedPermille never done, and the client gave up
 * @param unknownPermille of which their client learnt nothing
 * @param gap the longest time without an acknowledged write, as far as it began during the load
 * @param during what was in force in that time, for people; the last fault before it where none was; empty for none
 */
public record Headline(
        long donePermille,
        long rejectedPermille,
        long refusedPermille,
        long unknownPermille,
        Series.Gap gap,
        List<String> during) {
    private static final int WHOLE = 1_000;
    /** The name of the finding that says whether enough came to an outcome. */
    static final String PROGRESS = "progress";

    private static final int BRIEF = 160;
    private static final int MOST_NAMED = 3;

    public Headline {
        during = List.copyOf(during);
    }

    static Headline of(Series.Totals totals, Series.Gap gap, List<FaultRecord> faults) {
        return new Headline(
                permille(totals.done(), totals),
                permille(totals.rejected(), totals),
                permille(totals.refused(), totals),
                permille(totals.unknown(), totals),
                gap,
                during(gap, faults));
    }

    private static long permille(long count, Series.Totals totals) {
        return totals.operations() == 0 ? 0 : count * WHOLE / totals.operations();
    }

    private static List<String> during(Series.Gap gap, List<FaultRecord> faults) {
        List<FaultRecord> done = faults.stream().filter(FaultRecord::injected).toList();
        List<String> stood = done.stream()
                .filter(fault -> fault.beganMs() < gap.untilMillis() && fault.endedMs() > gap.fromMillis())
                .map(Headline::name)
                .distinct()
                .toList();
        if (!stood.isEmpty()) {
            return stood;
        }
        return done.stream()
                .filter(fault -> fault.endedMs() <= gap.fromMillis())
                .reduce((one, other) -> other.endedMs() > one.endedMs() ? other : one)
                .map(fault -> List.of("%s, which had ended %s before"
                        .formatted(name(fault), seconds(gap.fromMillis() - fault.endedMs()))))
                .orElse(List.of());
    }

    private static String name(FaultRecord fault) {
        String met = fault.resolved();
        return fault.fault().describe()
                + (met.isEmpty() || met.equals(fault.fault().target()) || met.length() > BRIEF ? "" : " (" + met + ")");
    }

    /** Whether most operations came to an outcome, and writes were acknowledged at all. */
    static NamedFinding progress(Series.Totals totals, Series.Gap gap) {
        boolean written = gap.ended() || gap.fromMillis() > 0;
        boolean most = 2 * (totals.done() + totals.rejected()) >= totals.operations();
        String note = !written
                ? "no write was acknowledged at all"
                : most ? "" : "most operations came to no outcome: the rest says little";
        return new NamedFinding(
                "Most operations are done, or rejected for good: what survives a run that does nothing shows nothing.",
                new Finding(
                        PROGRESS,
                        written && most ? Verdict.VALID : Verdict.UNKNOWN,
                        totals.operations(),
                        "operations",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        note));
    }

    /** The verdict and all of this in a few sentences. */
    String sentence(Verdict verdict, Series.Totals totals, List<FaultRecord> faults, List<NamedFinding> findings) {
        long bit = faults.stream().filter(FaultRecord::bit).count();
        String what = "%,d operations through %d faults, %d of which demonstrably bit"
                .formatted(totals.operations(), faults.size(), bit);
        String verdictOf = switch (verdict) {
            case VALID -> "No violation found in " + what + ".";
            case UNKNOWN -> {
                Finding open = first(findings, Verdict.UNKNOWN);
                yield "It cannot be told: " + open.checker() + " is undecided (" + brief(open.note())
                        + "). No violation was found in the rest, " + what + ".";
            }
            case INVALID -> {
                Finding broken = first(findings, Verdict.INVALID);
                yield "VIOLATION of " + broken.checker() + ": "
                        + broken.first().orElseThrow().summary() + ". " + what + ".";
            }
        };
        return totals.operations() == 0 ? verdictOf : verdictOf + " " + shares(totals) + " " + pause();
    }

    private static Finding first(List<NamedFinding> findings, Verdict verdict) {
        return findings.stream()
                .map(NamedFinding::finding)
                .filter(finding -> finding.verdict() == verdict)
                .findFirst()
                .orElseThrow();
    }

    private String shares(Series.Totals totals) {
        return "%s were done, %s rejected for good, %s never done, %s unknown to their client."
                .formatted(
                        percent(donePermille, totals.done()),
                        percent(rejectedPermille, totals.rejected()),
                        percent(refusedPermille, totals.refused()),
                        percent(unknownPermille, totals.unknown()));
    }

    /** E.g. {@code 91.2 %}: what there is of is never 0, and what is not all is never 100. */
    public static String percent(long permille, long count) {
        return permille == 0 && count > 0 ? "under 0.1 %" : permille / 10 + "." + permille % 10 + " %";
    }

    private String pause() {
        String stood = during.isEmpty()
                ? ""
                : " (" + String.join("; ", during.subList(0, Math.min(MOST_NAMED, during.size())))
                        + (during.size() > MOST_NAMED ? "; and " + (during.size() - MOST_NAMED) + " more" : "") + ")";
        if (!gap.ended() && gap.fromMillis() == 0) {
            return "No write was acknowledged at all" + stood + ".";
        }
        return "The longest time without an acknowledged write was %s, from %s on%s%s."
                .formatted(
                        seconds(gap.millis()),
                        seconds(gap.fromMillis()),
                        gap.ended() ? "" : " to the end",
                        stood.isEmpty() ? ", when nothing had been done to it" : stood);
    }

    private static String seconds(long millis) {
        return "%d.%d s".formatted(millis / 1_000, millis / 100 % 10);
    }

    private static String brief(String note) {
        return note.length() <= BRIEF ? note : note.substring(0, BRIEF) + "…";
    }
}
