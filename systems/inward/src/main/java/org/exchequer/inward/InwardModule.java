package org.exchequer.inward;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Controlled;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.Setup;
import org.exchequer.inward.breach.BreachModel;
import org.exchequer.inward.breach.Forecaster;
import org.exchequer.inward.breach.Moment;
import org.exchequer.inward.control.Control;
import org.exchequer.inward.control.WorkGate;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.edge.grpc.InwardRpc;
import org.exchequer.inward.edge.http.InwardDoors;
import org.exchequer.inward.edge.kafka.MessageConsumer;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.inward.jobs.FollowUps;
import org.exchequer.inward.jobs.Resolver;
import org.exchequer.inward.known.KnownAnswers;
import org.exchequer.inward.partner.Accounts;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.inward.partner.Directory;
import org.exchequer.inward.partner.GrpcLiquidity;
import org.exchequer.inward.partner.HttpAvailability;
import org.exchequer.inward.partner.HttpCoreBanking;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Service;
import org.exchequer.inward.store.BulkTable;
import org.exchequer.inward.store.DeadLetterTable;
import org.exchequer.inward.store.PaymentLog;
import org.exchequer.inward.store.PaymentReader;
import org.exchequer.inward.store.Payments;
import org.exchequer.inward.store.StatisticsReader;
import org.exchequer.inward.store.Tallier;
import org.exchequer.iso20022.Finding;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.platform.outbox.Outbox;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.Screener;
import org.exchequer.screening.list.NeutralReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inward clearing. Needs a database and the ledger, and four partners: where no addresses are given, simulated ones are
 * started in this process. Offers {@link #inward}.
 */
public final class InwardModule implements SystemModule, Fraud.Source, Controlled {
    private static final Logger LOG = LoggerFactory.getLogger(InwardModule.class);
    private static final Duration BANKS_EVERY = Duration.ofSeconds(30);
    private static final Duration OWED_EVERY = Duration.ofSeconds(2);
    private static final Duration TALLY_EVERY = Duration.ofSeconds(5);
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration BANKS_AGAIN = Duration.ofSeconds(1);
    private static final Duration ACCOUNTS_AGAIN = Duration.ofMillis(500);
    private static final Duration BULKS_EVERY = Duration.ofMillis(500);
    private static final long PAUSE = Duration.ofMillis(100).toNanos();
    private static final long SEED = 20_260_101;

    private final Foundation foundation;
    private final Ledger ledger;
    private final Options options;
    private final UnaryOperator<Risk> risk;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile @Nullable Running running;

    private record Running(
            Processor processor,
            Directory directory,
            Invariants invariants,
            Optional<PartnerSimulator> simulator,
            InwardViews views,
            DeadLetters letters,
            Judging judging,
            Control control,
            Accounting accounting) {}

    /** Where the partners are. */
    public record Partners(URI vam, URI midanz, URI liquidity, URI availability) {}

    /**
     * How it runs.
     *
     * @param partners empty for simulated ones
     * @param simulated how those start
     * @param lists of sanctions
     * @param resolveEvery how often it is looked for payments that nobody works on
     * @param scoring how models are used
     */
    public record Options(
            Settings settings,
            Optional<Partners> partners,
            PartnerSimulator.Settings simulated,
            List<SanctionsList> lists,
            Duration resolveEvery,
            Scorer.Settings scoring) {
        public Options {
            lists = List.copyOf(lists);
        }

        /** With the usual scoring. */
        public Options(
                Settings settings,
                Optional<Partners> partners,
                PartnerSimulator.Settings simulated,
                List<SanctionsList> lists,
                Duration resolveEvery) {
            this(settings, partners, simulated, lists, resolveEvery, Scorer.Settings.standard());
        }

        /** The same with other scoring. */
        public Options scoring(Scorer.Settings others) {
            return new Options(settings, partners, simulated, lists, resolveEvery, others);
        }

        /** The same with these partners, or simulated ones. */
        public Options with(Optional<Partners> others) {
            return new Options(settings, others, simulated, lists, resolveEvery, scoring);
        }

        /** The same with these lists. */
        public Options screening(List<SanctionsList> others) {
            return new Options(settings, partners, simulated, others, resolveEvery, scoring);
        }

        /** Simulated partners that answer at once, eight banks, and a made-up list. */
        public static Options standard() {
            Map<String, Standing> banks = new TreeMap<>();
            for (String bic8 : new String[] {
                "AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP", "EEEFGB2L", "FFFGNL2A", "GGGHJPJT", "HHHIHKHH"
            }) {
                banks.put(bic8, Standing.ACTIVE);
            }
            return new Options(
                    Settings.standard(),
                    Optional.empty(),
                    PartnerSimulator.Settings.atOnce(SEED, banks),
                    List.of(sample()),
                    Duration.ofMillis(500));
        }
    }

    private static SanctionsList sample() {
        try (InputStream list = Objects.requireNonNull(InwardModule.class.getResourceAsStream("made-up-list.csv"))) {
            return NeutralReader.read("made-up", null, list.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InwardModule(Foundation foundation, Ledger ledger, Options options) {
        this(foundation, ledger, options, given -> given);
    }

    /** With another look at risk, for tests. */
    InwardModule(Foundation foundation, Ledger ledger, Options options, UnaryOperator<Risk> risk) {
        this.foundation = foundation;
        this.ledger = ledger;
        this.options = options;
        this.risk = risk;
    }

    @Override
    public String name() {
        return "inward";
    }

    @Override
    public void start() {
        try {
            running = open();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("the simulated partners cannot be started", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Running open() throws IOException {
        Ticker ticker = foundation.ticker();
        Settings settings = options.settings();
        Database database =
                keep(Database.open(foundation.database(), name(), foundation.meters(), foundation.telemetry()));
        foundation.faults().offer("inward.database", database.connections());
        Payments payments = new Payments(database.dataSource());
        Accounting accounting =
                new Accounting(ledger, ticker, settings, options.partners().isEmpty());
        accounting.start();
        Optional<PartnerSimulator> simulator = simulate();
        Partners partners = options.partners()
                .orElseGet(() -> simulator.map(InwardModule::addresses).orElseThrow());
        Control control =
                keep(Control.start(database.dataSource(), settings, foundation.clock(), ticker, foundation.node()));
        HttpAvailability availability = keep(new HttpAvailability(partners.availability(), control.breakers(), ticker));
        Directory directory = keep(new Directory(availability, ticker));
        awaitBanks(directory);
        Outbox outbox = new Outbox(Telling.TOPICS, foundation.telemetry());
        relay(database, outbox);
        PaymentLog log = keep(new PaymentLog(database.dataSource(), outbox, foundation.faults(), foundation.meters()));
        log.start();
        Judging judging = keep(Judging.start(database.dataSource(), foundation, options));
        Parts parts = parts(partners, control, directory, payments, judging.scorer(), log);
        FollowUps followUps = new FollowUps(parts.liquidity(), payments, log, foundation.clock(), ticker);
        Processor processor = new Processor(
                parts,
                log,
                followUps,
                burial(payments),
                control,
                keep(Knowing.start(database.dataSource(), foundation)).answers(),
                () -> accounting.waiting().isEmpty() && directory.isRead(),
                foundation.meters());
        Resolver resolver = new Resolver(
                payments,
                log,
                new LedgerInquiry(parts, settings, control),
                reader(),
                processor::isRunning,
                foundation.clock(),
                foundation.node());
        jobs(resolver, followUps, directory, accounting);
        Tallier tallier = new Tallier(database.dataSource(), foundation.clock(), ticker);
        keep(schedule("inward-tally", TALLY_EVERY, "counting payments", tallier::run));
        keep(processor);
        Resubmitter letters = letters(database, processor);
        return new Running(
                processor,
                directory,
                new Invariants(payments, ledger, judging.desk().stored(), foundation.clock()),
                simulator,
                views(
                        database.dataSource(),
                        processor,
                        new BulkDesk(
                                new BulkTable(database.dataSource()),
                                new PaymentReader(database.dataSource()),
                                letters,
                                resolver::ask,
                                judging.desk(),
                                control.measures(),
                                foundation.clock()),
                        letters),
                letters,
                judging,
                control,
                accounting);
    }

    private Parts parts(
            Partners partners, Control control, Directory directory, Payments payments, Scorer scorer, PaymentLog log) {
        Ticker ticker = foundation.ticker();
        Settings settings = options.settings();
        Breakers breakers = control.breakers();
        GrpcLiquidity liquidity = liquidity(partners, breakers);
        Accounts accounts = accounts(partners, breakers);
        Execution execution = new Execution(ledger, ticker);
        Originals originals = new Originals(payments, execution, settings);
        Screening screening = new Screening(Screener.open(options.lists()));
        RuleRisk rules = new RuleRisk(settings, screening, scorer::denies, ticker);
        return new Parts(
                foundation.clock(),
                ticker,
                foundation.faults(),
                foundation.node(),
                settings,
                directory,
                risk.apply(new ScoredRisk(rules, scorer, log::assessed, ticker, foundation.meters())),
                screening,
                accounts,
                liquidity,
                breakers,
                new Allowance(ticker),
                execution,
                originals,
                payments,
                log::passed,
                forecaster(control, breakers));
    }

    private Burial burial(Payments payments) {
        return keep(new Burial(
                letter -> payments.bury(
                        letter.id(), letter.at(), letter.door(), letter.code(), letter.rule(), letter.message()),
                foundation.meters()));
    }

    private InwardViews views(DataSource database, Processor processor, BulkDesk bulks, DeadLetters letters) {
        keep(schedule("inward-bulks", BULKS_EVERY, "bulk items", bulks::run));
        return new InwardViews(
                new PaymentReader(database),
                new StatisticsReader(database, processor::live, foundation.ticker()),
                letters,
                bulks);
    }

    private GrpcLiquidity liquidity(Partners partners, Breakers breakers) {
        GrpcLiquidity liquidity = keep(new GrpcLiquidity(partners.liquidity(), breakers, foundation.ticker()));
        foundation.faults().offer("inward.liquidity", liquidity.places());
        // So that the first payment does not wait for a connection; nobody has such a reservation.
        var unused = liquidity.release("none", foundation.ticker().nanos() + CONNECTING.toNanos());
        return liquidity;
    }

    private Forecaster forecaster(Control control, Breakers breakers) {
        WorkGate gate = control.gate();
        return new Forecaster(
                BreachModel.shipped()::probability,
                () -> new Moment.Load(gate.working(), gate.waiting(), gate.limit()),
                breakers::notClosed,
                foundation.ticker());
    }

    private Resubmitter letters(Database database, Processor processor) {
        Resubmitter letters =
                new Resubmitter(new DeadLetterTable(database.dataSource()), processor, foundation.clock());
        consume(processor, letters);
        return letters;
    }

    private void consume(Inward inward, DeadLetters letters) {
        if (!foundation.kafkaBootstrapServers().isEmpty()) {
            keep(new MessageConsumer(
                            inward,
                            letters,
                            new KafkaClients(foundation.kafkaBootstrapServers()),
                            foundation.node(),
                            foundation.clock(),
                            foundation.ticker(),
                            foundation.meters()))
                    .start();
        }
    }

    /** Starts simulated partners where there are no others. */
    private Optional<PartnerSimulator> simulate() throws IOException {
        if (options.partners().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(keep(PartnerSimulator.start(options.simulated(), foundation.clock(), foundation.ticker())));
    }

    private Accounts accounts(Partners partners, Breakers breakers) {
        Ticker ticker = foundation.ticker();
        HttpCoreBanking vam = keep(HttpCoreBanking.vam(partners.vam(), breakers, ticker));
        HttpCoreBanking midanz = keep(HttpCoreBanking.midanz(partners.midanz(), breakers, ticker));
        foundation.faults().offer("inward.vam", vam.places());
        foundation.faults().offer("inward.midanz", midanz.places());
        return new Accounts(vam, midanz, options.settings().hedge(), ticker);
    }

    private static Partners addresses(PartnerSimulator simulator) {
        return new Partners(
                simulator.url(Service.VAM),
                simulator.url(Service.MIDANZ),
                simulator.url(Service.LIQUIDITY),
                simulator.url(Service.AVAILABILITY));
    }

    /** Without banks every sender would be an unknown one: nothing is taken before they are read. */
    private void awaitBanks(Directory directory) {
        long end = foundation.ticker().nanos() + CONNECTING.toNanos();
        boolean read = directory.start(BANKS_EVERY);
        while (!read && foundation.ticker().nanos() < end) {
            LockSupport.parkNanos(PAUSE);
            read = directory.refresh();
        }
        if (!read) {
            LOG.warn("Nothing is taken until the availability service answers");
        }
    }

    private void relay(Database database, Outbox outbox) {
        if (!foundation.kafkaBootstrapServers().isEmpty()) {
            Relay relay = keep(outbox.relay(
                    database,
                    new KafkaClients(foundation.kafkaBootstrapServers()),
                    foundation.faults(),
                    foundation.meters(),
                    foundation.ticker()));
            relay.start();
        }
    }

    private static java.util.function.Function<byte[], Intake> reader() {
        Messages messages = new Messages();
        return bytes -> switch (messages.read(bytes)) {
            case Messages.Taken(Intake intake) -> intake;
            case Messages.Unreadable(Finding why) ->
                throw new IllegalStateException("a message that was taken cannot be read any more: " + why);
        };
    }

    private void jobs(Resolver resolver, FollowUps followUps, Directory directory, Accounting accounting) {
        ScheduledExecutorService jobs = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().name("inward-jobs-", 1).daemon().factory());
        keep(jobs::shutdownNow);
        schedule(jobs, options.resolveEvery(), "resolving payments", resolver::run);
        schedule(jobs, OWED_EVERY, "telling the liquidity service", () -> {
            followUps.run();
            return 0;
        });
        schedule(jobs, ACCOUNTS_AGAIN, "opening accounts", () -> {
            return accounting.waiting().isEmpty() || !accounting.advance() ? 0 : 1;
        });
        schedule(jobs, BANKS_AGAIN, "reading banks", () -> directory.age().isEmpty() && directory.refresh() ? 1 : 0);
    }

    interface Job {
        int run() throws SQLException, InterruptedException;
    }

    /** On a thread of its own: it may take longer than others can wait. */
    static AutoCloseable schedule(String thread, Duration every, String what, Job job) {
        ScheduledExecutorService jobs = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(thread).daemon().factory());
        schedule(jobs, every, what, job);
        return jobs::shutdownNow;
    }

    private static void schedule(ScheduledExecutorService jobs, Duration every, String what, Job job) {
        var unused = jobs.scheduleWithFixedDelay(
                () -> {
                    try {
                        int done = job.run();
                        if (done > 0) {
                            LOG.info("{}: {}", what, done);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (SQLException | LedgerUnavailableException e) {
                        LOG.warn("{} waits: {}", what, e.getMessage());
                    } catch (RuntimeException e) {
                        // One that cannot be done must not end the job for all others.
                        LOG.error("{} failed", what, e);
                    }
                },
                0,
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** Takes messages; after {@link #start}. */
    public Inward inward() {
        return running().processor();
    }

    /** The simulated partners, when there are. */
    public Optional<PartnerSimulator> simulator() {
        return running().simulator();
    }

    /** How payments are scored. */
    @Override
    public Fraud fraud() {
        return running().judging().desk();
    }

    @Override
    public FraudSettings fraudSettings() {
        return running().judging().settings();
    }

    /** How many payments that other nodes scored are in this node's features since its start. */
    long heard() {
        return running().judging().follower().heard();
    }

    @Override
    public Configurations configurations() {
        return running().control().configuration();
    }

    @Override
    public Controls controls() {
        return running().control().measures();
    }

    /** Shows payments. */
    public PaymentBook payments() {
        return running().views().payments();
    }

    /** Shows payments, and counts them. */
    public InwardViews views() {
        return running().views();
    }

    /** Messages that could not be read. */
    public DeadLetters deadLetters() {
        return running().letters();
    }

    /** What it knows without asking the database. */
    public KnownAnswers known() {
        return running().processor().known();
    }

    /** Whether Redis answers; empty without Redis. It is not needed to serve. */
    public Optional<Readiness> redis() {
        Running now = running;
        if (now == null) {
            return Optional.empty();
        }
        return switch (now.processor().known().lookups().redis().state()) {
            case OFF -> Optional.empty();
            case ANSWERS -> Optional.of(new Readiness(true, "answers"));
            case AWAY -> Optional.of(new Readiness(false, "does not answer; not needed"));
        };
    }

    /** How it is set up. */
    public Setup setup() {
        return new Setup(
                options.settings().sla().hard(),
                options.settings().ownBics(),
                options.settings().limits().keySet(),
                options.lists().stream().map(list -> list.version().source()).toList(),
                simulator().map(PartnerSimulator::adminUrl));
    }

    @Override
    public Readiness readiness() {
        Running now = running;
        if (now == null) {
            return new Readiness(false, "not started");
        }
        String accounts = now.accounting().waiting();
        if (!accounts.isEmpty()) {
            return new Readiness(false, accounts);
        }
        return now.directory().age().isEmpty()
                ? new Readiness(false, "no bank is known: the availability service has not answered yet")
                : new Readiness(
                        true,
                        now.processor().running() + " payments under way"
                                + now.judging()
                                        .trouble()
                                        .map(text -> "; models: " + text)
                                        .orElse(""));
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        return running().invariants().check();
    }

    @Override
    public List<Object> controllers() {
        List<Object> controllers =
                new ArrayList<>(InwardDoors.controllers(inward(), views(), deadLetters(), this::setup));
        controllers.addAll(InwardDoors.fraud(fraud(), fraudSettings()));
        controllers.addAll(InwardDoors.control(configurations(), controls()));
        return controllers;
    }

    @Override
    public List<GrpcService> grpcServices() {
        return List.of(new InwardRpc(inward(), foundation.clock()).service());
    }

    @Override
    public List<Route> routes() {
        return InwardDoors.routes();
    }

    @Override
    public void close() {
        running = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of inward clearing did not close: {}", e.getMessage());
            }
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("inward clearing has not been started");
        }
        return now;
    }
}
