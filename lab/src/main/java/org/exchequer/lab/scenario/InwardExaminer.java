package org.exchequer.lab.scenario;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Balances;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Conservation;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.check.NoOverdraft;
import org.exchequer.lab.check.Publication;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.inward.InwardChecker;
import org.exchequer.lab.check.inward.InwardCheckers;
import org.exchequer.lab.check.inward.InwardEvidence;
import org.exchequer.lab.check.inward.InwardEvidence.Absence;
import org.exchequer.lab.check.inward.InwardEvidence.Position;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;
import org.exchequer.lab.check.inward.InwardEvidence.Replay;
import org.exchequer.lab.check.inward.InwardEvidence.Row;
import org.exchequer.lab.check.inward.InwardEvidence.Stall;
import org.exchequer.lab.check.inward.InwardEvidence.Trial;
import org.exchequer.lab.fault.Absences;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.HistoryRecorder;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Planted;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Postgres;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watch;
import org.exchequer.lab.stage.Watches;

/** Reads what is durable once a run of inward clearing is over, stops the nodes, and checks. */
final class InwardExaminer {
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration READ = Duration.ofMinutes(2);

    private final Stage stage;
    private final Watches watches;
    private final RunSettings settings;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<String> progress;

    /** What was found. */
    record Found(List<NamedFinding> findings, List<Planted> planted) {}

    InwardExaminer(
            Stage stage, Watches watches, RunSettings settings, Clock clock, Ticker ticker, Consumer<String> progress) {
        this.stage = stage;
        this.watches = watches;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.progress = progress;
    }

    Found examine(
            Path recorded,
            HistoryRecorder history,
            List<Absences.Absence> absences,
            List<long[]> stalls,
            List<Recovery> recoveries,
            List<Fault> schedule)
            throws Exception {
        progress.accept("reading what is durable");
        long offset = ticker.nanos() - history.now();
        List<Position> positions = InwardCollector.positions(stage.partners().positions());
        Evidence books;
        List<Row> rows;
        Map<Long, Long> epochs;
        List<Replay> replays;
        InwardTrials tries = new InwardTrials(stage, schedule);
        List<Trial> trials;
        try (Connection connection = stage.postgres(0).connect(READ)) {
            books = books(connection);
            rows = InwardCollector.rows(connection);
            epochs = Watch.entries(connection);
            replays = InwardReplays.read(connection);
            progress.accept("making things wrong, to see whether they are noticed");
            trials = new ArrayList<>(tries.run(connection));
        }
        watches.close();
        stage.stopNodes();
        progress.accept("checking");
        InwardEvidence evidence = new InwardEvidence(
                History.read(recorded),
                Optional.of(rows),
                books.journal(),
                absences(absences, offset),
                stalls.stream()
                        .map(span -> new Stall(span[0] - offset, span[1] - offset))
                        .toList(),
                Optional.of(positions),
                recoveries.isEmpty() ? Optional.empty() : Optional.of(recoveries),
                Optional.of(replays),
                Optional.empty());
        trials.add(tries.aDollarOff(evidence));
        evidence = evidence.withTrials(trials);
        List<NamedFinding> findings = new ArrayList<>();
        List<InwardChecker> silent = new ArrayList<>();
        for (InwardChecker checker : InwardCheckers.all()) {
            NamedFinding found = new NamedFinding(checker.invariant(), checker.check(evidence));
            findings.add(found);
            if (found.finding().verdict() != Verdict.INVALID) {
                silent.add(checker);
            }
        }
        for (Checker checker : List.of(new Conservation(), new Balances(), new NoOverdraft(), new Publication())) {
            findings.add(new NamedFinding(checker.invariant(), checker.check(books)));
        }
        findings.add(
                OwnChecks.fencing(watches.each().stream().map(Watch::takeovers).toList(), List.of(epochs)));
        findings.add(OwnChecks.survival(stage.nodes().size(), stage.failures(), stage.excusedStarts()));
        findings.addAll(OwnChecks.program(
                stage.databases().stream().map(Postgres::address).toList(), clock, ticker));
        progress.accept("planting bugs in copies of the evidence");
        return new Found(findings, PlantedInwardBugs.plant(evidence, silent));
    }

    private Evidence books(Connection connection) throws Exception {
        boolean level = Collector.awaitProjection(connection, SETTLE);
        Collector collector = new Collector(connection);
        List<Entry> journal = collector.journal();
        String topic = Topics.transactions(0);
        List<Message> outbox = Collector.outbox(topic + "/0", journal);
        long last = outbox.isEmpty() ? 0 : outbox.getLast().sequence();
        Evidence books = Evidence.of(History.of(List.of()))
                .withJournal(journal)
                .withLimits(collector.limits())
                .withOutbox(outbox)
                .withTopic(new Topics(stage.kafka().bootstrapServers(), ticker).read(topic, last, SETTLE));
        return level ? books.withBalances(collector.balances()) : books;
    }

    /** By the history's time, and by name where all were meant. */
    private List<Absence> absences(List<Absences.Absence> seen, long offset) {
        List<Absence> absences = new ArrayList<>();
        for (Absences.Absence away : seen) {
            for (Node node : stage.nodes()) {
                if (away.node().equals("all") || away.node().equals(node.name())) {
                    long until = away.until() == Long.MAX_VALUE ? Long.MAX_VALUE : away.until() - offset;
                    absences.add(new Absence(node.name(), away.from() - offset, until));
                }
            }
        }
        return absences;
    }
}
