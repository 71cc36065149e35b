package org.exchequer.inward.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Timing;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final Instant DAY = Instant.parse("2026-03-31T00:00:00Z");

    /** As the database counts: the number of bounds that are not more. */
    private static int bin(long micros) {
        return (int) Timing.BOUNDS.stream().filter(bound -> bound <= micros).count();
    }

    @Test
    void quantilesAreWithinABinOfTheExactOnes() {
        SplittableRandom random = new SplittableRandom(7);
        Tally tally = new Tally();
        long[] times = new long[10_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = random.nextLong(5_000_000L);
            tally.add("payment", times[i] < 4_500_000 ? "in_time" : "late", bin(times[i]), 1, times[i]);
        }
        Arrays.sort(times);
        Timing timing = tally.figures(DAY, DAY.plusSeconds(10)).timing();
        for (double share : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
            long exact = times[(int) Math.ceil(share * times.length) - 1];
            long found = timing.quantile(share).toNanos() / 1_000;
            assertThat(Math.abs(bin(found) - bin(exact))).as("%s", share).isLessThanOrEqualTo(1);
        }
        assertThat(timing.mean().toMillis()).isEqualTo(Arrays.stream(times).sum() / times.length / 1_000);
        assertThat(timing.between(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .isEqualTo(Arrays.stream(times)
                        .filter(time -> time >= 1_000_000 && time < 2_000_000)
                        .count());
        assertThatThrownBy(() -> timing.below(Duration.ofMillis(3_600))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Timing.NONE.quantile(0.5)).isZero();
    }

    @Test
    void allBoundsOfTheSpecificationAreBoundsOfBins() {
        for (long millis : new long[] {1_000, 2_000, 3_000, 3_500, 4_000, 4_200, 4_450, 4_500}) {
            assertThat(Timing.BOUNDS).contains(millis * 1_000);
        }
        assertThat(Timing.BOUNDS).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void countsWhatIsOpenAsReceivedAndNotAsAnswered() {
        Tally tally = new Tally();
        tally.add("payment", "in_time", 1, 3, 3_000);
        tally.add("payment", "late", 48, 1, 5_000_000);
        tally.add("payment", "open", 0, 2, 0);
        tally.add("status", "REJECTED", 0, 1, 0);
        tally.add("stage", "LIQUIDITY_CHECK", 3, 4, 8_000);
        tally.add("budget", "LIQUIDITY_CHECK", 0, 4, 1_000_000);
        tally.add("fallback", "LIQUIDITY_CHECK", 0, 1, 0);
        tally.add("reason", "AC03", 0, 1, 0);
        tally.add("breaker", "vam=OPEN", 0, 2, 0);
        Figures figures = tally.figures(DAY, DAY.plusSeconds(60));
        assertThat(figures.received()).isEqualTo(6);
        assertThat(figures.compliance()).contains(0.75);
        assertThat(figures.perSecond()).isEqualTo(0.1);
        Figures.StageFigures stage = Objects.requireNonNull(figures.stages().get(Stage.LIQUIDITY_CHECK));
        assertThat(stage.granted()).isEqualTo(Duration.ofMillis(250));
        assertThat(stage.timing().mean()).isEqualTo(Duration.ofMillis(2));
        assertThat(stage.fallbacks()).isEqualTo(1);
        assertThat(Reports.of(Report.Kind.SLA, List.of(figures)).csv())
                .startsWith("day,received,in_time,late,compliance_percent")
                .contains("2026-03-31,6,3,1,75.000,");
        assertThat(Reports.of(Report.Kind.STAGES, List.of(figures)).rows().getFirst())
                .startsWith("2026-03-31", "LIQUIDITY_CHECK", "4", "200.000", "250.000", "2.000");
        assertThat(Reports.of(Report.Kind.REFUSALS, List.of(figures)).rows())
                .containsExactly(List.of("2026-03-31", "AC03", "1", "16.667"));
        assertThat(Reports.of(Report.Kind.PARTNERS, List.of(figures)).rows())
                .extracting(row -> row.get(1))
                .containsExactly("fallback LIQUIDITY_CHECK", "breaker vam=OPEN");
        assertThat(new Tally().figures(DAY, DAY.plusSeconds(60)).compliance()).isEmpty();
    }

    @Test
    void whatASpreadsheetWouldRunIsWrittenAsText() {
        assertThat(Report.csvLine(List.of("=1+1", "a,b", "say \"x\"", "-5", "plain", "")))
                .isEqualTo("'=1+1,\"a,b\",\"say \"\"x\"\"\",'-5,plain,\r\n");
    }
}
