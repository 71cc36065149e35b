package org.exchequer.ledger.edge.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The ledger's own format of transactions: RFC 4180 with commas, UTF-8, a header line. Columns in any order: {@code
 * key} (idempotency key), {@code debit} and {@code credit} (account codes), {@code amount}, {@code currency};
 * optional {@code reference}, {@code correlationId}, {@code valueDate}, {@code metadata} (an object of JSON) and any
 * number of {@code metadata.<label>}. A row whose {@code legs} are given, e.g. {@code DEBIT:a:1.00:EUR
 * CREDIT:b:1.00:EUR}, has them instead of accounts and amount. What an export tells beside that ({@link #TOLD}) is
 * passed over. Accounts must exist. An empty cell is an absent value. Totals are by currency.
 */
public final class CsvFormat implements ImportFormat {
    /** Columns that an export adds and an import passes over. */
    public static final List<String> TOLD = List.of("id", "bookedAt", "bookingDate", "reversalOf", "holdId");

    private static final List<String> REQUIRED = List.of("key", "debit", "credit", "amount", "currency");
    private static final Set<String> OPTIONAL = Set.of("legs", "reference", "correlationId", "valueDate", "metadata");
    private static final String METADATA = "metadata.";
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    /** All columns of an export, in order. */
    public static List<String> columns() {
        List<String> columns = new ArrayList<>(REQUIRED);
        columns.addAll(List.of("legs", "reference", "correlationId", "valueDate", "metadata"));
        columns.addAll(TOLD);
        return columns;
    }

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
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            boolean label = column.startsWith(METADATA) && column.length() > METADATA.length();
            if (!REQUIRED.contains(column) && !OPTIONAL.contains(column) && !TOLD.contains(column) && !label) {
                throw new FieldError(
                        column.isEmpty() ? "header" : column,
                        "is not a column of this format: key, debit, credit, amount, currency, legs, reference,"
                                + " correlationId, valueDate, metadata, metadata.<label>");
            }
            if (positions.put(column, i) != null) {
                throw new FieldError(column, "is given twice in the header");
            }
        }
        for (String required : REQUIRED) {
            if (!positions.containsKey(required)) {
                throw new FieldError(required, "is missing from the header");
            }
        }
        return (line, cells) -> {
            if (cells.size() != columns.size()) {
                throw new FieldError(
                        "row", "must have " + columns.size() + " values like the header, has " + cells.size());
            }
            return movement(line, new Cells(positions, cells));
        };
    }

    @Override
    public String key(List<String> columns, List<String> cells) {
        return ImportFormat.cell(columns, cells, "key");
    }

    @Override
    public List<AccountSpec> accounts(Command command) {
        return List.of();
    }

    @Override
    public Map<String, Money> ledgerTotals(Map<String, Turnover> accounts, Map<String, Money> answered) {
        return answered;
    }

    private static ImportRow.Movement movement(long line, Cells cells) {
        Details details = new Details(
                cells.optional("reference"), cells.optional("correlationId"), cells.date("valueDate"), cells.labels());
        String key = cells.required("key");
        if (cells.optional("legs") != null) {
            return post(line, key, cells, details);
        }
        Currency currency = currency("currency", cells.required("currency"));
        Money amount = amount("amount", cells.required("amount"), currency);
        return new ImportRow.Movement(
                line,
                cells.values(),
                currency.code(),
                transfer(key, cells.required("debit"), cells.required("credit"), amount, details));
    }

    private static ImportRow.Movement post(long line, String key, Cells cells, Details details) {
        for (String column : List.of("debit", "credit", "amount", "currency")) {
            if (cells.optional(column) != null) {
                throw new FieldError(column, "must be empty where there are legs");
            }
        }
        List<Leg> legs = new ArrayList<>();
        for (String leg : SPACE.split(cells.required("legs"), -1)) {
            legs.add(leg("legs[" + legs.size() + "]", leg));
        }
        Map<String, Money> debits = new TreeMap<>();
        for (Leg leg : legs) {
            if (leg.side() == Side.DEBIT) {
                debits.merge(leg.amount().currency().code(), leg.amount(), CsvFormat::sum);
            }
        }
        return new ImportRow.Movement(line, cells.values(), keyed(() -> new Command.Post(key, legs, details)), debits);
    }

    private static Money sum(Money one, Money other) {
        try {
            return one.plus(other);
        } catch (ArithmeticException tooLarge) {
            throw new FieldError("legs", "exceed together what one amount can be");
        }
    }

    /** {@code DEBIT:2000.cust.alice:10.50:EUR}; the code may hold colons itself. */
    private static Leg leg(String path, String text) {
        int side = text.indexOf(':');
        int currency = text.lastIndexOf(':');
        int amount = currency < 1 ? -1 : text.lastIndexOf(':', currency - 1);
        boolean known = side > 0 && (text.startsWith("DEBIT:") || text.startsWith("CREDIT:"));
        if (!known || amount <= side) {
            throw new FieldError(path, "must be SIDE:CODE:AMOUNT:CURRENCY, e.g. DEBIT:1000.cash:5.00:EUR");
        }
        Currency unit = currency(path, text.substring(currency + 1));
        Money money = amount(path, text.substring(amount + 1, currency), unit);
        try {
            return new Leg(text.substring(side + 1, amount), Side.valueOf(text.substring(0, side)), money);
        } catch (FieldError broken) {
            throw new FieldError(path, String.valueOf(broken.getMessage()));
        }
    }

    static Currency currency(String column, String text) {
        return Currency.find(text).orElseThrow(() -> new FieldError(column, Currency.RULE));
    }

    static Money amount(String column, String text, Currency currency) {
        if (text.startsWith("-")) {
            throw new FieldError(column, "must not be negative");
        }
        return signedAmount(column, text, currency);
    }

    static Money signedAmount(String column, String text, Currency currency) {
        try {
            return Money.parse(text, currency);
        } catch (IllegalArgumentException broken) {
            throw new FieldError(column, String.valueOf(broken.getMessage()));
        }
    }

    /** A transfer whose broken rules name columns of the file. */
    private static Command.Transfer transfer(String key, String debit, String credit, Money amount, Details details) {
        return keyed(() -> new Command.Transfer(key, debit, credit, amount, details));
    }

    private static <T> T keyed(Supplier<T> command) {
        try {
            return command.get();
        } catch (FieldError broken) {
            String column = switch (broken.field()) {
                case "idempotencyKey" -> "key";
                case "debitAccount" -> "debit";
                case "creditAccount" -> "credit";
                default -> broken.field();
            };
            throw new FieldError(column, String.valueOf(broken.getMessage()));
        }
    }

    record Cells(Map<String, Integer> positions, List<String> values) {
        @Nullable
        String optional(String column) {
            Integer position = positions.get(column);
            return position == null || values.get(position).isEmpty() ? null : values.get(position);
        }

        String required(String column) {
            String value = optional(column);
            if (value == null) {
                throw new FieldError(column, "is required");
            }
            return value;
        }

        @Nullable
        LocalDate date(String column) {
            String text = optional(column);
            try {
                return text == null ? null : LocalDate.parse(text);
            } catch (DateTimeException noDay) {
                throw new FieldError(column, "must be a day such as 2026-03-31");
            }
        }

        Map<String, String> labels() {
            Map<String, String> labels = new TreeMap<>(object());
            positions.forEach((column, position) -> {
                String value = optional(column);
                if (column.startsWith(METADATA) && value != null) {
                    labels.put(column.substring(METADATA.length()), value);
                }
            });
            return labels;
        }

        private Map<String, String> object() {
            String text = optional("metadata");
            try {
                return text == null ? Map.of() : StrictJson.mapper().readValue(text, LABELS);
            } catch (JacksonException broken) {
                throw new FieldError(
                        "metadata", "must be an object of JSON with strings, such as {\"channel\":\"web\"}");
            }
        }
    }
}
