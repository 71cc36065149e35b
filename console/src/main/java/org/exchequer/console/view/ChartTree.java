package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.TrialBalance;
import org.jspecify.annotations.Nullable;

/** The chart of accounts as a tree, with the balances of posting accounts rolled up per currency. */
public final class ChartTree {
    /** Larger charts are shown as a list: adding up half a million balances for every click would slow the books. */
    public static final int MAX_ACCOUNTS = 50_000;

    private static final int CHUNK = 1_000;

    private final Map<String, Account> accounts;
    private final Map<String, List<Account>> children;
    private final Map<String, Map<String, Sum>> totals;
    private final String position;
    private final boolean now;

    /** All in debits minus credits, except what is on hold. */
    private record Sum(
            Currency currency,
            BigInteger posted,
            BigInteger pendingDebits,
            BigInteger pendingCredits,
            BigInteger available) {
        static Sum of(Balance balance) {
            Money free = balance.available();
            // As of a date nothing is said about it, and figures() does not ask.
            BigInteger available = free == null ? BigInteger.ZERO : BigInteger.valueOf(free.minorUnits());
            return new Sum(
                    balance.currency(),
                    BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits())),
                    BigInteger.valueOf(balance.pendingDebits()),
                    BigInteger.valueOf(balance.pendingCredits()),
                    balance.normalSide() == Side.DEBIT ? available : available.negate());
        }

        Sum plus(Sum other) {
            return new Sum(
                    currency,
                    posted.add(other.posted),
                    pendingDebits.add(other.pendingDebits),
                    pendingCredits.add(other.pendingCredits),
                    available.add(other.available));
        }

        Figures figures(boolean now) {
            List<Amounts.Net> held = Stream.of(
                            Amounts.Net.of(pendingDebits, currency), Amounts.Net.of(pendingCredits.negate(), currency))
                    .filter(net -> !net.side().isEmpty())
                    .toList();
            return new Figures(
                    Amounts.Net.of(posted, currency), held, now ? Amounts.Net.of(available, currency) : null);
        }
    }

    /**
     * What an account and everything under it hold in one currency.
     *
     * @param posted what is booked
     * @param held what is reserved to be debited and to be credited; each only when there is some
     * @param available the sum of what may still leave each account, or null where that says nothing: as of a date
     */
    public record Figures(Amounts.Net posted, List<Amounts.Net> held, Amounts.@Nullable Net available) {
        /** Of one account, now or as of a date. */
        public static Figures of(Balance balance, boolean now) {
            return Sum.of(balance).figures(now);
        }
    }

    private ChartTree(
            Map<String, Account> accounts,
            Map<String, List<Account>> children,
            Map<String, Map<String, Sum>> totals,
            String position,
            boolean now) {
        this.accounts = accounts;
        this.children = children;
        this.totals = totals;
        this.position = position;
        this.now = now;
    }

    /** Reads the whole chart; empty when it has more than {@value #MAX_ACCOUNTS} accounts. */
    public static Optional<ChartTree> read(Ledger ledger, AsOf asOf) {
        List<Account> all = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<Account> page = ledger.accounts("", cursor, CHUNK);
            all.addAll(page.items());
            cursor = page.next();
            if (all.size() > MAX_ACCOUNTS) {
                return Optional.empty();
            }
        } while (cursor != null);
        return Optional.of(of(all, ledger.trialBalance(asOf)));
    }

    /** Builds the tree, from the deepest accounts to the top. */
    public static ChartTree of(List<Account> all, TrialBalance balances) {
        Map<String, Account> accounts = new HashMap<>();
        all.forEach(account -> accounts.put(account.code(), account));
        Map<String, Map<String, Sum>> totals = new HashMap<>();
        for (Balance row : balances.rows()) {
            add(totals, row.account(), Sum.of(row));
        }
        Map<String, List<Account>> children = new HashMap<>();
        for (Account account : all.stream()
                .sorted(Comparator.comparingInt((Account account) -> depth(account, accounts))
                        .reversed())
                .toList()) {
            String parent = parentOf(account);
            children.computeIfAbsent(parent, code -> new ArrayList<>()).add(account);
            if (!parent.isEmpty()) {
                totals.getOrDefault(account.code(), Map.of()).values().forEach(sum -> add(totals, parent, sum));
            }
        }
        children.values().forEach(list -> list.sort(Comparator.comparing(Account::code)));
        return new ChartTree(
                accounts,
                children,
                totals,
                ReportView.position(balances.asOfSequence(), balances.asOfSequences()),
                balances.asOf().date() == null);
    }

    /** How many accounts are above it. Ids do not tell: over several shards a parent may have a higher one. */
    private static int depth(Account account, Map<String, Account> accounts) {
        int depth = 0;
        Account above = accounts.get(parentOf(account));
        while (above != null) {
            depth++;
            above = accounts.get(parentOf(above));
        }
        return depth;
    }

    private static String parentOf(Account account) {
        String parent = account.spec().parent();
        return parent == null ? "" : parent;
    }

    private static void add(Map<String, Map<String, Sum>> totals, String code, Sum sum) {
        totals.computeIfAbsent(code, any -> new TreeMap<>())
                .merge(sum.currency().code(), sum, Sum::plus);
    }

    public int size() {
        return accounts.size();
    }

    /** The journal position the balances include. */
    public String position() {
        return position;
    }

    /** What an account and everything under it hold, one per currency in order of code; empty without entries. */
    public List<Figures> figures(String code) {
        return totals.getOrDefault(code, Map.of()).values().stream()
                .map(sum -> sum.figures(now))
                .toList();
    }

    public int childCount(String code) {
        return children.getOrDefault(code, List.of()).size();
    }

    /** From the top down to the account's parent. */
    public List<Account> path(Account account) {
        List<Account> path = new ArrayList<>();
        for (Account at = accounts.get(parentOf(account)); at != null; at = accounts.get(parentOf(at))) {
            path.addFirst(at);
        }
        return path;
    }

    /**
     * One page of an account's children.
     *
     * @param parent code, or empty for the top
     * @param after code of the last child shown before, or empty for the first page
     * @param limit how many at most
     * @param levels how many levels below are opened at once, 0 for none
     */
    public Branch branch(String parent, String after, int limit, int levels) {
        List<Account> siblings = children.getOrDefault(parent, List.of());
        List<Account> rest = siblings.stream()
                .filter(account -> account.code().compareTo(after) > 0)
                .toList();
        List<Row> rows = rest.stream()
                .limit(limit)
                .map(account -> row(account, limit, levels))
                .toList();
        String last = rows.isEmpty() ? "" : rows.getLast().code();
        return new Branch(parent, rows, last, rest.size() - rows.size());
    }

    private Row row(Account account, int limit, int levels) {
        String code = account.code();
        int count = childCount(code);
        Branch open = levels > 0 && count > 0 && count <= limit ? branch(code, "", limit, levels - 1) : null;
        return Row.of(account, figures(code), count, open);
    }

    /**
     * Some children of one account.
     *
     * @param parent its code, empty at the top
     * @param rows in order of code
     * @param last code of the last row
     * @param more how many children follow
     */
    public record Branch(String parent, List<Row> rows, String last, int more) {}

    /**
     * One account.
     *
     * @param code its code
     * @param name its name
     * @param type e.g. {@code asset}
     * @param state e.g. {@code open} or {@code debit frozen}
     * @param summary whether it groups others
     * @param figures one per currency
     * @param children how many accounts hang directly under it
     * @param branch its children when they are shown at once, else null
     */
    public record Row(
            String code,
            String name,
            String type,
            String state,
            boolean summary,
            List<Figures> figures,
            int children,
            @Nullable Branch branch) {

        public static Row of(Account account, List<Figures> figures, int children, @Nullable Branch branch) {
            return new Row(
                    account.code(),
                    account.spec().name(),
                    Notice.words(account.spec().type()),
                    Notice.words(account.state()),
                    account.isSummary(),
                    figures,
                    children,
                    branch);
        }
    }
}
