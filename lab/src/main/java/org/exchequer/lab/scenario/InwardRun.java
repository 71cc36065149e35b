package org.exchequer.lab.scenario;

import java.io.IOException;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.fault.Injector;
import org.exchequer.lab.history.HistoryRecorder;
import org.exchequer.lab.load.Arrivals;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.load.Wire;
import org.exchequer.lab.load.inward.InwardLoad;
import org.exchequer.lab.load.inward.InwardWire;
import org.exchequer.lab.scenario.RunReport.Epoch;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Trouble;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watches;

/** Plays a scenario of inward clearing: as {@link Run}, with banks as clients, and partners that can be broken too. */
final class InwardRun {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration SETTLE = Duration.ofSeconds(100);
    private static final Duration READ = Duration.ofMinutes(1);
    private static final long LOOK_MS = 1_000;
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final int FEW = 25;
    private static final long QUIET_MS = 300;

    private final RunSettings settings;
    private final RunFolder folder;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final InwardScenarios.Plan plan;
    private final Safety safety;
    private final StopRules.Seen samples = new StopRules.Seen();
    private final AtomicReference<String> stopped = new AtomicReference<>("");
    private final AtomicLong stoppedNanos = new AtomicLong();
    private final AtomicLong hit = new AtomicLong();

    /** What was seen while it ran. */
    private record Seen(
            Series series,
            Rollback rollback,
            long shed,
            Map<String, Long> troubles,
            List<FaultRecord> faults,
            List<Epoch> epochs,
            InwardExaminer.Found found) {}

    InwardRun(RunSettings settings, RunFolder folder, Clock clock, Ticker ticker, Consumer<String> progress) {
        this.settings = settings;
        this.folder = folder;
        this.clock = clock;
        this.ticker = ticker;
        this.progress = progress;
        this.plan = InwardScenarios.plan(settings.scenario());
        this.safety = settings.safety().orElse(Safety.own(plan.rules()));
    }

    RunReport play() throws Exception {
        Scenario scenario = settings.scenario();
        String startedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        long began = ticker.nanos();
        SplittableRandom random = new SplittableRandom(settings.seed());
        SplittableRandom forArrivals = random.split();
        SplittableRandom forFaults = random.split();
        List<Fault> schedule = settings.schedule()
                .orElseGet(() -> Ramp.over(scenario.faults().plan(forFaults, settings.lengthMs()), safety.rampMs()));
        long[] arrivals = arrivals(schedule, forArrivals);
        progress.accept("setting the stage: PostgreSQL, Kafka, Redis, partners, %d nodes"
                .formatted(scenario.setting().nodes()));
        Stage.Settings stageSettings =
                new Stage.Settings(folder.stage(), scenario.setting().nodes(), 0, 1, OptionalLong.of(settings.seed()));
        try (Stage stage = Stage.open(stageSettings, clock, ticker, random.split(), progress);
                InwardWire wire =
                        new InwardWire(stage.nodes().stream().map(Node::url).toList(), stage.token());
                HistoryRecorder history = HistoryRecorder.create(folder.history(), ticker);
                Stalls stalls = Stalls.watch(ticker)) {
            openAccounts(stage);
            InwardLoad load = new InwardLoad(
                    wire,
                    history,
                    stage.partners().accounts(),
                    plan.mix(),
                    settings.seed(),
                    clock,
                    ticker,
                    samples::add);
            load.warmUp(WARM_UP);
            Seen seen = on(stage, load, history, stalls, schedule, arrivals);
            return report(scenario, startedAt, began, schedule, seen);
        }
    }

    /** The usual ones, and so many more while a spike lasts. */
    private long[] arrivals(List<Fault> schedule, SplittableRandom random) {
        List<long[]> parts = new ArrayList<>();
        parts.add(Arrivals.poisson(settings.perSecond(), Duration.ofMillis(settings.lengthMs()), random));
        for (Fault fault : schedule) {
            if (fault.kind() == FaultKind.LOAD_SPIKE) {
                int more = Math.toIntExact(settings.perSecond() * Math.max(1, fault.amount() - 1));
                long[] extra = Arrivals.poisson(more, Duration.ofMillis(fault.lengthMs()), random);
                parts.add(Arrays.stream(extra)
                        .map(at -> at + TimeUnit.MILLISECONDS.toNanos(fault.atMs()))
                        .toArray());
            }
        }
        return parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private void openAccounts(Stage stage) throws InterruptedException {
        List<String> urls = stage.nodes().stream().map(Node::url).toList();
        try (Wire wire = new Wire(urls, stage.token(), Duration.ofSeconds(10))) {
            new InwardBooks(wire, ticker)
                    .open(InwardLoad.ledgerAccounts(stage.partners().accounts()));
        }
    }

    private Seen on(
            Stage stage, InwardLoad load, HistoryRecorder history, Stalls stalls, List<Fault> schedule, long[] arrivals)
            throws Exception {
        try (Watches watches = Watches.start(stage.databases(), ticker)) {
            progress.accept("%,d messages, %d faults, %d s"
                    .formatted(arrivals.length, schedule.size(), settings.lengthMs() / 1_000));
            long origin = ticker.nanos();
            Injector injector = new Injector(stage, watches.each(), load::troubles, folder.faults(), ticker);
            injector.start(
                    schedule.stream()
                            .filter(fault -> fault.kind() != FaultKind.LOAD_SPIKE)
                            .toList(),
                    origin);
            Thread guard = guard(injector, schedule, arrivals, origin);
            Series series;
            try {
                series = load.run(arrivals, origin, Duration.ofMillis(settings.lengthMs()), () -> isStopped());
                injector.awaitEnd();
            } finally {
                guard.interrupt();
                guard.join();
            }
            progress.accept("healing, and asking again what is not known");
            long over = isStopped() ? stoppedNanos.get() : ticker.nanos();
            List<Recovery> recoveries = List.of();
            boolean healed = stage.heal();
            long healedMs = healed ? since(over) : -1;
            long stableMs = -1;
            if (healed) {
                recoveries = new InwardRecovery(stage, load, ticker).await();
                stableMs = recoveries.stream().allMatch(each -> each.tookMs() >= 0) ? since(over) : -1;
                int open = load.settle(SETTLE);
                progress.accept(open == 0 ? "all are answered" : open + " messages have no final answer");
            }
            Rollback rollback = new Rollback(
                    Objects.requireNonNull(stopped.get()),
                    TimeUnit.NANOSECONDS.toMillis(over - origin),
                    healedMs,
                    stableMs,
                    safety.rollbackMs());
            awaitQuiet(stage);
            List<FaultRecord> faults = new ArrayList<>(injector.finish());
            spikes(schedule, arrivals).forEach(faults::add);
            faults.sort(Comparator.comparingLong(FaultRecord::beganMs));
            List<Epoch> epochs = watches.each().getFirst().takeovers().stream()
                    .map(epoch -> new Epoch(
                            TimeUnit.NANOSECONDS.toMillis(epoch.nanos() - origin),
                            epoch.epoch(),
                            stage.byId(epoch.node()) == null
                                    ? "unknown"
                                    : java.util.Objects.requireNonNull(stage.byId(epoch.node()))
                                            .name()))
                    .toList();
            InwardExaminer.Found found = new InwardExaminer(stage, watches, settings, clock, ticker, progress)
                    .examine(folder.history(), history, injector.absences(), stalls.spans(), recoveries, schedule);
            return new Seen(series, rollback, load.shed(), load.troubles(), faults, epochs, found);
        }
    }

    private long since(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - nanos);
    }

    /** Looks once a second whether the run does more harm than it may, and ends it then. */
    private Thread guard(Injector injector, List<Fault> schedule, long[] arrivals, long origin) {
        return Thread.ofPlatform().name("stop-rules").daemon().start(() -> {
            try {
                while (!isStopped()) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                    long now = ticker.nanos();
                    hit.set(hit(schedule, arrivals, now - origin));
                    List<InwardLoad.Sample> judged = samples.recent(now).stream()
                            .filter(sample -> injector.absences().stream()
                                    .noneMatch(away -> away.touches(sample.node(), sample.due(), sample.ended())))
                            .toList();
                    safety.stop().broken(judged, hit.get()).ifPresent(why -> {
                        progress.accept("stopped: " + why);
                        stoppedNanos.set(ticker.nanos());
                        stopped.set(why);
                        injector.abort("the run was stopped: " + why);
                    });
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Messages that fell due within the last hour while a fault was in force. */
    private static long hit(List<Fault> schedule, long[] arrivals, long nowNanos) {
        return Arrays.stream(arrivals)
                .takeWhile(at -> at < nowNanos)
                .filter(at -> nowNanos - at < HOUR)
                .filter(at -> schedule.stream()
                        .anyMatch(fault -> at >= TimeUnit.MILLISECONDS.toNanos(fault.atMs())
                                && at < TimeUnit.MILLISECONDS.toNanos(fault.atMs() + fault.lengthMs())))
                .count();
    }

    private List<FaultRecord> spikes(List<Fault> schedule, long[] arrivals) {
        return schedule.stream()
                .filter(fault -> fault.kind() == FaultKind.LOAD_SPIKE)
                .map(fault -> {
                    long from = TimeUnit.MILLISECONDS.toNanos(fault.atMs());
                    long until = TimeUnit.MILLISECONDS.toNanos(fault.atMs() + fault.lengthMs());
                    long sent = Arrays.stream(arrivals)
                            .filter(at -> at >= from && at < until)
                            .count();
                    long usual = settings.perSecond() * fault.lengthMs() / 1_000;
                    return new FaultRecord(
                            fault,
                            "the load",
                            fault.atMs(),
                            fault.atMs() + fault.lengthMs(),
                            !isStopped() && sent > 2 * usual,
                            List.of("%,d messages fell due in it, where %,d are usual".formatted(sent, usual)));
                })
                .toList();
    }

    /** Until nothing is left to be found out or told. */
    private void awaitQuiet(Stage stage) throws Exception {
        long end = ticker.nanos() + SETTLE.toNanos();
        try (Connection connection = stage.postgres(0).connect(READ)) {
            while (InwardCollector.open(connection) > 0 && ticker.nanos() < end) {
                TimeUnit.MILLISECONDS.sleep(QUIET_MS);
            }
        }
    }

    private RunReport report(Scenario scenario, String startedAt, long began, List<Fault> schedule, Seen seen)
            throws IOException, InterruptedException {
        List<NamedFinding> findings = new ArrayList<>(seen.found().findings());
        Series.Totals totals = seen.series().totals();
        findings.add(Headline.progress(totals, seen.series().longestGap()));
        findings.add(stopFinding(totals.operations()));
        findings.add(seen.rollback().finding());
        if (isStopped()) {
            folder.writeIncident(seen.rollback().incident(folder.id(), folder.again(), seen.faults()));
        }
        Verdict verdict =
                Verdict.of(findings.stream().map(NamedFinding::finding).toList());
        Headline headline = Headline.of(totals, seen.series().longestGap(), seen.faults());
        List<Trouble> troubles = seen.troubles().entrySet().stream()
                .map(each -> new Trouble(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Trouble::count).reversed())
                .limit(FEW)
                .toList();
        return new RunReport(
                folder.id(),
                scenario.name(),
                scenario.summary(),
                verdict,
                headline.sentence(verdict, totals, seen.faults(), findings),
                Optional.of(headline),
                settings.seed(),
                settings.lengthMs(),
                settings.perSecond(),
                scenario.setting().nodes(),
                startedAt,
                TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - began),
                Machine.program(),
                Machine.describe(),
                folder.again(),
                schedule,
                seen.faults(),
                seen.epochs(),
                totals,
                seen.shed(),
                seen.series().binMillis(),
                seen.series().points(),
                troubles,
                findings,
                Stream.concat(seen.found().planted().stream(), seen.rollback().plant().stream())
                        .toList(),
                NotTested.of(scenario, usual(), schedule, seen.faults(), seen.shed()));
    }

    /** What the scenario does from this seed in its usual length. */
    private List<Fault> usual() {
        SplittableRandom random = new SplittableRandom(settings.seed());
        // The first one is for arrivals.
        random.split();
        return settings.scenario()
                .faults()
                .plan(random.split(), settings.scenario().seconds() * 1_000L);
    }

    private NamedFinding stopFinding(long operations) {
        String why = Objects.requireNonNull(stopped.get());
        return new NamedFinding(
                "The run was not ended before its time by a stop rule.",
                new Finding(
                        "stop-rules",
                        why.isEmpty() ? Verdict.VALID : Verdict.UNKNOWN,
                        operations,
                        "messages",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        why));
    }

    private boolean isStopped() {
        return !"".equals(stopped.get());
    }
}
