package org.exchequer.shards;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Names;
import org.jspecify.annotations.Nullable;

/**
 * What must hold over all shards, at any instant, while they are posted to.
 *
 * <p>There is no instant that all shards share, and none is needed. Let {@code K} be what a coordinator has sent to
 * a participant (the turnover of {@code transit:c.to.p} on one side), {@code D} what the participant has received
 * (the turnover of {@code transit:p.from.c} on the other side) and {@code H} what the participant holds for it.
 * Both turnovers only grow. What is received was sent before: {@code D ≤ K}, also when {@code K} is read later than
 * {@code D}. And what is sent was held before and is held until it is received: {@code K ≤ D + H}, also when {@code
 * K} is read earlier. So reading the coordinator, then the participant, then the coordinator again gives two
 * inequalities without a false alarm, and when nothing is held they say that what was sent is what was received,
 * exactly.
 */
public final class GlobalInvariants {
    private static final Pattern TO = Pattern.compile("transit:([0-9]+)\\.to\\.([0-9]+):([A-Z0-9]+)");
    private static final int PAGE = 500;

    private GlobalInvariants() {}

    /**
     * One statement.
     *
     * @param statement what must hold
     * @param holds whether it did
     * @param checked how many things were looked at
     * @param detail the first violation, or what is in transit
     */
    public record Finding(String statement, boolean holds, long checked, String detail) {}

    /** Turnover of an account in transit, and what is reserved on it, at one position of its journal. */
    private record Turnover(long debits, long credits, long pendingDebits, long pendingCredits) {
        static Turnover of(Ledger ledger, String account) {
            Balance balance = ledger.balance(account).orElse(null);
            return balance == null
                    ? new Turnover(0, 0, 0, 0)
                    : new Turnover(
                            balance.debits(), balance.credits(), balance.pendingDebits(), balance.pendingCredits());
        }

        String in(Currency currency) {
            return text(currency, BigInteger.valueOf(debits)) + " debit and "
                    + text(currency, BigInteger.valueOf(credits)) + " credit";
        }

        String held(Currency currency) {
            return text(currency, BigInteger.valueOf(pendingDebits)) + " debit and "
                    + text(currency, BigInteger.valueOf(pendingCredits)) + " credit";
        }
    }

    /** Checks now. Reads every account in transit three times and every shard's trial balance once. */
    public static List<Finding> check(List<Shard> shards) {
        return List.of(eachBalances(shards), nothingFromNowhere(shards), hubsAreEmpty(shards));
    }

    private static Finding eachBalances(List<Shard> shards) {
        long checked = 0;
        StringBuilder off = new StringBuilder();
        for (Shard shard : shards) {
            TrialBalance trial = shard.ledger().trialBalance(AsOf.NOW);
            checked += trial.rows().size();
            for (TrialBalance.Total total : trial.totals()) {
                if (!total.ties()) {
                    off.append(off.isEmpty() ? "" : "; ")
                            .append("shard ")
                            .append(shard.name())
                            .append(": debits ")
                            .append(text(total.currency(), total.debits()))
                            .append(", credits ")
                            .append(text(total.currency(), total.credits()));
                }
            }
        }
        return new Finding(
                "each shard's debits are its credits in every currency, so those of all are",
                off.isEmpty(),
                checked,
                off.isEmpty() ? "trial balances of " + shards.size() + " shards" : off.toString());
    }

    private static Finding nothingFromNowhere(List<Shard> shards) {
        long checked = 0;
        StringBuilder off = new StringBuilder();
        SortedMap<String, BigInteger> transit = new TreeMap<>();
        for (Shard coordinator : shards) {
            for (String to : own(coordinator)) {
                Matcher matcher = TO.matcher(to);
                if (!matcher.matches()) {
                    continue;
                }
                Shard participant = shards.get(Integer.parseInt(matcher.group(2)));
                String from =
                        Names.OWN_ACCOUNT + matcher.group(2) + ".from." + matcher.group(1) + ":" + matcher.group(3);
                Turnover before = Turnover.of(coordinator.ledger(), to);
                Turnover there = Turnover.of(participant.ledger(), from);
                Turnover after = Turnover.of(coordinator.ledger(), to);
                String wrong = wrong(before, there, after, Currency.of(matcher.group(3)));
                if (wrong != null) {
                    off.append(off.isEmpty() ? "" : "; ")
                            .append(to)
                            .append(": ")
                            .append(wrong);
                }
                transit.merge(
                        matcher.group(3),
                        BigInteger.valueOf(after.credits()).subtract(BigInteger.valueOf(there.debits())),
                        BigInteger::add);
                checked++;
            }
        }
        return new Finding(
                "what is in transit was sent, not yet received, and is held where it goes",
                off.isEmpty(),
                checked,
                off.isEmpty() ? "in transit: " + text(transit) : off.toString());
    }

    /** E.g. {@code 12.50 EUR, 0 JPY}. */
    private static String text(SortedMap<String, BigInteger> sums) {
        return sums.isEmpty()
                ? "nothing, ever"
                : sums.entrySet().stream()
                        .map(sum -> text(Currency.of(sum.getKey()), sum.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String text(Currency currency, BigInteger minorUnits) {
        return new BigDecimal(minorUnits, currency.scale()).toPlainString() + " " + currency.code();
    }

    private static @Nullable String wrong(Turnover before, Turnover there, Turnover after, Currency currency) {
        if (there.debits() > after.credits() || there.credits() > after.debits()) {
            return "received " + there.in(currency) + ", but sent only " + after.in(currency);
        }
        if (before.credits() - there.debits() > there.pendingDebits()
                || before.debits() - there.credits() > there.pendingCredits()) {
            return "sent " + before.in(currency) + ", but received only " + there.in(currency) + " and held "
                    + there.held(currency);
        }
        return null;
    }

    private static Finding hubsAreEmpty(List<Shard> shards) {
        long checked = 0;
        StringBuilder off = new StringBuilder();
        for (Shard shard : shards) {
            for (String code : own(shard)) {
                if (code.contains(".hub:")) {
                    Balance balance = shard.ledger().balance(code).orElseThrow();
                    checked++;
                    if (balance.debits() != balance.credits()) {
                        off.append(code)
                                .append(" stands at ")
                                .append(balance.posted())
                                .append(' ');
                    }
                }
            }
        }
        return new Finding("where a coordinator's legs meet, nothing is left", off.isEmpty(), checked, off.toString());
    }

    /** Posting accounts of the ledger's own on a shard. */
    private static TreeSet<String> own(Shard shard) {
        TreeSet<String> codes = new TreeSet<>();
        String cursor = null;
        do {
            Page<Account> page = shard.ledger().accounts(Names.OWN_ACCOUNT, cursor, PAGE);
            page.items().stream()
                    .filter(account -> !account.isSummary())
                    .map(Account::code)
                    .forEach(codes::add);
            cursor = page.next();
        } while (cursor != null);
        return codes;
    }
}
