package org.exchequer.reconciliation.edge.statement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads {@link StatementFormat#CSV}. */
final class CsvStatement {
    private static final Set<String> REQUIRED = Set.of("date", "amount");
    private static final Set<String> OPTIONAL = Set.of("reference", "valueDate", "id", "currency");
    private static final Pattern COMMA = Pattern.compile(",");

    private final StatementLines lines;
    private final Map<String, Integer> columns = new HashMap<>();

    CsvStatement(StatementLines lines) {
        this.lines = lines;
    }

    void read(InputStream in) throws IOException {
        TextLines text = new TextLines(in, StandardCharsets.UTF_8, lines);
        String header = text.next();
        if (header == null) {
            throw lines.bad("header", "is missing: the file is empty");
        }
        header(cells(header.startsWith("\ufeff") ? header.substring(1) : header));
        for (String row = text.next(); row != null; row = text.next()) {
            if (!row.isBlank()) {
                row(cells(row));
            }
        }
    }

    private void header(List<String> names) {
        for (String name : names) {
            if (!REQUIRED.contains(name) && !OPTIONAL.contains(name)) {
                Set<String> known = new TreeSet<>(REQUIRED);
                known.addAll(OPTIONAL);
                throw lines.bad("header", "has the column \"" + name + "\"; known are " + String.join(", ", known));
            }
            if (columns.put(name, columns.size()) != null) {
                throw lines.bad(name, "is given twice in the header");
            }
        }
        for (String required : new TreeSet<>(REQUIRED)) {
            if (!columns.containsKey(required)) {
                throw lines.bad(required, "is missing from the header");
            }
        }
    }

    private void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw lines.bad("row", "must have " + columns.size() + " values like the header, has " + cells.size());
        }
        String currency = cell(cells, "currency");
        if (!currency.isEmpty()) {
            lines.requireCurrency("currency", currency);
        }
        LocalDate booked = lines.date("date", cell(cells, "date"));
        String valued = cell(cells, "valueDate");
        String text = cell(cells, "amount");
        boolean negative = text.startsWith("-");
        long amount = lines.amount("amount", negative ? text.substring(1) : text);
        lines.add(
                booked,
                valued.isEmpty() ? booked : lines.date("valueDate", valued),
                negative ? -amount : amount,
                lines.reference("reference", cell(cells, "reference")),
                lines.reference("id", cell(cells, "id")));
    }

    private String cell(List<String> cells, String column) {
        Integer position = columns.get(column);
        return position == null ? "" : cells.get(position).strip();
    }

    private List<String> cells(String row) {
        if (row.indexOf('"') < 0) {
            return List.of(COMMA.split(row, -1));
        }
        try (CSVParser parser = CSVParser.parse(row, CSVFormat.RFC4180)) {
            List<CSVRecord> records = parser.getRecords();
            return records.getFirst().toList();
        } catch (IOException | UncheckedIOException malformed) {
            throw lines.bad("row", "has quotes that do not close within the line, or text beside them");
        }
    }
}
