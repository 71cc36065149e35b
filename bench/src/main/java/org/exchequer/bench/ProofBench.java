package org.exchequer.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.exchequer.kernel.Ticker;
import org.exchequer.prooflog.ProofLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench prooflog}: durable appends beside write + fsync of the same bytes in groups of the same size. */
@Command(
        name = "prooflog",
        mixinStandardHelpOptions = true,
        description = "Measures durable appends to a proof log beside write + fsync of the same bytes.")
final class ProofBench implements Callable<Integer> {
    /** Callers, and how many events each appends before it commits. */
    private record Load(int callers, int batch) {}

    /** What a run did. */
    private record Result(long events, long nanos, double groupEvents, Histogram micros) {
        long perSecond() {
            return events * TimeUnit.SECONDS.toNanos(1) / nanos;
        }
    }

    private static final List<Load> LOADS =
            List.of(new Load(1, 8_192), new Load(4, 1_000), new Load(64, 50), new Load(256, 1), new Load(1, 1));
    private static final int PREPARED = 10_000;
    private static final int MOST_SECONDS = 600;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Option(names = "--seconds", description = "how long each measurement takes (default ${DEFAULT-VALUE})")
    private int seconds = 5;

    @Option(names = "--bytes", description = "length of an event (default ${DEFAULT-VALUE})")
    private int bytes = 400;

    @Option(names = "--folder", description = "where to write (default: a temporary folder)")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));

    private final Ticker ticker = Ticker.system();
    private final List<byte[]> events = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || seconds > MOST_SECONDS || bytes < 1 || bytes > ProofLog.MOST_ENTRY_BYTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds must be from 1 to " + MOST_SECONDS + ", --bytes from 1 to " + ProofLog.MOST_ENTRY_BYTES);
        }
        Random random = new Random(1);
        for (int i = 0; i < PREPARED; i++) {
            byte[] event = new byte[bytes];
            random.nextBytes(event);
            events.add(event);
        }
        new Report(System.out).machine();
        System.out.printf(
                "| callers | events a batch | | %d-byte events/s | MB/s | events a group | p50 ms | p99 ms |"
                        + " of the floor |%n|--:|--:|---|--:|--:|--:|--:|--:|--:|%n",
                bytes);
        log(LOADS.getFirst(), 1);
        for (Load load : LOADS) {
            Result log = log(load, seconds);
            Result floor = floor(log.groupEvents(), seconds);
            row(load, "proof log", log, 100.0 * log.perSecond() / floor.perSecond());
            row(load, "write + fsync", floor, 100);
        }
        return 0;
    }

    private void row(Load load, String what, Result result, double percent) {
        System.out.printf(
                Locale.ROOT,
                "| %d | %,d | %s | %,d | %,d | %,.0f | %.2f | %.2f | %.0f %% |%n",
                load.callers(),
                load.batch(),
                what,
                result.perSecond(),
                result.perSecond() * bytes / 1_000_000,
                result.groupEvents(),
                result.micros().getValueAtPercentile(50) / 1e3,
                result.micros().getValueAtPercentile(99) / 1e3,
                percent);
    }

    private Result log(Load load, int forSeconds) throws Exception {
        Path where = Files.createTempDirectory(folder, "exchequer-bench-prooflog");
        try (ProofLog log = ProofLog.open(ProofLog.Settings.of(where, "bench.example/log"));
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Object order = new Object();
            long[] state = {0, -1, 0}; // next position, durable size seen last, groups
            long began = ticker.nanos();
            long until = began + TimeUnit.SECONDS.toNanos(forSeconds);
            List<Future<Histogram>> runs = new ArrayList<>();
            for (int caller = 0; caller < load.callers(); caller++) {
                runs.add(pool.submit(() -> call(log, load, until, order, state)));
            }
            Histogram all = new Histogram(3);
            for (Future<Histogram> run : runs) {
                all.add(run.get());
            }
            long nanos = ticker.nanos() - began;
            return new Result(log.size(), nanos, (double) log.size() / Math.max(1, state[2]), all);
        } finally {
            delete(where);
        }
    }

    private Histogram call(ProofLog log, Load load, long until, Object order, long[] state) {
        Histogram micros = new Histogram(3);
        while (ticker.nanos() < until) {
            long began = ticker.nanos();
            synchronized (order) {
                for (int i = 0; i < load.batch(); i++) {
                    log.append(state[0], events.get((int) (state[0] % PREPARED)));
                    state[0]++;
                }
            }
            long durable = log.commit();
            synchronized (order) {
                if (durable > state[1]) {
                    state[1] = durable;
                    state[2]++;
                }
            }
            micros.recordValue(TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - began));
        }
        return micros;
    }

    /** The same bytes in groups of the same size, written to a file that grows and made durable one by one. */
    private Result floor(double groupEvents, int forSeconds) throws IOException {
        int group = (int) Math.max(1, Math.round(groupEvents));
        Path file = Files.createTempFile(folder, "exchequer-bench", ".floor");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(group * bytes);
            for (int i = 0; i < group; i++) {
                buffer.put(events.get(i % PREPARED));
            }
            Histogram micros = new Histogram(3);
            long began = ticker.nanos();
            long until = began + TimeUnit.SECONDS.toNanos(forSeconds);
            long written = 0;
            long now = began;
            while (now < until) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(false);
                written += group;
                micros.recordValue(TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - now));
                now = ticker.nanos();
            }
            return new Result(written, now - began, group, micros);
        } finally {
            Files.delete(file);
        }
    }

    private static void delete(Path where) throws IOException {
        try (Stream<Path> files = Files.walk(where)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
