package org.exchequer.lab.scenario;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.check.Reconciled;
import org.exchequer.lab.check.ReconciledRuns;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.shards.EachShard;
import org.exchequer.lab.check.shards.ShardChecker;
import org.exchequer.lab.check.shards.ShardedEvidence;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.history.History;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import org.exchequer.lab.scenario.RunReport.Planted;
import org.exchequer.lab.stage.Postgres;
import org.exchequer.lab.stage.Stage;
import org.exchequer.lab.stage.Watch;
import org.exchequer.lab.stage.Watches;
import org.jspecify.annotations.Nullable;

/** Reads what is durable once a run is over, stops the nodes, and checks. */
final class Examiner {
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration READ = Duration.ofMinutes(2);
    private static final Evidence NOTHING = Evidence.of(History.of(List.of()));

    private final Stage stage;
    private final Watches watches;
    private final @Nullable Redelivery redelivery;
    private final @Nullable Reconciler reconciler;
    private final RunSettings settings;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final Map<String, Mark> marks = new HashMap<>();
    private final List<Map<Long, Long>> entries = new ArrayList<>();

    /** What was found. */
    record Found(List<NamedFinding> findings, List<Planted> planted) {}

    Examiner(
            Stage stage,
            Watches watches,
            @Nullable Redelivery redelivery,
            @Nullable Reconciler reconciler,
            RunSettings settings,
            Clock clock,
            Ticker ticker,
            Consumer<String> progress) {
        this.stage = stage;
        this.watches = watches;
        this.redelivery = redelivery;
        this.reconciler = reconciler;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.progress = progress;
    }

    /** @param healing how long it took until nothing was in doubt, of a ledger over several shards */
    Found examine(Path recorded, Optional<Healing> healing) throws Exception {
        progress.accept("reading what is durable");
        List<Reconciled> reconciled = reconciler == null ? List.of() : reconciler.finish();
        List<Evidence> books = new ArrayList<>();
        for (int shard = 0; shard < stage.databases().size(); shard++) {
            books.add(read(shard));
        }
        History history = History.read(recorded);
        watches.close();
        stage.stopNodes();
        progress.accept("checking");
        Found found = books.size() == 1
                ? ofOne(books.getFirst().withHistory(history))
                : ofShards(new ShardedEvidence(history, books, marks, watches.cuts(), healing));
        List<NamedFinding> findings = new ArrayList<>(found.findings());
        findings.add(
                OwnChecks.fencing(watches.each().stream().map(Watch::takeovers).toList(), entries));
        findings.add(OwnChecks.survival(stage.nodes().size(), stage.failures(), stage.excusedStarts()));
        findings.addAll(OwnChecks.program(
                stage.databases().stream().map(Postgres::address).toList(), clock, ticker));
        if (reconciler == null) {
            return new Found(findings, found.planted());
        }
        List<Entry> journal = books.getFirst().journal().orElseThrow();
        findings.add(new NamedFinding(ReconciledRuns.INVARIANT, ReconciledRuns.check(journal, reconciled)));
        List<Planted> planted = new ArrayList<>(found.planted());
        planted.add(missedLine(journal, reconciled));
        return new Found(findings, planted);
    }

    /** Each reconciliation misses the line that it would have seen last. */
    private static Planted missedLine(List<Entry> journal, List<Reconciled> reconciled) {
        List<Reconciled> broken = reconciled.stream()
                .map(run -> new Reconciled(
                        run.account(),
                        run.statement(),
                        0,
                        run.ours() - 1,
                        run.sum(),
                        run.matches(),
                        run.breaks(),
                        run.trouble(),
                        run.unanswered()))
                .toList();
        boolean caught = ReconciledRuns.check(journal, broken).verdict() == Verdict.INVALID;
        return new Planted(
                "A reconciliation misses a line of the account.", caught ? List.of(ReconciledRuns.NAME) : List.of());
    }

    private Evidence read(int shard) throws SQLException, InterruptedException {
        try (Connection connection = stage.postgres(shard).connect(READ)) {
            boolean level = Collector.awaitProjection(connection, SETTLE);
            Collector collector = new Collector(connection);
            List<Entry> journal = collector.journal();
            String topic = Topics.transactions(shard);
            List<Message> outbox = Collector.outbox(topic + "/0", journal);
            long last = outbox.isEmpty() ? 0 : outbox.getLast().sequence();
            Evidence evidence = NOTHING.withJournal(journal)
                    .withLimits(collector.limits())
                    .withOutbox(outbox)
                    .withTopic(new Topics(stage.kafka().bootstrapServers(), ticker).read(topic, last, SETTLE));
            if (level) {
                evidence = evidence.withBalances(collector.balances());
            }
            if (redelivery != null && shard == 0) {
                evidence = evidence.withInbox(redelivery.applied(last, SETTLE));
            }
            marks.putAll(collector.marks());
            entries.add(Watch.entries(connection));
            return evidence;
        }
    }

    private Found ofOne(Evidence evidence) {
        Invariants invariants = Invariants.of(ticker, settings.lengthMs());
        List<NamedFinding> findings = invariants.check(evidence);
        progress.accept("planting bugs in copies of the evidence");
        return new Found(
                findings, PlantedBugs.plant(evidence, silent(invariants.checkers(), c -> c.name(), findings), ticker));
    }

    private Found ofShards(ShardedEvidence evidence) {
        List<ShardChecker> checkers = Invariants.ofShards(ticker, settings.lengthMs());
        List<NamedFinding> findings = checkers.stream()
                .map(checker -> new NamedFinding(checker.invariant(), checker.check(evidence)))
                .toList();
        progress.accept("planting bugs in copies of the evidence");
        List<Planted> planted =
                new ArrayList<>(PlantedShardBugs.plant(evidence, silent(checkers, ShardChecker::name, findings)));
        Invariants ofOne = Invariants.of(ticker, settings.lengthMs());
        planted.addAll(PlantedBugs.plant(
                EachShard.view(evidence, 0), silent(ofOne.checkers(), c -> c.name(), findings), ticker));
        return new Found(findings, planted);
    }

    /** The checkers that found nothing. */
    private static <T> List<T> silent(List<T> checkers, Function<T, String> name, List<NamedFinding> findings) {
        return checkers.stream()
                .filter(checker -> findings.stream()
                        .map(NamedFinding::finding)
                        .noneMatch(finding ->
                                finding.checker().equals(name.apply(checker)) && finding.verdict() == Verdict.INVALID))
                .toList();
    }
}
