package org.exchequer.app.console;

import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.app.access.AccessLog;
import org.exchequer.app.access.LocalActs;
import org.exchequer.console.edge.Console;
import org.exchequer.console.edge.ConsoleContext;
import org.exchequer.inward.InwardModule;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.jobs.SampleBank;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.reconciliation.ReconciliationModule;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.regtech.RegtechModule;
import org.jspecify.annotations.Nullable;

/** The console as the program serves it, on a ledger of its own, with shortcuts for preparing the books. */
final class ConsoleRig implements AutoCloseable {
    static final Currency EUR = Currency.of("EUR");
    static final Currency USD = Currency.of("USD");

    private static final AtomicInteger NEXT = new AtomicInteger();

    final Faults faults = new Faults();
    final Ledger ledger;
    private final DatabaseAddress database;
    private final Path folder = TestFolders.create("console");
    private final Telemetry telemetry = Telemetry.create("test", null);
    private final LedgerModule module;
    private final ReconciliationModule reconciliation;
    private final RegtechModule regtech;
    private final @Nullable InwardModule inward;
    private final AccessLog accesses;
    private final LoginLinks links;
    private final HttpHost host;

    private ConsoleRig(DatabaseAddress database, boolean withInward) {
        this.database = database;
        Clock clock = Clock.systemUTC();
        Foundation foundation = foundation(clock, Optional.of(folder));
        accesses = AccessLog.open(folder, new LocalActs(folder), "console-test", clock, Ticker.system());
        module = new LedgerModule(foundation, MasterKeys.given(TestLedger.MASTER));
        module.start();
        ledger = module.ledger();
        reconciliation = new ReconciliationModule(foundation, ledger);
        reconciliation.start();
        regtech = new RegtechModule(foundation, ledger, module.proofs());
        regtech.start();
        inward = withInward ? new InwardModule(foundation, ledger, InwardModule.Options.standard()) : null;
        if (inward != null) {
            // While the ledger is empty, as in the program.
            SampleBank.load(ledger);
            inward.start();
        }
        LocalIssuer issuer = LocalIssuer.open(folder);
        links = new LoginLinks(used(), clock);
        Console console = new Console(new ConsoleContext(
                ledger,
                module.proofs(),
                module.subjects(),
                null,
                reconciliation.reconciliations(),
                reconciliation.statements(),
                regtech.packs(),
                inward == null ? null : inward.views(),
                accesses,
                labRuns(),
                inward == null
                        ? List.of(module, reconciliation, regtech)
                        : List.of(module, reconciliation, regtech, inward),
                clock,
                Ticker.system()));
        ConsoleDoor door = new ConsoleDoor(
                Console.CONTENT_SECURITY_POLICY,
                Console.LOGIN,
                Console.DENIED,
                Console.CSRF_FAILED,
                Console.OPEN.toArray(String[]::new));
        host = HttpHost.start(
                HostSettings.local("test"),
                new HostParts(clock, Ticker.system(), telemetry, issuer, links, door, accesses),
                CompletableFuture.completedFuture(
                        new Served(List.of(), console.routes(), List::of, console::register)));
    }

    private Foundation foundation(Clock clock, Optional<Path> files) {
        return new Foundation(
                clock,
                Ticker.system(),
                faults,
                telemetry.meters(),
                OpenTelemetry.noop(),
                "console-test",
                "http://127.0.0.1:1",
                database,
                "",
                files);
    }

    Subjects subjects() {
        return module.subjects();
    }

    /** On a fresh database of the shared test cluster. */
    static ConsoleRig start() {
        return new ConsoleRig(TestPostgres.freshDatabase(), false);
    }

    /** The same with inward clearing, which opens accounts of its own. */
    static ConsoleRig withInward() {
        return new ConsoleRig(TestPostgres.freshDatabase(), true);
    }

    private Path used() {
        try {
            return Files.createDirectories(folder.resolve("used-links"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the program keeps files. */
    Path folder() {
        return folder;
    }

    /** Where the lab's runs are; not there yet. */
    Path labRuns() {
        return folder.resolve("lab").resolve("runs");
    }

    String url() {
        return host.url();
    }

    /** A new one-time link. */
    String link(Role role) {
        return link(role, role.claim() + "-tess");
    }

    /** A new one-time link for somebody. */
    String link(Role role, String name) {
        return links.link(host.url(), name, Set.of(role));
    }

    /** Runs and breaks. */
    Reconciliations reconciliations() {
        return reconciliation.reconciliations();
    }

    /** Reconciles an account with lines valued in the last four days; the run's number. */
    long reconcile(String account, Line... lines) {
        LocalDate today = ledger.businessDate();
        RunOutcome outcome = reconciliations()
                .run(new RunRequest(
                        new Request("mary", "rig-" + NEXT.incrementAndGet(), new byte[] {1}),
                        account,
                        "DE02",
                        "00",
                        List.of(lines),
                        Optional.empty(),
                        Optional.empty(),
                        today.minusDays(4),
                        today,
                        0,
                        3,
                        false));
        return ((RunOutcome.Recorded) outcome).run().id();
    }

    /** What fraud is judged by. */
    FraudSettings fraudSettings() {
        return Objects.requireNonNull(inward).fraudSettings();
    }

    /** Takes messages from banks. */
    Inward inward() {
        return Objects.requireNonNull(inward).inward();
    }

    /** Payments that came in. */
    InwardViews payments() {
        return Objects.requireNonNull(inward).views();
    }

    /** A prefix for codes that no other test uses. */
    String fresh() {
        return "t" + NEXT.incrementAndGet();
    }

    void summary(String code, AccountType type, String parent) {
        open(AccountSpec.summary(code, "Group " + code, type, parent.isEmpty() ? null : parent));
    }

    String open(String code, AccountType type, Currency currency, String parent) {
        return open(AccountSpec.posting(code, "Name of " + code, type, currency, parent.isEmpty() ? null : parent));
    }

    String open(AccountSpec spec) {
        Outcome outcome = ledger.execute(new Command.OpenAccount("open-" + spec.code(), spec));
        if (!(outcome instanceof Outcome.AccountChanged)) {
            throw new IllegalStateException(spec.code() + " not opened: " + outcome);
        }
        return spec.code();
    }

    Transaction transfer(String debit, String credit, String amount, Details details) {
        String key = "rig-" + NEXT.incrementAndGet();
        Currency currency = ledger.account(debit).orElseThrow().spec().currency();
        if (currency == null) {
            throw new IllegalArgumentException(debit + " is a summary account");
        }
        Outcome outcome =
                ledger.execute(new Command.Transfer(key, debit, credit, Money.parse(amount, currency), details));
        return outcome instanceof Outcome.Posted posted ? posted.transaction() : fail(outcome);
    }

    Transaction transfer(String debit, String credit, String amount) {
        return transfer(debit, credit, amount, new Details(null, null, Map.of()));
    }

    /** An amount on hold between two accounts; the hold's id. */
    long hold(String debit, String credit, String amount) {
        Outcome outcome = ledger.execute(new Command.Hold(
                "rig-" + NEXT.incrementAndGet(), debit, credit, Money.parse(amount, EUR), null, Details.NONE));
        if (outcome instanceof Outcome.Held held) {
            return held.pending().id();
        }
        throw new IllegalStateException("not held: " + outcome);
    }

    private static Transaction fail(Outcome outcome) {
        throw new IllegalStateException("not posted: " + outcome);
    }

    /** Takes the ledger's database away: its connections break and it gets no new ones. */
    void cutOff() {
        cutOff("ledger");
    }

    /** The same for any system, by its name. */
    void cutOff(String system) {
        administer(system, "ALTER ROLE %s NOLOGIN");
        administer(system, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE quote_ident(usename) = '%s'");
    }

    /** Gives it back. */
    void reconnect() {
        reconnect("ledger");
    }

    void reconnect(String system) {
        administer(system, "ALTER ROLE %s LOGIN");
    }

    private void administer(String system, String sql) {
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(connection.getCatalog() + "_" + system));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The balance on the account's normal side, e.g. {@code 12.50}. */
    String posted(String code) {
        return ledger.balance(code).orElseThrow().posted().toDecimal();
    }

    @Override
    public void close() throws Exception {
        host.close();
        if (inward != null) {
            inward.close();
        }
        regtech.close();
        reconciliation.close();
        module.close();
        accesses.close();
        telemetry.close();
        TestFolders.delete(folder);
    }
}
