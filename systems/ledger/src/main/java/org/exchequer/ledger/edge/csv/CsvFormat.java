package org.exchequer.ledger.edge.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's own import format: RFC 4180 with commas, UTF-8, a header line. Columns in any order: {@code key}
 * (idempotency key), {@code debit} and {@code credit} (account codes), {@code amount}, {@code currency}; optional
 * {@code reference}, {@code correlationId} and any number of {@code metadata.<label>}. Accounts must exist. An empty
 * cell is an absent value. Totals are by currency.
 */
public final class CsvFormat implements ImportFormat {
    private static final List<String> REQUIRED = List.of("key", "debit", "credit", "amount", "currency");
    private static final Set<String> OPTIONAL = Set.of("reference", "correlationId");
    private static final String METADATA = "metadata.";

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
            if (!REQUIRED.contains(column) && !OPTIONAL.contains(column) && !label) {
                throw new FieldError(
                        column.isEmpty() ? "header" : column,
                        "is not a column of this format: key, debit, credit, amount, currency, reference,"
                                + " correlationId, metadata.<label>");
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
    public List<AccountSpec> accounts(Command.Transfer transfer) {
        return List.of();
    }

    @Override
    public Map<String, Money> ledgerTotals(Map<String, Turnover> accounts, Map<String, Money> answered) {
        return answered;
    }

    private static ImportRow.Movement movement(long line, Cells cells) {
        Currency currency = Currency.find(cells.required("currency"))
                .orElseThrow(() -> new FieldError("currency", "must be an ISO 4217 currency code such as EUR"));
        Money amount = amount("amount", cells.required("amount"), currency);
        Details details = new Details(cells.optional("reference"), cells.optional("correlationId"), cells.labels());
        return new ImportRow.Movement(
                line,
                currency.code(),
                transfer(cells.required("key"), cells.required("debit"), cells.required("credit"), amount, details));
    }

    static Money amount(String column, String text, Currency currency) {
        try {
            return Money.parse(text, currency);
        } catch (IllegalArgumentException broken) {
            throw new FieldError(column, String.valueOf(broken.getMessage()));
        }
    }

    /** A transfer whose broken rules name columns of the file. */
    private static Command.Transfer transfer(String key, String debit, String credit, Money amount, Details details) {
        try {
            return new Command.Transfer(key, debit, credit, amount, details);
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

    private record Cells(Map<String, Integer> positions, List<String> values) {
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

        Map<String, String> labels() {
            Map<String, String> labels = new TreeMap<>();
            positions.forEach((column, position) -> {
                String value = optional(column);
                if (column.startsWith(METADATA) && value != null) {
                    labels.put(column.substring(METADATA.length()), value);
                }
            });
            return labels;
        }
    }
}
