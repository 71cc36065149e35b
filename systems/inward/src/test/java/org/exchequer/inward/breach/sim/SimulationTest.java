package org.exchequer.inward.breach.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.breach.sim.SimulatedPartner.Kind;
import org.exchequer.inward.breach.sim.SimulatedPartner.Manner;
import org.exchequer.inward.breach.sim.Simulation.Policy;
import org.exchequer.inward.breach.sim.Simulation.Row;
import org.exchequer.inward.breach.sim.Simulation.Window;
import org.exchequer.inward.partner.BreakerSettings;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int ROWS = 3_000;

    private static List<Row> run(Window window, long seed) {
        return Simulation.rows(window, seed, ROWS, 0.5);
    }

    @Test
    void theSameSeedGivesTheSameRows() {
        List<Row> once = run(Window.LEARNT, 7);
        List<Row> again = run(Window.LEARNT, 7);
        assertThat(again).hasSameSizeAs(once);
        for (int i = 0; i < once.size(); i++) {
            assertThat(Arrays.equals(again.get(i).features(), once.get(i).features())
                            && again.get(i).missed() == once.get(i).missed())
                    .as("row %d", i)
                    .isTrue();
        }
        assertThat(Arrays.equals(
                        run(Window.LEARNT, 8).getFirst().features(),
                        once.getFirst().features()))
                .isFalse();
    }

    @Test
    void somePaymentsMissTheirTimeAndMostDoNot() {
        for (Window window : Window.values()) {
            assertThat(run(window, 3).stream().filter(Row::missed).count())
                    .as("%s", window)
                    .isBetween(ROWS / 1_000L, ROWS / 3L);
        }
    }

    @Test
    void paymentsAreTheSameWhateverIsMadeOfPredictions() {
        List<Simulation.Fate> left = Simulation.fates(Window.LATER, 3, 2, Policy.NONE);
        List<Simulation.Fate> held = Simulation.fates(Window.LATER, 3, 2, new Policy(moment -> 1, 0.5, true));
        assertThat(held).hasSameSizeAs(left).anyMatch(Simulation.Fate::foreseen);
        assertThat(left).noneMatch(Simulation.Fate::foreseen);
    }

    @Test
    void aPartnerWithoutFaultsAnswersAroundItsMedian() {
        SimulatedPartner partner = new SimulatedPartner(
                new SplittableRandom(1), new Manner(50, 50, 0), Kind.values(), TimeUnit.SECONDS.toNanos(10));
        long[] times = new long[1_001];
        Arrays.setAll(times, i -> partner.draw(i));
        Arrays.sort(times);
        assertThat(times[500] / 1e6).isBetween(45.0, 55.0);
    }

    @Test
    void aBreakerOpensProbesAndCloses() {
        SimulatedBreaker breaker = new SimulatedBreaker("vam", BreakerSettings.STANDARD);
        long second = TimeUnit.SECONDS.toNanos(1);
        for (int i = 0; i < 20; i++) {
            assertThat(breaker.allows(0)).isTrue();
            breaker.acquire();
            breaker.record(i % 2 == 0, 0);
        }
        assertThat(breaker.state(0)).isEqualTo("OPEN");
        assertThat(breaker.allows(second / 2)).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(breaker.allows(second)).isTrue();
            breaker.acquire();
        }
        assertThat(breaker.allows(second)).isFalse();
        for (int i = 0; i < 5; i++) {
            breaker.record(false, second);
        }
        assertThat(breaker.state(second)).isEqualTo("CLOSED");
        assertThat(breaker.allows(second)).isTrue();
    }
}
