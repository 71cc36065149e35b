package org.exchequer.shards.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * Names that belong to the sharded ledger itself: keys that begin with {@code ~} and accounts that begin with {@code
 * transit:}. Callers may use neither.
 *
 * <p>Keys follow from the caller's key alone, so that any node that takes a transaction up again meets what others have
 * done of it: {@code ~2pc:<transaction>:<shard>:h0} reserves, {@code …:p0} decides at the coordinator, {@code …:p0.0}
 * completes at a participant (the last number counts attempts), {@code …:v0} gives back. The number after the letter
 * counts what a shard's part consists of.
 */
public final class Names {
    /** Front of every key of the ledger's own. */
    public static final char OWN_KEY = Ledger.OWN_KEY;

    /** Front of every key of a move of slots, see {@link org.exchequer.ledger.api.BetweenShards#isMove}. */
    public static final String MOVE = OWN_KEY + "mv:";

    /** Front of every account of the ledger's own. */
    public static final String OWN_ACCOUNT = Ledger.OWN_ACCOUNT;

    private static final Pattern SHARD = Pattern.compile("transit:([0-9]{1,2})(\\..*)?");

    private static final Pattern PART = Pattern.compile("~2pc:(?<transaction>[A-Za-z0-9_-]{43}):(?<shard>[0-9]{1,2})"
            + ":(?<step>[hpv])(?<item>[0-9]{1,4})(\\.[0-9]+u?)?");

    private Names() {}

    /**
     * What a key of the ledger's own is about.
     *
     * @param transaction the transaction over several shards
     * @param shard whose part of it
     * @param step {@code h}, {@code p} or {@code v}
     * @param item which of the part
     */
    public record PartKey(String transaction, int shard, char step, int item) {}

    /** The name of the transaction that this key of a caller's stands for: SHA-256, base64url, 43 characters. */
    public static String transaction(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The same for another attempt: one attempt was refused only because an account had moved to another shard.
     * Contains a space before it is hashed, which no caller's key can.
     *
     * @param attempt 0 for the first
     */
    public static String transaction(String key, int attempt) {
        return transaction(attempt == 0 ? key : "again " + attempt + " " + key);
    }

    /**
     * The name of an attempt to reverse a transaction. Contains a space before it is hashed, which no caller's key can.
     */
    public static String reversal(long transactionId, int attempt) {
        return transaction("reverse " + transactionId + " " + attempt);
    }

    public static String hold(String transaction, int shard, int item) {
        return "~2pc:" + transaction + ":" + shard + ":h" + item;
    }

    /** The decision, at the coordinator. */
    public static String decide(String transaction, int shard, int item) {
        return "~2pc:" + transaction + ":" + shard + ":p" + item;
    }

    /**
     * The completion, at a participant.
     *
     * @param undated whether without the value date, which lies in a day that was closed meanwhile
     */
    public static String complete(String transaction, int shard, int item, int attempt, boolean undated) {
        return decide(transaction, shard, item) + "." + attempt + (undated ? "u" : "");
    }

    public static String release(String transaction, int shard, int item) {
        return "~2pc:" + transaction + ":" + shard + ":v" + item;
    }

    /** What this key is about; null when it is none of a transaction over several shards. */
    public static @Nullable PartKey part(String key) {
        if (key.isEmpty() || key.charAt(0) != OWN_KEY) {
            return null;
        }
        Matcher matcher = PART.matcher(key);
        return matcher.matches()
                ? new PartKey(
                        matcher.group("transaction"),
                        Integer.parseInt(matcher.group("shard")),
                        matcher.group("step").charAt(0),
                        Integer.parseInt(matcher.group("item")))
                : null;
    }

    /** Where what a coordinator sends to a participant is in transit, on the coordinator's shard. */
    public static String transitTo(int coordinator, int participant, Currency currency) {
        return OWN_ACCOUNT + coordinator + ".to." + participant + ":" + currency.code();
    }

    /** Where what comes from a coordinator is in transit, on the participant's shard. */
    public static String transitFrom(int participant, int coordinator, Currency currency) {
        return OWN_ACCOUNT + participant + ".from." + coordinator + ":" + currency.code();
    }

    /** Where the coordinator's own legs meet; at zero after each transaction. */
    public static String hub(int coordinator, Currency currency) {
        return OWN_ACCOUNT + coordinator + ".hub:" + currency.code();
    }

    public static boolean isOwnAccount(String code) {
        return code.startsWith(OWN_ACCOUNT);
    }

    /** The shard that an account of the ledger's own is on; -1 when no such account can be. */
    public static int shardOf(String ownAccount) {
        Matcher matcher = SHARD.matcher(ownAccount);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
