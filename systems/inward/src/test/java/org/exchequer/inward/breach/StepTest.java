package org.exchequer.inward.breach;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Sla;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as missing one's time, and within which stages. */
class StepTest {
    private static final long MS = 1_000_000;

    private static Step step(State from, State to, long tookMs, long grantedMs, long elapsedMs) {
        return new Step(from, to, tookMs * MS, grantedMs * MS, elapsedMs * MS);
    }

    @ParameterizedTest
    @CsvSource({
        "LIQUIDITY_CHECK, PAYMENT_EXECUTION, 190, 200, 400, false",
        "LIQUIDITY_CHECK, LIQUIDITY_TIMEOUT, 200, 200, 400, true",
        "LIQUIDITY_CHECK, LIQUIDITY_TIMEOUT, 192, 200, 400, true",
        // Refused by a breaker, or by order: that took no time.
        "LIQUIDITY_CHECK, LIQUIDITY_TIMEOUT, 0, 200, 400, false",
        // No time was left to begin it.
        "LIQUIDITY_CHECK, LIQUIDITY_TIMEOUT, 0, 0, 4000, true",
        "ACCOUNT_CACHE_FALLBACK, ACCOUNT_VALIDATION_FAILED, 0, 200, 400, false",
        "PAYMENT_EXECUTION, RESPONSE_GENERATION, 900, 1300, 4199, false",
        "PAYMENT_EXECUTION, RESPONSE_GENERATION, 900, 1300, 4200, true",
        "BUSINESS_VALIDATION, SLA_BREACH, 0, 150, 3900, true"
    })
    void missesItsTime(State from, State to, long took, long granted, long elapsed, boolean missed) {
        assertThat(step(from, to, took, granted, elapsed).missed(Sla.STANDARD)).isEqualTo(missed);
    }

    @Test
    void looksTwoStagesAheadAndNoFurther() {
        List<Step> steps = List.of(
                step(State.MESSAGE_RECEIVED, State.IDEMPOTENCY_CHECK, 0, 0, 0),
                step(State.IDEMPOTENCY_CHECK, State.BUSINESS_VALIDATION, 1, 5, 1),
                step(State.BUSINESS_VALIDATION, State.FRAUD_DETECTION, 1, 150, 2),
                step(State.FRAUD_DETECTION, State.FRAUD_TIMEOUT, 0, 400, 2),
                step(State.FRAUD_TIMEOUT, State.FRAUD_FALLBACK_RULES, 0, 400, 2),
                step(State.FRAUD_FALLBACK_RULES, State.ACCOUNT_VALIDATION, 1, 400, 3),
                step(State.ACCOUNT_VALIDATION, State.ACCOUNT_TIMEOUT, 250, 250, 253),
                step(State.ACCOUNT_TIMEOUT, State.ACCOUNT_CACHE_FALLBACK, 0, 250, 253),
                step(State.ACCOUNT_CACHE_FALLBACK, State.LIQUIDITY_CHECK, 0, 250, 253));
        assertThat(Step.missedAfter(steps, 0, Sla.STANDARD)).isFalse();
        assertThat(Step.missedAfter(steps, 1, Sla.STANDARD)).isFalse();
        assertThat(Step.missedAfter(steps, 2, Sla.STANDARD)).isTrue();
        assertThat(Step.missedAfter(steps, 5, Sla.STANDARD)).isTrue();
        assertThat(Step.missedAfter(steps, 8, Sla.STANDARD)).isFalse();
    }

    @Test
    void comparesPredictionsWithWhatHappened() {
        List<PaymentEvent> events = List.of(
                event(1, null, State.MESSAGE_RECEIVED, 0, 0, null),
                event(2, State.ACCOUNT_VALIDATION, State.LIQUIDITY_CHECK, 3, 200, new PaymentEvent.Forecast(0.9, true)),
                event(3, State.LIQUIDITY_CHECK, State.LIQUIDITY_TIMEOUT, 200, 200, null),
                event(4, State.LIQUIDITY_TIMEOUT, State.LIQUIDITY_EMERGENCY_APPROVAL, 0, 200, null),
                event(
                        5,
                        State.LIQUIDITY_EMERGENCY_APPROVAL,
                        State.PAYMENT_EXECUTION,
                        0,
                        200,
                        new PaymentEvent.Forecast(0.1, true)),
                event(6, State.PAYMENT_EXECUTION, State.RESPONSE_GENERATION, 9, 1_300, null));
        assertThat(Hindsight.of(events, Sla.STANDARD))
                .containsExactly(new Hindsight(true, true), new Hindsight(true, false));
    }

    private static PaymentEvent event(
            int number,
            @org.jspecify.annotations.Nullable State from,
            State to,
            long tookMs,
            long grantedMs,
            PaymentEvent.@org.jspecify.annotations.Nullable Forecast forecast) {
        return new PaymentEvent(
                number,
                from,
                to,
                Instant.EPOCH,
                number * MS,
                tookMs * MS,
                grantedMs * MS,
                0,
                0,
                "a",
                "t",
                List.of(),
                null,
                null,
                forecast);
    }
}
