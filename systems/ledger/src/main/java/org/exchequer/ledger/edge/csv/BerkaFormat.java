package org.exchequer.ledger.edge.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;

/**
 * Movements of a Czech bank, 1993 to 1998, as published for the PKDD'99 discovery challenge ("Berka" data set,
 * {@code trans.asc}): semicolons, Latin-1, amounts in koruna.
 *
 * <p>Every movement is one of a customer's account. {@code PRIJEM} credits the customer, {@code VYDAJ} and {@code
 * VYBER} debit it. What stands against it:
 *
 * <table>
 * <caption>Counter-accounts, first match wins</caption>
 * <tr><td>symbol {@code UROK}</td><td>{@code berka.expense.interest}, interest paid to customers</td></tr>
 * <tr><td>symbol {@code SLUZBY}</td><td>{@code berka.income.fees}, statement fees</td></tr>
 * <tr><td>symbol {@code SANKC. UROK}</td><td>{@code berka.income.penalty-interest}, interest on overdrafts</td></tr>
 * <tr><td>operation {@code PREVOD Z UCTU}, {@code PREVOD NA UCET}</td><td>{@code berka.bank.XX}</td></tr>
 * <tr><td>operation {@code VYBER KARTOU}</td><td>{@code berka.card}, card payments to be settled</td></tr>
 * <tr><td>operation {@code VKLAD}, {@code VYBER}</td><td>{@code berka.cash.TYPE}, a cash desk per type</td></tr>
 * </table>
 *
 * <p>The cash desks are kept apart by type so that the ledger's own balances give the file's totals per type.
 *
 * <p>The accounts have no balance rule: the movements are history that the bank let happen (39 of the 1,229 accounts of
 * the 1993-94 file go below zero, down to -19,056.80), and an import does not overrule it. Without a rule no outcome
 * depends on the order in which rows arrive.
 */
public final class BerkaFormat implements ImportFormat {
    private static final String PREFIX = "berka.";

    private static final Currency KORUNA = Currency.of("CZK");
    private static final List<String> COLUMNS = List.of(
            "trans_id", "account_id", "date", "type", "operation", "amount", "balance", "k_symbol", "bank", "account");
    private static final int TRANS_ID = 0;
    private static final int ACCOUNT_ID = 1;
    private static final int DATE = 2;
    private static final int TYPE = 3;
    private static final int OPERATION = 4;
    private static final int AMOUNT = 5;
    private static final int SYMBOL = 7;
    private static final int BANK = 8;
    private static final int COUNTER_ACCOUNT = 9;

    private static final AccountSpec ASSETS = AccountSpec.summary("berka.assets", "Assets", AccountType.ASSET, null);
    private static final AccountSpec CASH = AccountSpec.summary("berka.cash", "Cash", AccountType.ASSET, ASSETS.code());
    private static final AccountSpec BANKS =
            AccountSpec.summary("berka.bank", "Other banks", AccountType.ASSET, ASSETS.code());
    private static final AccountSpec LIABILITIES =
            AccountSpec.summary("berka.liabilities", "Liabilities", AccountType.LIABILITY, null);
    private static final AccountSpec CUSTOMERS =
            AccountSpec.summary("berka.cust", "Customers", AccountType.LIABILITY, LIABILITIES.code());
    private static final AccountSpec CARD = AccountSpec.posting(
            "berka.card", "Card payments to be settled", AccountType.LIABILITY, KORUNA, LIABILITIES.code());
    private static final AccountSpec INCOME = AccountSpec.summary("berka.income", "Income", AccountType.INCOME, null);
    private static final AccountSpec FEES =
            AccountSpec.posting("berka.income.fees", "Statement fees", AccountType.INCOME, KORUNA, INCOME.code());
    private static final AccountSpec PENALTY_INTEREST = AccountSpec.posting(
            "berka.income.penalty-interest", "Interest on overdrafts", AccountType.INCOME, KORUNA, INCOME.code());
    private static final AccountSpec EXPENSE =
            AccountSpec.summary("berka.expense", "Expense", AccountType.EXPENSE, null);
    private static final AccountSpec INTEREST =
            AccountSpec.posting("berka.expense.interest", "Interest paid", AccountType.EXPENSE, KORUNA, EXPENSE.code());

    /** The direction and kind of a movement, as the file names them. */
    private enum Type {
        PRIJEM,
        VYDAJ,
        VYBER
    }

    @Override
    public Charset charset() {
        return StandardCharsets.ISO_8859_1;
    }

    @Override
    public char separator() {
        return ';';
    }

    @Override
    public boolean endsEveryLine() {
        return true;
    }

    @Override
    public RowReader header(List<String> columns) {
        if (!columns.equals(COLUMNS)) {
            throw new FieldError("header", "must be " + String.join(";", COLUMNS));
        }
        return BerkaFormat::movement;
    }

    private static ImportRow.Movement movement(long line, List<String> cells) {
        if (cells.size() != COLUMNS.size()) {
            throw new FieldError("row", "must have " + COLUMNS.size() + " values, has " + cells.size());
        }
        String id = number(cells, TRANS_ID);
        String customer = CUSTOMERS.code() + "." + number(cells, ACCOUNT_ID);
        Type type = type(cells);
        Money amount = CsvFormat.amount("amount", cells.get(AMOUNT), KORUNA);
        String counter = counterAccount(type, cells);
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("date", date(cells.get(DATE)).toString());
        metadata.put("type", type.name());
        label(metadata, "operation", cells.get(OPERATION));
        label(metadata, "symbol", cells.get(SYMBOL));
        label(metadata, "bank", cells.get(BANK));
        label(metadata, "counterAccount", cells.get(COUNTER_ACCOUNT));
        boolean credit = type == Type.PRIJEM;
        return new ImportRow.Movement(
                line,
                cells,
                type.name(),
                new Command.Transfer(
                        key(id),
                        credit ? counter : customer,
                        credit ? customer : counter,
                        amount,
                        new Details("berka " + id, null, metadata)));
    }

    private static String counterAccount(Type type, List<String> cells) {
        boolean credit = type == Type.PRIJEM;
        String symbol = cells.get(SYMBOL).strip();
        String operation = cells.get(OPERATION);
        if (symbol.equals("UROK") && credit) {
            return INTEREST.code();
        }
        if (symbol.equals("SLUZBY") && !credit) {
            return FEES.code();
        }
        if (symbol.equals("SANKC. UROK") && !credit) {
            return PENALTY_INTEREST.code();
        }
        if (operation.equals(credit ? "PREVOD Z UCTU" : "PREVOD NA UCET")) {
            if (!cells.get(BANK).matches("[A-Z]{2}")) {
                throw new FieldError("bank", "must be two capital letters for a transfer between banks");
            }
            return BANKS.code() + "." + cells.get(BANK);
        }
        if (operation.equals("VYBER KARTOU") && !credit) {
            return CARD.code();
        }
        if (operation.equals(credit ? "VKLAD" : "VYBER")) {
            return CASH.code() + "." + type;
        }
        throw new FieldError("operation", "is not one known for type " + type);
    }

    private static Type type(List<String> cells) {
        return switch (cells.get(TYPE)) {
            case "PRIJEM" -> Type.PRIJEM;
            case "VYDAJ" -> Type.VYDAJ;
            case "VYBER" -> Type.VYBER;
            default -> throw new FieldError("type", "must be PRIJEM, VYDAJ or VYBER");
        };
    }

    private static String number(List<String> cells, int column) {
        if (!cells.get(column).matches("[1-9][0-9]{0,11}")) {
            throw new FieldError(COLUMNS.get(column), "must be a positive number");
        }
        return cells.get(column);
    }

    /** {@code 930131} is 31 January 1993. */
    private static LocalDate date(String text) {
        try {
            if (text.matches("[0-9]{6}")) {
                int yymmdd = Integer.parseInt(text);
                return LocalDate.of(1900 + yymmdd / 10_000, yymmdd / 100 % 100, yymmdd % 100);
            }
        } catch (DateTimeException noSuchDay) {
            throw new FieldError("date", "must be a day as yymmdd");
        }
        throw new FieldError("date", "must be a day as yymmdd");
    }

    private static void label(Map<String, String> metadata, String name, String value) {
        if (!value.isBlank()) {
            metadata.put(name, value);
        }
    }

    @Override
    public String key(List<String> columns, List<String> cells) {
        String id = ImportFormat.cell(columns, cells, COLUMNS.get(TRANS_ID));
        return id.isEmpty() ? "" : key(id);
    }

    private static String key(String id) {
        return "berka-" + id;
    }

    @Override
    public List<AccountSpec> accounts(Command command) {
        if (!(command instanceof Command.Transfer transfer)) {
            throw new IllegalArgumentException("no movement of this format: " + command);
        }
        String debit = transfer.debitAccount();
        String credit = transfer.creditAccount();
        boolean customerIsCredited = credit.startsWith(CUSTOMERS.code() + ".");
        String customer = customerIsCredited ? credit : debit;
        String counter = customerIsCredited ? debit : credit;
        List<AccountSpec> accounts = new java.util.ArrayList<>(List.of(LIABILITIES, CUSTOMERS));
        accounts.add(AccountSpec.posting(
                customer, "Account " + last(customer), AccountType.LIABILITY, KORUNA, CUSTOMERS.code()));
        accounts.addAll(counterAccounts(counter));
        return accounts;
    }

    private static List<AccountSpec> counterAccounts(String code) {
        if (code.equals(INTEREST.code())) {
            return List.of(EXPENSE, INTEREST);
        }
        if (code.equals(FEES.code())) {
            return List.of(INCOME, FEES);
        }
        if (code.equals(PENALTY_INTEREST.code())) {
            return List.of(INCOME, PENALTY_INTEREST);
        }
        if (code.equals(CARD.code())) {
            return List.of(LIABILITIES, CARD);
        }
        AccountSpec parent = code.startsWith(CASH.code() + ".") ? CASH : BANKS;
        String name = parent == CASH ? "Cash desk " + last(code) : "Bank " + last(code);
        return List.of(ASSETS, parent, AccountSpec.posting(code, name, AccountType.ASSET, KORUNA, parent.code()));
    }

    private static String last(String code) {
        return code.substring(code.lastIndexOf('.') + 1);
    }

    /** From the ledger's balances, not from its answers: what any import ever put there counts. */
    @Override
    public Map<String, Money> ledgerTotals(Map<String, Turnover> accounts, Map<String, Money> answered) {
        Map<String, Money> totals = new TreeMap<>();
        accounts.forEach((code, turnover) -> {
            if (code.startsWith(PREFIX) && !code.startsWith(CUSTOMERS.code() + ".")) {
                add(totals, Type.PRIJEM, turnover.debits());
                add(totals, code.equals(CASH.code() + "." + Type.VYBER) ? Type.VYBER : Type.VYDAJ, turnover.credits());
            }
        });
        return totals;
    }

    /** A type without movements has no total, as in the file. */
    private static void add(Map<String, Money> totals, Type type, Money amount) {
        if (amount.minorUnits() != 0) {
            totals.merge(type.name(), amount, Money::plus);
        }
    }
}
