package org.exchequer.inward.breach;

import org.exchequer.inward.api.Stage;
import org.jspecify.annotations.Nullable;

/** What a payment waits for in a stage, and whose recent times say how long that may be. */
public enum Work {
    /** The database takes the receipt. */
    RECEIPT("", ""),
    RULES("", ""),
    /** Screening and the fraud score. */
    MODELS("", ""),
    /** Accounts in a currency that is VAM's; MIDANZ is asked as well when it does not answer. */
    VAM("vam", "account"),
    MIDANZ("midanz", "account"),
    LIQUIDITY("liquidity", "reserve"),
    LEDGER("", ""),
    ANSWER("", "");

    private final String partner;
    private final String operation;

    Work(String partner, String operation) {
        this.partner = partner;
        this.operation = partner + "/" + operation;
    }

    /** First part of the names of its breakers; empty where it has none. */
    public String partner() {
        return partner;
    }

    /** Name of the breaker of its operation. */
    public String operation() {
        return operation;
    }

    /**
     * The work of a stage; null where nothing is done.
     *
     * @param vam whether the payment's account is VAM's
     */
    public static @Nullable Work of(Stage stage, boolean vam) {
        return switch (stage) {
            case IDEMPOTENCY_CHECK -> RECEIPT;
            case BUSINESS_VALIDATION -> RULES;
            case FRAUD_DETECTION -> MODELS;
            case ACCOUNT_VALIDATION -> vam ? VAM : MIDANZ;
            case LIQUIDITY_CHECK -> LIQUIDITY;
            case PAYMENT_EXECUTION -> LEDGER;
            case RESPONSE_GENERATION -> ANSWER;
            case MESSAGE_RECEIVED, BROADCAST, COMPLETED -> null;
        };
    }
}
