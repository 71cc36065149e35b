package org.exchequer.lab.load.inward;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.exchequer.inward.sim.SimulatedAccounts;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.stage.Partners;

/** Writes messages: what they say follows from the random numbers, but for when they were made. */
final class Letters {
    private static final String OURS = "EXCQSGSG";
    private static final List<String> BANKS = List.of("AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP");
    private static final List<String> CURRENCIES = List.of("SGD", "EUR");
    private static final long MOST_AMOUNT = 60_000;
    private static final int ACCOUNTS = Partners.CUSTOMERS;
    /** Of the list of made-up people that the program screens against where nobody gives it another. */
    private static final List<String> LISTED =
            List.of("Zoltan Nemolovsky", "Amarante Quillobar", "Oblivion Metals Trading FZE");

    private final SimulatedAccounts accounts;
    private final Clock clock;

    Letters(SimulatedAccounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /** Accounts of the ledger that payments may credit or debit, each with its currency. */
    static Map<String, String> ledgerAccounts(SimulatedAccounts accounts) {
        Map<String, String> codes = new TreeMap<>();
        for (String currency : CURRENCIES) {
            for (int i = 0; i < ACCOUNTS; i++) {
                accounts.account(Partners.customer(i), currency)
                        .filter(found -> found.currency().equals(currency))
                        .ifPresent(found -> codes.put(found.ledgerAccount(), currency));
            }
        }
        return codes;
    }

    /** A payment that nothing is wrong with. */
    Letter plain(String key, RandomGenerator random, String currency) {
        Map<String, String> members = head("PACS_008", key, BANKS.get(random.nextInt(BANKS.size())));
        return money(key, "pacs.008", members, random, currency, Partners.customer(random.nextInt(ACCOUNTS)));
    }

    /** A credit transfer; now and then to an account that cannot take it. */
    Letter transfer(String key, RandomGenerator random) {
        Map<String, String> members = head("PACS_008", key, BANKS.get(random.nextInt(BANKS.size())));
        return money(key, "pacs.008", members, random, currency(random), customer(random));
    }

    /** A direct debit. */
    Letter debit(String key, RandomGenerator random) {
        Map<String, String> members = head("PACS_003", key, BANKS.get(random.nextInt(BANKS.size())));
        return money(key, "pacs.003", members, random, currency(random), customer(random));
    }

    private static String currency(RandomGenerator random) {
        return CURRENCIES.get(random.nextInt(CURRENCIES.size()));
    }

    private static String customer(RandomGenerator random) {
        String number = Partners.customer(random.nextInt(ACCOUNTS));
        return random.nextInt(20) == 0 ? number.substring(0, 6) + (90 + random.nextInt(5)) : number;
    }

    private Map<String, String> head(String type, String key, String bank) {
        Map<String, String> members = new TreeMap<>();
        members.put("messageType", type);
        members.put("messageId", key);
        members.put("created", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        members.put("instructingBic", bank);
        members.put("instructedBic", OURS);
        return members;
    }

    private Letter money(
            String key,
            String kind,
            Map<String, String> members,
            RandomGenerator random,
            String currency,
            String ourAccount) {
        long amount = 1 + random.nextLong(MOST_AMOUNT);
        boolean debit = kind.equals("pacs.003");
        members.put("settlementMethod", "CLRG");
        members.put(
                "settlementDate",
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString());
        members.put("amount", decimal(amount));
        members.put("currency", currency);
        members.put("endToEndId", "E" + key);
        members.put("transactionId", "T" + key);
        members.put("uetr", uetr(random));
        members.put("debtorName", "Tan Wei Ming");
        members.put("creditorName", "Lim Hui Ling");
        String theirs = "99" + random.nextInt(100_000, 1_000_000) + "11";
        members.put("debtorAccount", debit ? ourAccount : theirs);
        members.put("creditorAccount", debit ? theirs : ourAccount);
        Map<String, String> asked = new HashMap<>();
        asked.put(Words.AMOUNT, Long.toString(amount));
        asked.put(Words.CURRENCY, currency);
        asked.put(Words.PAYER, debit ? OURS : members.getOrDefault("instructingBic", ""));
        accounts.account(ourAccount, currency).ifPresent(found -> asked.put(Words.ACCOUNT, found.ledgerAccount()));
        return Letter.of(key, kind, members, Letter.json(members), asked);
    }

    private static String uetr(RandomGenerator random) {
        long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        return new java.util.UUID(high, low).toString();
    }

    private static String decimal(long amount) {
        return "%d.%02d".formatted(amount / 100, amount % 100);
    }

    /** A reversal, in full or part, by who sent the original. */
    Letter reversal(String key, Letter original, RandomGenerator random) {
        long whole = Long.parseLong(original.asked().getOrDefault(Words.AMOUNT, "1"));
        // Now and then a cent more than there was.
        boolean more = random.nextInt(10) == 0;
        long amount = more ? whole + 1 : random.nextBoolean() ? whole : 1 + random.nextLong(whole);
        Map<String, String> members = about("PACS_007", key, original);
        members.put("settlementMethod", "CLRG");
        members.put("settlementDate", original.members().getOrDefault("settlementDate", ""));
        members.put("amount", decimal(amount));
        members.put("currency", original.members().getOrDefault("currency", ""));
        Map<String, String> asked = new HashMap<>();
        asked.put(Words.AMOUNT, Long.toString(amount));
        asked.put(Words.CURRENCY, original.asked().getOrDefault(Words.CURRENCY, ""));
        asked.put(Words.OF, original.key());
        if (more) {
            asked.put(Words.DAMAGED, "it is for 0.01 more than what it is about");
        }
        return Letter.of(key, "pacs.007", members, Letter.json(members), asked);
    }

    /** A request for cancellation by who sent the original. */
    Letter recall(String key, Letter original) {
        Map<String, String> members = about("CAMT_056", key, original);
        return Letter.of(key, "camt.056", members, Letter.json(members), Map.of(Words.OF, original.key()));
    }

    private Map<String, String> about(String type, String key, Letter original) {
        Map<String, String> members = head(type, key, original.members().getOrDefault("instructingBic", ""));
        members.put("originalMessageId", original.members().getOrDefault("messageId", ""));
        members.put("originalUetr", original.members().getOrDefault("uetr", ""));
        members.put("originalEndToEndId", original.members().getOrDefault("endToEndId", ""));
        return members;
    }

    /** The same message with something wrong in it. */
    Letter damaged(String key, RandomGenerator random) {
        Letter good = transfer(key, random);
        Damages.Damage damage = Damages.ALL.get(random.nextInt(Damages.ALL.size()));
        Map<String, String> asked = new HashMap<>(good.asked());
        asked.put(Words.DAMAGED, damage.how());
        return Letter.of(key, good.kind(), good.members(), damage.make().apply(good.members(), clock), asked);
    }

    /** A payment that nothing is wrong with but that one of its parties is on a sanctions list. */
    Letter listed(String key, RandomGenerator random) {
        Letter good = plain(key, random, currency(random));
        String name = LISTED.get(random.nextInt(LISTED.size()));
        Map<String, String> members = new TreeMap<>(good.members());
        members.put(random.nextBoolean() ? "debtorName" : "creditorName", name);
        Map<String, String> asked = new HashMap<>(good.asked());
        asked.put(Words.LISTED, name);
        return Letter.of(key, good.kind(), members, Letter.json(members), asked);
    }

    /** Another message, over one minor unit more, under all the ids of one that was sent before; or its UETR alone. */
    Letter forged(String key, Letter original, RandomGenerator random) {
        Map<String, String> members = new TreeMap<>(original.members());
        if (random.nextBoolean()) {
            members.put("messageId", key);
            members.put("endToEndId", "E" + key);
            members.put("transactionId", "T" + key);
        }
        long amount = 1 + Long.parseLong(original.asked().getOrDefault(Words.AMOUNT, "1"));
        byte[] bytes = changed(members, "amount", decimal(amount));
        Map<String, String> asked = new HashMap<>(original.asked());
        asked.put(Words.AMOUNT, Long.toString(amount));
        asked.put(Words.DAMAGED, "its ids are another's");
        return Letter.of(key, original.kind(), members, bytes, asked);
    }

    private static byte[] changed(Map<String, String> members, String name, String value) {
        members.put(name, value);
        return Letter.json(members);
    }
}
