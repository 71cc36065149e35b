package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * What the post form would do if it were sent now, as far as it is filled in. A help for the eye: the ledger decides.
 *
 * @param sums debits against credits, one per currency
 * @param effects one per account
 * @param problems what is wrong with fields that are filled in: name of the field for people → rule
 */
public record PostPreview(List<Sum> sums, List<Effect> effects, Map<String, String> problems) {
    private static final Pattern LEG = Pattern.compile("legs\\[([0-9]{1,3})]");

    /** Of a form about which nothing can be said. */
    public static final PostPreview NONE = new PostPreview(List.of(), List.of(), Map.of());

    /**
     * Debits against credits in one currency.
     *
     * @param difference by how much and on which side they differ; no side when they do not
     */
    public record Sum(String currency, String debits, String credits, Amounts.Net difference) {
        public boolean balanced() {
            return difference.side().isEmpty();
        }
    }

    /**
     * What becomes of one account.
     *
     * @param held what a hold reserves on it, e.g. {@code 10.00 EUR to be debited, available then 5.00}; else empty
     * @param remark e.g. {@code frozen: takes no entries}, or empty
     */
    public record Effect(
            String account, String name, Amounts.Net before, Amounts.Net after, String held, String remark) {}

    private static final class Columns {
        private BigInteger debits = BigInteger.ZERO;
        private BigInteger credits = BigInteger.ZERO;

        void add(@Nullable Side side, Money amount) {
            if (side == Side.DEBIT) {
                debits = debits.add(BigInteger.valueOf(amount.minorUnits()));
            } else {
                credits = credits.add(BigInteger.valueOf(amount.minorUnits()));
            }
        }

        BigInteger net() {
            return debits.subtract(credits);
        }
    }

    /** Reads the form as it stands. Fields still empty are no problem yet. */
    public static PostPreview of(PostForm form, Ledger ledger) {
        Map<String, String> errors = new LinkedHashMap<>();
        Map<String, Columns> byCurrency = new TreeMap<>();
        Map<Account, Columns> byAccount = new LinkedHashMap<>();
        for (PostForm.Read row : form.read(ledger, errors)) {
            Account account = row.account();
            if (account == null) {
                continue;
            }
            Columns moved = byAccount.computeIfAbsent(account, any -> new Columns());
            Money amount = row.amount();
            if (amount != null) {
                moved.add(row.side(), amount);
                byCurrency
                        .computeIfAbsent(amount.currency().code(), code -> new Columns())
                        .add(row.side(), amount);
            }
        }
        errors.values().removeIf(rule -> rule.startsWith("give ") || rule.startsWith("fill in at least"));
        List<Sum> sums = new ArrayList<>();
        byCurrency.forEach((code, columns) -> sums.add(sum(Currency.of(code), columns)));
        List<Effect> effects = new ArrayList<>();
        byAccount.forEach((account, columns) -> effects.add(effect(form.kind(), account, columns, ledger)));
        Map<String, String> problems = new LinkedHashMap<>();
        errors.forEach((field, rule) -> problems.putIfAbsent(name(field), rule));
        return new PostPreview(List.copyOf(sums), List.copyOf(effects), problems);
    }

    private static String name(String field) {
        return switch (field) {
            case "debitAccount" -> "Debit account";
            case "creditAccount" -> "Credit account";
            case "amount" -> "Amount";
            default -> {
                Matcher leg = LEG.matcher(field);
                yield leg.lookingAt() ? "Leg " + (Integer.parseInt(leg.group(1)) + 1) : field;
            }
        };
    }

    private static Sum sum(Currency currency, Columns columns) {
        return new Sum(
                currency.code(),
                Amounts.text(columns.debits, currency),
                Amounts.text(columns.credits, currency),
                Amounts.Net.of(columns.net(), currency));
    }

    private static Effect effect(PostForm.Kind kind, Account account, Columns columns, Ledger ledger) {
        Currency currency = Objects.requireNonNull(account.spec().currency());
        Optional<Balance> balance = ledger.balance(account.code());
        BigInteger before = balance.map(
                        now -> BigInteger.valueOf(now.debits()).subtract(BigInteger.valueOf(now.credits())))
                .orElse(BigInteger.ZERO);
        boolean hold = kind == PostForm.Kind.HOLD;
        return new Effect(
                account.code(),
                account.spec().name(),
                Amounts.Net.of(before, currency),
                Amounts.Net.of(hold ? before : before.add(columns.net()), currency),
                hold ? balance.map(now -> held(now, columns)).orElse("") : "",
                remark(account, columns));
    }

    private static String held(Balance now, Columns columns) {
        BigInteger net = columns.net();
        if (net.signum() == 0) {
            return "";
        }
        Side side = net.signum() > 0 ? Side.DEBIT : Side.CREDIT;
        String reserved = Amounts.text(net.abs(), now.currency()) + " " + now.currency() + " reserved to be "
                + Amounts.name(side) + "ed";
        Money available = now.available();
        if (side == now.normalSide() || available == null) {
            return reserved;
        }
        BigInteger left = BigInteger.valueOf(available.minorUnits()).subtract(net.abs());
        return reserved + ", available then " + Amounts.text(left, now.currency());
    }

    private static String remark(Account account, Columns columns) {
        AccountState state = account.state();
        boolean debited = columns.debits.signum() > 0;
        boolean credited = columns.credits.signum() > 0;
        if (state == AccountState.CLOSED || state == AccountState.FROZEN) {
            return Notice.words(state) + ": takes no entries";
        }
        if (debited && state.freezes(Side.DEBIT)) {
            return "debits are frozen";
        }
        return credited && state.freezes(Side.CREDIT) ? "credits are frozen" : "";
    }

    /** Whether something is filled in and everything filled in balances. */
    public boolean balanced() {
        return !sums.isEmpty() && sums.stream().allMatch(Sum::balanced);
    }
}
