package org.exchequer.lab.scenario;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.fault.Injector;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.HistoryRecorder;
import org.exchequer.lab.load.Arrivals;
import org.exchequer.lab.load.Client;
import org.exchequer.lab.load.Load;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.load.Wire;
import org.exchequer.lab.scenario.RunReport.Epoch;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Planted;
import org.exchequer.lab.scenario.RunReport.Trouble;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watch;
import org.exchequer.platform.infra.Folders;

/** Plays a scenario: sets the stage, loads it, breaks it, heals it, reads what is durable, checks, reports. */
public final class Run {
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration IMPATIENCE = Duration.ofSeconds(4);
    private static final int BRIEF = 160;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration READ = Duration.ofMinutes(2);

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
            List<Watch.Takeover> took) {}

    /** What was found afterwards. */
    private record Found(List<NamedFinding> findings, List<Planted> planted) {}

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
        String startedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        long began = ticker.nanos();
        SplittableRandom random = new SplittableRandom(settings.seed());
        long[] arrivals = Arrivals.poisson(settings.perSecond(), length(), random.split());
        SplittableRandom faultRandom = random.split();
        List<Fault> schedule =
                settings.schedule().orElseGet(() -> scenario.faults().plan(faultRandom, settings.lengthMs()));
        progress.accept(
                "setting the stage: PostgreSQL, Kafka, " + scenario.setting().nodes() + " nodes");
        Stage.Settings stageSettings = new Stage.Settings(
                folder.stage(), scenario.setting().nodes(), scenario.setting().diskMiB());
        Seen seen;
        Found found;
        long origin;
        try (Stage stage = Stage.open(stageSettings, clock, ticker, random.split(), progress);
                Wire wire = new Wire(stage.nodes().stream().map(Node::url).toList(), stage.token(), ATTEMPT_TIMEOUT);
                HistoryRecorder history = HistoryRecorder.create(folder.history(), ticker)) {
            Client client = new Client(wire, history, ticker, PATIENCE, IMPATIENCE);
            Load load = new Load(client, wire, scenario.mix(), settings.seed(), ticker);
            load.prepare();
            load.warmUp(WARM_UP);
            Redelivery redelivery =
                    scenario.setting().redelivery() ? Redelivery.start(stage, settings.seed(), ticker) : null;
            try (redelivery;
                    Watch watch = Watch.start(stage.postgres(), ticker)) {
                progress.accept("%,d operations, %d faults, %d s"
                        .formatted(arrivals.length, schedule.size(), length().toSeconds()));
                origin = ticker.nanos();
                seen = load(stage, load, watch, schedule, arrivals, origin);
                if (redelivery != null) {
                    seen.faults().add(redelivery.record(settings.lengthMs()));
                }
                found = check(stage, watch, redelivery);
            }
        }
        RunReport report = report(scenario, startedAt, began, origin, schedule, seen, found);
        folder.write(report);
        tidy(report.verdict());
        return report;
    }

    private Duration length() {
        return Duration.ofMillis(settings.lengthMs());
    }

    private Seen load(Stage stage, Load load, Watch watch, List<Fault> schedule, long[] arrivals, long origin)
            throws IOException, SQLException, InterruptedException {
        Injector injector = new Injector(stage, watch, load::troubles, folder.faults(), ticker);
        injector.start(schedule, origin);
        Series series = load.run(arrivals, origin, length());
        injector.awaitEnd();
        progress.accept("healing, and asking again what is not known");
        stage.heal();
        load.settleUnknown();
        return new Seen(series, load.shed(), load.troubles(), new ArrayList<>(injector.finish()), watch.takeovers());
    }

    private Found check(Stage stage, Watch watch, @org.jspecify.annotations.Nullable Redelivery redelivery)
            throws Exception {
        progress.accept("reading what is durable");
        Evidence evidence;
        Map<Long, Long> entries;
        try (Connection connection = stage.postgres().connect(READ)) {
            boolean level = Collector.awaitProjection(connection, SETTLE);
            Collector collector = new Collector(connection);
            List<Entry> journal = collector.journal();
            List<Evidence.Message> outbox = Collector.outbox(journal);
            long last = outbox.isEmpty() ? 0 : outbox.getLast().sequence();
            Topics topics = new Topics(stage.kafka().bootstrapServers(), ticker);
            evidence = Evidence.of(History.read(folder.history()))
                    .withJournal(journal)
                    .withLimits(collector.limits())
                    .withOutbox(outbox)
                    .withTopic(topics.read(Topics.TRANSACTIONS, last, SETTLE));
            if (level) {
                evidence = evidence.withBalances(collector.balances());
            }
            if (redelivery != null) {
                evidence = evidence.withInbox(redelivery.applied(last, SETTLE));
            }
            entries = Watch.entries(connection);
        }
        watch.close();
        stage.stopNodes();
        progress.accept("checking");
        Invariants invariants = Invariants.of(ticker, settings.lengthMs());
        List<NamedFinding> findings = new ArrayList<>(invariants.check(evidence));
        findings.add(OwnChecks.fencing(watch.takeovers(), entries));
        findings.add(OwnChecks.survival(stage.nodes().size(), stage.endedByThemselves()));
        findings.addAll(OwnChecks.program(stage.postgres().address(), clock, ticker));
        progress.accept("planting bugs in copies of the evidence");
        return new Found(findings, PlantedBugs.plant(evidence, silent(invariants, findings), ticker));
    }

    /** The checkers that found nothing. */
    private static List<Checker> silent(Invariants invariants, List<NamedFinding> findings) {
        return invariants.checkers().stream()
                .filter(checker -> findings.stream()
                        .map(NamedFinding::finding)
                        .noneMatch(finding ->
                                finding.checker().equals(checker.name()) && finding.verdict() == Verdict.INVALID))
                .toList();
    }

    private RunReport report(
            Scenario scenario, String startedAt, long began, long origin, List<Fault> schedule, Seen seen, Found found)
            throws InterruptedException {
        Verdict verdict =
                Verdict.of(found.findings().stream().map(NamedFinding::finding).toList());
        List<Epoch> epochs = seen.took().stream()
                .map(epoch -> new Epoch(
                        TimeUnit.NANOSECONDS.toMillis(epoch.nanos() - origin), epoch.epoch(), nodeName(epoch.node())))
                .toList();
        List<Trouble> troubles = seen.troubles().entrySet().stream()
                .map(each -> new Trouble(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Trouble::count).reversed())
                .toList();
        return new RunReport(
                folder.id(),
                scenario.name(),
                scenario.summary(),
                verdict,
                sentence(verdict, seen, found.findings()),
                settings.seed(),
                settings.lengthMs(),
                settings.perSecond(),
                scenario.setting().nodes(),
                startedAt,
                TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - began),
                Machine.program(),
                Machine.describe(),
                "./exchequer lab replay " + folder.id(),
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
                scenario.notTested());
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

    private static String sentence(Verdict verdict, Seen seen, List<NamedFinding> findings) {
        Series.Totals totals = seen.series().totals();
        long bit = seen.faults().stream().filter(FaultRecord::bit).count();
        String what = "%,d operations through %d faults, %d of which demonstrably bit"
                .formatted(totals.operations(), seen.faults().size(), bit);
        return switch (verdict) {
            case VALID -> "No violation found in " + what + ".";
            case UNKNOWN -> {
                Finding open = findings.stream()
                        .map(NamedFinding::finding)
                        .filter(finding -> finding.verdict() == Verdict.UNKNOWN)
                        .findFirst()
                        .orElseThrow();
                yield "It cannot be told: " + open.checker() + " is undecided (" + brief(open.note())
                        + "). No violation was" + " found in the rest, " + what + ".";
            }
            case INVALID -> {
                Finding broken = findings.stream()
                        .map(NamedFinding::finding)
                        .filter(finding -> finding.verdict() == Verdict.INVALID)
                        .findFirst()
                        .orElseThrow();
                yield "VIOLATION of " + broken.checker() + ": "
                        + broken.first().orElseThrow().summary() + ". " + what + ".";
            }
        };
    }

    private static String brief(String note) {
        return note.length() <= BRIEF ? note : note.substring(0, BRIEF) + "…";
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
