package org.exchequer.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.graph.GraphFacts;
import org.exchequer.scoring.graph.GraphSettings;
import org.exchequer.scoring.graph.PaymentGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench scoring-graph}: payments a second that the graph answers about and remembers, on one core. */
@Command(
        name = "scoring-graph",
        mixinStandardHelpOptions = true,
        description = "Measures the graph of payments: edges a second on one core, beside keeping them in plain maps.")
final class ScoringGraphBench implements Callable<Integer> {
    private static final int ROUNDS = 3;

    @Mixin
    private MadeUpCountry country = new MadeUpCountry();

    private final Ticker ticker = Ticker.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public Integer call() throws IOException {
        new Report(System.out).machine();
        List<Event> events = new ArrayList<>();
        country.generate(1, events::add, label -> {});
        System.out.printf(
                Locale.ROOT,
                "%,d payments between %,d accounts in %d days%n%n",
                events.size(),
                country.accounts(),
                country.days());
        System.out.println("| what | round | edges/s | edges/s of a processor |\n|---|--:|--:|--:|");
        for (int round = 1; round <= ROUNDS; round++) {
            measured("plain maps, degrees alone", round, events.size(), () -> maps(events));
            graph(events, round);
        }
        return 0;
    }

    private void graph(List<Event> events, int round) {
        PaymentGraph graph = new PaymentGraph(GraphSettings.standard());
        int[] found = new int[2];
        measured("graph", round, events.size(), () -> {
            for (Event event : events) {
                GraphFacts facts =
                        graph.add(event.debtor().account(), event.creditor().account(), event.timeMillis());
                found[0] += facts.cycleLength() > 0 ? 1 : 0;
                found[1] += facts.temporalCycleLength() > 0 ? 1 : 0;
            }
        });
        if (round == ROUNDS) {
            System.out.printf(
                    Locale.ROOT,
                    "%n%,d payments closed a cycle, %,d of them in order of time; %.2f %% of answers met a cap%n",
                    found[0],
                    found[1],
                    100.0 * graph.capped() / Math.max(1, graph.answers()));
        }
    }

    private void measured(String what, int round, int edges, Runnable work) {
        long began = ticker.nanos();
        long processor = threads.getCurrentThreadCpuTime();
        work.run();
        double wall = (ticker.nanos() - began) / 1e9;
        double busy = (threads.getCurrentThreadCpuTime() - processor) / 1e9;
        System.out.printf(Locale.ROOT, "| %s | %d | %,.0f | %,.0f |%n", what, round, edges / wall, edges / busy);
    }

    /** The least that anyone needs: payees and payers of the window in maps, without any search. */
    private static void maps(List<Event> events) {
        Map<Long, Map<Long, Integer>> out = new HashMap<>();
        Map<Long, Map<Long, Integer>> in = new HashMap<>();
        Deque<Event> open = new ArrayDeque<>();
        long window = GraphSettings.standard().windowMillis();
        for (Event event : events) {
            while (!open.isEmpty() && open.getFirst().timeMillis() <= event.timeMillis() - window) {
                Event old = open.removeFirst();
                less(out, old.debtor().account(), old.creditor().account());
                less(in, old.creditor().account(), old.debtor().account());
            }
            open.addLast(event);
            out.computeIfAbsent(event.debtor().account(), any -> new HashMap<>())
                    .merge(event.creditor().account(), 1, Integer::sum);
            in.computeIfAbsent(event.creditor().account(), any -> new HashMap<>())
                    .merge(event.debtor().account(), 1, Integer::sum);
        }
    }

    private static void less(Map<Long, Map<Long, Integer>> from, long one, long other) {
        from.getOrDefault(one, new HashMap<>()).computeIfPresent(other, (any, count) -> count == 1 ? null : count - 1);
    }
}
