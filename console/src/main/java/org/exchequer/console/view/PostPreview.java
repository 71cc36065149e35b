package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
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
     * @param remark e.g. {@code frozen: takes no entries}, or empty
     */
    public record Effect(String account, String name, Amounts.Net before, Amounts.Net after, String remark) {}

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
        byAccount.forEach((account, columns) -> effects.add(effect(account, columns, ledger)));
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

    private static Effect effect(Account account, Columns columns, Ledger ledger) {
        Currency currency = Objects.requireNonNull(account.spec().currency());
        BigInteger before = ledger.balance(account.code())
                .map(balance -> BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits())))
                .orElse(BigInteger.ZERO);
        String remark =
                account.state() == AccountState.OPEN ? "" : Notice.words(account.state()) + ": takes no entries";
        return new Effect(
                account.code(),
                account.spec().name(),
                Amounts.Net.of(before, currency),
                Amounts.Net.of(before.add(columns.net()), currency),
                remark);
    }

    /** Whether something is filled in and everything filled in balances. */
    public boolean balanced() {
        return !sums.isEmpty() && sums.stream().allMatch(Sum::balanced);
    }
}
