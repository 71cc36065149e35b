package org.exchequer.lab.cli;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.exchequer.lab.scenario.Safety;
import org.exchequer.lab.scenario.Scenario;
import org.exchequer.lab.scenario.StopRules;
import org.exchequer.lab.scenario.Window;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What keeps a run of inward clearing within bounds. */
final class SafetyOptions {
    private static final long MS = 1_000;

    @Option(
            names = "--specified",
            description = "of inward clearing: all that the processor's specification demands: a ramp of 5 min, 30 min"
                    + " at most, ends at the first breach, and at 100 messages an hour that are sent during faults")
    private boolean specified;

    @Option(
            names = "--stop-missed",
            paramLabel = "P",
            description = "of inward clearing: ends the run when more than P percent are answered late or not at all"
                    + " (default: the scenario's)")
    private @Nullable Integer stopMissed;

    @Option(
            names = "--stop-refused",
            paramLabel = "P",
            description = "of inward clearing: ends the run when more than P percent are not taken")
    private @Nullable Integer stopRefused;

    @Option(
            names = "--stop-p95",
            paramLabel = "MS",
            description = "of inward clearing: ends the run when 95 of 100 take longer than so many milliseconds")
    private @Nullable Long stopP95;

    @Option(
            names = "--stop-breaches",
            paramLabel = "N",
            description = "of inward clearing: ends the run at N answers within a minute that are late or missing")
    private @Nullable Long stopBreaches;

    @Option(
            names = "--stop-hit",
            paramLabel = "N",
            description = "of inward clearing: ends the run when more than N messages an hour were sent during faults")
    private @Nullable Long stopHit;

    @Option(
            names = "--ramp",
            paramLabel = "S",
            description = "of inward clearing: faults grow for so many seconds from the beginning on")
    private @Nullable Long ramp;

    @Option(
            names = "--rollback",
            paramLabel = "S",
            description = "of inward clearing: everything must be as before so many seconds after the faults"
                    + " (default: 300)")
    private @Nullable Long rollback;

    @Option(
            names = "--shared",
            description = "of inward clearing: others use this machine; from 02:00 to 06:00 in Singapore and on"
                    + " weekends only, and for 30 min at most")
    private boolean shared;

    @Option(
            names = "--approved-by",
            paramLabel = "NAME",
            description = "with --shared: who has approved that it is done at another time")
    private @Nullable String approvedBy;

    @Option(
            names = "--holiday",
            paramLabel = "DATE",
            description = "with --shared: a holiday in Singapore, on which nothing is broken; may be given again")
    private List<LocalDate> holidays = new ArrayList<>();

    /** Those that were given; empty when none was. */
    Optional<Safety> safety(Scenario scenario, CommandSpec spec) {
        boolean stops =
                stopMissed != null || stopRefused != null || stopP95 != null || stopBreaches != null || stopHit != null;
        boolean others = approvedBy != null || !holidays.isEmpty();
        if (others && !shared) {
            throw new ParameterException(spec.commandLine(), "--approved-by and --holiday go with --shared");
        }
        if (!stops && !shared && !specified && ramp == null && rollback == null) {
            return Optional.empty();
        }
        Safety own = scenario.safety()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--specified, --stop-..., --ramp, --rollback and --shared are for scenarios of inward"
                                + " clearing"));
        Safety safety = specified ? Safety.SPECIFIED : own;
        safety = safety.stopping(rules(safety.stop()));
        safety = ramp == null ? safety : safety.ramping(ramp * MS);
        safety = rollback == null ? safety : safety.rollingBack(rollback * MS);
        return Optional.of(
                shared ? safety.sharing(new Window(Set.copyOf(holidays), Optional.ofNullable(approvedBy))) : safety);
    }

    private StopRules rules(StopRules of) {
        StopRules rules = stopMissed == null ? of : of.missing(stopMissed);
        rules = stopRefused == null ? rules : rules.refusing(stopRefused);
        rules = stopP95 == null ? rules : rules.within(stopP95);
        rules = stopBreaches == null ? rules : rules.breaching(stopBreaches);
        return stopHit == null ? rules : rules.hitting(stopHit);
    }
}
