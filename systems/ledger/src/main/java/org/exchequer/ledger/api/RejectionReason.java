package org.exchequer.ledger.api;

import static org.exchequer.ledger.api.RejectionReason.Retry.LATER_WITH_NEW_KEY;
import static org.exchequer.ledger.api.RejectionReason.Retry.NEVER;

/**
 * Why the ledger said no: a closed list, in order of precedence. When several apply, the first in this list is given,
 * so a client sees the same reason on every node and every replay. {@link #code} is the stable number in the journal.
 */
public enum RejectionReason {
    /**
     * Personal data in it cannot be sealed: it does not say whom it is about, its label is written in other letters, it
     * is too long, looks sealed already, names its subject by what is no reference, or there is no master key.
     * Not recorded, as the next two: the key stays free.
     */
    NOT_SEALABLE(71, NEVER),
    /** The person that it is about was erased, and nothing more is kept of them. */
    SUBJECT_ERASED(72, NEVER),
    /** The key was used before with a different command. */
    IDEMPOTENCY_KEY_REUSED(1, NEVER),

    /** An amount is zero or negative. */
    AMOUNT_NOT_POSITIVE(10, NEVER),
    /** A transfer debits and credits the same account. */
    SAME_ACCOUNT(11, NEVER),
    /** An account with that code does not exist. */
    ACCOUNT_NOT_FOUND(12, LATER_WITH_NEW_KEY),
    /** The account groups others and takes no entries itself. */
    ACCOUNT_IS_SUMMARY(13, NEVER),
    /** The amount is in another currency than the account. */
    CURRENCY_MISMATCH(14, NEVER),
    /** Debits and credits differ in at least one currency. */
    UNBALANCED(15, NEVER),
    /** No transaction has that id, or the id is that of a command which posted nothing. */
    TRANSACTION_NOT_FOUND(16, NEVER),
    /** The transaction is itself a reversal, or a hold: post a new transaction, or void the hold, instead. */
    NOT_REVERSIBLE(17, NEVER),
    /** The transaction was reversed before, in full. */
    ALREADY_REVERSED(18, NEVER),
    /** Only a transaction of two legs on two accounts can be reversed in part. */
    PARTIAL_REVERSAL_NOT_POSSIBLE(50, NEVER),
    /** More than has not been reversed yet. */
    EXCEEDS_REVERSIBLE_AMOUNT(51, NEVER),
    /** No hold has that id. */
    NOT_PENDING(52, NEVER),
    /** The hold was posted before, and nothing remains of it. */
    PENDING_ALREADY_POSTED(53, NEVER),
    /** The hold was voided. */
    PENDING_ALREADY_VOIDED(54, NEVER),
    /** The hold has expired. */
    PENDING_EXPIRED(55, NEVER),
    /** More than remains of the hold. */
    EXCEEDS_PENDING_AMOUNT(56, NEVER),
    /** No adjustment was proposed under that id. */
    ADJUSTMENT_NOT_FOUND(57, NEVER),
    /** The adjustment was approved or rejected before. */
    ADJUSTMENT_ALREADY_DECIDED(58, NEVER),
    /** Who proposed an adjustment cannot approve it. */
    APPROVER_IS_AUTHOR(59, NEVER),
    /** The value date lies in a closed day. */
    VALUE_DATE_CLOSED(60, NEVER),
    /** The account is closed. */
    ACCOUNT_CLOSED(19, NEVER),
    /** The account is frozen on that side. */
    ACCOUNT_FROZEN(20, LATER_WITH_NEW_KEY),
    /** The account's total of debits or credits would exceed 64 bits. */
    BALANCE_OVERFLOW(21, NEVER),
    /** Debits would exceed credits by more than the overdraft limit. */
    INSUFFICIENT_FUNDS(22, LATER_WITH_NEW_KEY),
    /** Credits would exceed debits by more than the overdraft limit. */
    CREDITS_WOULD_EXCEED_DEBITS(23, LATER_WITH_NEW_KEY),
    /** The balance would fall below the account's minimum. */
    BELOW_MINIMUM_BALANCE(61, LATER_WITH_NEW_KEY),
    /** The balance would rise above the account's maximum. */
    ABOVE_MAXIMUM_BALANCE(62, LATER_WITH_NEW_KEY),
    /** Another item of the linked batch was rejected, or had been answered before; this one was not judged. */
    LINKED_ITEM_FAILED(63, LATER_WITH_NEW_KEY),

    /** An account with that code exists. */
    ACCOUNT_EXISTS(40, NEVER),
    /** The parent does not exist. */
    PARENT_NOT_FOUND(41, LATER_WITH_NEW_KEY),
    /** The parent is a posting account. */
    PARENT_NOT_SUMMARY(42, NEVER),
    /** The parent is closed. */
    PARENT_CLOSED(43, NEVER),
    /** The account's type is not its parent's. */
    TYPE_DIFFERS_FROM_PARENT(44, NEVER),
    /** A closed account is opened again only, and by two people; and a state cannot be changed to itself. */
    STATE_CHANGE_NOT_ALLOWED(45, NEVER),
    /** An overdraft limit needs a balance rule. */
    NO_BALANCE_RULE(46, NEVER),
    /** An account is closed only at a balance of zero. */
    BALANCE_NOT_ZERO(47, LATER_WITH_NEW_KEY),
    /** An account is closed only when nothing is reserved on it. */
    PENDING_OPEN(64, LATER_WITH_NEW_KEY),
    /** A summary account is closed only after its children. */
    CHILDREN_NOT_CLOSED(48, LATER_WITH_NEW_KEY),
    /** The present balance, holds included, already exceeds the new limit or bound. */
    LIMIT_BELOW_BALANCE(49, LATER_WITH_NEW_KEY),
    /** Raising a limit, widening a bound and lifting a freeze take two people: propose an adjustment. */
    APPROVAL_REQUIRED(67, NEVER),

    /** That day was closed before. */
    DAY_ALREADY_CLOSED(65, NEVER),
    /** That day has not begun yet. */
    DAY_NOT_REACHED(66, LATER_WITH_NEW_KEY),

    /** In a ledger of several shards: the accounts are on different ones, and this command is offered on one only. */
    NOT_ACROSS_SHARDS(68, NEVER),
    /** In a ledger of several shards: the transaction was not decided in time and has been rolled back. */
    IN_DOUBT_TIMEOUT(69, LATER_WITH_NEW_KEY),
    /** In a ledger of several shards: the account or key belongs to the ledger itself. */
    RESERVED_NAME(70, NEVER);

    /** Whether asking again makes sense. The same key always gets the same answer, so a retry needs a new one. */
    public enum Retry {
        /** The command itself is wrong, or what stands against it will not go away. */
        NEVER,
        /** The state of the books stands against it and may change. */
        LATER_WITH_NEW_KEY
    }

    private final int code;
    private final Retry retry;

    RejectionReason(int code, Retry retry) {
        this.code = code;
        this.retry = retry;
    }

    public int code() {
        return code;
    }

    public Retry retry() {
        return retry;
    }

    /** The reason with this journal code. */
    public static RejectionReason ofCode(int code) {
        for (RejectionReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no rejection reason has code " + code);
    }
}
