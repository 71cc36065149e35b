package org.exchequer.inward.core;

import static org.exchequer.inward.api.State.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.exchequer.inward.api.State;

/**
 * Which state may follow which.
 *
 * <pre>
 * MESSAGE_RECEIVED → IDEMPOTENCY_CHECK → BUSINESS_VALIDATION → FRAUD_DETECTION → ACCOUNT_VALIDATION → LIQUIDITY_CHECK
 *                          ↓                  ↓    ↓               ↓     ↓            ↓      ↓           ↓     ↓
 *                  DUPLICATE_DETECTED       …_FAILED        FRAUD_HIGH_RISK  …_FAILED   …_REJECTED
 *                                                  ↓        SANCTIONS_HIT
 *                                                  ↓              FRAUD_TIMEOUT  ACCOUNT_TIMEOUT  LIQUIDITY_TIMEOUT
 *                                                  ↓              → …_RULES      → …_CACHE_…      → …_EMERGENCY_…
 *                                                  ↓               (and on, or refused)
 *      LIQUIDITY_CHECK → PAYMENT_EXECUTION → RESPONSE_GENERATION → COMPLETED
 *                           ↓       ↓                ↓                 ↑
 *                       …_FAILED  PAYMENT_TIMEOUT   RESPONSE_TIMEOUT → RESPONSE_CACHE_FALLBACK
 *                                 → PAYMENT_ASYNC_PROCESSING → (on, or …_FAILED)
 * </pre>
 *
 * A reversal or a cancellation is about a payment that was checked before: from BUSINESS_VALIDATION it goes straight to
 * PAYMENT_EXECUTION. A payment that was called back before it was posted ends in CANCELLED, and anything that is not
 * done in time in SLA_BREACH → EMERGENCY_PROCESSING → COMPLETED or FAILED.
 */
public final class Lifecycle {
    private static final Map<State, Set<State>> NEXT = new EnumMap<>(State.class);

    static {
        from(MESSAGE_RECEIVED, IDEMPOTENCY_CHECK);
        from(IDEMPOTENCY_CHECK, DUPLICATE_DETECTED, BUSINESS_VALIDATION);
        from(BUSINESS_VALIDATION, BUSINESS_VALIDATION_FAILED, FRAUD_DETECTION, PAYMENT_EXECUTION);
        from(FRAUD_DETECTION, FRAUD_HIGH_RISK, SANCTIONS_HIT, FRAUD_TIMEOUT, ACCOUNT_VALIDATION);
        from(FRAUD_TIMEOUT, FRAUD_FALLBACK_RULES);
        from(FRAUD_FALLBACK_RULES, FRAUD_HIGH_RISK, SANCTIONS_HIT, ACCOUNT_VALIDATION);
        from(ACCOUNT_VALIDATION, ACCOUNT_VALIDATION_FAILED, ACCOUNT_TIMEOUT, LIQUIDITY_CHECK);
        from(ACCOUNT_TIMEOUT, ACCOUNT_CACHE_FALLBACK);
        from(ACCOUNT_CACHE_FALLBACK, ACCOUNT_VALIDATION_FAILED, LIQUIDITY_CHECK);
        from(LIQUIDITY_CHECK, LIQUIDITY_REJECTED, LIQUIDITY_TIMEOUT, PAYMENT_EXECUTION);
        from(LIQUIDITY_TIMEOUT, LIQUIDITY_EMERGENCY_APPROVAL);
        from(LIQUIDITY_EMERGENCY_APPROVAL, LIQUIDITY_REJECTED, PAYMENT_EXECUTION);
        from(PAYMENT_EXECUTION, PAYMENT_EXECUTION_FAILED, PAYMENT_TIMEOUT, RESPONSE_GENERATION);
        from(PAYMENT_TIMEOUT, PAYMENT_ASYNC_PROCESSING);
        from(PAYMENT_ASYNC_PROCESSING, PAYMENT_EXECUTION_FAILED, RESPONSE_GENERATION);
        from(RESPONSE_GENERATION, RESPONSE_TIMEOUT, COMPLETED);
        from(RESPONSE_TIMEOUT, RESPONSE_CACHE_FALLBACK);
        from(RESPONSE_CACHE_FALLBACK, COMPLETED);
        from(SLA_BREACH, EMERGENCY_PROCESSING);
        from(EMERGENCY_PROCESSING, FAILED, COMPLETED);
        NEXT.forEach((state, next) -> {
            boolean breached = state == SLA_BREACH || state == EMERGENCY_PROCESSING;
            if (state != MESSAGE_RECEIVED && !breached) {
                next.add(SLA_BREACH);
            }
            boolean checked = state.compareTo(BUSINESS_VALIDATION) >= 0;
            if (checked && state.compareTo(RESPONSE_GENERATION) < 0 || state == EMERGENCY_PROCESSING) {
                next.add(CANCELLED);
            }
        });
    }

    private static void from(State state, State first, State... others) {
        NEXT.put(state, EnumSet.of(first, others));
    }

    private Lifecycle() {}

    /** What may follow; nothing after a terminal state. */
    public static Set<State> next(State state) {
        return Set.copyOf(NEXT.getOrDefault(state, Set.of()));
    }

    /** Whether it may follow. */
    public static boolean allows(State from, State to) {
        return NEXT.getOrDefault(from, Set.of()).contains(to);
    }

    /**
     * The state itself, when it may follow.
     *
     * @throws IllegalStateException when it may not: a bug
     */
    public static State move(State from, State to) {
        if (!allows(from, to)) {
            throw new IllegalStateException("no payment goes from " + from + " to " + to);
        }
        return to;
    }
}
