package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.junit.jupiter.api.Test;

class AccountingTest {
    private final List<String> asked = new ArrayList<>();

    private Accounting accounting(Function<String, Outcome> answer) {
        Ledger ledger = (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    Command.OpenAccount open = (Command.OpenAccount) arguments[0];
                    asked.add(open.account().code());
                    return CompletableFuture.completedFuture(
                            answer.apply(open.account().code()));
                });
        return new Accounting(ledger, Ticker.system(), Settings.standard(), true);
    }

    private static Outcome rejected(RejectionReason reason) {
        return new Outcome.Rejected(reason, "code", "planted", 1, false);
    }

    @Test
    void a_node_without_a_writer_says_what_it_waits_for_and_goes_on_where_it_stopped() {
        boolean[] writes = {false};
        Accounting accounting = accounting(code -> writes[0] || code.equals("1000.settlement.sgd")
                ? rejected(RejectionReason.ACCOUNT_EXISTS)
                : new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500));
        assertThat(accounting.waiting()).isNotEmpty();
        assertThat(accounting.advance()).isFalse();
        assertThat(accounting.waiting()).endsWith("is not open yet: no node writes to the ledger");
        writes[0] = true;
        asked.clear();
        assertThat(accounting.advance()).isTrue();
        assertThat(accounting.waiting()).isEmpty();
        assertThat(asked).doesNotContain("1000.settlement.sgd").contains("2000.deposits", "2000.deposits.sgd.0");
        assertThat(asked.indexOf("2000.deposits")).isLessThan(asked.indexOf("2000.deposits.sgd"));
    }

    @Test
    void an_account_that_is_rejected_is_said_at_once() {
        Accounting accounting = accounting(code -> rejected(RejectionReason.ACCOUNT_NOT_FOUND));
        assertThatThrownBy(accounting::start).hasMessageContaining("ACCOUNT_NOT_FOUND");
        assertThat(accounting.waiting()).contains("ACCOUNT_NOT_FOUND");
    }
}
