package org.exchequer.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.exchequer.bench.Load.Result;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a run measured: printed as a Markdown table while it goes on, and kept as JSON. */
final class Report {
    private final PrintStream out;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode rows = json.putArray("rows");
    private boolean inTable;

    Report(PrintStream out) {
        this.out = out;
    }

    PrintStream out() {
        return out;
    }

    /** What stands behind every figure: processors, and how long this disk takes to make 8 KiB durable. */
    void machine() throws IOException {
        Histogram histogram = new Histogram(3);
        Path file = Files.createTempFile("exchequer-bench", ".fsync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(8_192);
            for (int i = 0; i < 500; i++) {
                page.clear();
                long began = System.nanoTime();
                channel.write(page);
                channel.force(false);
                histogram.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
            }
        } finally {
            Files.delete(file);
        }
        int processors = Runtime.getRuntime().availableProcessors();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        json.put("processors", processors)
                .put("jdk", Runtime.version().feature())
                .put("system", system)
                .put("fsyncP50Us", histogram.getValueAtPercentile(50))
                .put("fsyncP99Us", histogram.getValueAtPercentile(99));
        line(
                "%d processors, JDK %d, %s; write + fsync of 8 KiB: p50 %s ms, p99 %s ms%n",
                processors, Runtime.version().feature(), system, millis(histogram, 50), millis(histogram, 99));
    }

    /**
     * One measurement.
     *
     * @param ledger what the ledger did in the same minutes, where this is a peer of it
     */
    void row(String callers, String accounts, String what, Result result, Optional<Result> ledger) {
        if (!inTable) {
            out.println("| in flight | accounts | | transfers/s | p50 ms | p99 ms | p99.9 ms | PG CPU µs | Java CPU µs"
                    + " | ledger : this |");
            out.println("|--:|---|---|--:|--:|--:|--:|--:|--:|--:|");
            inTable = true;
        }
        Histogram latency = result.latency();
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %,d | %s | %s | %s | %.1f | %.1f | %s |%n",
                callers,
                accounts,
                what,
                result.perSecond(),
                millis(latency, 50),
                millis(latency, 99),
                millis(latency, 99.9),
                result.each(result.cpu().postgres()),
                result.each(result.cpu().java()),
                ledger.map(own -> String.format(Locale.ROOT, "%.1f×", (double) own.perSecond() / result.perSecond()))
                        .orElse(""));
        ObjectNode row = rows.addObject()
                .put("inFlight", callers)
                .put("accounts", accounts)
                .put("what", what)
                .put("transfers", result.transfers())
                .put("perSecond", result.perSecond())
                .put("p50Us", latency.getValueAtPercentile(50))
                .put("p99Us", latency.getValueAtPercentile(99))
                .put("p999Us", latency.getValueAtPercentile(99.9))
                .put("postgresCpuUsEach", result.each(result.cpu().postgres()))
                .put("javaCpuUsEach", result.each(result.cpu().java()));
        ledger.ifPresent(own -> row.put("ledgerTimesThis", (double) own.perSecond() / result.perSecond()));
    }

    /** A sentence between the tables. */
    void line(String format, @Nullable Object... values) {
        out.printf(Locale.ROOT, (inTable ? "%n" : "") + format + "%n", values);
        inTable = false;
    }

    /** A figure for the JSON; the text beside it is printed by {@link #line}. */
    void figure(String name, long value) {
        json.put(name, value);
    }

    void writeJson(Path file) throws IOException {
        Files.write(file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private static String millis(Histogram latency, double percentile) {
        return latency.getTotalCount() == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", latency.getValueAtPercentile(percentile) / 1_000.0);
    }
}
