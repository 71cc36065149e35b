package org.exchequer.ledger.edge.http;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * Commands as JSON objects, read strictly: the body of a request, or an item of a batch (see {@link BatchJson}).
 * Reading throws {@link FieldError} with the path of the field and the rule it breaks.
 */
final class CommandJson {
    static final Set<String> TRANSFER = detailsAnd("debitAccount", "creditAccount", "amount", "currency");
    static final Set<String> POST = detailsAnd("legs");
    static final Set<String> HOLD = detailsAnd("debitAccount", "creditAccount", "amount", "currency", "timeoutSeconds");
    static final Set<String> POST_HOLD = detailsAnd("amount", "currency", "keepRest");
    static final Set<String> VOID_HOLD = detailsAnd();
    static final Set<String> REVERSE = detailsAnd("amount", "currency");
    static final Set<String> PROPOSE_ADJUSTMENT = detailsAnd("legs", "change", "reason");
    static final Set<String> OPEN_ACCOUNT = Set.of(
            "code",
            "name",
            "type",
            "normalSide",
            "currency",
            "parent",
            "rule",
            "overdraftLimit",
            "minimumBalance",
            "maximumBalance",
            "metadata");
    static final Set<String> CHANGE_ACCOUNT =
            Set.of("state", "overdraftLimit", "minimumBalance", "maximumBalance", "currency");

    private static final Set<String> CHANGE =
            Set.of("account", "state", "overdraftLimit", "minimumBalance", "maximumBalance", "currency");
    private static final Set<String> LEG = Set.of("account", "side", "amount", "currency");
    private static final Set<String> OPENING = Set.of("amount", "contraAccount");

    private CommandJson() {}

    /** An account, and the transfer that gives it its opening balance. */
    record Opening(AccountSpec account, Command.@Nullable Transfer balance) {}

    static Command.Transfer transfer(String key, JsonFields fields) {
        Money amount = fields.amount("amount", fields.currency("currency"));
        String debit = fields.string("debitAccount");
        String credit = fields.string("creditAccount");
        Details details = details(fields);
        return fields.build(() -> new Command.Transfer(key, debit, credit, amount, details));
    }

    static Command.Post post(String key, JsonFields fields) {
        List<Leg> legs = legs(fields);
        Details details = details(fields);
        return fields.build(() -> new Command.Post(key, legs, details));
    }

    private static List<Leg> legs(JsonFields fields) {
        return fields.list("legs", Command.Post.MAX_LEGS, CommandJson::leg);
    }

    private static Leg leg(JsonFields fields) {
        fields.only(LEG);
        Money amount = fields.amount("amount", fields.currency("currency"));
        Side side = fields.oneOf(Side.class, "side");
        String account = fields.string("account");
        return fields.build(() -> new Leg(account, side, amount));
    }

    static Command.Hold hold(String key, JsonFields fields) {
        Money amount = fields.amount("amount", fields.currency("currency"));
        String debit = fields.string("debitAccount");
        String credit = fields.string("creditAccount");
        Duration timeout = fields.has("timeoutSeconds") ? timeout(fields) : null;
        Details details = details(fields);
        return fields.build(() -> new Command.Hold(key, debit, credit, amount, timeout, details));
    }

    private static Duration timeout(JsonFields fields) {
        long seconds = fields.whole("timeoutSeconds");
        if (seconds < 1 || seconds > Command.Hold.MAX_TIMEOUT.toSeconds()) {
            throw new FieldError(
                    fields.path("timeoutSeconds"),
                    "must be 1 to " + Command.Hold.MAX_TIMEOUT.toSeconds() + "; leave it out for no timeout");
        }
        return Duration.ofSeconds(seconds);
    }

    static Command.PostPending postHold(String key, long hold, JsonFields fields) {
        Money amount = part(fields);
        boolean keepRest = fields.flag("keepRest");
        Details details = details(fields);
        return fields.build(() -> new Command.PostPending(key, hold, amount, keepRest, details));
    }

    static Command.VoidPending voidHold(String key, long hold, JsonFields fields) {
        Details details = details(fields);
        return fields.build(() -> new Command.VoidPending(key, hold, details));
    }

    static Command.Reverse reverse(String key, long transaction, JsonFields fields) {
        Money amount = part(fields);
        Details details = details(fields);
        return fields.build(() -> new Command.Reverse(key, transaction, amount, details));
    }

    /** Amount and currency, given together or not at all. */
    private static @Nullable Money part(JsonFields fields) {
        return fields.has("amount") || fields.has("currency")
                ? fields.amount("amount", fields.currency("currency"))
                : null;
    }

    static Command.ProposeAdjustment propose(String key, String author, JsonFields fields) {
        AccountChange change = fields.has("change") ? change(fields.object("change")) : null;
        List<Leg> legs = change == null || fields.has("legs") ? legs(fields) : List.of();
        String reason = fields.string("reason");
        Details details = details(fields);
        return fields.build(() -> new Command.ProposeAdjustment(key, legs, change, reason, author, details));
    }

    static AccountSpec account(JsonFields fields) {
        AccountType type = fields.oneOf(AccountType.class, "type");
        Currency currency = fields.has("currency") ? fields.currency("currency") : null;
        if (currency == null) {
            for (String amount : List.of("overdraftLimit", "minimumBalance", "maximumBalance")) {
                if (fields.has(amount)) {
                    throw new FieldError(
                            fields.path(amount),
                            "is not for a summary account (one without currency), which has no balance of its own");
                }
            }
        }
        Long limit = currency == null ? null : minorUnits(fields, "overdraftLimit", currency);
        Bounds bounds = currency == null ? Bounds.NONE : bounds(fields, currency);
        String code = fields.string("code");
        String name = fields.string("name");
        String parent = fields.optionalString("parent");
        Side side = fields.optionalOneOf(Side.class, "normalSide").orElse(type.normalSide());
        BalanceRule rule = fields.optionalOneOf(BalanceRule.class, "rule").orElse(BalanceRule.NONE);
        Map<String, String> labels = fields.labels("metadata");
        return fields.build(() -> new AccountSpec(
                code, name, type, side, currency, parent, rule, limit == null ? 0 : limit, bounds, labels));
    }

    /** Bounds that are absent or null are none. */
    private static Bounds bounds(JsonFields fields, Currency currency) {
        Long minimum = bound(fields, "minimumBalance", currency);
        Long maximum = bound(fields, "maximumBalance", currency);
        return fields.build(() -> new Bounds(minimum, maximum));
    }

    private static @Nullable Long bound(JsonFields fields, String name, Currency currency) {
        return !fields.has(name) || fields.isNull(name)
                ? null
                : fields.signedAmount(name, currency).minorUnits();
    }

    private static @Nullable Long minorUnits(JsonFields fields, String name, Currency currency) {
        return fields.has(name) ? fields.amount(name, currency).minorUnits() : null;
    }

    /**
     * An account with, where {@code openingBalance} is given, the transfer that brings it there: on the account's
     * normal side, from or to the contra account, under this key.
     */
    static Opening opening(String key, JsonFields fields) {
        AccountSpec account = account(fields);
        if (!fields.has("openingBalance")) {
            return new Opening(account, null);
        }
        JsonFields balance = fields.object("openingBalance").only(OPENING);
        if (account.currency() == null) {
            throw new FieldError("openingBalance", "is not for a summary account (one without currency)");
        }
        Money amount = balance.amount("amount", account.currency());
        String contra = balance.string("contraAccount");
        boolean debit = account.normalSide() == Side.DEBIT;
        try {
            return new Opening(
                    account,
                    new Command.Transfer(
                            key,
                            debit ? account.code() : contra,
                            debit ? contra : account.code(),
                            amount,
                            Details.NONE));
        } catch (FieldError broken) {
            String field = broken.field().equals("idempotencyKey") ? broken.field() : "openingBalance.contraAccount";
            throw new FieldError(field, String.valueOf(broken.getMessage()));
        }
    }

    private static AccountChange change(JsonFields fields) {
        fields.only(CHANGE);
        return change(fields.string("account"), fields);
    }

    /** What is to become of this account. */
    static AccountChange change(String account, JsonFields fields) {
        AccountState state = fields.optionalOneOf(AccountState.class, "state").orElse(null);
        boolean bounded = fields.has("minimumBalance") || fields.has("maximumBalance");
        if (bounded && !(fields.has("minimumBalance") && fields.has("maximumBalance"))) {
            throw new FieldError(
                    fields.path(fields.has("minimumBalance") ? "maximumBalance" : "minimumBalance"),
                    "must be given together with the other bound; null stands for none");
        }
        boolean amounts = fields.has("overdraftLimit")
                || (bounded && !(fields.isNull("minimumBalance") && fields.isNull("maximumBalance")));
        if (!amounts && fields.has("currency")) {
            throw new FieldError(fields.path("currency"), "belongs to an overdraftLimit or a bound, and there is none");
        }
        Currency currency = amounts ? fields.currency("currency") : null;
        Long limit = currency == null ? null : minorUnits(fields, "overdraftLimit", currency);
        Bounds bounds = !bounded ? null : currency == null ? Bounds.NONE : bounds(fields, currency);
        return fields.build(() -> new AccountChange(account, state, limit, bounds, currency));
    }

    static Details details(JsonFields fields) {
        String reference = fields.optionalString("reference");
        String correlationId = fields.optionalString("correlationId");
        LocalDate valueDate = fields.optionalDate("valueDate");
        Map<String, String> metadata = fields.labels("metadata");
        return reference == null && correlationId == null && valueDate == null && metadata.isEmpty()
                ? Details.NONE
                : fields.build(() -> new Details(reference, correlationId, valueDate, metadata));
    }

    private static Set<String> detailsAnd(String... fields) {
        Set<String> all = new HashSet<>(Set.of("reference", "correlationId", "valueDate", "metadata"));
        all.addAll(List.of(fields));
        return Set.copyOf(all);
    }
}
