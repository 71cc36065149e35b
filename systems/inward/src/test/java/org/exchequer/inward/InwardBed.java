package org.exchequer.inward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.fraud.Models;
import org.exchequer.inward.fraud.Scorer;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.registry.Registry;

/** Inward clearing on a real ledger and a real PostgreSQL, with the simulated partners. */
public final class InwardBed implements AutoCloseable {
    private static final AtomicInteger IDS = new AtomicInteger();

    final TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());
    final Faults faults = new Faults();
    final java.nio.file.Path files = TestFolders.create("inward-bed");
    final GatedLedger gate = new GatedLedger(ledger.api());
    private final Sla sla;
    private final Duration resolveEvery;
    private final UnaryOperator<Risk> risk;
    private final Scorer.Settings scoring;
    private final java.util.Optional<java.net.URI> redis;
    private InwardModule module;

    InwardBed(Sla sla, Duration resolveEvery, UnaryOperator<Risk> risk) {
        this(sla, resolveEvery, risk, Scorer.Settings.standard());
    }

    InwardBed(Sla sla, Duration resolveEvery, UnaryOperator<Risk> risk, Scorer.Settings scoring) {
        this(sla, resolveEvery, risk, scoring, java.util.Optional.empty());
    }

    /** Of a node that shares a Redis with others. */
    InwardBed(java.net.URI redis) {
        this(SLOW, Duration.ofMillis(100), given -> given, Scorer.Settings.standard(), java.util.Optional.of(redis));
    }

    private InwardBed(
            Sla sla,
            Duration resolveEvery,
            UnaryOperator<Risk> risk,
            Scorer.Settings scoring,
            java.util.Optional<java.net.URI> redis) {
        this.redis = redis;
        this.sla = sla;
        this.scoring = scoring;
        this.resolveEvery = resolveEvery;
        this.risk = risk;
        this.module = started("a", files);
    }

    /** Five times the scheme's times, so that a busy machine changes no outcome. */
    static final Sla SLOW = slow();

    private static Sla slow() {
        Map<Stage, Duration> budgets = new HashMap<>();
        for (Stage stage : Stage.values()) {
            budgets.put(stage, stage.budget().multipliedBy(5));
        }
        return new Sla(
                Duration.ofMillis(22_500),
                Duration.ofMillis(17_500),
                Duration.ofMillis(21_000),
                Duration.ofMillis(22_000),
                budgets);
    }

    public InwardBed() {
        this(SLOW, Duration.ofMillis(100), given -> given);
    }

    /** Another node on the same database and ledger, with a folder of its own; whoever asks for it closes it. */
    InwardModule another(String node) throws java.io.IOException {
        return started(node, java.nio.file.Files.createDirectories(files.resolve("of-" + node)));
    }

    private InwardModule started(String node, java.nio.file.Path folder) {
        Map<String, Standing> banks =
                Map.of("AAABSGSG", Standing.ACTIVE, "BBBCSGSG", Standing.ACTIVE, "SUSPSGSG", Standing.SUSPENDED);
        InwardModule.Options standard = InwardModule.Options.standard();
        InwardModule starting = new InwardModule(
                new Foundation(
                        Clock.systemUTC(),
                        Ticker.system(),
                        faults,
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop(),
                        node,
                        "http://127.0.0.1:1",
                        ledger.database(),
                        "",
                        java.util.Optional.of(folder),
                        redis),
                gate.api(),
                new InwardModule.Options(
                        standard.settings().with(sla),
                        standard.partners(),
                        PartnerSimulator.Settings.atOnce(1, banks),
                        Lists.of("Osman Blacklisted"),
                        resolveEvery,
                        scoring),
                risk);
        starting.start();
        return starting;
    }

    /** The module stops, whatever was under way, and another starts. */
    void restart() {
        module.close();
        faults.disarmAll();
        module = started("a", files);
    }

    /** Until everything has been asked once: the first payment of a process finds nobody connected. */
    void warmUp() {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> "{}".equals(row(send(transfer()).id()).get("fallbacks")));
    }

    public InwardModule module() {
        return module;
    }

    PartnerSimulator partners() {
        return module.simulator().orElseThrow();
    }

    Ledger ledger() {
        return ledger.api();
    }

    /** A message in the JSON form, to be changed. */
    static final class Draft {
        private final Map<String, String> members = new TreeMap<>();

        private Draft(String type) {
            String id = Integer.toString(IDS.incrementAndGet());
            with("messageType", type);
            with("messageId", "M-" + id);
            with(
                    "created",
                    Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS).toString());
            with("instructingBic", "AAABSGSG");
            with("instructedBic", "EXCQSGSG");
        }

        private Draft money() {
            with("settlementMethod", "CLRG");
            with("amount", "10.00");
            with("currency", "SGD");
            with("settlementDate", java.time.LocalDate.now(Clock.systemUTC()).toString());
            return this;
        }

        private Draft parties() {
            String id = Integer.toString(IDS.incrementAndGet());
            with("endToEndId", "E-" + id);
            with("transactionId", "T-" + id);
            with("uetr", UUID.randomUUID().toString());
            with("debtorName", "Tan Wei Ming");
            with("debtorAccount", "9900000" + id + "11");
            with("creditorName", "Lim Hui Ling");
            with("creditorAccount", "1188811");
            return this;
        }

        Draft with(String member, String value) {
            members.put(member, value);
            return this;
        }

        Draft without(String member) {
            members.remove(member);
            return this;
        }

        String get(String member) {
            return members.getOrDefault(member, "");
        }

        /** What another message names it by. */
        Draft about(Draft original) {
            return with("originalMessageId", original.get("messageId"))
                    .with("originalUetr", original.get("uetr"))
                    .with("originalEndToEndId", original.get("endToEndId"));
        }

        byte[] bytes() {
            List<String> parts = new ArrayList<>();
            members.forEach((name, value) -> parts.add("\"" + name + "\":\"" + value + "\""));
            return ("{" + String.join(",", parts) + "}").getBytes(UTF_8);
        }
    }

    static Draft transfer() {
        return new Draft("PACS_008").money().parties();
    }

    /** A transfer that is good but for what is changed: members and their values by turns. */
    public static byte[] transferBytes(String... changes) {
        Draft draft = transfer();
        for (int i = 0; i < changes.length; i += 2) {
            draft.with(changes[i], changes[i + 1]);
        }
        return draft.bytes();
    }

    static Draft debit() {
        return new Draft("PACS_003").money().parties();
    }

    static Draft reversal(Draft original) {
        return new Draft("PACS_007")
                .money()
                .with("amount", original.get("amount"))
                .about(original);
    }

    static Draft recall(Draft original) {
        return new Draft("CAMT_056").about(original);
    }

    java.util.concurrent.CompletableFuture<Answered> submit(Draft draft) {
        return submit(draft, Duration.ZERO);
    }

    java.util.concurrent.CompletableFuture<Answered> submit(Draft draft, Duration waited) {
        Submission submission = module.inward().submit(draft.bytes(), "test", waited);
        assertThat(submission).isInstanceOf(Submission.Taken.class);
        return ((Submission.Taken) submission).answer();
    }

    Told send(Draft draft) {
        return told(submit(draft));
    }

    /** The same by another node. */
    static Told send(InwardModule to, Draft draft) {
        Submission submission = to.inward().submit(draft.bytes(), "test", Duration.ZERO);
        assertThat(submission).isInstanceOf(Submission.Taken.class);
        return told(((Submission.Taken) submission).answer());
    }

    static Told told(java.util.concurrent.CompletableFuture<Answered> answer) {
        try {
            return new Told(answer.get(30, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** An answer. */
    record Told(Answered answered) {
        String status() {
            return answered.status();
        }

        UUID id() {
            return answered.payment();
        }

        String xml() {
            return new String(answered.message(), UTF_8);
        }

        /** The reason's code, or nothing. */
        String code() {
            int at = xml().indexOf("<Cd>");
            return at < 0 ? "" : xml().substring(at + 4, xml().indexOf("</Cd>"));
        }

        /** Status and reason. */
        String brief() {
            return status() + (code().isEmpty() ? "" : " " + code());
        }
    }

    /** The id of a message's payment, once it is received. */
    java.util.Optional<UUID> idOf(Draft draft) {
        try (Connection connection = TestPostgres.connect(ledger.database());
                PreparedStatement select =
                        connection.prepareStatement("select id from inward.payment where end_to_end_id = ?")) {
            select.setString(1, draft.get("endToEndId"));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? java.util.Optional.of(row.getObject(1, UUID.class)) : java.util.Optional.empty();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A payment's row as text. */
    Map<String, String> row(UUID id) {
        try (Connection connection = TestPostgres.connect(ledger.database());
                PreparedStatement select = connection.prepareStatement("select * from inward.payment where id = ?")) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                Map<String, String> columns = new HashMap<>();
                if (row.next()) {
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.put(row.getMetaData().getColumnName(i), String.valueOf(row.getString(i)));
                    }
                }
                return columns;
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the liquidity service has something to be told of a payment. */
    boolean owes(UUID id) {
        try (Connection connection = TestPostgres.connect(ledger.database());
                PreparedStatement select =
                        connection.prepareStatement("select 1 from inward.payment_owed where payment_id = ?")) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    String state(UUID id) {
        return row(id).getOrDefault("state", "none");
    }

    /** The states it went through, its first one included. */
    List<String> way(UUID id) {
        try (Connection connection = TestPostgres.connect(ledger.database());
                PreparedStatement select = connection.prepareStatement(
                        "select to_state from inward.payment_event where payment_id = ? order by number")) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                List<String> way = new ArrayList<>();
                while (row.next()) {
                    way.add(row.getString(1));
                }
                return way;
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What is in the journal under a payment's key. */
    java.util.Optional<Transaction> posted(UUID id) {
        return ledger.api()
                .outcome(id.toString())
                .flatMap(outcome -> outcome instanceof Outcome.Posted posted
                        ? java.util.Optional.of(posted.transaction())
                        : java.util.Optional.empty());
    }

    /** Puts money on the ledger's account behind a customer's. */
    void fund(Draft debit) {
        String number = debit.get("debtorAccount");
        String account =
                partners().accounts().account(number, "SGD").orElseThrow().ledgerAccount();
        ledger.expectPosted(new Command.Transfer(
                TestLedger.key(),
                "1000.settlement.sgd",
                account,
                org.exchequer.kernel.Money.of(100_000, "SGD"),
                org.exchequer.ledger.api.Details.NONE));
    }

    /** The shipped model under another version. */
    static Ensemble model(int version, String trained) {
        Ensemble.Parts was = Models.open(java.util.Optional.empty())
                .find("payments@1")
                .orElseThrow()
                .parts();
        return Ensemble.of(new Ensemble.Parts(
                was.name(),
                version,
                trained,
                was.features(),
                was.events(),
                was.members(),
                was.stack(),
                was.calibration(),
                was.featureBins(),
                was.marginBins(),
                was.importance(),
                was.figures()));
    }

    /** Puts such a version into the node's folder. */
    public void install(int version) throws java.io.IOException {
        Registry.open(files.resolve("models/inward"))
                .install(model(version, "a test").write());
    }

    void assertInvariantsHold() {
        assertThat(module.checkInvariants()).allMatch(InvariantResult::holds);
    }

    @Override
    public void close() {
        gate.open();
        faults.disarmAll();
        module.close();
        ledger.close();
        TestFolders.delete(files);
    }
}
