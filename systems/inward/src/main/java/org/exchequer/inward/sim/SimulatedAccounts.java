package org.exchequer.inward.sim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.exchequer.inward.partner.AccountInfo;

/**
 * The accounts of the simulated core banking systems: those on a list, and for every other number one that follows from
 * the seed and the number, the same each time. The last two digits of a number decide what is special about it:
 *
 * <pre>
 *   90 blocked   91 closed   92 dormant   93 kept in another currency   94 unknown   95 medium risk   96 high risk
 * </pre>
 *
 * All others, and numbers that do not end in two digits, are active, of low risk, and kept in the currency asked for.
 */
public final class SimulatedAccounts {
    /** An account on the list; both systems know it, VAM when it is in Singapore dollars. */
    public record Listed(
            String number,
            String holder,
            AccountInfo.Status status,
            AccountInfo.Type type,
            String currency,
            String ledgerAccount,
            AccountInfo.Risk risk) {}

    private static final int MOST_LISTED = 100_000;
    private static final int LEDGER_ACCOUNTS = 10;
    private static final List<String> FIRST = List.of(
            "Wei Ming",
            "Siti Nur",
            "Arjun",
            "Mei Lin",
            "Joseph",
            "Aisyah",
            "Hui Min",
            "Rajesh",
            "Grace",
            "Daniel",
            "Xiu Ying",
            "Farid",
            "Priya",
            "Marcus",
            "Yusof",
            "Charlotte",
            "Kenji",
            "Anh",
            "Maria",
            "Oliver");
    private static final List<String> LAST = List.of(
            "Tan",
            "Lim",
            "Lee",
            "Ng",
            "Wong",
            "bin Ismail",
            "Kumar",
            "Pillai",
            "Chua",
            "Ong",
            "Fernandez",
            "Goh",
            "Nguyen",
            "Santos",
            "Tanaka",
            "Schmidt",
            "Koh",
            "Teo",
            "Rahman",
            "Sim");

    private final long seed;
    private final String ledgerAccount;
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();

    /**
     * @param seed of holders and types
     * @param ledgerAccount code of the ledger's account that stands for an account; in it {@code {currency}} becomes
     *     the currency in small letters, and {@code {bucket}} 00 to 99 by the number
     */
    public SimulatedAccounts(long seed, String ledgerAccount) {
        this.seed = seed;
        this.ledgerAccount = ledgerAccount;
    }

    /**
     * Puts an account on the list, or changes it.
     *
     * @throws IllegalStateException when 100,000 are on it
     */
    public void put(Listed account) {
        if (listed.size() >= MOST_LISTED && !listed.containsKey(account.number())) {
            throw new IllegalStateException("at most 100,000 accounts can be listed");
        }
        listed.put(account.number(), account);
    }

    /** The account with this number, as a payment in this currency would find it. */
    public Optional<Listed> account(String number, String currency) {
        Listed known = listed.get(number);
        return known == null ? generate(number, currency) : Optional.of(known);
    }

    private Optional<Listed> generate(String number, String currency) {
        int rule = rule(number);
        if (rule == 94) {
            return Optional.empty();
        }
        long hash = mixed(seed ^ hash(number));
        String kept = rule == 93 ? (currency.equals("USD") ? "EUR" : "USD") : currency;
        return Optional.of(new Listed(
                number,
                FIRST.get((int) Math.floorMod(hash, (long) FIRST.size())) + " "
                        + LAST.get((int) Math.floorMod(hash >>> 16, (long) LAST.size())),
                switch (rule) {
                    case 90 -> AccountInfo.Status.BLOCKED;
                    case 91 -> AccountInfo.Status.CLOSED;
                    case 92 -> AccountInfo.Status.DORMANT;
                    default -> AccountInfo.Status.ACTIVE;
                },
                AccountInfo.Type.values()[(int) Math.floorMod(hash >>> 32, (long) AccountInfo.Type.values().length)],
                kept,
                ledgerAccount
                        .replace("{currency}", kept.toLowerCase(Locale.ROOT))
                        .replace("{bucket}", Long.toString(Math.floorMod(hash(number), (long) LEDGER_ACCOUNTS))),
                switch (rule) {
                    case 95 -> AccountInfo.Risk.MEDIUM;
                    case 96 -> AccountInfo.Risk.HIGH;
                    default -> AccountInfo.Risk.LOW;
                }));
    }

    private static int rule(String number) {
        int length = number.length();
        return length >= 2 && digit(number.charAt(length - 2)) && digit(number.charAt(length - 1))
                ? Integer.parseInt(number.substring(length - 2))
                : 0;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    /** FNV-1a. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed(hash);
    }

    /** The finaliser of SplitMix64. */
    private static long mixed(long value) {
        long once = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
