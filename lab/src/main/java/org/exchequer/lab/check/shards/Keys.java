package org.exchequer.lab.check.shards;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys and accounts that a ledger over several shards uses for itself, as its documentation gives them. */
final class Keys {
    private static final Pattern PART = Pattern.compile(
            "~2pc:(?<transaction>[A-Za-z0-9_-]{43}):(?<shard>[0-9]+):(?<step>[hpv])(?<item>[0-9]+)" + "(\\.[0-9]+u?)?");

    private static final Pattern MOVE =
            Pattern.compile("~mv:(?<announced>[0-9]+):(?<to>[0-9]+):(?<account>.+):(?<step>[a-z.A-Z_0-9]+)");
    private static final Pattern EXPIRY = Pattern.compile("expire (?<hold>[0-9]+)");
    private static final String TRANSIT = "transit:";

    private Keys() {}

    /**
     * One command of a transaction over several shards.
     *
     * @param step {@code h} reserves, {@code p} posts, {@code v} gives back
     * @param item which of the shard's
     */
    record Part(String transaction, int shard, char step, int item) {}

    /**
     * One command of a move of slots.
     *
     * @param announced names the move; rises from one to the next
     */
    record Move(long announced, int to, String account, String step) {}

    static Optional<Part> part(String key) {
        Matcher matcher = PART.matcher(key);
        return matcher.matches()
                ? Optional.of(new Part(
                        matcher.group("transaction"),
                        Integer.parseInt(matcher.group("shard")),
                        matcher.group("step").charAt(0),
                        Integer.parseInt(matcher.group("item"))))
                : Optional.empty();
    }

    static Optional<Move> move(String key) {
        Matcher matcher = MOVE.matcher(key);
        return matcher.matches()
                ? Optional.of(new Move(
                        Long.parseLong(matcher.group("announced")),
                        Integer.parseInt(matcher.group("to")),
                        matcher.group("account"),
                        matcher.group("step")))
                : Optional.empty();
    }

    /** Position of the hold that an expiry ends. */
    static Optional<Long> expired(String key) {
        Matcher matcher = EXPIRY.matcher(key);
        return matcher.matches() ? Optional.of(Long.valueOf(matcher.group("hold"))) : Optional.empty();
    }

    static boolean isTransit(String account) {
        return account.startsWith(TRANSIT);
    }

    /** Name of the transaction that a caller's key stands for; another one for each attempt. */
    static String transaction(String key, int attempt) {
        return digest(attempt == 0 ? key : "again " + attempt + " " + key);
    }

    /** Name of an attempt to reverse a transaction. */
    static String reversal(long transaction, int attempt) {
        return digest("reverse " + transaction + " " + attempt);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
