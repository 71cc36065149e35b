package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series;
import org.junit.jupiter.api.Test;

class HeadlineTest {
    private static final Series.Gap GAP = new Series.Gap(12_100, 19_500, true);

    @Test
    void says_what_became_of_the_operations_and_how_long_nothing_was_written() {
        List<FaultRecord> faults = List.of(
                fault(FaultKind.NODE_PAUSE, "writer", "node2", 12_000, 20_000),
                fault(FaultKind.POSTGRES_KILL, "", "PostgreSQL", 30_000, 31_000));
        assertThat(sentence(totals(9_999, 9_120, 878, 0, 1), GAP, faults))
                .isEqualTo("No violation found in 9,999 operations through 2 faults, 2 of which demonstrably bit."
                        + " 91.2 % were done, 8.7 % rejected for good, 0.0 % never done, under 0.1 % unknown to their"
                        + " client. The longest time without an acknowledged write was 7.4 s, from 12.1 s on (node"
                        + " stopped (SIGSTOP), writer (node2)).");
    }

    @Test
    void names_the_fault_before_a_time_without_writes_in_which_none_stood() {
        FaultRecord before = fault(FaultKind.POSTGRES_KILL, "", "PostgreSQL", 9_000, 10_000);
        assertThat(sentence(totals(10, 10, 0, 0, 0), GAP, List.of(before)))
                .endsWith("from 12.1 s on (PostgreSQL killed (SIGKILL) (PostgreSQL), which had ended 2.1 s before).");
        assertThat(sentence(totals(10, 10, 0, 0, 0), GAP, List.of()))
                .endsWith("from 12.1 s on, when nothing had been done to it.");
    }

    @Test
    void a_fault_that_was_left_out_is_not_named() {
        Fault planned = Fault.on(13_000, FaultKind.NODE_KILL, "writer", 4_000);
        FaultRecord none = new FaultRecord(planned, "writer", 13_000, 13_000, false, List.of("not injected"));
        assertThat(sentence(totals(10, 10, 0, 0, 0), GAP, List.of(none)))
                .endsWith("from 12.1 s on, when nothing had been done to it.");
    }

    @Test
    void a_run_in_which_most_fails_is_not_valid() {
        assertThat(progress(totals(100, 40, 10, 50, 0), GAP)).isEqualTo(Verdict.VALID);
        assertThat(progress(totals(100, 40, 9, 50, 1), GAP)).isEqualTo(Verdict.UNKNOWN);
        Series.Gap nothing = new Series.Gap(0, 60_000, false);
        assertThat(progress(totals(100, 100, 0, 0, 0), nothing))
                .as("reads only")
                .isEqualTo(Verdict.UNKNOWN);
        Series.Totals failed = totals(100, 12, 0, 88, 0);
        assertThat(Headline.of(failed, GAP, List.of())
                        .sentence(Verdict.UNKNOWN, failed, List.of(), List.of(Headline.progress(failed, GAP))))
                .startsWith("It cannot be told: progress is undecided (most operations came to no outcome")
                .contains("12.0 % were done", "88.0 % never done");
    }

    private static Verdict progress(Series.Totals totals, Series.Gap gap) {
        return Headline.progress(totals, gap).finding().verdict();
    }

    private static String sentence(Series.Totals totals, Series.Gap gap, List<FaultRecord> faults) {
        return Headline.of(totals, gap, faults).sentence(Verdict.VALID, totals, faults, List.of());
    }

    private static Series.Totals totals(long operations, long done, long rejected, long refused, long unknown) {
        return new Series.Totals(operations, done, rejected, refused, unknown, 0, 0, 0, 0, 0);
    }

    private static FaultRecord fault(FaultKind kind, String target, String met, long from, long until) {
        return new FaultRecord(Fault.on(from, kind, target, until - from), met, from, until, true, List.of());
    }
}
