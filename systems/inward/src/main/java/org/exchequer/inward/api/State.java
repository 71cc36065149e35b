package org.exchequer.inward.api;

import java.util.Set;

/**
 * Every state a payment can be in. {@code core.Lifecycle} has the transitions.
 *
 * <p>Names, stages and outcomes are those of the processor's specification; {@link #SANCTIONS_HIT} and
 * {@link #CANCELLED} are added, because a hit is decided by nobody's score, and a payment called back in time was
 * neither refused nor failed.
 */
public enum State {
    MESSAGE_RECEIVED(Stage.MESSAGE_RECEIVED, Status.RECEIVED),
    IDEMPOTENCY_CHECK(Stage.IDEMPOTENCY_CHECK, Status.RECEIVED),
    /** The same message was here before: it gets that one's answer, byte for byte. */
    DUPLICATE_DETECTED(Stage.IDEMPOTENCY_CHECK, Status.REJECTED),
    BUSINESS_VALIDATION(Stage.BUSINESS_VALIDATION, Status.VALIDATING),
    BUSINESS_VALIDATION_FAILED(Stage.BUSINESS_VALIDATION, Status.REJECTED),
    FRAUD_DETECTION(Stage.FRAUD_DETECTION, Status.FRAUD_CHECKING),
    FRAUD_HIGH_RISK(Stage.FRAUD_DETECTION, Status.REJECTED),
    /** A party is on a sanctions list. */
    SANCTIONS_HIT(Stage.FRAUD_DETECTION, Status.REJECTED),
    /** The models took too long. */
    FRAUD_TIMEOUT(Stage.FRAUD_DETECTION, Status.FRAUD_CHECKING),
    /** The rules decide alone. */
    FRAUD_FALLBACK_RULES(Stage.FRAUD_DETECTION, Status.FRAUD_CHECKING),
    ACCOUNT_VALIDATION(Stage.ACCOUNT_VALIDATION, Status.ACCOUNT_VALIDATING),
    ACCOUNT_VALIDATION_FAILED(Stage.ACCOUNT_VALIDATION, Status.REJECTED),
    /** The core banking system took too long, or could not be reached. */
    ACCOUNT_TIMEOUT(Stage.ACCOUNT_VALIDATION, Status.ACCOUNT_VALIDATING),
    /** What was known of the account last decides. */
    ACCOUNT_CACHE_FALLBACK(Stage.ACCOUNT_VALIDATION, Status.ACCOUNT_VALIDATING),
    LIQUIDITY_CHECK(Stage.LIQUIDITY_CHECK, Status.LIQUIDITY_CHECKING),
    LIQUIDITY_REJECTED(Stage.LIQUIDITY_CHECK, Status.REJECTED),
    /** The liquidity service took too long, or could not be reached. */
    LIQUIDITY_TIMEOUT(Stage.LIQUIDITY_CHECK, Status.LIQUIDITY_CHECKING),
    /** Small amounts are let through without it, up to a cap. */
    LIQUIDITY_EMERGENCY_APPROVAL(Stage.LIQUIDITY_CHECK, Status.LIQUIDITY_CHECKING),
    PAYMENT_EXECUTION(Stage.PAYMENT_EXECUTION, Status.EXECUTING),
    PAYMENT_EXECUTION_FAILED(Stage.PAYMENT_EXECUTION, Status.FAILED),
    /** The ledger has not said what became of it. */
    PAYMENT_TIMEOUT(Stage.PAYMENT_EXECUTION, Status.TIMEOUT),
    /** It is being asked. */
    PAYMENT_ASYNC_PROCESSING(Stage.PAYMENT_EXECUTION, Status.TIMEOUT),
    RESPONSE_GENERATION(Stage.RESPONSE_GENERATION, Status.EXECUTING),
    /** Writing the full answer took too long. */
    RESPONSE_TIMEOUT(Stage.RESPONSE_GENERATION, Status.EXECUTING),
    /** The answer is a template with the references alone. */
    RESPONSE_CACHE_FALLBACK(Stage.RESPONSE_GENERATION, Status.EXECUTING),
    COMPLETED(Stage.COMPLETED, Status.COMPLETED),
    /** Called back by a camt.056 before it was carried out. */
    CANCELLED(Stage.COMPLETED, Status.REJECTED),
    /** It cannot be carried out in time as it should. */
    SLA_BREACH(Stage.COMPLETED, Status.TIMEOUT),
    /** What must be done is done, and nothing else; or a person decides. */
    EMERGENCY_PROCESSING(Stage.COMPLETED, Status.TIMEOUT),
    FAILED(Stage.COMPLETED, Status.FAILED);

    private static final Set<State> TERMINAL = Set.of(
            DUPLICATE_DETECTED,
            BUSINESS_VALIDATION_FAILED,
            FRAUD_HIGH_RISK,
            SANCTIONS_HIT,
            ACCOUNT_VALIDATION_FAILED,
            LIQUIDITY_REJECTED,
            PAYMENT_EXECUTION_FAILED,
            COMPLETED,
            CANCELLED,
            FAILED);

    private final Stage stage;
    private final Status status;

    State(Stage stage, Status status) {
        this.stage = stage;
        this.status = status;
    }

    public Stage stage() {
        return stage;
    }

    /** As it is shown; one that was completed in emergency mode is {@link Status#EMERGENCY_PROCESSED}. */
    public Status status() {
        return status;
    }

    /** Whether nothing follows. */
    public boolean terminal() {
        return TERMINAL.contains(this);
    }
}
