package org.exchequer.ledger.edge.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.edge.csv.CsvFormat.Cells;
import org.jspecify.annotations.Nullable;

/**
 * Accounts: RFC 4180 with commas, UTF-8, a header line with all of {@link #COLUMNS} in any order. Without a currency
 * it is a summary account. Parents come before what hangs under them. {@code state} is passed over: accounts are
 * opened, and frozen or closed by hand once their transactions are there. An account's key is made of its code and all
 * that it is; what was rejected because its parent was missing is tried again by each later import.
 */
public final class AccountsFormat implements ImportFormat {
    /** The columns, in the order of an export. */
    public static final List<String> COLUMNS = List.of(
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
            "metadata",
            "state");

    /** Imports of a row that may have been rejected and still have a key left. */
    private static final int MAX_ATTEMPTS = 100;

    @Override
    public Charset charset() {
        return StandardCharsets.UTF_8;
    }

    @Override
    public char separator() {
        return ',';
    }

    @Override
    public boolean endsEveryLine() {
        return false;
    }

    @Override
    public RowReader header(List<String> columns) {
        Map<String, Integer> positions = new HashMap<>();
        for (String column : COLUMNS) {
            if (!columns.contains(column)) {
                throw new FieldError(column, "is missing from the header");
            }
            positions.put(column, columns.indexOf(column));
        }
        if (columns.size() != COLUMNS.size()) {
            throw new FieldError("header", "must be " + String.join(",", COLUMNS));
        }
        return (line, cells) -> {
            if (cells.size() != columns.size()) {
                throw new FieldError(
                        "row", "must have " + columns.size() + " values like the header, has " + cells.size());
            }
            AccountSpec account = account(new Cells(positions, cells));
            return new ImportRow.Movement(line, cells, opening(account), Map.of());
        };
    }

    private static AccountSpec account(Cells cells) {
        AccountType type = oneOf(AccountType.class, "type", cells.required("type"));
        String code = cells.optional("currency");
        Currency currency = code == null ? null : CsvFormat.currency("currency", code);
        String side = cells.optional("normalSide");
        String rule = cells.optional("rule");
        Long limit = minorUnits(cells, "overdraftLimit", currency);
        return new AccountSpec(
                cells.required("code"),
                cells.required("name"),
                type,
                side == null ? type.normalSide() : oneOf(Side.class, "normalSide", side),
                currency,
                cells.optional("parent"),
                rule == null ? BalanceRule.NONE : oneOf(BalanceRule.class, "rule", rule),
                limit == null ? 0 : limit,
                new Bounds(
                        minorUnits(cells, "minimumBalance", currency), minorUnits(cells, "maximumBalance", currency)),
                cells.labels());
    }

    private static @Nullable Long minorUnits(Cells cells, String column, @Nullable Currency currency) {
        String text = cells.optional(column);
        if (text == null) {
            return null;
        }
        if (currency == null) {
            throw new FieldError(column, "must be empty for a summary account (one without currency)");
        }
        return column.equals("overdraftLimit")
                ? CsvFormat.amount(column, text, currency).minorUnits()
                : CsvFormat.signedAmount(column, text, currency).minorUnits();
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String column, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new FieldError(column, "must be one of " + Arrays.toString(type.getEnumConstants())));
    }

    /** A row that cannot be read has none: its key stands for the whole account. */
    @Override
    public String key(List<String> columns, List<String> cells) {
        return "";
    }

    /** Another content is another request: a corrected row can be imported. */
    private static Command.OpenAccount opening(AccountSpec account) {
        Command.OpenAccount unnamed = new Command.OpenAccount("import-account", account);
        long digest = Digest.ofRequest(unnamed).getMostSignificantBits();
        return new Command.OpenAccount(
                unnamed.key() + "-" + account.code() + "-" + HexFormat.of().toHexDigits(digest), account);
    }

    /** The account under the next of its keys; whichever of them is accepted, its code can be opened only once. */
    @Override
    public Optional<Command> again(Command rejected) {
        if (!(rejected instanceof Command.OpenAccount open)) {
            throw new IllegalArgumentException("no row of this format: " + rejected);
        }
        String first = opening(open.account()).key();
        int next = open.key().equals(first)
                ? 2
                : 1
                        + Integer.parseInt(
                                open.key(), first.length() + 1, open.key().length(), 10);
        return next > MAX_ATTEMPTS
                ? Optional.empty()
                : Optional.of(new Command.OpenAccount(first + "-" + next, open.account()));
    }

    @Override
    public List<AccountSpec> accounts(Command command) {
        return List.of();
    }

    @Override
    public Map<String, Money> ledgerTotals(Map<String, Turnover> accounts, Map<String, Money> answered) {
        return answered;
    }
}
