package org.exchequer.shards.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlameTest {
    private static final Command.Post POST = new Command.Post(
            "k",
            List.of(leg("a.1", Side.CREDIT), leg("a.11", Side.CREDIT), leg("b", Side.DEBIT), leg("a.1", Side.DEBIT)),
            Details.NONE);

    @ParameterizedTest
    @CsvSource({
        "0, creditAccount, account a.11 does not exist, legs[1].account",
        "0, creditAccount, account a.1 does not exist, legs[0].account",
        "1, debitAccount, account a.1 does not exist, legs[3].account",
        "0, debitAccount, b is FROZEN and takes no debit, legs[2].account",
        "0, amount, 'a.1: available 5.00 EUR, needed 10.00 EUR', legs[0].amount",
        "2, amount, 'a.1: available 5.00 EUR, needed 10.00 EUR', legs[3].amount",
        "0, valueDate, 2026-01-01 is closed for b, valueDate",
        "0, creditAccount, account a.111 does not exist, creditAccount"
    })
    void finds_the_leg(int item, String field, String detail, String expected) {
        Outcome.Rejected no = new Outcome.Rejected(RejectionReason.ACCOUNT_NOT_FOUND, field, detail, 7, true);
        assertThat(Blame.of(POST, item, no))
                .isEqualTo(new Outcome.Rejected(RejectionReason.ACCOUNT_NOT_FOUND, expected, detail, 7, true));
    }

    @Test
    void reads_codes_as_words() {
        assertThat(Blame.names("account a. does not exist", "a.")).isTrue();
        assertThat(Blame.names("account a.: gone", "a.")).isTrue();
        assertThat(Blame.names("account a.b does not exist", "a")).isFalse();
    }

    private static Leg leg(String account, Side side) {
        return new Leg(account, side, Money.of(1, "EUR"));
    }
}
