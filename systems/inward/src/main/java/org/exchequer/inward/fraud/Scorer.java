package org.exchequer.inward.fraud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.exchequer.inward.core.Assessment;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.iso20022.Instruction;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.explain.Explanation;
import org.exchequer.scoring.explain.Phrases;
import org.exchequer.scoring.explain.SimilarCases;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.FeatureEngine;
import org.exchequer.scoring.features.FeatureSettings;
import org.exchequer.scoring.features.Pseudonyms;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.registry.Feedback;
import org.exchequer.scoring.registry.Serving;
import org.exchequer.scoring.rules.Evaluation;
import org.exchequer.scoring.rules.Lists;
import org.exchequer.scoring.rules.RuleEngine;
import org.exchequer.scoring.rules.Rules;
import org.exchequer.scoring.rules.Subject;
import org.exchequer.scoring.stream.PaymentStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores payments in the order in which they come: features, the model that serves the payer's account, rules,
 * and both together. What was seen before is in memory, and is the same after a restart once {@link #remember}
 * has been given what is stored.
 *
 * <p>Reasons (Shapley values) cost much more than the score. They are made on the way only for what is refused;
 * for what is put up for review beside it, some of them, to find similar cases by. For the rest they
 * are made when somebody asks, from what is stored, with the same bits.
 */
public final class Scorer implements AutoCloseable {
    /** What a model and the rules are given goes through here, as {@link Given}. */
    public static final String FEATURES_POINT = "inward.fraud.features";
    /** Asking the model goes through here, as a {@link Supplier} of its score. */
    public static final String MODEL_POINT = "inward.fraud.model";
    /** Passed before reasons are made. */
    public static final String REASONS_POINT = "inward.fraud.reasons";

    private static final Logger LOG = LoggerFactory.getLogger(Scorer.class);
    /** Payers, payees and their pairs that are remembered: at most about 250 MB. */
    private static final int MOST_ACCOUNTS = 50_000;

    private static final int SIMILAR = 20_000;
    private static final int MOST_DECISIONS = 200_000;
    private static final int REASONS = 6;
    private static final int MOST_UNEXPLAINED = 256;
    private static final int BIC8 = 8;
    private static final Phrases PHRASES = new Phrases(Wording.TEMPLATES);

    private final Models models;
    private final Pseudonyms pseudonyms;
    private final PaymentStream stream;
    private final RuleEngine rules;
    /** Replaced as a whole: a payment is judged by one. */
    private volatile Tuning tuning = Tuning.STANDARD;

    private final Settings settings;
    private final String node;
    private final Faults faults;
    private final Clock clock;
    private final Ticker ticker;
    private final SimilarCases similar = new SimilarCases(SIMILAR);
    private final ConcurrentMap<String, Moves> drifts = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Feedback> feedbacks = new ConcurrentHashMap<>();
    /** Features know an order, and pseudonyms one thread. */
    private final ReentrantLock order = new ReentrantLock();

    /** How many held payments a second are explained for {@link SimilarCases}: one takes milliseconds. */
    private static final long BETWEEN_REASONS = Duration.ofMillis(200).toNanos();

    private final AtomicLong reasonsFrom = new AtomicLong();
    private final UUID life = UUID.randomUUID();
    /** For lists, apart from the order of payments. */
    private final Pseudonyms listing;

    /** What there is no room for is left out: it is a help for reviewers, no record. */
    private final ThreadPoolExecutor reasons = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_UNEXPLAINED),
            Thread.ofPlatform().name("inward-reasons").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private long number;
    private long firstMillis = Long.MAX_VALUE;

    /**
     * How it works.
     *
     * @param warmUp how long payments must have been seen before a model may refuse: who has seen little takes
     *     every payer for new. Until then what it would refuse is accepted and put up for review
     * @param maturity how old a decision is before it counts as harmless where nobody said that it was not
     * @param window of decisions that count after that
     */
    public record Settings(Duration warmUp, Duration maturity, Duration window) {
        /** 15 days, as in training; 45 days of complaints; 30 days. */
        public static Settings standard() {
            return new Settings(Duration.ofDays(15), Duration.ofDays(45), Duration.ofDays(30));
        }
    }

    /** @param key that account numbers become pseudonyms by, at least 16 bytes */
    public Scorer(
            Models models, byte[] key, Settings settings, String node, Faults faults, Clock clock, Ticker ticker) {
        this.models = models;
        this.faults = faults;
        this.pseudonyms = new Pseudonyms(key);
        this.listing = new Pseudonyms(key);
        FeatureSettings usual = FeatureSettings.standard();
        this.stream = new PaymentStream(new FeatureSettings(
                usual.reportingMinor(),
                usual.smallMinor(),
                MOST_ACCOUNTS,
                MOST_ACCOUNTS,
                MOST_ACCOUNTS,
                usual.tables(),
                usual.graph()));
        this.rules = new RuleEngine(Rules.all(), ticker);
        this.settings = settings;
        this.node = node;
        this.clock = clock;
        this.ticker = ticker;
        reasonsFrom.set(ticker.nanos());
    }

    /** What came of it. */
    public sealed interface Result {
        /** The payment with all that was decided. */
        record Scored(Assessment assessment) implements Result {}

        /** Nothing in it that models know; rules alone decide. */
        record NotScored() implements Result {}

        /** No model serves, it fails, or it does not answer in time. */
        record Late() implements Result {}
    }

    /** What a payment is judged by. */
    public record Given(Event event, PaymentStream.Seen payment) {}

    private record Seen(long number, PaymentStream.Seen payment, boolean warm) {}

    /**
     * Scores a payment; the next one is seen after it.
     *
     * @param deadlineNanos by the ticker
     */
    public Result score(NewPayment payment, Instruction instruction, long deadlineNanos) {
        long began = ticker.nanos();
        Optional<Serving> serving = models.serving();
        if (serving.isEmpty()) {
            return new Result.Late();
        }
        Event event;
        Seen seen;
        try {
            if (!order.tryLock(Math.max(0, deadlineNanos - began), TimeUnit.NANOSECONDS)) {
                return new Result.Late();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Late();
        }
        try {
            Optional<Event> read = Events.of(number + 1, instruction, payment.receivedAt(), pseudonyms);
            if (read.isEmpty()) {
                return new Result.NotScored();
            }
            event = read.get();
            seen = see(event);
        } finally {
            order.unlock();
        }
        Ensemble model = serving.get().route(Long.toHexString(event.debtor().account()));
        Sample given = seen.payment().sample();
        Optional<Score> score = ask(() -> plain(model, given), deadlineNanos);
        if (score.isEmpty()) {
            return new Result.Late();
        }
        Assessment assessment = decide(payment, event, seen, model, score.get(), began);
        for (Ensemble shadow : serving.get().shadows()) {
            Sample sample = seen.payment().sample();
            moves(shadow).see(sample.features(), shadow.margin(sample), clock.millis());
        }
        return new Result.Scored(assessment);
    }

    private Seen see(Event event) {
        // Rises over restarts and, as far as clocks agree, over nodes.
        number = Math.max(number + 1, micros(clock.instant()));
        firstMillis = Math.min(firstMillis, event.timeMillis());
        boolean warm = event.timeMillis() - firstMillis >= settings.warmUp().toMillis();
        Given given = faults.through(FEATURES_POINT, new Given(event, stream.apply(event)));
        return new Seen(number, given.payment(), warm);
    }

    /** A model that hangs, or fails, keeps no payment: on a thread of its own, waited for until the deadline. */
    private Optional<Score> ask(Supplier<Score> model, long deadlineNanos) {
        Supplier<Score> asked = faults.through(MODEL_POINT, model);
        FutureTask<Score> answer = new FutureTask<>(asked::get);
        Thread.ofVirtual().name("inward-model").start(answer);
        try {
            return Optional.of(answer.get(Math.max(0, deadlineNanos - ticker.nanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            answer.cancel(true);
        } catch (ExecutionException e) {
            LOG.warn("A model has failed; rules decide", e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1_000;
    }

    private Assessment decide(NewPayment payment, Event event, Seen seen, Ensemble model, Score score, long began) {
        Sample sample = seen.payment().sample();
        Instruction instruction = Objects.requireNonNull(payment.intake().instruction());
        String payerBank = bank(Events.payerBic(instruction));
        String payeeBank = bank(Events.payeeBic(instruction));
        Tuning now = tuning;
        Subject subject = subject(event, seen.payment().vector(), payerBank, payeeBank);
        Evaluation said = rules.evaluate(now.book(), now.lists(), subject);
        OptionalDouble ruleScore = OptionalDouble.of(said.score());
        Blend blend = now.blend();
        Decision decision = blend.decide(score, ruleScore, OptionalDouble.empty());
        boolean held = decision.outcome() != Outcome.APPROVE;
        boolean refused = Assessment.refuses(said.action(), decision.outcome(), seen.warm());
        String id = payment.id().toString();
        String explanation = null;
        if (refused) {
            Optional<Decision> reasoned = reasoned(id, decision, model, blend, sample);
            reasoned.ifPresent(each -> similar.add(id, each));
            explanation = text(reasoned, decision, said);
        } else if (held && isReasonsTurn()) {
            Decision plain = decision;
            reasons.execute(() -> reasoned(id, plain, model, blend, sample).ifPresent(each -> similar.add(id, each)));
        }
        moves(model).see(sample.features(), decision.score().margin(), clock.millis());
        feedback(model.id())
                .decided(id, payment.receivedAt(), held, decision.score().probability());
        return new Assessment(
                payment.id(),
                seen.number(),
                node,
                event,
                Evidence.of(model, sample, decision),
                refused,
                said.hits().stream().map(Evaluation.Hit::rule).toList(),
                said.action().name(),
                said.version(),
                said.followed(),
                payerBank,
                payeeBank,
                seen.warm(),
                explanation,
                ticker.nanos() - began);
    }

    private boolean isReasonsTurn() {
        long now = ticker.nanos();
        long from = reasonsFrom.get();
        return now - from >= 0 && reasonsFrom.compareAndSet(from, now + BETWEEN_REASONS);
    }

    /** What rules look at. */
    static Subject subject(Event event, float[] vector, String payerBank, String payeeBank) {
        return new Subject(event, vector, false, false, Names.bank(payerBank), Names.bank(payeeBank));
    }

    private static String bank(@Nullable String bic) {
        return bic == null || bic.length() < BIC8 ? "" : bic.substring(0, BIC8);
    }

    /** The pseudonym of an account. */
    long pseudonym(String account) {
        synchronized (listing) {
            return listing.of(account);
        }
    }

    /** Whether a deny list names a party of a payment or its bank: asked also where no model is. */
    public boolean denies(Instruction instruction) {
        Lists lists = tuning.lists();
        if (lists.isEmpty() || !Course.movesNewMoney(instruction.type())) {
            return false;
        }
        long now = clock.millis();
        return Stream.of(instruction.debtor(), instruction.creditor())
                        .map(party -> pseudonym(Events.account(party)))
                        .anyMatch(key -> lists.denies(Lists.Kind.ACCOUNT, key, now))
                || Stream.of(bank(instruction.instructingBic()), bank(instruction.instructedBic()))
                        .anyMatch(bic -> lists.denies(Lists.Kind.BANK, Names.bank(bic), now));
    }

    /** The score without reasons: the same bits, sooner. */
    static Score plain(Ensemble model, Sample sample) {
        double margin = model.margin(sample);
        return new Score(
                model.id(),
                model.parts().calibration().probability(margin),
                model.parts().calibration().interval(margin),
                margin,
                List.of(),
                0,
                List.of());
    }

    /** The same decision with its reasons; empty when they cannot be made: what was decided holds without them. */
    private Optional<Decision> reasoned(String payment, Decision plain, Ensemble model, Blend blend, Sample sample) {
        try {
            faults.at(REASONS_POINT);
            return Optional.of(blend.decide(model.score(sample), plain.rules(), plain.review()));
        } catch (RuntimeException e) {
            LOG.warn("No reasons can be made for payment {}: it is shown without them", payment, e);
            return Optional.empty();
        }
    }

    private static String text(Optional<Decision> reasoned, Decision plain, Evaluation said) {
        StringBuilder text = new StringBuilder(reasoned.map(
                        each -> Explanation.of(each, PHRASES, REASONS).text())
                .orElseGet(() -> "%s with a score of %.3f by %s; the reasons could not be made at the time."
                        .formatted(
                                plain.outcome(), plain.blended(), plain.score().model())));
        for (Evaluation.Hit hit : said.hits()) {
            text.append('\n').append("  rule ").append(hit.rule()).append(": ").append(hit.sentence());
        }
        return text.toString();
    }

    /** The same text from what is stored; without the rules' sentences. */
    static Explanation explain(Decision decision) {
        return Explanation.of(decision, PHRASES, REASONS);
    }

    /** Remembers a payment that was scored before, in an earlier life or on another node, in their order. */
    public void remember(long itsNumber, Event event) {
        order.lock();
        try {
            number = Math.max(number, itsNumber);
            firstMillis = Math.min(firstMillis, event.timeMillis());
            stream.apply(event);
        } finally {
            order.unlock();
        }
    }

    /** Remembers a decision of an earlier life, so that what is said of it later counts. */
    void remember(String payment, String model, Instant at, boolean held, double probability) {
        feedback(model).decided(payment, at, held, probability);
    }

    /** What a person said of a payment. */
    void label(String payment, String model, boolean fraud, List<String> hits) {
        feedback(model).label(payment, fraud);
        similar.label(payment, fraud);
        List<String> known =
                rules.statistics().stream().map(RuleEngine.Statistics::rule).toList();
        hits.stream().filter(known::contains).forEach(hit -> rules.feedback(hit, fraud));
    }

    public Models models() {
        return models;
    }

    RuleEngine rules() {
        return rules;
    }

    Tuning tuning() {
        return tuning;
    }

    /** Payments are judged by this from the next on. */
    void tune(Tuning other) {
        tuning = other;
    }

    /** What follows the traffic now, or is set. */
    long threshold(String rule, String parameter) {
        return rules.threshold(tuning.book(), rule, parameter);
    }

    /** Numbers of payments are above this from now on: what this process scores is known by it. */
    long mark() {
        order.lock();
        try {
            number = Math.max(number, micros(clock.instant()));
            return number;
        } finally {
            order.unlock();
        }
    }

    /** Of this scorer alone: what is said to it directly is known by it. */
    UUID life() {
        return life;
    }

    SimilarCases similar() {
        return similar;
    }

    /** Of the models that scored since the start. */
    Map<String, Moves> moves() {
        return drifts;
    }

    /** What has shifted by now, each as a sentence. */
    public List<String> shifted() {
        double alarm = tuning.alarm();
        return drifts.values().stream()
                .flatMap(each -> each.shifted(clock.millis(), alarm).stream())
                .toList();
    }

    Feedback.Performance performance(String model) {
        return feedback(model).performance(clock.instant());
    }

    /** What is kept in memory. */
    FeatureEngine.Usage usage() {
        order.lock();
        try {
            return stream.usage();
        } finally {
            order.unlock();
        }
    }

    @Override
    public void close() {
        reasons.shutdownNow();
    }

    /** Whether a model may refuse by now. */
    boolean warm() {
        order.lock();
        try {
            return firstMillis != Long.MAX_VALUE
                    && clock.millis() - firstMillis >= settings.warmUp().toMillis();
        } finally {
            order.unlock();
        }
    }

    private Moves moves(Ensemble model) {
        return drifts.computeIfAbsent(model.id(), id -> new Moves(model, clock.millis()));
    }

    private Feedback feedback(String model) {
        return feedbacks.computeIfAbsent(
                model, id -> new Feedback(settings.maturity(), settings.window(), MOST_DECISIONS));
    }
}
