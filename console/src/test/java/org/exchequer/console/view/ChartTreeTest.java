package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.TrialBalance;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ChartTreeTest {
    private static final Currency EUR = Currency.of("EUR");
    private final List<Account> accounts = new ArrayList<>();
    private final List<Balance> balances = new ArrayList<>();

    private void summary(String code, @Nullable String parent) {
        add(AccountSpec.summary(code, code, AccountType.ASSET, parent));
    }

    private void posting(String code, @Nullable String parent, String currency, long debits, long credits) {
        Currency unit = Currency.of(currency);
        add(AccountSpec.posting(code, code, AccountType.ASSET, unit, parent));
        Money net = new Money(debits - credits, unit);
        balances.add(new Balance(code, unit, Side.DEBIT, debits, credits, net, net, 42));
    }

    private void add(AccountSpec spec) {
        accounts.add(new Account(accounts.size() + 1, spec, AccountState.OPEN, Instant.EPOCH));
    }

    private ChartTree tree() {
        return ChartTree.of(accounts, new TrialBalance(balances, List.of(), 42));
    }

    @Test
    void balancesRollUpPerCurrencyThroughEveryLevelWhateverTheOrderOfCodes() {
        summary("z", null);
        summary("m", "z");
        summary("a", "m");
        posting("a.1", "a", "EUR", 500, 100);
        posting("b.1", "m", "EUR", 0, 700);
        posting("c.1", "z", "USD", 900, 0);
        posting("alone", null, "EUR", 1, 0);
        ChartTree tree = tree();
        assertThat(tree.balances("a")).containsExactly(Amounts.Net.of(400, EUR));
        assertThat(tree.balances("m")).containsExactly(Amounts.Net.of(-300, EUR));
        assertThat(tree.balances("z"))
                .containsExactly(Amounts.Net.of(-300, EUR), Amounts.Net.of(900, Currency.of("USD")));
        assertThat(tree.branch("", "", 10, 0).rows())
                .extracting(ChartTree.Row::code)
                .containsExactly("alone", "z");
        assertThat(tree.path(accounts.get(3))).extracting(Account::code).containsExactly("z", "m", "a");
        assertThat(tree.asOfSequence()).isEqualTo(42);
    }

    @Test
    void sumsBeyond64BitsAreExact() {
        summary("all", null);
        posting("all.1", "all", "JPY", Long.MAX_VALUE, 0);
        posting("all.2", "all", "JPY", Long.MAX_VALUE, 0);
        assertThat(tree().balances("all").getFirst().text()).isEqualTo("18,446,744,073,709,551,614");
    }

    @Test
    void manyChildrenComeInPagesAndAreNotOpenedAtOnce() {
        summary("top", null);
        for (int i = 0; i < 25; i++) {
            posting("top.%02d".formatted(i), "top", "EUR", i, 0);
        }
        ChartTree tree = tree();
        assertThat(tree.branch("", "", 10, 1).rows().getFirst().branch()).isNull();
        ChartTree.Branch first = tree.branch("top", "", 10, 0);
        assertThat(first.rows()).hasSize(10);
        assertThat(first.more()).isEqualTo(15);
        ChartTree.Branch last = tree.branch("top", "top.19", 10, 0);
        assertThat(last.rows())
                .extracting(ChartTree.Row::code)
                .startsWith("top.20")
                .hasSize(5);
        assertThat(last.more()).isZero();
    }

    @Test
    void aVeryDeepChartNeedsNoDeepStack() {
        summary("d0", null);
        for (int i = 1; i < 20_000; i++) {
            summary("d" + i, "d" + (i - 1));
        }
        posting("leaf", "d19999", "EUR", 5, 0);
        assertThat(tree().balances("d0")).containsExactly(Amounts.Net.of(5, EUR));
    }
}
