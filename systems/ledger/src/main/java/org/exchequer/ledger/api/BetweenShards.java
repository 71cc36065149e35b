package org.exchequer.ledger.api;

import java.util.regex.Pattern;

/**
 * What a ledger of several shards has in its books for itself, and what is no business of its callers': it takes part
 * in no list, is not reversed, and nothing outside has a statement of it.
 */
public final class BetweenShards {
    private static final String MOVE = Ledger.OWN_KEY + "mv:";
    private static final Pattern ACCOUNT = Pattern.compile(
            Ledger.OWN_ACCOUNT + "([0-9]{1,2}(\\.(hub|(to|from)\\.[0-9]{1,2}):[A-Z0-9]+)?|[A-Z]{3,12})");

    private BetweenShards() {}

    /** Whether a transaction under this key carried an account to another shard: half of no movement at all. */
    public static boolean isMove(String key) {
        return key.startsWith(MOVE);
    }

    /** Whether this is an account in transit, e.g. {@code transit:0.to.1:EUR}, or {@code transit:EUR} for all. */
    public static boolean isAccount(String code) {
        return code.startsWith(Ledger.OWN_ACCOUNT) && ACCOUNT.matcher(code).matches();
    }

    /** What all accounts in transit of a currency are shown as in reports, in one line. */
    public static String inTransit(String currency) {
        return Ledger.OWN_ACCOUNT + currency;
    }
}
