package org.exchequer.app.cli.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.edge.csv.AccountsFormat;
import org.exchequer.ledger.edge.csv.CsvFormat;
import tools.jackson.databind.JsonNode;

/** Writes lists of the ledger to a file, a page at a time, so that memory stays bounded however long they are. */
final class ExportRun {
    private static final int PAGE = 1_000;
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    private final LedgerClient client;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private long rows;
    private long reported;

    ExportRun(LedgerClient client, Ticker ticker, Consumer<String> progress) {
        this.client = client;
        this.ticker = ticker;
        this.progress = progress;
        this.reported = ticker.nanos();
    }

    /** Gives the finished file its name; a reader never sees half of it. */
    static void publish(Path part, Path file) throws IOException {
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @FunctionalInterface
    private interface Row {
        void print(CSVPrinter csv, JsonNode item) throws IOException;
    }

    long transactions(Path file) throws IOException {
        try (CSVPrinter csv = open(file, CsvFormat.columns())) {
            pages(csv, "/transactions", "after", "0", ExportRun::transaction);
        }
        return rows;
    }

    /** Summary accounts first, in the order they were opened, so that every parent stands before its children. */
    long accounts(Path file) throws IOException {
        List<JsonNode> summaries = new ArrayList<>();
        try (CSVPrinter csv = open(file, AccountsFormat.COLUMNS)) {
            pages(csv, "/accounts", "cursor", "", (printer, account) -> {
                if (!account.has("currency")) {
                    summaries.add(account);
                }
            });
            summaries.sort(
                    Comparator.comparingLong(account -> account.path("id").asLong()));
            for (JsonNode account : summaries) {
                account(csv, account);
            }
            rows = summaries.size();
            pages(csv, "/accounts", "cursor", "", (printer, account) -> {
                if (account.has("currency")) {
                    account(printer, account);
                } else {
                    rows--;
                }
            });
        }
        return rows;
    }

    long statement(Path file, String account) throws IOException {
        List<String> columns = List.of(
                "transactionId",
                "leg",
                "bookedAt",
                "bookingDate",
                "valueDate",
                "side",
                "amount",
                "currency",
                "balanceAfter",
                "reference",
                "reversalOf");
        try (CSVPrinter csv = open(file, columns)) {
            String path = "/accounts/" + LedgerClient.encode(account) + "/statement";
            pages(csv, path, "cursor", "", (printer, line) -> cells(printer, line, columns));
        }
        return rows;
    }

    /** One answer of the server: its totals belong to one position of the journal. */
    long trialBalance(Path file, String query) throws IOException {
        List<String> columns =
                new ArrayList<>(List.of("account", "currency", "normalSide", "debits", "credits", "posted"));
        if (query.isEmpty()) {
            columns.add("available"); // as of a date there is nothing available to tell
        }
        JsonNode trial =
                LedgerAction.require(client.get("/trial-balance" + query)).body();
        try (CSVPrinter csv = open(file, columns)) {
            for (JsonNode row : trial.path("rows").values()) {
                cells(csv, row, columns);
                rows++;
            }
        }
        return rows;
    }

    private static CSVPrinter open(Path file, List<String> columns) throws IOException {
        BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        CSVPrinter csv = new CSVPrinter(writer, CSVFormat.RFC4180);
        csv.printRecord(columns);
        return csv;
    }

    private void pages(CSVPrinter csv, String path, String parameter, String from, Row row) throws IOException {
        String cursor = from;
        do {
            String query =
                    "?limit=" + PAGE + (cursor.isEmpty() ? "" : "&" + parameter + "=" + LedgerClient.encode(cursor));
            Reply page = LedgerAction.require(client.get(path + query));
            for (JsonNode item : page.body().path("items").values()) {
                row.print(csv, item);
                rows++;
            }
            cursor = page.text("next");
            if (ticker.nanos() - reported > PROGRESS.toNanos()) {
                reported = ticker.nanos();
                progress.accept("%,d rows read".formatted(rows));
            }
        } while (!cursor.isEmpty());
    }

    private static void cells(CSVPrinter csv, JsonNode item, List<String> columns) throws IOException {
        List<String> cells = new ArrayList<>(columns.size());
        for (String column : columns) {
            JsonNode value = item.path(column);
            cells.add(value.isObject() ? (value.isEmpty() ? "" : value.toString()) : value.asString(""));
        }
        csv.printRecord(cells);
    }

    private static void account(CSVPrinter csv, JsonNode account) throws IOException {
        cells(csv, account, AccountsFormat.COLUMNS);
    }

    /** Two legs of one amount are the columns of a transfer, debit first; all others are listed in one cell. */
    private static void transaction(CSVPrinter csv, JsonNode transaction) throws IOException {
        JsonNode legs = transaction.path("legs");
        boolean transfer = legs.size() == 2
                && side(legs, 0).equals("DEBIT")
                && side(legs, 1).equals("CREDIT")
                && Reply.text(legs.get(0), "currency").equals(Reply.text(legs.get(1), "currency"));
        List<String> cells = new ArrayList<>();
        for (String column : CsvFormat.columns()) {
            cells.add(
                    switch (column) {
                        case "debit" -> transfer ? Reply.text(legs.get(0), "account") : "";
                        case "credit" -> transfer ? Reply.text(legs.get(1), "account") : "";
                        case "amount", "currency" -> transfer ? Reply.text(legs.get(0), column) : "";
                        case "legs" -> transfer ? "" : legs(legs);
                        case "metadata" -> {
                            JsonNode labels = transaction.path("metadata");
                            yield labels.isEmpty() ? "" : labels.toString();
                        }
                        // Most commands give none: with one the row would be another request under the same key.
                        case "valueDate" ->
                            Reply.text(transaction, column).equals(Reply.text(transaction, "bookingDate"))
                                    ? ""
                                    : Reply.text(transaction, column);
                        default -> Reply.text(transaction, column);
                    });
        }
        csv.printRecord(cells);
    }

    private static String side(JsonNode legs, int index) {
        return Reply.text(legs.get(index), "side");
    }

    private static String legs(JsonNode legs) {
        List<String> texts = new ArrayList<>();
        for (JsonNode leg : legs.values()) {
            texts.add(String.join(
                    ":",
                    Reply.text(leg, "side"),
                    Reply.text(leg, "account"),
                    Reply.text(leg, "amount"),
                    Reply.text(leg, "currency")));
        }
        return String.join(" ", texts);
    }
}
