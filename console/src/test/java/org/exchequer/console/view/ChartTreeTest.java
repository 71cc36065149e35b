package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
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
        balance(code, unit, Side.DEBIT, debits, credits, 0, 0, debits - credits);
    }

    private void balance(
            String code,
            Currency unit,
            Side side,
            long debits,
            long credits,
            long pendingDebits,
            long pendingCredits,
            long available) {
        Money posted = new Money(side == Side.DEBIT ? debits - credits : credits - debits, unit);
        balances.add(new Balance(
                code,
                unit,
                side,
                debits,
                credits,
                pendingDebits,
                pendingCredits,
                posted,
                new Money(available, unit),
                42));
    }

    private void add(AccountSpec spec) {
        accounts.add(new Account(accounts.size() + 1, spec, AccountState.OPEN, Instant.EPOCH));
    }

    private ChartTree tree() {
        return tree(AsOf.NOW);
    }

    private ChartTree tree(AsOf asOf) {
        return ChartTree.of(accounts, new TrialBalance(balances, List.of(), asOf, 42));
    }

    private static List<Amounts.Net> posted(ChartTree tree, String code) {
        return tree.figures(code).stream().map(ChartTree.Figures::posted).toList();
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
        assertThat(posted(tree, "a")).containsExactly(Amounts.Net.of(400, EUR));
        assertThat(posted(tree, "m")).containsExactly(Amounts.Net.of(-300, EUR));
        assertThat(posted(tree, "z"))
                .containsExactly(Amounts.Net.of(-300, EUR), Amounts.Net.of(900, Currency.of("USD")));
        assertThat(tree.branch("", "", 10, 0).rows())
                .extracting(ChartTree.Row::code)
                .containsExactly("alone", "z");
        assertThat(tree.path(accounts.get(3))).extracting(Account::code).containsExactly("z", "m", "a");
        assertThat(tree.position()).isEqualTo("42");
    }

    @Test
    void holdsAndWhatIsAvailableRollUpBySide() {
        summary("top", null);
        posting("top.a", "top", "EUR", 0, 0);
        posting("top.b", "top", "EUR", 0, 0);
        balances.clear();
        balance("top.a", EUR, Side.CREDIT, 0, 10_000, 2_500, 0, 12_500);
        balance("top.b", EUR, Side.DEBIT, 4_000, 0, 300, 700, 3_300);
        ChartTree.Figures now = tree().figures("top").getFirst();
        assertThat(now.posted()).isEqualTo(Amounts.Net.of(-6_000, EUR));
        assertThat(now.held()).containsExactly(Amounts.Net.of(2_800, EUR), Amounts.Net.of(-700, EUR));
        assertThat(now.available()).isEqualTo(Amounts.Net.of(-9_200, EUR));
        assertThat(tree(AsOf.value(LocalDate.EPOCH)).figures("top").getFirst().available())
                .isNull();
    }

    @Test
    void sumsBeyond64BitsAreExact() {
        summary("all", null);
        posting("all.1", "all", "JPY", Long.MAX_VALUE, 0);
        posting("all.2", "all", "JPY", Long.MAX_VALUE, 0);
        assertThat(posted(tree(), "all").getFirst().text()).isEqualTo("18,446,744,073,709,551,614");
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
        assertThat(posted(tree(), "d0")).containsExactly(Amounts.Net.of(5, EUR));
    }
}
