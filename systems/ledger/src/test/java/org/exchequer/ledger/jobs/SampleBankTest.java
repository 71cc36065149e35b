package org.exchequer.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.MasterKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SampleBankTest {
    private final TestLedger books = TestLedger.on(TestPostgres.freshDatabase());

    @AfterEach
    void stop() {
        books.close();
    }

    @Test
    void an_empty_ledger_gets_a_bank_whose_books_tie_once() {
        Ledger ledger = books.api();
        assertThat(SampleBank.load(ledger)).isEqualTo(SampleBank.Result.LOADED);
        long sequence = ledger.lastSequence();
        TrialBalance trial = ledger.trialBalance();
        assertThat(trial.ties()).isTrue();
        assertThat(trial.totals()).extracting(total -> total.currency().code()).containsExactly("EUR", "JPY", "USD");
        assertThat(ledger.balance("2000.cust.alice")).hasValueSatisfying(balance -> {
            assertThat(balance.posted()).isEqualTo(Money.of(150_000, "EUR"));
            assertThat(balance.pendingDebits()).isEqualTo(12_000);
            assertThat(balance.available()).isEqualTo(Money.of(188_000, "EUR"));
        });
        assertThat(ledger.adjustments(true, null, 10).items()).hasSize(1);

        assertThat(ledger.account("2000.cust.carol").orElseThrow().spec().name())
                .isEqualTo("Carol Ito, current account");
        assertThat(books.module().subjects().counts()).isEqualTo(new Subjects.Counts(4, 0, 0));

        assertThat(SampleBank.load(ledger)).isEqualTo(SampleBank.Result.ALREADY_THERE);
        assertThat(ledger.lastSequence()).isEqualTo(sequence);
    }

    @Test
    void an_interrupted_load_is_completed() {
        Ledger ledger = books.api();
        SampleBank.COMMANDS.subList(0, 7).forEach(ledger::execute);
        assertThat(SampleBank.load(ledger)).isEqualTo(SampleBank.Result.LOADED);
        assertThat(ledger.lastSequence()).isEqualTo(SampleBank.COMMANDS.size());
    }

    @Test
    void without_a_master_key_its_customers_stand_in_clear_and_a_key_that_comes_later_changes_nothing() {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger none = TestLedger.on(database, "none", MasterKeys.NONE)) {
            SampleBank.COMMANDS.subList(0, 3).forEach(none.api()::execute);
            assertThat(SampleBank.load(none.api())).isEqualTo(SampleBank.Result.LOADED);
            assertThat(none.api().lastSequence()).isEqualTo(SampleBank.COMMANDS.size());
            assertThat(none.api().account("2000.cust.bob").orElseThrow().spec().name())
                    .isEqualTo("Bob Stone, current account");
            assertThat(none.module().subjects().counts()).isEqualTo(new Subjects.Counts(0, 0, 0));
        }
        try (TestLedger later = TestLedger.on(database)) {
            assertThat(SampleBank.load(later.api())).isEqualTo(SampleBank.Result.ALREADY_THERE);
        }
    }

    @Test
    void a_load_that_began_without_a_master_key_goes_on_with_one() {
        DatabaseAddress database = TestPostgres.freshDatabase();
        int bob = 9;
        try (TestLedger none = TestLedger.on(database, "none", MasterKeys.NONE)) {
            SampleBank.COMMANDS.subList(0, bob).forEach(command -> SampleBank.take(none.api(), command));
        }
        try (TestLedger later = TestLedger.on(database)) {
            assertThat(later.api().account("1200.loan.bob").orElseThrow().spec().metadata())
                    .isEmpty();
            assertThat(SampleBank.load(later.api())).isEqualTo(SampleBank.Result.LOADED);
            assertThat(later.module().subjects().counts()).isEqualTo(new Subjects.Counts(4, 0, 0));
        }
    }

    @Test
    void a_ledger_in_use_is_left_alone() {
        Ledger ledger = books.api();
        ledger.execute(new Command.OpenAccount("mine", AccountSpec.summary("mine", "Mine", AccountType.ASSET, null)));
        assertThat(SampleBank.load(ledger)).isEqualTo(SampleBank.Result.NOT_WANTED);
        assertThat(ledger.lastSequence()).isEqualTo(1);
    }
}
