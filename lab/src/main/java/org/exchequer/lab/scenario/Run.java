package org.exchequer.lab.scenario;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.fault.Injector;
import org.exchequer.lab.history.HistoryRecorder;
import org.exchequer.lab.load.Arrivals;
import org.exchequer.lab.load.Client;
import org.exchequer.lab.load.Load;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.load.Wire;
import org.exchequer.lab.scenario.RunReport.Epoch;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Trouble;
import org.exchequer.lab.scenario.Scenario.Guest;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watches;
import org.exchequer.platform.infra.Folders;

/** Plays a scenario: sets the stage, loads it, breaks it, heals it, reads what is durable, checks, reports. */
public final class Run {
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration IMPATIENCE = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final RunSettings settings;
    private final RunFolder folder;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<String> progress;

    /** What was seen while it ran. */
    private record Seen(
            Series series,
            long shed,
            Map<String, Long> troubles,
            List<FaultRecord> faults,
            Optional<Healing> healing) {}

    /** @param progress told in a line what is being done */
    public Run(RunSettings settings, RunFolder folder, Clock clock, Ticker ticker, Consumer<String> progress) {
        this.settings = settings;
        this.folder = folder;
        this.clock = clock;
        this.ticker = ticker;
        this.progress = progress;
    }

    /**
     * Plays it and writes the report.
     *
     * @throws Exception when it could not be played to the end; there is no verdict then
     */
    public RunReport play() throws Exception {
        Scenario scenario = settings.scenario();
        if (scenario.setting().guest() == Guest.INWARD) {
            RunReport report = new InwardRun(settings, folder, clock, ticker, progress).play();
            folder.write(report);
            tidy(report.verdict());
            return report;
        }
        String startedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        long began = ticker.nanos();
        SplittableRandom random = new SplittableRandom(settings.seed());
        long[] arrivals = Arrivals.poisson(settings.perSecond(), length(), random.split());
        // The second one is for the faults.
        random.split();
        List<Fault> schedule = settings.schedule().orElseGet(() -> planned(settings.lengthMs()));
        progress.accept("setting the stage: %d × PostgreSQL, Kafka, %d nodes"
                .formatted(scenario.setting().shards(), scenario.setting().nodes()));
        Stage.Settings stageSettings = new Stage.Settings(
                folder.stage(),
                scenario.setting().nodes(),
                scenario.setting().diskMiB(),
                scenario.setting().shards());
        Seen seen;
        Examiner.Found found;
        List<Epoch> epochs;
        try (Stage stage = Stage.open(stageSettings, clock, ticker, random.split(), progress);
                Wire wire = new Wire(stage.nodes().stream().map(Node::url).toList(), stage.token(), ATTEMPT_TIMEOUT);
                HistoryRecorder history = HistoryRecorder.create(folder.history(), ticker)) {
            Client client = new Client(wire, history, ticker, PATIENCE, IMPATIENCE);
            Load load = new Load(client, wire, scenario.mix(), settings.seed(), ticker);
            load.prepare();
            load.warmUp(WARM_UP);
            Guest guest = scenario.setting().guest();
            Redelivery redelivery = guest == Guest.REDELIVERY ? Redelivery.start(stage, settings.seed(), ticker) : null;
            Reconciler reconciler = guest == Guest.RECONCILER
                    ? Reconciler.start(wire, load.customers(), length(), settings.seed(), clock, ticker)
                    : null;
            try (redelivery;
                    reconciler;
                    Watches watches = Watches.start(stage.databases(), ticker)) {
                progress.accept("%,d operations, %d faults, %d s"
                        .formatted(arrivals.length, schedule.size(), length().toSeconds()));
                long origin = ticker.nanos();
                seen = load(stage, load, watches, schedule, arrivals, origin);
                if (redelivery != null) {
                    seen.faults().add(redelivery.record(settings.lengthMs()));
                }
                epochs = epochs(watches, origin);
                found = new Examiner(stage, watches, redelivery, reconciler, settings, clock, ticker, progress)
                        .examine(folder.history(), seen.healing());
            }
        }
        List<NamedFinding> findings = new ArrayList<>(found.findings());
        findings.add(Headline.progress(seen.series().totals(), seen.series().longestGap()));
        RunReport report = report(
                scenario, startedAt, began, schedule, epochs, seen, new Examiner.Found(findings, found.planted()));
        folder.write(report);
        tidy(report.verdict());
        return report;
    }

    /** What the scenario does to the program from this seed in so much time. */
    private List<Fault> planned(long lengthMs) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        // The first one is for arrivals.
        random.split();
        return settings.scenario().faults().plan(random.split(), lengthMs);
    }

    private Duration length() {
        return Duration.ofMillis(settings.lengthMs());
    }

    private Seen load(Stage stage, Load load, Watches watches, List<Fault> schedule, long[] arrivals, long origin)
            throws IOException, SQLException, InterruptedException {
        Injector injector = new Injector(stage, watches.each(), load::troubles, folder.faults(), ticker);
        injector.start(schedule, origin);
        Series series = load.run(arrivals, origin, length());
        injector.awaitEnd();
        progress.accept("healing, and asking again what is not known");
        // Where no node is left to ask, what is not known stays so.
        boolean anybody = stage.heal();
        progress.accept(
                anybody ? "healed; waiting for what is still under way" : "healed, without a node that answers");
        Optional<Healing> healing = Optional.empty();
        if (stage.databases().size() > 1) {
            Settling settling = new Settling(stage, ticker);
            healing = Optional.of(settling.await());
            settling.awaitMoves();
            if (anybody) {
                load.settleUnknown();
            }
            settling.await();
        } else if (anybody) {
            load.settleUnknown();
        }
        return new Seen(series, load.shed(), load.troubles(), new ArrayList<>(injector.finish()), healing);
    }

    private RunReport report(
            Scenario scenario,
            String startedAt,
            long began,
            List<Fault> schedule,
            List<Epoch> epochs,
            Seen seen,
            Examiner.Found found)
            throws IOException, InterruptedException {
        Verdict verdict =
                Verdict.of(found.findings().stream().map(NamedFinding::finding).toList());
        List<Trouble> troubles = seen.troubles().entrySet().stream()
                .map(each -> new Trouble(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Trouble::count).reversed())
                .toList();
        Headline headline = Headline.of(seen.series().totals(), seen.series().longestGap(), seen.faults());
        return new RunReport(
                folder.id(),
                scenario.name(),
                scenario.summary(),
                verdict,
                headline.sentence(verdict, seen.series().totals(), seen.faults(), found.findings()),
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
                epochs,
                seen.series().totals(),
                seen.shed(),
                seen.series().binMillis(),
                seen.series().points(),
                troubles,
                found.findings(),
                found.planted(),
                NotTested.of(scenario, planned(scenario.seconds() * 1_000L), schedule, seen.faults(), seen.shed()));
    }

    /** Of every shard; the first of each but the first shard's is left out: nobody took anything over there. */
    private List<Epoch> epochs(Watches watches, long origin) {
        List<Epoch> epochs = new ArrayList<>();
        for (int shard = 0; shard < watches.each().size(); shard++) {
            String of = watches.each().size() == 1 ? "" : " for shard " + shard;
            watches.each().get(shard).takeovers().stream()
                    .skip(shard == 0 ? 0 : 1)
                    .map(epoch -> new Epoch(
                            TimeUnit.NANOSECONDS.toMillis(epoch.nanos() - origin),
                            epoch.epoch(),
                            nodeName(epoch.node()) + of))
                    .forEach(epochs::add);
        }
        return epochs;
    }

    private String nodeName(String id) {
        for (int i = 1; i <= settings.scenario().setting().nodes(); i++) {
            String name = "node" + i;
            if (org.exchequer.platform.infra.DataDirectory.nodeOf(folder.stage().resolve(name))
                    .filter(id::equals)
                    .isPresent()) {
                return name;
            }
        }
        return "unknown";
    }

    /** Logs stay. Data stay only where somebody will want to look at them. */
    private void tidy(Verdict verdict) throws IOException {
        if (verdict != Verdict.VALID) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder.stage())) {
            for (Path part : parts) {
                if (Files.isDirectory(part)) {
                    keepLogs(part);
                    Folders.delete(part);
                }
            }
        }
    }

    private void keepLogs(Path part) throws IOException {
        for (String name : List.of("server.log", "broker.log")) {
            Path log = part.resolve(name);
            if (Files.exists(log)) {
                Files.move(log, folder.stage().resolve(part.getFileName() + ".log"));
            }
        }
    }
}
