package org.exchequer.ledger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;

/** A ledger module on a database, with short names for what tests do all the time. */
public final class TestLedger implements AutoCloseable {
    public static final Currency EUR = Currency.of("EUR");

    /** What all of them seal under unless told otherwise. */
    public static final MasterKey MASTER = MasterKey.of(new byte[MasterKey.BYTES]);

    private static final AtomicLong KEYS = new AtomicLong();

    private final DatabaseAddress database;
    private final Faults faults = new Faults();
    private final LedgerModule module;

    private TestLedger(DatabaseAddress database, String node, String baseUrl, Clock clock, Optional<Path> files) {
        this(database, node, baseUrl, clock, files, MasterKeys.given(MASTER));
    }

    private TestLedger(
            DatabaseAddress database,
            String node,
            String baseUrl,
            Clock clock,
            Optional<Path> files,
            MasterKeys masters) {
        this.database = database;
        this.module = new LedgerModule(
                new Foundation(
                        clock,
                        Ticker.system(),
                        faults,
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop(),
                        node,
                        baseUrl,
                        database,
                        "",
                        files),
                masters);
        module.start();
    }

    /** Starts a ledger as the node {@code a}. */
    public static TestLedger on(DatabaseAddress database) {
        return on(database, "a");
    }

    /** Starts a ledger as this node; of several on one database, one is the writer. */
    public static TestLedger on(DatabaseAddress database, String node) {
        return on(database, node, "http://127.0.0.1:1");
    }

    /** The same, reached by other nodes at this address. */
    public static TestLedger on(DatabaseAddress database, String node, String baseUrl) {
        return new TestLedger(database, node, baseUrl, Clock.systemUTC(), Optional.empty());
    }

    /** The same, with a proof log in this folder. */
    public static TestLedger on(DatabaseAddress database, String node, String baseUrl, Path files) {
        return new TestLedger(database, node, baseUrl, Clock.systemUTC(), Optional.of(files));
    }

    /** Starts a ledger with another master key, or none. */
    public static TestLedger on(DatabaseAddress database, String node, MasterKeys masters) {
        return new TestLedger(database, node, "http://127.0.0.1:1", Clock.systemUTC(), Optional.empty(), masters);
    }

    /** Starts a ledger on a clock of the test's own. */
    public static TestLedger on(DatabaseAddress database, Clock clock) {
        return new TestLedger(database, "a", "http://127.0.0.1:1", clock, Optional.empty());
    }

    public static String key() {
        return "test-" + KEYS.incrementAndGet();
    }

    public static Money eur(long cents) {
        return new Money(cents, EUR);
    }

    public Ledger api() {
        return module.ledger();
    }

    public LedgerModule module() {
        return module;
    }

    public Faults faults() {
        return faults;
    }

    public DatabaseAddress database() {
        return database;
    }

    /** A connection as the ledger's runtime role; the caller closes it. */
    public Connection connect() throws SQLException {
        try (Database own = Database.open(database, "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop())) {
            return own.connect();
        }
    }

    /** Opens a euro account without rule. */
    public void open(String code, AccountType type) {
        expectChanged(new Command.OpenAccount(key(), AccountSpec.posting(code, "Account " + code, type, EUR, null)));
    }

    /** Opens a euro deposit account that may be overdrawn by so many cents. */
    public void openDeposit(String code, long overdraftLimit) {
        expectChanged(new Command.OpenAccount(
                key(),
                AccountSpec.posting(code, "Deposit " + code, AccountType.LIABILITY, EUR, null)
                        .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, overdraftLimit)));
    }

    public Outcome.AccountChanged expectChanged(Command command) {
        Outcome outcome = api().execute(command);
        assertThat(outcome).isInstanceOf(Outcome.AccountChanged.class);
        return (Outcome.AccountChanged) outcome;
    }

    public static Command.Transfer transfer(String key, String debit, String credit, long cents) {
        return new Command.Transfer(key, debit, credit, eur(cents), Details.NONE);
    }

    public Outcome.Posted expectPosted(Command command) {
        Outcome outcome = api().execute(command);
        assertThat(outcome).isInstanceOf(Outcome.Posted.class);
        return (Outcome.Posted) outcome;
    }

    public Outcome.Rejected expectRejected(Command command) {
        Outcome outcome = api().execute(command);
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return (Outcome.Rejected) outcome;
    }

    /** Balance on the normal side, in minor units. */
    public long posted(String account) {
        Balance balance = api().balance(account).orElseThrow();
        return balance.posted().minorUnits();
    }

    /** Every invariant, each of which must hold and must have looked at something. */
    public void assertInvariantsHold() {
        assertThat(module.checkInvariants())
                .hasSize(5)
                .allSatisfy(result -> assertThat(result.holds())
                        .as(result.statement() + ": " + result.detail())
                        .isTrue())
                .extracting(InvariantResult::checked)
                .allSatisfy(checked -> assertThat(checked).isPositive());
    }

    @Override
    public void close() {
        module.close();
    }
}
