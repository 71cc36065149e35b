package org.exchequer.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command.OpenAccount;
import org.exchequer.ledger.api.Command.Transfer;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.jobs.Leadership.Engine;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Durable two-leg transfers in process, beside one-transaction-per-transfer SQL on the same PostgreSQL in turn, and
 * beside a raw COPY of the same rows.
 */
@Command(
        name = "ledger",
        description = "Durable transfers per second and caller latency, beside SQL and raw COPY.",
        mixinStandardHelpOptions = true)
final class LedgerBench implements Callable<Integer> {
    private static final int ACCOUNTS = 10_000;
    private static final Currency EUR = Currency.of("EUR");
    private static final Money ONE = new Money(1, EUR);

    @Option(names = "--quick", description = "Under two minutes: shorter measurements.")
    private boolean quick;

    @Option(names = "--callers", split = ",", description = "Only these numbers of callers.")
    private List<Integer> callers = List.of(1, 32, 2_048, 8_192);

    @Option(names = "--no-baseline", description = "Measure the ledger alone.")
    private boolean noBaseline;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("exchequer-bench");
        String url = System.getenv("EXCHEQUER_DATABASE_URL");
        try {
            if (url != null) {
                return run(DatabaseAddress.parse(url), Optional.empty(), folder);
            }
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.start(folder.resolve("postgres"), Ticker.system(), out::println)) {
                return run(postgres.address(), Optional.of(postgres.pid()), folder);
            }
        } finally {
            delete(folder);
        }
    }

    private int run(DatabaseAddress address, Optional<Long> postmaster, Path folder) throws Exception {
        Foundation foundation = new Foundation(
                Clock.systemUTC(),
                Ticker.system(),
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                "bench",
                "http://127.0.0.1:0",
                address,
                "");
        try (LedgerModule module = new LedgerModule(foundation)) {
            module.start();
            Ledger ledger = module.ledger();
            openAccounts(ledger);
            machine(folder);
            long measureMs = quick ? 4_000 : 20_000;
            Load.run(
                    1_024,
                    Spread.UNIFORM,
                    ACCOUNTS,
                    0,
                    quick ? 5_000 : 15_000,
                    postmaster,
                    (d, c) -> send(ledger, d, c));
            out.println("""
                    | callers | accounts | | transfers/s | p50 ms | p99 ms | p99.9 ms | PG µs | Java µs | ledger : SQL |
                    |--:|---|---|--:|--:|--:|--:|--:|--:|--:|""");
            for (int count : callers) {
                for (Spread spread : Spread.values()) {
                    compare(ledger, address, postmaster, count, spread, measureMs);
                }
            }
            long behind = engine(module).projector().lag();
            if (!noBaseline) {
                Result floor = CopyFloor.run(address, 400_000, postmaster);
                row(1, Spread.UNIFORM, "raw COPY of the same rows", floor, null);
            }
            catchUp(module, behind);
            return verify(module);
        }
    }

    /**
     * Ledger and SQL in turn, twice, because the machine's other work comes and goes; SQL with two numbers of
     * connections, of which the better counts. More callers than 2,048 would only queue longer for those connections.
     */
    private void compare(
            Ledger ledger, DatabaseAddress address, Optional<Long> postmaster, int count, Spread spread, long measureMs)
            throws Exception {
        Result own = null;
        Result best = null;
        for (int connections : count == 1 ? new int[] {1, 1} : count <= 32 ? new int[] {16, 32} : new int[] {32, 64}) {
            Result turn =
                    Load.run(count, spread, ACCOUNTS, 500, measureMs / 2, postmaster, (d, c) -> send(ledger, d, c));
            own = own == null ? turn : own.plus(turn);
            if (!noBaseline && count <= 2_048) {
                try (SqlBaseline sql = new SqlBaseline(address, connections, ACCOUNTS)) {
                    Result other = Load.run(
                            count,
                            spread,
                            ACCOUNTS,
                            500,
                            measureMs / 2,
                            postmaster,
                            (d, c) -> sql.transfer(timeOrderedUuid(), d, c));
                    best = best == null || other.perSecond() > best.perSecond() ? other : best;
                }
            }
        }
        if (own != null) {
            row(count, spread, "ledger", own, best);
        }
        if (best != null) {
            row(count, spread, "SQL, one by one", best, null);
        }
    }

    private static void send(Ledger ledger, int debit, int credit) {
        Outcome outcome = ledger.execute(new Transfer(
                timeOrderedUuid().toString(), "customer." + debit, "customer." + credit, ONE, Details.NONE));
        if (!(outcome instanceof Outcome.Posted)) {
            throw new IllegalStateException("not posted: " + outcome);
        }
    }

    /** Version 7 of RFC 9562, as a client would make it. */
    private static UUID timeOrderedUuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000);
        return new UUID(high, (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }

    private static void openAccounts(Ledger ledger) {
        List<CompletableFuture<Outcome>> opened = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            AccountSpec spec = AccountSpec.posting("customer." + i, "Customer " + i, AccountType.LIABILITY, EUR, null)
                    .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 1_000_000_000_000L);
            opened.add(ledger.submit(new OpenAccount("open-" + i, spec)));
        }
        opened.forEach(CompletableFuture::join);
    }

    /** Statements follow the journal: how far behind they are after the last measurement, and how long they take. */
    private void catchUp(LedgerModule module, long behind) throws InterruptedException {
        Engine engine = engine(module);
        long began = System.nanoTime();
        boolean caughtUp = engine.projector().await(engine.committer().committedSequence(), 120_000);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        out.printf(
                "%nStatements were %,d entries behind the journal at the end, and %s %,d ms after the raw COPY.%n%n",
                behind, caughtUp ? "level with it" : "still not level", millis);
    }

    private static Engine engine(LedgerModule module) {
        Engine engine = module.engine();
        if (engine == null) {
            throw new IllegalStateException("the ledger is not the writer");
        }
        return engine;
    }

    private int verify(LedgerModule module) {
        // Each check looks at a bounded number of entries; so many cover them all.
        for (long checked = 0; checked < module.ledger().lastSequence(); checked += 1_000_000) {
            module.checkInvariants();
        }
        boolean holds = true;
        for (InvariantResult result : module.checkInvariants()) {
            out.printf(
                    "%s: %s, %,d %s checked, %s%n",
                    result.statement(),
                    result.holds() ? "yes" : "NO",
                    result.checked(),
                    result.unit(),
                    result.detail());
            holds &= result.holds();
        }
        return holds ? 0 : 1;
    }

    private void row(
            int count, Spread spread, String what, Result result, @org.jspecify.annotations.Nullable Result sql) {
        Histogram latency = result.latency();
        out.printf(
                Locale.ROOT,
                "| %,d | %s | %s | %,d | %s | %s | %s | %.1f | %.1f | %s |%n",
                count,
                spread.text,
                what,
                result.perSecond(),
                millis(latency, 50),
                millis(latency, 99),
                millis(latency, 99.9),
                result.cpuMicros(result.cpu().postgres()),
                result.cpuMicros(result.cpu().java()),
                sql == null ? "" : String.format(Locale.ROOT, "%.1f×", (double) result.perSecond() / sql.perSecond()));
    }

    private static String millis(Histogram latency, double percentile) {
        return latency.getTotalCount() == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", latency.getValueAtPercentile(percentile) / 1_000.0);
    }

    /** What stands behind every figure: processors, and how long this disk takes to make 8 KiB durable. */
    private void machine(Path folder) throws IOException {
        Histogram histogram = new Histogram(3);
        Path file = folder.resolve("fsync");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(8_192);
            for (int i = 0; i < 200; i++) {
                page.clear();
                long began = System.nanoTime();
                channel.write(page);
                channel.force(false);
                histogram.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
            }
        }
        out.printf(
                Locale.ROOT,
                "%d processors, JDK %s, %s %s; write + fsync of 8 KiB: p50 %.2f ms, p99 %.2f ms%n%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                histogram.getValueAtPercentile(50) / 1_000.0,
                histogram.getValueAtPercentile(99) / 1_000.0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
