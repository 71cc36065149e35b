package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.Transaction.Entry;
import org.junit.jupiter.api.Test;

final class TAccountTest {
    /** One account twice, on both sides; another brought to zero; a third that starts from it. */
    @Test
    void eachAccountHasOneTWithTheBalanceBeforeAndAfter() {
        List<TAccount> accounts = TAccount.of(new Transaction(
                7,
                "key",
                Instant.EPOCH,
                LocalDate.EPOCH,
                LocalDate.EPOCH,
                List.of(
                        new Entry(Leg.debit("cash", Money.of(500, "EUR")), 1_300),
                        new Entry(Leg.credit("alice", Money.of(800, "EUR")), 0),
                        new Entry(Leg.credit("cash", Money.of(200, "EUR")), 1_300),
                        new Entry(Leg.debit("fees", Money.of(500, "EUR")), 500)),
                Details.NONE,
                Transaction.Origin.DIRECT));
        assertThat(accounts).extracting(TAccount::code).containsExactly("cash", "alice", "fees");
        TAccount cash = accounts.getFirst();
        assertThat(cash.before()).isEqualTo(new Amounts.Net("10.00", "Dr", "debit", "EUR"));
        assertThat(cash.lines()).containsExactly(new TAccount.Line("5.00", ""), new TAccount.Line("", "2.00"));
        assertThat(cash.after()).isEqualTo(new Amounts.Net("13.00", "Dr", "debit", "EUR"));
        TAccount alice = accounts.get(1);
        assertThat(alice.before()).isEqualTo(new Amounts.Net("8.00", "Dr", "debit", "EUR"));
        assertThat(alice.afterSide()).isEqualTo("Dr");
        assertThat(accounts.get(2).beforeSide()).isEqualTo("Dr");
    }
}
