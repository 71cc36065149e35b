package org.exchequer.ledger.api;

import java.util.Map;
import org.exchequer.kernel.Currency;
import org.jspecify.annotations.Nullable;

/**
 * What an account is, as asked for when it is opened.
 *
 * <p>A summary account groups others: it has children, no currency and no entries of its own. A posting account has
 * one currency and entries, and no children.
 *
 * @param code identifies the account, e.g. {@code 2000.cust.42}; 1 to 64 of {@code A-Z a-z 0-9 . _ : -},
 *     a letter or digit among them: a code of dots alone has no address, since URLs take it for a folder
 * @param name for people, 1 to 200 characters
 * @param type its element in the chart of accounts
 * @param normalSide the side its balance is shown on; the type's own unless it is a contra account
 * @param currency null exactly for a summary account
 * @param parent code of the summary account it hangs under, or null at the top
 * @param rule which way the balance may not go; {@code NONE} for a summary account
 * @param overdraftLimit how far the rule may be exceeded, in minor units, 0 or more; 0 without a rule
 * @param bounds least and greatest balance; none for a summary account
 * @param metadata the owner's own labels, see {@link Details#MAX_METADATA}
 */
public record AccountSpec(
        String code,
        String name,
        AccountType type,
        Side normalSide,
        @Nullable Currency currency,
        @Nullable String parent,
        BalanceRule rule,
        long overdraftLimit,
        Bounds bounds,
        Map<String, String> metadata) {
    /** @throws FieldError naming the field that breaks a rule above */
    public AccountSpec {
        requireCode("code", code);
        if (name.isBlank() || name.length() > 200 || Details.hasControl(name)) {
            throw new FieldError("name", "must have 1 to 200 characters, none of them a control character");
        }
        if (parent != null) {
            requireCode("parent", parent);
        }
        if (overdraftLimit < 0) {
            throw new FieldError("overdraftLimit", "must not be negative");
        }
        if (overdraftLimit > 0 && rule == BalanceRule.NONE) {
            throw new FieldError("overdraftLimit", "needs a balance rule to loosen");
        }
        if (currency == null && rule != BalanceRule.NONE) {
            throw new FieldError("rule", "is not for a summary account (one without currency), which has no balance");
        }
        if (currency == null && !bounds.equals(Bounds.NONE)) {
            throw new FieldError(
                    bounds.minimum() != null ? "minimumBalance" : "maximumBalance",
                    "is not for a summary account (one without currency), which has no balance of its own");
        }
        metadata = Details.sorted(metadata);
    }

    /** An account without bounds. */
    public AccountSpec(
            String code,
            String name,
            AccountType type,
            Side normalSide,
            @Nullable Currency currency,
            @Nullable String parent,
            BalanceRule rule,
            long overdraftLimit,
            Map<String, String> metadata) {
        this(code, name, type, normalSide, currency, parent, rule, overdraftLimit, Bounds.NONE, metadata);
    }

    /** A posting account with its type's normal side, no rule and no metadata. */
    public static AccountSpec posting(
            String code, String name, AccountType type, Currency currency, @Nullable String parent) {
        return new AccountSpec(code, name, type, type.normalSide(), currency, parent, BalanceRule.NONE, 0, Map.of());
    }

    /** A summary account. */
    public static AccountSpec summary(String code, String name, AccountType type, @Nullable String parent) {
        return new AccountSpec(code, name, type, type.normalSide(), null, parent, BalanceRule.NONE, 0, Map.of());
    }

    /** The same account under a balance rule, e.g. a deposit account that may go 100.00 below zero. */
    public AccountSpec limited(BalanceRule newRule, long newOverdraftLimit) {
        return new AccountSpec(
                code, name, type, normalSide, currency, parent, newRule, newOverdraftLimit, bounds, metadata);
    }

    /** The same account with other bounds. */
    public AccountSpec bounded(Bounds newBounds) {
        return new AccountSpec(
                code, name, type, normalSide, currency, parent, rule, overdraftLimit, newBounds, metadata);
    }

    /** Checks an account code by hand rather than by a pattern: every leg of every transaction passes here. */
    public static void requireCode(String field, String code) {
        boolean valid = code.length() <= 64;
        boolean named = false;
        for (int i = 0; valid && i < code.length(); i++) {
            char c = code.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            named |= alphanumeric;
            valid = alphanumeric || c == '.' || c == '_' || c == ':' || c == '-';
        }
        if (!valid || !named) {
            throw new FieldError(field, "must be 1 to 64 of A-Z a-z 0-9 . _ : -, a letter or digit among them");
        }
    }
}
