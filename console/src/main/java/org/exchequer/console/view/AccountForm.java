package org.exchequer.console.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * The form that opens an account, as typed.
 *
 * @param key idempotency key, given when the form was first shown
 * @param code of the new account
 * @param name of the new account
 * @param type name of an {@link AccountType}
 * @param normalSide name of a {@link Side}, or empty for the type's own
 * @param currency ISO 4217 code or asset with its scale, or empty for a summary account
 * @param parent code, or empty at the top
 * @param rule name of a {@link BalanceRule}
 * @param overdraftLimit decimal in the currency, or empty for none
 * @param minimum least balance, decimal, or empty for none
 * @param maximum greatest balance, decimal, or empty for none
 * @param metadata lines of {@code name=value}
 */
public record AccountForm(
        String key,
        String code,
        String name,
        String type,
        String normalSide,
        String currency,
        String parent,
        String rule,
        String overdraftLimit,
        String minimum,
        String maximum,
        String metadata) {
    private static final int LONGEST_FIELD = 20_000;

    /** The command, or what keeps the form from being one: field → rule. */
    public record Parsed(Command.@Nullable OpenAccount command, Map<String, String> errors) {}

    public static AccountForm empty(String key) {
        return new AccountForm(key, "", "", "ASSET", "", "EUR", "", "NONE", "", "", "", "");
    }

    /** A form for a child of this account. */
    public static AccountForm under(Account parent, String key) {
        String type = parent.spec().type().name();
        return new AccountForm(key, parent.code() + ".", "", type, "", "EUR", parent.code(), "NONE", "", "", "", "");
    }

    /**
     * Takes the fields by name; one that is missing counts as empty.
     *
     * @throws FieldError when one is longer than any valid value
     */
    public static AccountForm read(Map<String, String> typed) {
        return new AccountForm(
                field(typed, "key"),
                field(typed, "code"),
                field(typed, "name"),
                field(typed, "type"),
                field(typed, "normalSide"),
                field(typed, "currency"),
                field(typed, "parent"),
                field(typed, "rule"),
                field(typed, "overdraftLimit"),
                field(typed, "minimumBalance"),
                field(typed, "maximumBalance"),
                field(typed, "metadata"));
    }

    private static String field(Map<String, String> typed, String name) {
        String value = typed.getOrDefault(name, "").strip();
        if (value.length() > LONGEST_FIELD) {
            throw new FieldError(name, "must have at most " + LONGEST_FIELD + " characters");
        }
        return value;
    }

    public AccountForm withKey(String newKey) {
        return new AccountForm(
                newKey,
                code,
                name,
                type,
                normalSide,
                currency,
                parent,
                rule,
                overdraftLimit,
                minimum,
                maximum,
                metadata);
    }

    /** Reads the form into a command. */
    public Parsed parse() {
        Map<String, String> errors = new LinkedHashMap<>();
        Optional<AccountType> kind = choice(AccountType.class, type, "type", errors);
        Optional<BalanceRule> guard = choice(BalanceRule.class, rule, "rule", errors);
        Optional<Side> side = normalSide.isEmpty()
                ? kind.map(AccountType::normalSide)
                : choice(Side.class, normalSide, "normalSide", errors);
        Optional<Currency> unit = currency.isEmpty() ? Optional.empty() : Currency.find(currency);
        if (!currency.isEmpty() && unit.isEmpty()) {
            errors.put(
                    "currency",
                    "must be a code of ISO 4217 such as EUR, another asset with its scale such as BTC/8, or empty for a"
                            + " summary account");
        }
        Long limit = minorUnits("overdraftLimit", overdraftLimit, unit, errors);
        Long least = minorUnits("minimumBalance", minimum, unit, errors);
        Long most = minorUnits("maximumBalance", maximum, unit, errors);
        if (kind.isPresent() && guard.isPresent() && side.isPresent() && errors.isEmpty()) {
            try {
                AccountSpec spec = new AccountSpec(
                        code,
                        name,
                        kind.get(),
                        side.get(),
                        unit.orElse(null),
                        parent.isEmpty() ? null : parent,
                        guard.get(),
                        limit == null ? 0 : limit,
                        new Bounds(least, most),
                        PostForm.labels(metadata));
                return new Parsed(new Command.OpenAccount(key, spec), errors);
            } catch (FieldError broken) {
                errors.put(broken.field(), broken.getMessage());
            }
        }
        return new Parsed(null, errors);
    }

    private static @Nullable Long minorUnits(
            String field, String typed, Optional<Currency> unit, Map<String, String> errors) {
        if (!typed.isEmpty() && unit.isEmpty()) {
            errors.putIfAbsent(field, "needs a currency");
        }
        if (typed.isEmpty() || unit.isEmpty()) {
            return null;
        }
        try {
            return Money.parse(typed, unit.get()).minorUnits();
        } catch (IllegalArgumentException broken) {
            errors.put(field, String.valueOf(broken.getMessage()));
            return null;
        }
    }

    private static <E extends Enum<E>> Optional<E> choice(
            Class<E> type, String typed, String field, Map<String, String> errors) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(typed)) {
                return Optional.of(value);
            }
        }
        errors.put(field, "choose one from the list");
        return Optional.empty();
    }
}
