package org.exchequer.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.exchequer.bench.InwardLoop.Measured;
import org.exchequer.inward.InwardModule;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Configurations.Draft;
import org.exchequer.inward.api.Configurations.Outcome.Done;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.list.ListFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench inward}: what inward clearing takes by itself, with partners that answer at once; a rate it sustains
 * with everything durable; and whether everybody is answered in time when the partners take as long as they do in the
 * processor's specification. The partners and the load are in the same process and on the same processors.
 */
@Command(
        name = "inward",
        mixinStandardHelpOptions = true,
        description = "Measures inward clearing: its own time by stage, a sustained rate, answers in time.")
final class InwardBench implements Callable<Integer> {
    private static final String EVENTS = """
            SELECT e.from_state, e.stage_us
              FROM inward.payment_event e JOIN inward.payment p ON p.id = e.payment_id
             WHERE p.received_at >= ? AND e.from_state IS NOT NULL""";

    private static final String REFUSALS = """
            SELECT reason_code, reason_text, count(*) AS times
              FROM inward.payment WHERE received_at >= ? AND answer_status <> 'ACCC'
             GROUP BY reason_code, reason_text ORDER BY times DESC LIMIT 5""";

    private static final Clock CLOCK = Clock.systemUTC();
    private static final long SEED = 7;
    private static final int QUIET = 50;
    /** Of payments that nothing is wrong with, with partners as specified: so many have to be accepted. */
    private static final double ACCEPTED = 0.999;

    /** To each partner at once. */
    private static final int CALLS = 400;
    /** Mojaloop's published figure, and its processors. */
    private static final double PEER_PER_CORE = 650 / 40.0;

    @Option(names = "--quick", description = "seconds instead of minutes")
    private boolean quick;

    @Option(names = "--rate", description = "messages per second to sustain (default ${DEFAULT-VALUE})")
    private int rate = 1_500;

    @Option(
            names = "--slow-rate",
            description = "messages per second with the partners' times as specified (default ${DEFAULT-VALUE})")
    private int slowRate = 500;

    @Option(names = "--minutes", description = "with the partners' times as specified (default ${DEFAULT-VALUE})")
    private int minutes = 30;

    @Option(names = "--part", split = ",", description = "only these: ${COMPLETION-CANDIDATES}")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--lists",
            paramLabel = "FOLDER",
            description = "screen against the lists of a folder, as EXCHEQUER_SANCTIONS_LISTS has it, instead of a few"
                    + " made-up names")
    private @Nullable Path lists;

    /** What is measured. */
    enum Part {
        REPEATS,
        AT_ONCE,
        AS_SPECIFIED
    }

    private final Report report = new Report(System.out);

    @Override
    public Integer call() throws Exception {
        report.machine();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            report.line("Collector: %s", collector.getName());
        }
        boolean holds = Bed.fresh(System.out, this::measure);
        return holds ? 0 : 1;
    }

    private boolean measure(DatabaseAddress address, Optional<Long> postmaster) throws Exception {
        try (Bed bed = Bed.start(address, postmaster)) {
            boolean holds = !parts.contains(Part.REPEATS)
                    || new InwardRepeats(report, quick ? 500 : 5_000)
                            .measure((name, redis) -> node(bed, false, name, redis), SEED);
            holds &= !parts.contains(Part.AT_ONCE) || with(bed, false, this::atOnce);
            holds &= !parts.contains(Part.AS_SPECIFIED) || with(bed, true, this::asSpecified);
            return holds & bed.verify(System.out);
        }
    }

    private List<SanctionsList> lists(List<SanctionsList> madeUp) throws IOException {
        if (lists == null) {
            return madeUp;
        }
        List<SanctionsList> read = ListFolder.read(lists);
        report.line(
                "Lists: %s, %,d names",
                read.stream().map(list -> list.version().source()).toList(),
                read.stream()
                        .flatMap(list -> list.parties().stream())
                        .mapToInt(party -> party.names().size())
                        .sum());
        return read;
    }

    private interface Work {
        boolean on(Bed bed, InwardModule module) throws Exception;
    }

    private InwardModule node(Bed bed, boolean specified, String name, Optional<URI> redis) throws IOException {
        Map<String, Standing> banks = new HashMap<>();
        for (String bank : List.of("AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP")) {
            banks.put(bank, Standing.ACTIVE);
        }
        InwardModule.Options standard = InwardModule.Options.standard();
        InwardModule.Options options = new InwardModule.Options(
                standard.settings(),
                Optional.empty(),
                specified
                        ? PartnerSimulator.Settings.asSpecified(SEED, banks)
                        : PartnerSimulator.Settings.atOnce(SEED, banks),
                lists(standard.lists()),
                standard.resolveEvery());
        Foundation foundation = new Foundation(
                CLOCK,
                Ticker.system(),
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                name,
                "http://127.0.0.1:0",
                bed.address(),
                "",
                Optional.empty(),
                redis);
        return new InwardModule(foundation, bed.ledger(), options);
    }

    private boolean with(Bed bed, boolean specified, Work work) throws Exception {
        try (InwardModule module = node(bed, specified, "bench", Optional.empty())) {
            module.start();
            boolean holds = work.on(bed, module);
            for (InvariantResult result : module.checkInvariants()) {
                System.out.printf(
                        "%s: %s, %,d %s%n",
                        result.statement(), result.holds() ? "yes" : "NO", result.checked(), result.unit());
                holds &= result.holds();
            }
            return holds;
        }
    }

    private boolean atOnce(Bed bed, InwardModule module) throws Exception {
        // What runs for the first time is slow; a program that is started in the morning is not measured by that.
        new InwardLoop(module.inward(), SEED).run(rate, Duration.ofSeconds(quick ? 5 : 120));
        Instant from = CLOCK.instant();
        Measured quiet = new InwardLoop(module.inward(), SEED + 1).run(QUIET, Duration.ofSeconds(quick ? 8 : 60));
        print("partners at once, " + QUIET + "/s", quiet);
        stages(bed, from);
        CpuTime before = CpuTime.now(bed.postmaster());
        Measured full = new InwardLoop(module.inward(), SEED + 2).run(rate, Duration.ofSeconds(quick ? 10 : 120));
        CpuTime cpu = CpuTime.now(bed.postmaster()).since(before);
        print("partners at once, " + rate + "/s", full);
        refusals(bed, from);
        int cores = Runtime.getRuntime().availableProcessors();
        report.line(
                "%,d/s on %d processors, %.0f/s for each; Mojaloop's published 650/s on 40 are %.1f/s for each."
                        + " Processor time for each: %.0f us in this process, partners and load included, %.0f us in"
                        + " PostgreSQL.",
                full.perSecond(),
                cores,
                full.perSecond() / (double) cores,
                PEER_PER_CORE,
                cpu.java() / (double) Math.max(1, full.asked()),
                cpu.postgres() / (double) Math.max(1, full.asked()));
        report.figure("sustainedPerSecond", full.perSecond());
        report.figure("sustainedP99Us", full.latency().getValueAtPercentile(99));
        return clean(quiet) && clean(full);
    }

    /** At half a thousand a second, 245 ms each: more connections than the usual hundred and fifty. */
    private static void moreCalls(InwardModule module) {
        Configurations configured = module.configurations();
        long approvals = configured.revision();
        for (String partner : List.of("vam", "midanz", "liquidity")) {
            String key = "load." + partner + "_calls";
            BigDecimal calls = BigDecimal.valueOf(CALLS);
            Draft draft = new Draft(key, calls, ConfigScope.ALL, null, null, null, null, "measured with more");
            if (!(configured.propose(draft, "bench") instanceof Done(ConfigEntry proposed))
                    || !(configured.decide(key, proposed.version(), true, "bench-too", "so it is") instanceof Done)) {
                throw new IllegalStateException(key + " could not be configured");
            }
            approvals++;
        }
        while (configured.revision() < approvals) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private boolean asSpecified(Bed bed, InwardModule module) throws Exception {
        moreCalls(module);
        new InwardLoop(module.inward(), SEED + 3).run(Math.min(slowRate, 200), Duration.ofSeconds(5));
        try (Pauses pauses = new Pauses()) {
            Duration length = quick ? Duration.ofSeconds(15) : Duration.ofMinutes(minutes);
            Instant from = CLOCK.instant();
            Measured slow = new InwardLoop(module.inward(), SEED + 4).run(slowRate, length);
            print("partners as specified, " + slowRate + "/s, " + length.toSeconds() + " s", slow);
            refusals(bed, from);
            report.line("Garbage collection: %s", pauses.describe());
            report.figure("longestPauseUs", pauses.longestMicros());
            report.figure("inTimePerMillion", slow.inTime() * 1_000_000 / Math.max(1, slow.asked()));
            // A partner that takes three times as long as usual now and then is as specified too.
            long accepted = slow.answers().getOrDefault("ACCC", 0L);
            return slow.inTime() == slow.asked() && accepted >= slow.asked() * ACCEPTED;
        }
    }

    /** Nothing is wrong with any message, so each is to be accepted. */
    private static boolean clean(Measured measured) {
        return measured.answers().keySet().stream().allMatch("ACCC"::equals);
    }

    private void print(String what, Measured measured) {
        report.line(
                "%s: %,d asked, %,d answered/s, %s; p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, longest %.1f ms from when"
                        + " they were due; %.4f %% within 4.5 s",
                what,
                measured.asked(),
                measured.perSecond(),
                measured.answers(),
                measured.latency().getValueAtPercentile(50) / 1e3,
                measured.latency().getValueAtPercentile(99) / 1e3,
                measured.latency().getValueAtPercentile(99.9) / 1e3,
                measured.latency().getMaxValue() / 1e3,
                100.0 * measured.inTime() / Math.max(1, measured.asked()));
    }

    /** Why payments were refused, though nothing is wrong with any: a stage that took too long, mostly. */
    private void refusals(Bed bed, Instant from) throws SQLException {
        DatabaseAddress address = bed.address();
        try (Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                PreparedStatement select = connection.prepareStatement(REFUSALS)) {
            select.setObject(1, OffsetDateTime.ofInstant(from, ZoneOffset.UTC));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    report.line(
                            "  refused %,d times: %s %s", rows.getLong("times"), rows.getString(1), rows.getString(2));
                }
            }
        }
    }

    /** What each stage took, as the payments themselves record it. */
    private void stages(Bed bed, Instant from) throws SQLException {
        Map<Stage, Histogram> stages = new EnumMap<>(Stage.class);
        DatabaseAddress address = bed.address();
        try (Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                PreparedStatement select = connection.prepareStatement(EVENTS)) {
            select.setObject(1, OffsetDateTime.ofInstant(from, ZoneOffset.UTC));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Stage stage = State.valueOf(rows.getString("from_state")).stage();
                    stages.computeIfAbsent(stage, name -> new Histogram(3)).recordValue(rows.getLong("stage_us"));
                }
            }
        }
        stages.forEach((stage, took) -> report.line(
                "  %-20s p50 %7.2f ms, p99 %7.2f ms, p99.9 %7.2f ms",
                stage,
                took.getValueAtPercentile(50) / 1e3,
                took.getValueAtPercentile(99) / 1e3,
                took.getValueAtPercentile(99.9) / 1e3));
    }
}
