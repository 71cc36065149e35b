package org.exchequer.inward.core;

import static org.exchequer.inward.api.State.*;

import java.util.Map;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Outcome.Late;
import org.exchequer.inward.core.Outcome.Listed;
import org.exchequer.inward.core.Outcome.Passed;
import org.exchequer.inward.core.Outcome.Recalled;
import org.exchequer.inward.core.Outcome.Refused;
import org.exchequer.inward.core.Outcome.Repeated;
import org.exchequer.iso20022.MessageType;

/** Where a payment goes from here: the whole flow of control, as one function of state and outcome. */
public final class Course {
    private static final Map<State, State> FALLBACK = Map.of(
            FRAUD_DETECTION, FRAUD_TIMEOUT,
            ACCOUNT_VALIDATION, ACCOUNT_TIMEOUT,
            LIQUIDITY_CHECK, LIQUIDITY_TIMEOUT,
            PAYMENT_EXECUTION, PAYMENT_TIMEOUT,
            RESPONSE_GENERATION, RESPONSE_TIMEOUT);

    private Course() {}

    /**
     * The state that follows.
     *
     * @param state where it stands
     * @param outcome of the work there
     * @param type a reversal or a cancellation is about a payment that was checked before, and skips its checks
     * @throws IllegalStateException when the state knows no such outcome, or is terminal: a bug
     */
    public static State after(State state, Outcome outcome, MessageType type) {
        State next = switch (outcome) {
            case Passed passed -> onward(state, type);
            case Refused refused -> refused(state);
            case Listed listed -> SANCTIONS_HIT;
            case Repeated repeated -> DUPLICATE_DETECTED;
            case Late late -> FALLBACK.getOrDefault(state, SLA_BREACH);
            case Recalled recalled -> CANCELLED;
        };
        return Lifecycle.move(state, next);
    }

    /** Where a payment goes that has too little time left for what is to be done. */
    public static State breached(State state) {
        return Lifecycle.move(state, SLA_BREACH);
    }

    private static State onward(State state, MessageType type) {
        return switch (state) {
            case MESSAGE_RECEIVED -> IDEMPOTENCY_CHECK;
            case IDEMPOTENCY_CHECK -> BUSINESS_VALIDATION;
            case BUSINESS_VALIDATION -> movesNewMoney(type) ? FRAUD_DETECTION : PAYMENT_EXECUTION;
            case FRAUD_TIMEOUT -> FRAUD_FALLBACK_RULES;
            case FRAUD_DETECTION, FRAUD_FALLBACK_RULES -> ACCOUNT_VALIDATION;
            case ACCOUNT_TIMEOUT -> ACCOUNT_CACHE_FALLBACK;
            case ACCOUNT_VALIDATION, ACCOUNT_CACHE_FALLBACK -> LIQUIDITY_CHECK;
            case LIQUIDITY_TIMEOUT -> LIQUIDITY_EMERGENCY_APPROVAL;
            case LIQUIDITY_CHECK, LIQUIDITY_EMERGENCY_APPROVAL -> PAYMENT_EXECUTION;
            case PAYMENT_TIMEOUT -> PAYMENT_ASYNC_PROCESSING;
            case PAYMENT_EXECUTION, PAYMENT_ASYNC_PROCESSING -> RESPONSE_GENERATION;
            case RESPONSE_TIMEOUT -> RESPONSE_CACHE_FALLBACK;
            case RESPONSE_GENERATION, RESPONSE_CACHE_FALLBACK, EMERGENCY_PROCESSING -> COMPLETED;
            case SLA_BREACH -> EMERGENCY_PROCESSING;
            case DUPLICATE_DETECTED,
                    BUSINESS_VALIDATION_FAILED,
                    FRAUD_HIGH_RISK,
                    SANCTIONS_HIT,
                    ACCOUNT_VALIDATION_FAILED,
                    LIQUIDITY_REJECTED,
                    PAYMENT_EXECUTION_FAILED,
                    COMPLETED,
                    CANCELLED,
                    FAILED -> throw impossible(state, "goes on");
        };
    }

    private static State refused(State state) {
        return switch (state.stage()) {
            case BUSINESS_VALIDATION -> BUSINESS_VALIDATION_FAILED;
            case FRAUD_DETECTION -> FRAUD_HIGH_RISK;
            case ACCOUNT_VALIDATION -> ACCOUNT_VALIDATION_FAILED;
            case LIQUIDITY_CHECK -> LIQUIDITY_REJECTED;
            case PAYMENT_EXECUTION -> PAYMENT_EXECUTION_FAILED;
            case COMPLETED -> FAILED;
            case MESSAGE_RECEIVED, IDEMPOTENCY_CHECK, RESPONSE_GENERATION, BROADCAST ->
                throw impossible(state, "is refused");
        };
    }

    /** Whether a stage goes on without what it has waited for. */
    public static boolean isWithLess(State state) {
        return FALLBACK.containsValue(state);
    }

    /** Whether money comes in that nobody has checked yet. */
    public static boolean movesNewMoney(MessageType type) {
        return type == MessageType.PACS_008 || type == MessageType.PACS_003;
    }

    private static IllegalStateException impossible(State state, String what) {
        return new IllegalStateException("no payment " + what + " from " + state);
    }
}
