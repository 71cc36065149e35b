package org.exchequer.app;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;

/** Says what the program is doing and how long it took. */
final class Steps {
    private final Ticker ticker;
    private final PrintStream out;

    Steps(Ticker ticker, PrintStream out) {
        this.ticker = ticker;
        this.out = out;
    }

    /** Runs one step and prints its time. */
    <T> T run(String what, Callable<T> step) throws Exception {
        long start = ticker.nanos();
        T result = step.call();
        out.printf("  %-34s %s%n", what, seconds(ticker.nanos() - start));
        return result;
    }

    /** A line between the steps. */
    void note(String line) {
        out.println("  " + line);
    }

    /** E.g. {@code 2.34 s}. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%6.2f s", nanos / 1e9);
    }
}
