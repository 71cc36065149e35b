package org.exchequer.lab.history;

/**
 * The operations of histories, and the names of their values.
 *
 * <p>Every writing operation carries its idempotency {@link #KEY} when it is asked; the same key may be asked again and
 * again. Its {@code OK} carries {@link #POSITION}, its place in the journal. A {@code FAIL} with a position is a
 * recorded rejection: the final answer of the key. A {@code FAIL} without one left no trace, and says nothing about
 * earlier attempts with the same key.
 */
public final class Functions {
    private Functions() {}

    /**
     * Asks {@code key, debit, credit, amount, currency}. OK: {@code transaction, position}, and where the answer tells
     * them {@code debitBalance, creditBalance}: debits minus credits of the two accounts right after it. FAIL: {@code
     * reason}, and {@code position} when it is recorded.
     */
    public static final String TRANSFER = "transfer";

    /** Asks as {@link #TRANSFER}. OK: {@code hold, position}. */
    public static final String HOLD = "hold";

    /**
     * Asks {@code key, hold}, and {@code amount} when not all. OK: {@code transaction, position, debit, credit, amount,
     * currency, released} (how much less is on hold afterwards), balances as {@link #TRANSFER}.
     */
    public static final String POST = "post";

    /** Asks {@code key, hold}. OK: {@code position, debit, credit, currency, released}. */
    public static final String VOID = "void";

    /**
     * Asks {@code key, of} (a transaction), and {@code amount} when not all. OK: {@code transaction, position, debit,
     * credit, amount, currency} as the reversal was posted, balances as {@link #TRANSFER}.
     */
    public static final String REVERSE = "reverse";

    /**
     * Asks {@code key, legs} (text of all legs, in order of that text). OK: {@code transaction, position, legs}. FAIL
     * as {@link #TRANSFER}.
     */
    public static final String POSTING = "posting";

    /**
     * Asks {@code account}. OK: {@code debits, credits, position}, and where the answer tells them {@code
     * pendingDebits, pendingCredits}.
     */
    public static final String READ = "read";

    /** A plain register: asks {@code register, value}. */
    public static final String WRITE = "write";

    /** A plain register: asks {@code register, from, to}. FAIL: it stood at another value. */
    public static final String CAS = "cas";

    /** A plain register: asks {@code register}. OK: {@code value}. */
    public static final String GET = "get";

    public static final String KEY = "key";
    public static final String DEBIT = "debit";
    public static final String CREDIT = "credit";
    public static final String AMOUNT = "amount";
    public static final String CURRENCY = "currency";
    public static final String ACCOUNT = "account";
    public static final String TRANSACTION = "transaction";
    public static final String POSITION = "position";
    public static final String REASON = "reason";
    public static final String DEBITS = "debits";
    public static final String CREDITS = "credits";
    public static final String PENDING_DEBITS = "pendingDebits";
    public static final String PENDING_CREDITS = "pendingCredits";
    public static final String DEBIT_BALANCE = "debitBalance";
    public static final String CREDIT_BALANCE = "creditBalance";
    public static final String HOLD_ID = "hold";
    public static final String RELEASED = "released";
    public static final String OF = "of";
    public static final String LEGS = "legs";
    public static final String REGISTER = "register";
    public static final String VALUE = "value";
    public static final String FROM = "from";
    public static final String TO = "to";
}
