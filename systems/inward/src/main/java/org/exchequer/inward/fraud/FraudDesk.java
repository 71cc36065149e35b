package org.exchequer.inward.fraud;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.inward.store.ModelChanges;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.scoring.explain.Counterfactual;
import org.exchequer.scoring.explain.Counterfactual.Actionable;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.explain.Explanation;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.registry.Feedback;
import org.exchequer.scoring.registry.Registry;
import org.exchequer.scoring.registry.RegistryException;
import org.exchequer.scoring.registry.Serving;
import org.exchequer.scoring.rules.Rule;
import org.exchequer.scoring.rules.RuleEngine;
import org.exchequer.scoring.rules.Rules;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Fraud} of this process: reads what is stored, explains it with the model that decided, and counts. */
public final class FraudDesk implements Fraud {
    private static final Logger LOG = LoggerFactory.getLogger(FraudDesk.class);
    private static final int NEAREST = 5;
    private static final int MOST_CHANGED = 2;
    private static final int CHANGES = 50;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PRECISION = Duration.ofDays(30);
    private static final double TWENTIETHS = 20;

    /** What a payer could have done otherwise. */
    private static final List<Actionable> ACTIONABLE = List.of(
            new Actionable("amount_log", 0, 14),
            new Actionable("counterparty_relationship", 0, 1_000_000),
            new Actionable("velocity_count_1h", 0, 1_000_000),
            new Actionable("velocity_count_24h", 0, 1_000_000),
            new Actionable("velocity_amount_1h", 0, 1e13f),
            new Actionable("velocity_amount_24h", 0, 1e13f),
            new Actionable("time_since_last_transaction", 0, 1e7f));

    private final Scorer scorer;
    private final FraudBook book;
    private final ModelChanges changes;
    private final Replays replays;
    private final StoredDecisions stored;
    private final Clock clock;
    private final ConcurrentMap<String, Counterfactual> counterfactuals = new ConcurrentHashMap<>();

    public FraudDesk(Scorer scorer, FraudBook book, FraudChanges settings, ModelChanges changes, Clock clock) {
        this.scorer = scorer;
        this.book = book;
        this.changes = changes;
        this.replays = new Replays(book, settings);
        this.clock = clock;
        this.stored = new StoredDecisions(scorer.models(), book);
    }

    /** Whether what is stored is still what was decided. */
    public StoredDecisions stored() {
        return stored;
    }

    private static Verdict verdict(FraudBook.Scored row) {
        return new Verdict(
                row.payment(),
                row.at(),
                row.model(),
                row.fingerprint(),
                row.probability(),
                row.ruleScore(),
                row.score(),
                row.level(),
                row.decision(),
                row.refused(),
                row.rules(),
                new Money(row.amountMinor(), Currency.of(row.currency())).toDecimal(),
                row.currency(),
                row.state(),
                row.tookMicros(),
                row.fraud());
    }

    @Override
    public Optional<Explained> explain(UUID payment) {
        return book.scored(payment).map(this::explained);
    }

    private Explained explained(FraudBook.Scored row) {
        List<Said> said = book.said(row.payment()).stream()
                .map(each -> new Said(each.fraud(), each.note(), each.by(), each.at()))
                .toList();
        Optional<Ensemble> model = scorer.models().find(row.model());
        if (model.isEmpty()) {
            return untold(row, said, "the file of " + row.model() + " is not here");
        }
        Ensemble ensemble = model.get();
        Evidence evidence;
        try {
            evidence = Evidence.read(
                    row.evidence(),
                    ensemble.parts().features(),
                    ensemble.parts().events());
        } catch (IOException e) {
            LOG.error("The evidence of payment {} cannot be read", row.payment(), e);
            return untold(row, said, "what is stored cannot be read: " + e.getMessage());
        }
        return switch (evidence.replay(ensemble)) {
            case Evidence.Replay.OtherModel(String what) -> untold(row, said, what);
            case Evidence.Replay.Same(Decision decision) ->
                told(
                        row,
                        said,
                        ensemble,
                        evidence,
                        decision,
                        StoredDecisions.differs(row, evidence).orElseGet(() -> replays.rules(row.payment())));
            case Evidence.Replay.Different(Decision decision, String what) ->
                told(row, said, ensemble, evidence, decision, what + " is different");
        };
    }

    private static Explained untold(FraudBook.Scored row, List<Said> said, String why) {
        String text = Objects.requireNonNullElse(row.explanation(), "No reasons: " + why + ".");
        return new Explained(verdict(row), text, 0, row.margin(), List.of(), 0, null, List.of(), said, why);
    }

    private Explained told(
            FraudBook.Scored row,
            List<Said> said,
            Ensemble ensemble,
            Evidence evidence,
            Decision decision,
            String replayed) {
        Explanation why = Scorer.explain(decision);
        Counterfactual search =
                counterfactuals.computeIfAbsent(ensemble.id(), id -> new Counterfactual(ensemble, ACTIONABLE));
        String itself = row.payment().toString();
        List<Similar> similar = scorer.similar().nearest(decision.score(), NEAREST + 1).stream()
                .filter(each -> !each.id().equals(itself))
                .limit(NEAREST)
                .map(each -> new Similar(
                        each.id(),
                        each.distance(),
                        each.probability(),
                        each.outcome().name(),
                        each.label().name()))
                .toList();
        return new Explained(
                verdict(row),
                Objects.requireNonNullElseGet(row.explanation(), why::text),
                decision.score().base(),
                decision.score().margin(),
                why.reasons().stream()
                        .map(each -> new Reason(each.what(), each.points(), each.share(), each.sentence()))
                        .toList(),
                why.restPoints(),
                search.search(decision, evidence.sample(), MOST_CHANGED)
                        .map(Counterfactual.Found::text)
                        .orElse(null),
                similar,
                said,
                replayed);
    }

    @Override
    public Set<UUID> scored(List<UUID> payments) {
        return book.scored(payments);
    }

    @Override
    public boolean say(UUID payment, boolean fraud, @Nullable String note, String by) {
        Optional<FraudBook.Scored> row = book.scored(payment);
        List<FraudBook.Said> said = book.said(payment);
        if (!said.isEmpty()) {
            FraudBook.Said last = said.getLast();
            if (last.fraud() == fraud && last.by().equals(by) && Objects.equals(last.note(), note)) {
                return true;
            }
        }
        if (row.isEmpty() || !book.say(payment, fraud, note, by, clock.instant(), scorer.life())) {
            return false;
        }
        scorer.label(payment.toString(), row.get().model(), fraud, row.get().rules());
        return true;
    }

    @Override
    public List<Verdict> queue(int limit) {
        return book.queue(limit).stream().map(FraudDesk::verdict).toList();
    }

    @Override
    public Overview overview() {
        Instant since = clock.instant().minus(DAY);
        Blend blend = scorer.tuning().blend();
        return new Overview(
                book.decisions(since).stream()
                        .map(each -> new Count(
                                each.decision(),
                                each.payments(),
                                each.refused(),
                                each.frauds(),
                                each.harmless(),
                                each.micros()))
                        .toList(),
                book.scores(since).stream()
                        .map(each -> new Bar(
                                (each.bucket() - 1) / TWENTIETHS, each.payments(), each.frauds(), each.harmless()))
                        .toList(),
                blend.approveBelow(),
                blend.rejectFrom(),
                blend.emergencyFrom(),
                book.waiting(),
                scorer.warm());
    }

    @Override
    public ModelState models() {
        Optional<Serving> serving = scorer.models().serving();
        List<Version> versions = new ArrayList<>();
        for (String id : scorer.models().versions()) {
            scorer.models().find(id).ifPresent(each -> versions.add(version(each, serving)));
        }
        List<Service> services = scorer.moves().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> service(each.getKey(), each.getValue()))
                .toList();
        List<Importance> importance =
                serving.map(each -> Explanation.importance(each.champion())).orElse(List.of()).stream()
                        .map(each -> new Importance(each.what(), each.points(), each.share()))
                        .toList();
        return new ModelState(
                versions,
                services,
                importance,
                scorer.warm(),
                scorer.tuning().alarm(),
                scorer.shifted(),
                scorer.models().problem().orElse(null));
    }

    private static Version version(Ensemble model, Optional<Serving> serving) {
        String role = "";
        int percent = 0;
        if (serving.isPresent()) {
            Serving now = serving.get();
            Optional<Serving.Candidate> candidate =
                    now.candidate().filter(each -> each.ensemble().id().equals(model.id()));
            if (candidate.isPresent()) {
                role = candidate.get().canary() ? "canary" : "challenger";
                percent = candidate.get().percent();
            } else if (now.champion().id().equals(model.id())) {
                role = "champion";
                percent = 100 - now.candidate().map(Serving.Candidate::percent).orElse(0);
            } else if (now.shadows().stream().anyMatch(each -> each.id().equals(model.id()))) {
                role = "shadow";
            } else if (now.previous()
                    .filter(each -> each.id().equals(model.id()))
                    .isPresent()) {
                role = "previous";
            }
        }
        Map<String, Double> figures = model.parts().figures();
        return new Version(
                model.id(),
                role,
                percent,
                model.parts().trained(),
                figures.getOrDefault("auc", 0.0),
                figures.getOrDefault("recall_at_1_percent", 0.0),
                figures.getOrDefault("recall_at_5_percent", 0.0));
    }

    private Service service(String model, Moves moves) {
        Feedback.Performance done = scorer.performance(model);
        return new Service(
                model,
                moves.seen(clock.millis()),
                moves.moved(clock.millis(), scorer.tuning().alarm()),
                done.caught(),
                done.missed(),
                done.falseAlarms(),
                done.passed(),
                done.waiting());
    }

    @Override
    public List<RuleLine> rules() {
        Map<String, FraudBook.Hits> hits = new HashMap<>();
        book.hits(clock.instant().minus(PRECISION)).forEach(each -> hits.put(each.rule(), each));
        Map<String, List<FraudSettings.Value>> numbers = new HashMap<>();
        for (FraudSettings.Value each : Values.of(scorer)) {
            String[] parts = each.key().name().split("[.]", -1);
            if (parts.length == 3) {
                numbers.computeIfAbsent(parts[1], any -> new ArrayList<>()).add(each);
            }
        }
        List<RuleLine> lines = new ArrayList<>();
        for (RuleEngine.Statistics each : scorer.rules().statistics()) {
            Rule rule = Rules.all().stream()
                    .filter(one -> one.id().equals(each.rule()))
                    .findFirst()
                    .orElseThrow();
            FraudBook.Hits told = hits.getOrDefault(rule.id(), new FraudBook.Hits(rule.id(), 0, 0, 0));
            lines.add(new RuleLine(
                    rule.id(),
                    rule.category().name(),
                    rule.priority(),
                    rule.sentence(),
                    rule.action().name(),
                    Values.on(scorer.tuning(), rule.id()),
                    each.evaluations(),
                    each.unknown(),
                    each.hits(),
                    each.evaluations() == 0 ? 0 : (double) each.nanos() / each.evaluations(),
                    told.payments(),
                    told.frauds(),
                    told.harmless(),
                    numbers.getOrDefault(rule.id(), List.of())));
        }
        return lines;
    }

    @Override
    public Optional<Network> network(UUID payment) {
        return book.judged(payment).map(judged -> new Networks(book, clock).of(judged.past()));
    }

    @Override
    public List<ModelChange> changes() {
        return changes.newest(CHANGES);
    }

    @Override
    public Step propose(
            UUID id, ModelAction action, @Nullable String model, @Nullable Integer percent, String reason, String by) {
        Optional<ModelChange> before = changes.find(id);
        if (before.isPresent()) {
            ModelChange same = before.get();
            return same.action() == action
                            && Objects.equals(same.model(), model)
                            && Objects.equals(same.percent(), percent)
                            && same.reason().equals(reason)
                    ? new Step.Done(same)
                    : new Step.Refused("IDEMPOTENCY_KEY_REUSED", "the key was used for another one");
        }
        Optional<String> wrong = wrong(action, model, percent);
        if (wrong.isEmpty() && model != null && action != ModelAction.ROLLBACK) {
            wrong = shared(model);
        }
        if (wrong.isPresent()) {
            return new Step.Refused("MODEL_CHANGE_IMPOSSIBLE", wrong.get());
        }
        changes.propose(id, action, model, percent, reason, by, clock.instant());
        return new Step.Done(changes.find(id).orElseThrow());
    }

    /** Sees to it that other nodes have the version too. */
    private Optional<String> shared(String model) {
        try {
            scorer.models().offer(changes, model);
            scorer.models().bring(changes, model);
            return Optional.empty();
        } catch (IOException | RegistryException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private boolean installed(@Nullable String model) {
        try {
            return model != null
                    && (scorer.models().versions().contains(model)
                            || changes.fingerprint(model).isPresent());
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    private Optional<String> wrong(ModelAction action, @Nullable String model, @Nullable Integer percent) {
        if (scorer.models().registry().isEmpty()) {
            return Optional.of("this process keeps no models: there is nothing to change");
        }
        boolean named = installed(model);
        return switch (action) {
            case ROLLBACK -> Optional.empty();
            case CHALLENGE ->
                !named
                        ? Optional.of("model must be one that is installed")
                        : percent == null || percent < 1 || percent > 50
                                ? Optional.of("percent must be 1 to 50")
                                : Optional.empty();
            case PROMOTE, SHADOW, WITHDRAW ->
                named ? Optional.empty() : Optional.of("model must be one that is installed");
        };
    }

    @Override
    public Step decide(UUID change, boolean approve, String by) {
        Optional<ModelChange> found = changes.find(change);
        if (found.isEmpty()) {
            return new Step.Refused("MODEL_CHANGE_NOT_FOUND", "there is no change " + change);
        }
        if (found.get().proposedBy().equals(by)) {
            return new Step.Refused("FOUR_EYES", "must be decided by another person than who proposed it");
        }
        ModelChange known = found.get();
        if (by.equals(known.decidedBy()) && known.state().equals(approve ? "APPROVED" : "REJECTED")) {
            return new Step.Done(known);
        }
        if (scorer.models().registry().isEmpty()) {
            return new Step.Refused("MODEL_CHANGE_IMPOSSIBLE", "this process keeps no models");
        }
        try {
            boolean decided = approve
                    ? changes.approve(change, by, clock.instant(), newest -> made(known, newest))
                    : changes.reject(change, by, clock.instant());
            if (!decided) {
                return new Step.Refused("ALREADY_DECIDED", "was decided already");
            }
        } catch (IOException | RegistryException e) {
            LOG.warn("Model change {} could not be made: {}", change, e.getMessage());
            return new Step.Refused("MODEL_CHANGE_FAILED", String.valueOf(e.getMessage()));
        }
        return new Step.Done(changes.find(change).orElseThrow());
    }

    /** Made on what all nodes serve, not on what this one has missed. */
    private String made(ModelChange change, Optional<String> newest) throws IOException, SQLException {
        Models models = scorer.models();
        if (newest.isPresent()) {
            models.adopt(changes, newest.get());
        }
        if (change.model() != null) {
            models.bring(changes, change.model());
        }
        carryOut(change);
        String assignment = models.registry().orElseThrow().assignment();
        for (String id : Registry.named(assignment)) {
            models.offer(changes, id);
        }
        return assignment;
    }

    private void carryOut(ModelChange change) throws IOException {
        Registry registry = scorer.models().registry().orElseThrow();
        String model = Objects.requireNonNullElse(change.model(), "");
        switch (change.action()) {
            case PROMOTE -> registry.promote(model);
            case CHALLENGE -> registry.challenge(model, Objects.requireNonNullElse(change.percent(), 0));
            case SHADOW -> registry.shadow(model);
            case WITHDRAW -> registry.withdraw(model);
            case ROLLBACK -> registry.rollback();
        }
    }
}
