package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Reconciled.Break;

/**
 * A reconciliation sees an account as it was at one instant, however much is posted meanwhile: its first so many lines
 * and no others, each once. And of these and the statement it leaves just what a count by amount leaves.
 */
public final class ReconciledRuns {
    public static final String NAME = "reconciliation";
    public static final String INVARIANT =
            "An account that is reconciled while it is posted to is seen as it was at one instant; every line is in one"
                    + " match or one break.";

    private ReconciledRuns() {}

    /**
     * @param journal every entry
     * @param runs each of an account whose balance is a credit
     */
    public static Finding check(List<Entry> journal, List<Reconciled> runs) {
        Map<String, List<Long>> lines = new HashMap<>();
        for (Entry entry : journal) {
            for (Leg leg : entry.legs()) {
                lines.computeIfAbsent(leg.account(), any -> new ArrayList<>())
                        .add(leg.debit() ? -leg.amount() : leg.amount());
            }
        }
        Tally tally = new Tally(NAME, "reconciliations");
        for (Reconciled run : runs) {
            if (run.unanswered() != null) {
                tally.unknown("the reconciliation of " + run.account() + ": " + run.unanswered());
                continue;
            }
            tally.checked();
            check(run, lines.getOrDefault(run.account(), List.of()), tally);
        }
        if (runs.isEmpty()) {
            tally.unknown("no account was reconciled");
        }
        tally.note(runs.stream().filter(run -> run.ours() > run.known()).count()
                + " saw what was posted after their statement was made; "
                + runs.stream().mapToLong(Reconciled::ours).sum() + " lines of accounts, "
                + runs.stream().mapToLong(run -> run.statement().size()).sum() + " of statements, "
                + runs.stream().mapToLong(run -> run.breaks().size()).sum() + " breaks");
        return tally.finding();
    }

    private static void check(Reconciled run, List<Long> durable, Tally tally) {
        if (run.trouble() != null) {
            tell(tally, run, run.trouble());
            return;
        }
        if (run.ours() < run.known() || run.ours() > durable.size()) {
            tell(
                    tally,
                    run,
                    "of the account's %d lines, %d of which had been read before, %d took part"
                            .formatted(durable.size(), run.known(), run.ours()));
            return;
        }
        List<Long> first = durable.subList(0, Math.toIntExact(run.ours()));
        long sum = first.stream().mapToLong(Long::longValue).sum();
        if (sum != run.sum()) {
            tell(
                    tally,
                    run,
                    "the lines that took part add up to %d, the account's first %d to %d"
                            .formatted(run.sum(), run.ours(), sum));
            return;
        }
        Map<Break, Long> expected = new HashMap<>();
        long matches = 0;
        Map<Long, Long> here = count(first);
        Map<Long, Long> there = count(run.statement());
        for (Map.Entry<Long, Long> each : here.entrySet()) {
            long both = Math.min(each.getValue(), there.getOrDefault(each.getKey(), 0L));
            matches += both;
            expected.put(new Break(true, each.getKey()), each.getValue() - both);
        }
        for (Map.Entry<Long, Long> each : there.entrySet()) {
            long both = Math.min(each.getValue(), here.getOrDefault(each.getKey(), 0L));
            expected.put(new Break(false, each.getKey()), each.getValue() - both);
        }
        expected.values().removeIf(count -> count == 0);
        Map<Break, Long> found = new HashMap<>();
        run.breaks().forEach(each -> found.merge(each, 1L, Long::sum));
        if (matches != run.matches() || !expected.equals(found)) {
            tell(
                    tally,
                    run,
                    "%d matches and breaks %s, where a count by amount leaves %d and %s"
                            .formatted(run.matches(), inOrder(found), matches, inOrder(expected)));
        }
    }

    private static Map<Long, Long> count(List<Long> amounts) {
        Map<Long, Long> count = new HashMap<>();
        amounts.forEach(amount -> count.merge(amount, 1L, Long::sum));
        return count;
    }

    private static Map<String, Long> inOrder(Map<Break, Long> breaks) {
        Map<String, Long> text = new TreeMap<>();
        breaks.forEach((each, count) -> text.put((each.ours() ? "ours " : "theirs ") + each.amount(), count));
        return text;
    }

    private static void tell(Tally tally, Reconciled run, String what) {
        tally.violation(
                1,
                "the reconciliation of " + run.account() + " is wrong",
                List.of("statement sent: " + run.statement().size() + " lines", what));
    }
}
