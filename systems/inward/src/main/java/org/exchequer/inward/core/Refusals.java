package org.exchequer.inward.core;

import org.exchequer.iso20022.Finding;
import org.exchequer.ledger.api.Outcome;

/** What the ledger's reasons are called among banks: codes of the ISO 20022 external status reasons. */
public final class Refusals {
    private static final String LEDGER = "/ledger";

    /** A transfer from an account to itself, which no payment asks for: see {@code Execution}. */
    public static final Finding SAME_ACCOUNT = new Finding("AC03", LEDGER, "must not move money to where it is");

    /** What is said of whatever could not be carried out in time. */
    public static final String LATE = "could not be carried out in the time that was left";

    private Refusals() {}

    /** The finding for a rejection. */
    public static Finding of(Outcome.Rejected rejected) {
        boolean debit = rejected.field().startsWith("debit");
        return switch (rejected.reason()) {
            case SAME_ACCOUNT -> SAME_ACCOUNT;
            case ACCOUNT_NOT_FOUND, ACCOUNT_IS_SUMMARY, RESERVED_NAME ->
                finding(debit ? "AC02" : "AC03", "the account is not in the books");
            case ACCOUNT_CLOSED -> finding(debit ? "AC05" : "AC07", "the account is closed");
            case ACCOUNT_FROZEN -> finding("AC06", "the account is blocked");
            case CURRENCY_MISMATCH -> finding(debit ? "AC10" : "AC11", "the account is kept in another currency");
            case INSUFFICIENT_FUNDS, BELOW_MINIMUM_BALANCE -> finding("AM04", "the account does not cover the amount");
            case ABOVE_MAXIMUM_BALANCE, CREDITS_WOULD_EXCEED_DEBITS, BALANCE_OVERFLOW ->
                finding("AM02", "the account may not hold so much");
            case AMOUNT_NOT_POSITIVE -> finding("AM01", "the amount must be greater than zero");
            case ALREADY_REVERSED, EXCEEDS_REVERSIBLE_AMOUNT -> finding("AM05", "it was reversed before");
            case TRANSACTION_NOT_FOUND, NOT_REVERSIBLE, PARTIAL_REVERSAL_NOT_POSSIBLE ->
                finding("AG09", "there is nothing to reverse");
            case VALUE_DATE_CLOSED -> finding("DT01", "the settlement day is closed");
            case SUBJECT_ERASED, NOT_SEALABLE -> finding("BE06", "the customer is not known");
            case IN_DOUBT_TIMEOUT -> finding("AB05", "the ledger did not decide in time");
            case IDEMPOTENCY_KEY_REUSED,
                    UNBALANCED,
                    NOT_PENDING,
                    PENDING_ALREADY_POSTED,
                    PENDING_ALREADY_VOIDED,
                    PENDING_EXPIRED,
                    EXCEEDS_PENDING_AMOUNT,
                    ADJUSTMENT_NOT_FOUND,
                    ADJUSTMENT_ALREADY_DECIDED,
                    APPROVER_IS_AUTHOR,
                    LINKED_ITEM_FAILED,
                    ACCOUNT_EXISTS,
                    PARENT_NOT_FOUND,
                    PARENT_NOT_SUMMARY,
                    PARENT_CLOSED,
                    TYPE_DIFFERS_FROM_PARENT,
                    STATE_CHANGE_NOT_ALLOWED,
                    NO_BALANCE_RULE,
                    BALANCE_NOT_ZERO,
                    PENDING_OPEN,
                    CHILDREN_NOT_CLOSED,
                    LIMIT_BELOW_BALANCE,
                    APPROVAL_REQUIRED,
                    DAY_ALREADY_CLOSED,
                    DAY_NOT_REACHED,
                    NOT_ACROSS_SHARDS ->
                throw new IllegalStateException("no payment asks for what ends as " + rejected.reason());
        };
    }

    private static Finding finding(String code, String text) {
        return new Finding(code, LEDGER, text);
    }
}
