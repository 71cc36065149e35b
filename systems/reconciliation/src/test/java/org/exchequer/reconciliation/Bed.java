package org.exchequer.reconciliation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;

/** Reconciliation on a real ledger and a real PostgreSQL. */
public final class Bed implements AutoCloseable {
    private static final AtomicInteger KEYS = new AtomicInteger();

    final TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());
    final Faults faults = new Faults();
    private ReconciliationModule module = started();

    private ReconciliationModule started() {
        ReconciliationModule started = new ReconciliationModule(
                new Foundation(
                        Clock.systemUTC(),
                        Ticker.system(),
                        faults,
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop(),
                        "a",
                        "http://127.0.0.1:1",
                        ledger.database(),
                        ""),
                ledger.api());
        started.start();
        return started;
    }

    public Bed() {
        ledger.open("nostro", AccountType.ASSET);
        ledger.open("sales", AccountType.INCOME);
        ledger.open("fees", AccountType.EXPENSE);
        ledger.api()
                .execute(new Command.OpenAccount(
                        TestLedger.key(),
                        AccountSpec.posting("dollars", "Dollars", AccountType.EXPENSE, Currency.of("USD"), null)));
    }

    /** The module dies and another takes over. */
    void restart() {
        module.close();
        module = started();
    }

    public Ledger ledger() {
        return ledger.api();
    }

    public ReconciliationModule module() {
        return module;
    }

    Reconciliations api() {
        return module.reconciliations();
    }

    /** Money comes in; the id of its line. */
    public String receive(long cents, String reference) {
        Outcome outcome = ledger.api()
                .execute(new Command.Transfer(
                        TestLedger.key(), "nostro", "sales", TestLedger.eur(cents), Details.reference(reference)));
        return ((Outcome.Posted) outcome).transaction().id() + "/0";
    }

    LocalDate today() {
        return ledger.api().businessDate();
    }

    static Line theirs(LocalDate date, long cents, String reference) {
        return new Line(date + "/" + cents + "/" + reference, date, cents, reference);
    }

    static Request request(String by) {
        return request(by, "k" + KEYS.incrementAndGet());
    }

    static Request request(String by, String key) {
        return new Request(by, key, key.getBytes(StandardCharsets.US_ASCII));
    }

    RunRequest asking(Request request, LocalDate from, LocalDate to, Line... lines) {
        return new RunRequest(
                request,
                "nostro",
                "",
                "00",
                new ArrayList<>(List.of(lines)),
                Optional.empty(),
                Optional.empty(),
                from,
                to,
                0,
                3,
                false);
    }

    Run run(Line... lines) {
        RunOutcome outcome = api().run(asking(request("mary"), today(), today(), lines));
        return ((RunOutcome.Recorded) outcome).run();
    }

    @Override
    public void close() {
        module.close();
        ledger.close();
    }
}
