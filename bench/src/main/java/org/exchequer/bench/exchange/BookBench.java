package org.exchequer.bench.exchange;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.exchequer.bench.exchange.Flow.Mix;
import org.exchequer.kernel.Ticker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench book}: the order book on one thread, beside exchange-core's. */
@Command(
        name = "book",
        mixinStandardHelpOptions = true,
        description = {
            "Measures the exchange's order book beside exchange-core's OrderBookDirectImpl: the same commands, made"
                    + " beforehand, in turn on one thread; medians.",
            "Ends with 0 only when the trades and the books that are left are equal."
        })
public final class BookBench implements Callable<Integer> {
    private static final int LEAST = 10_000;
    private static final int MOST = 20_000_000;

    /** Nanoseconds for a command. */
    private record Time(double cpu, double wall) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Ticker ticker = Ticker.system();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--mix", description = "${COMPLETION-CANDIDATES}; all when left out")
    private List<Mix> mixes = List.of(Mix.values());

    @Option(names = "--commands", description = "in each run, " + LEAST + " to " + MOST + " (default ${DEFAULT-VALUE})")
    private int size = 3_000_000;

    @Option(names = "--runs", description = "of each book, 1 to 101 (default ${DEFAULT-VALUE})")
    private int runs = 9;

    @Option(names = "--seed", description = "of the commands (default ${DEFAULT-VALUE})")
    private long seed = 1;

    @Override
    public Integer call() {
        if (size < LEAST || size > MOST) {
            throw new ParameterException(spec.commandLine(), "--commands must be " + LEAST + " to " + MOST);
        }
        if (runs < 1 || runs > 101) {
            throw new ParameterException(spec.commandLine(), "--runs must be 1 to 101");
        }
        boolean equal = true;
        for (Mix mix : mixes) {
            equal &= compare(Flow.make(mix, size, seed));
        }
        return equal ? 0 : 1;
    }

    private boolean compare(Flow flow) {
        Contestant ours = new Ours(flow);
        Contestant peer = new ExchangeCore(flow);
        Time[] our = new Time[runs];
        Time[] their = new Time[runs];
        boolean equal = true;
        // The first runs of each are for the compiler.
        for (int i = -2; i < runs; i++) {
            Time first = time(ours, flow);
            Time second = time(peer, flow);
            equal &= ours.trades() == peer.trades() && ours.levels().equals(peer.levels());
            if (i >= 0) {
                our[i] = first;
                their[i] = second;
            }
        }
        Time a = median(our);
        Time b = median(their);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-24s %4.1f %% trade; a command: ours %5.0f ns of processor time (%5.0f ns wall), exchange-core"
                        + " %5.0f (%5.0f): %.2f times as fast; trades and final levels %s%n",
                flow.mix.text + ":",
                flow.trading(),
                a.cpu(),
                a.wall(),
                b.cpu(),
                b.wall(),
                b.cpu() / a.cpu(),
                equal ? "equal" : "DIFFER");
        out.flush();
        return equal;
    }

    private Time time(Contestant contestant, Flow flow) {
        contestant.reset();
        contestant.run(0, flow.filled);
        long cpu = threads.getCurrentThreadCpuTime();
        long wall = ticker.nanos();
        contestant.run(flow.filled, flow.size());
        double count = flow.size() - flow.filled;
        return new Time((threads.getCurrentThreadCpuTime() - cpu) / count, (ticker.nanos() - wall) / count);
    }

    private static Time median(Time[] times) {
        return new Time(
                Arrays.stream(times).mapToDouble(Time::cpu).sorted().toArray()[times.length / 2],
                Arrays.stream(times).mapToDouble(Time::wall).sorted().toArray()[times.length / 2]);
    }
}
