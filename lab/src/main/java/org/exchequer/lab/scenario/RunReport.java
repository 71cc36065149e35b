package org.exchequer.lab.scenario;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series;

/**
 * Everything a run leaves, as {@code run.json} holds it.
 *
 * @param id name of the run's folder
 * @param scenario its name
 * @param summary of the scenario
 * @param verdict over all findings
 * @param sentence the verdict for people
 * @param headline shares and the longest time without a write; runs of earlier versions have none
 * @param seed that it can be played again with
 * @param lengthMs of the load
 * @param perSecond mean rate of operations
 * @param nodes how many
 * @param startedAt ISO 8601, UTC
 * @param tookMs the whole run, setting up and checking included
 * @param program version and commit
 * @param machine what it ran on
 * @param replay the line that plays it again
 * @param schedule the faults as planned
 * @param faults the faults as carried out
 * @param takeovers epochs of the ledger that wrote
 * @param totals figures of the load
 * @param shed operations left out because too many were under way
 * @param binMs length of a step of the series
 * @param points the series
 * @param troubles attempts without an outcome, by what they brought instead
 * @param findings of the checkers and of the program's own checks
 * @param planted bugs planted in this run's evidence, to see that checkers catch them
 * @param notTested what a good verdict says nothing about
 */
public record RunReport(
        String id,
        String scenario,
        String summary,
        Verdict verdict,
        String sentence,
        Optional<Headline> headline,
        long seed,
        long lengthMs,
        int perSecond,
        int nodes,
        String startedAt,
        long tookMs,
        String program,
        String machine,
        String replay,
        List<Fault> schedule,
        List<FaultRecord> faults,
        List<Epoch> takeovers,
        Series.Totals totals,
        long shed,
        long binMs,
        List<Series.Point> points,
        List<Trouble> troubles,
        List<NamedFinding> findings,
        List<Planted> planted,
        List<String> notTested) {
    /** @throws NullPointerException when a part is missing */
    public RunReport {
        Objects.requireNonNull(scenario, "scenario");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(totals, "totals");
        schedule = List.copyOf(schedule);
        faults = List.copyOf(faults);
    }

    /**
     * An epoch that wrote.
     *
     * @param atMs when its first entries were seen, from the beginning of the load; negative before it
     */
    public record Epoch(long atMs, long epoch, String node) {}

    /** So many attempts brought this instead of an outcome. */
    public record Trouble(String what, long count) {}

    /** A finding with its invariant in words. */
    public record NamedFinding(String invariant, Finding finding) {}

    /**
     * A bug planted in a copy of the evidence.
     *
     * @param bug what was changed, in one sentence
     * @param caughtBy names of the checkers that found it; empty when none did
     */
    public record Planted(String bug, List<String> caughtBy) {}
}
