package org.exchequer.scoring.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PaymentGraphTest {
    private static final long WINDOW = 1_000;
    private static final GraphSettings WIDE = new GraphSettings(WINDOW, 256, 5, 1_000_000, 1_000);

    /** Answers that differ between graph and twin over seeded payments, some late. */
    private static int differences(long twinWindow) {
        int differences = 0;
        for (int seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PaymentGraph graph = new PaymentGraph(WIDE);
            NaiveGraph twin = new NaiveGraph(twinWindow, WIDE.cycle());
            int accounts = 4 + random.nextInt(20);
            long now = 0;
            for (int i = 0; i < 150; i++) {
                now += random.nextInt(60);
                long time = random.nextInt(10) == 0 ? now - random.nextInt(500) : now;
                long payer = random.nextLong(1, accounts + 1L);
                long payee = random.nextLong(1, accounts + 1L);
                if (!graph.add(payer, payee, time).equals(twin.add(payer, payee, time))) {
                    differences++;
                }
            }
            assertThat(graph.capped()).isZero();
        }
        return differences;
    }

    @Test
    void agrees_with_a_twin_that_tries_everything() {
        assertThat(differences(WINDOW)).isZero();
    }

    @Test
    void a_twin_with_a_window_a_millisecond_longer_is_caught() {
        assertThat(differences(WINDOW + 1)).isPositive();
    }

    @Test
    void money_that_comes_back_closes_a_cycle() {
        PaymentGraph graph = new PaymentGraph(WIDE);
        graph.add(1, 2, 10);
        graph.add(2, 3, 20);
        assertThat(graph.add(3, 1, 30)).isEqualTo(new GraphFacts(0, 1, 1, 0, 1, 3, 3, false));
    }

    @Test
    void a_cycle_against_time_is_no_temporal_one() {
        PaymentGraph graph = new PaymentGraph(WIDE);
        graph.add(2, 3, 10);
        graph.add(1, 2, 20);
        GraphFacts facts = graph.add(3, 1, 30);
        assertThat(facts.cycleLength()).isEqualTo(3);
        assertThat(facts.temporalCycleLength()).isZero();
    }

    @Test
    void smurfs_between_a_source_and_a_collector_are_counted() {
        PaymentGraph graph = new PaymentGraph(WIDE);
        for (long smurf = 10; smurf < 15; smurf++) {
            graph.add(1, smurf, smurf);
        }
        int most = 0;
        for (long smurf = 10; smurf < 15; smurf++) {
            most = graph.add(smurf, 2, 10 + smurf).scatterGather();
        }
        assertThat(most).isEqualTo(5);
    }

    @Test
    void what_is_older_than_the_window_is_forgotten() {
        PaymentGraph graph = new PaymentGraph(WIDE);
        graph.add(1, 2, 0);
        assertThat(graph.add(2, 1, WINDOW - 1).cycleLength()).isEqualTo(2);
        assertThat(graph.add(2, 1, WINDOW).cycleLength()).isZero();
    }

    @Test
    void a_hub_is_bounded_and_says_so() {
        PaymentGraph graph = new PaymentGraph(new GraphSettings(WINDOW, 8, 5, 64, 1_000));
        for (long payer = 10; payer < 30; payer++) {
            GraphFacts facts = graph.add(payer, 1, payer);
            assertThat(facts.payeeFanIn()).isEqualTo((int) Math.min(8, payer - 10));
            assertThat(facts.capped()).isEqualTo(payer > 18);
        }
        assertThat(graph.capped()).isEqualTo(11);
        // With the hub's crowd out of the window, it is none any more.
        assertThat(graph.add(40, 1, 30 + WINDOW).capped()).isFalse();
    }

    @Test
    void a_full_graph_forgets_who_was_not_seen_longest() {
        PaymentGraph graph = new PaymentGraph(new GraphSettings(WINDOW, 8, 5, 64, 3));
        graph.add(1, 2, 1);
        graph.add(3, 4, 2);
        assertThat(graph.size()).isEqualTo(3);
        assertThat(graph.forgotten()).isEqualTo(1);
        assertThat(graph.add(2, 1, 3).cycleLength()).isZero();
    }

    @Test
    void settings_out_of_range_are_named() {
        assertThatThrownBy(() -> new GraphSettings(WINDOW, 257, 5, 64, 3)).hasMessageContaining("edges must be from 1");
        assertThatThrownBy(() -> new GraphSettings(0, 8, 5, 64, 3)).hasMessageContaining("windowMillis");
        assertThatThrownBy(() -> new GraphSettings(1, 8, 7, 64, 3)).hasMessageContaining("cycle");
        assertThatThrownBy(() -> new GraphSettings(1, 8, 5, 1, 3)).hasMessageContaining("budget");
        assertThatThrownBy(() -> new GraphSettings(1, 8, 5, 64, 1)).hasMessageContaining("accounts");
    }
}
