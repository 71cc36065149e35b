package org.exchequer.ledger.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.edge.http.Answer.Addressed;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final Instant BOOKED = Instant.parse("2026-03-01T10:00:00.000123Z");

    @Test
    void a_replay_has_the_bytes_of_the_first_answer() {
        Transaction transaction = new Transaction(
                17,
                "key-1",
                BOOKED,
                LocalDate.of(2026, 3, 1),
                LocalDate.of(2026, 2, 28),
                List.of(
                        new Transaction.Entry(Leg.debit("a", Money.of(1_050, "EUR")), 1_050),
                        new Transaction.Entry(Leg.credit("b", Money.of(1_050, "EUR")), -1_050)),
                new Details("ref", null, Map.of()),
                Transaction.Origin.DIRECT);
        Answer first = Answer.to(new Outcome.Posted(transaction, false), Addressed.NOTHING);
        Answer again = Answer.to(new Outcome.Posted(transaction, true), Addressed.NOTHING);
        assertThat(JsonBody.bytes(again.body())).isEqualTo(JsonBody.bytes(first.body()));
        assertThat(again.status()).isEqualTo(first.status()).isEqualTo(201);
        assertThat(again.location()).isEqualTo(first.location()).contains("/ledger/api/v1/transactions/17");
        assertThat(first.replayed()).isFalse();
        assertThat(again.replayed()).isTrue();
        assertThat(text(first))
                .isEqualTo("{\"id\":17,\"key\":\"key-1\",\"bookedAt\":\"2026-03-01T10:00:00.000123Z\","
                        + "\"bookingDate\":\"2026-03-01\",\"valueDate\":\"2026-02-28\",\"legs\":["
                        + "{\"account\":\"a\",\"side\":\"DEBIT\",\"amount\":\"10.50\",\"currency\":\"EUR\","
                        + "\"netDebitAfter\":\"10.50\"},{\"account\":\"b\",\"side\":\"CREDIT\",\"amount\":\"10.50\","
                        + "\"currency\":\"EUR\",\"netDebitAfter\":\"-10.50\"}],\"reference\":\"ref\",\"metadata\":{}}");
    }

    @Test
    void a_rejection_says_why_where_and_whether_to_retry() {
        Answer answer = Answer.to(
                new Outcome.Rejected(RejectionReason.INSUFFICIENT_FUNDS, "debitAccount", "a: short", 4, false),
                Addressed.NOTHING);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.mediaType()).isEqualTo("application/problem+json");
        assertThat(text(answer))
                .isEqualTo("{\"type\":\"urn:exchequer:problem:insufficient-funds\",\"title\":\"Insufficient funds\","
                        + "\"status\":422,\"code\":\"INSUFFICIENT_FUNDS\",\"detail\":\"a: short\","
                        + "\"field\":\"debitAccount\",\"retry\":\"LATER_WITH_NEW_KEY\",\"sequence\":4}");
    }

    @Test
    void the_status_tells_a_reused_key_and_a_missing_thing_apart_from_other_rejections() {
        assertThat(status(RejectionReason.IDEMPOTENCY_KEY_REUSED, Addressed.NOTHING))
                .isEqualTo(409);
        assertThat(status(RejectionReason.ACCOUNT_NOT_FOUND, Addressed.NOTHING)).isEqualTo(422);
        assertThat(status(RejectionReason.ACCOUNT_NOT_FOUND, Addressed.ACCOUNT)).isEqualTo(404);
        assertThat(status(RejectionReason.TRANSACTION_NOT_FOUND, Addressed.TRANSACTION))
                .isEqualTo(404);
        assertThat(status(RejectionReason.ALREADY_REVERSED, Addressed.TRANSACTION))
                .isEqualTo(422);
        assertThat(status(RejectionReason.ACCOUNT_FROZEN, Addressed.TRANSACTION))
                .isEqualTo(422);
        assertThat(status(RejectionReason.NOT_PENDING, Addressed.HOLD)).isEqualTo(404);
        assertThat(status(RejectionReason.PENDING_EXPIRED, Addressed.HOLD)).isEqualTo(422);
        assertThat(status(RejectionReason.ADJUSTMENT_NOT_FOUND, Addressed.ADJUSTMENT))
                .isEqualTo(404);
        assertThat(status(RejectionReason.APPROVER_IS_AUTHOR, Addressed.ADJUSTMENT))
                .isEqualTo(422);
    }

    @Test
    void opening_is_created_and_changing_is_ok() {
        Account account = new Account(
                3,
                AccountSpec.posting("a.b", "A", AccountType.ASSET, Currency.of("JPY"), null),
                AccountState.OPEN,
                BOOKED);
        Outcome outcome = new Outcome.AccountChanged(account, 9, false);
        assertThat(Answer.to(outcome, Addressed.NOTHING).status()).isEqualTo(201);
        assertThat(Answer.to(outcome, Addressed.NOTHING).location()).contains("/ledger/api/v1/accounts/a.b");
        assertThat(Answer.to(outcome, Addressed.ACCOUNT).status()).isEqualTo(200);
    }

    @Test
    void what_is_open_still_says_to_ask_again_with_the_same_key() {
        Answer refused = Answer.to(new Outcome.Refused(Outcome.Refused.Cause.OVERLOADED, 1_001), Addressed.NOTHING);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfterSeconds()).contains(2L);
        assertThat(text(refused)).contains("OVERLOADED", "LATER_WITH_SAME_KEY");
        Answer unknown = Answer.to(new Outcome.Unknown("connection lost"), Addressed.NOTHING);
        assertThat(unknown.status()).isEqualTo(504);
        assertThat(text(unknown)).contains("OUTCOME_UNKNOWN", "NOW_WITH_SAME_KEY", "connection lost");
    }

    private static int status(RejectionReason reason, Addressed addressed) {
        return Answer.to(new Outcome.Rejected(reason, "f", "d", 1, false), addressed)
                .status();
    }

    private static String text(Answer answer) {
        return new String(JsonBody.bytes(answer.body()), UTF_8);
    }
}
