package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.edge.csv.AccountsFormat;
import org.exchequer.ledger.edge.csv.BerkaFormat;
import org.exchequer.ledger.edge.csv.CsvFormat;
import org.exchequer.ledger.edge.csv.ImportFile;
import org.exchequer.ledger.edge.csv.ImportFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger import}. */
@Command(
        name = "import",
        description = {
            "Imports a file of movements, in the order of its rows.",
            "Each row has a key of its own, so running it again posts nothing twice and goes on where it stopped.",
            "A row that was rejected stays rejected under its key: import the accounts before the transactions.",
            "(Accounts have no column of keys: one that lacked its parent is tried again, and a corrected row is new.)",
            "A row is one line: a quoted value may hold the separator and doubled quotes, but no line break.",
            "csv:      key,debit,credit,amount,currency[,legs][,reference][,correlationId][,valueDate]",
            "          [,metadata.LABEL...]; UTF-8; accounts must exist. What export wrote can be read.",
            "accounts: what 'export --what accounts' wrote; parents before what hangs under them.",
            "berka:    trans.asc of the PKDD'99 data set; accounts are opened under berka.* as needed.",
            "Rows that cannot be read or are rejected are listed in the error file, as they stand in FILE and with",
            "what is wrong: correct them there, also a line in its last column, and import that file. A rejected row",
            "needs a new key then.",
            "With --check nothing is posted: rows are read, and their accounts looked up; balances are not."
        })
final class ImportCommand extends LedgerAction {
    private enum Format {
        csv,
        accounts,
        berka
    }

    @Parameters(paramLabel = "FILE", description = "file to import")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            description = "${COMPLETION-CANDIDATES} (default: berka for files named *.asc, else csv)")
    private @Nullable Format format;

    @Option(
            names = "--errors",
            paramLabel = "FILE",
            description = "error file (default: FILE's name with .errors.csv in the current directory)")
    private @Nullable Path errors;

    @Option(names = "--check", description = "only tell what would be wrong with the rows and their accounts")
    private boolean check;

    ImportCommand(LedgerContext context) {
        super(context);
    }

    @Override
    int run(LedgerClient client) {
        Path report = errors != null ? errors : Path.of(file.getFileName() + ".errors.csv");
        boolean progress = !json();
        if (report.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize())) {
            throw new CommandFailure(ExitCodes.USAGE, "give --errors another name than the file that is imported");
        }
        ImportFormat chosen = format();
        try (InputStream in = Files.newInputStream(file);
                ImportFile rows = new ImportFile(in, chosen);
                ErrorFile errorFile = new ErrorFile(report, chosen, rows.columns())) {
            if (check) {
                return check(new ImportCheck(client, chosen, errorFile).run(rows), report);
            }
            ImportRun run = new ImportRun(client, chosen, errorFile, context().ticker(), line -> {
                if (progress) {
                    out().println(line);
                    out().flush();
                }
            });
            ImportRun.Result result = run.run(rows);
            ObjectNode json = json(result);
            print(json, () -> printResult(result, report));
            return result.complete() ? 0 : ExitCodes.FAILED;
        } catch (FieldError header) {
            throw new CommandFailure(ExitCodes.NO_INPUT, file + ": " + header.field() + " " + header.getMessage());
        } catch (IOException unreadable) {
            throw new CommandFailure(ExitCodes.NO_INPUT, reason(unreadable));
        }
    }

    private int check(ImportCheck.Result result, Path report) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("read", result.read())
                .put("faulty", result.faulty())
                .put("unreadable", result.unreadable())
                .put("accountsToOpen", result.accountsToOpen())
                .put("complete", result.complete());
        print(json, () -> {
            out().printf(
                            "%,d rows read: %,d faulty, %,d unreadable; %,d accounts to be opened; nothing posted%n",
                            result.read(), result.faulty(), result.unreadable(), result.accountsToOpen());
            if (!result.complete()) {
                out().println("rows that would not be posted: " + report);
            }
        });
        return result.complete() ? 0 : ExitCodes.FAILED;
    }

    private ImportFormat format() {
        Format chosen = format != null ? format : file.toString().endsWith(".asc") ? Format.berka : Format.csv;
        return switch (chosen) {
            case csv -> new CsvFormat();
            case accounts -> new AccountsFormat();
            case berka -> new BerkaFormat();
        };
    }

    private String reason(IOException unreadable) {
        return switch (unreadable) {
            case java.nio.file.NoSuchFileException missing -> "there is no " + missing.getFile();
            case java.nio.file.AccessDeniedException denied -> "no permission for " + denied.getFile();
            default -> file + ": " + unreadable.getMessage();
        };
    }

    private void printResult(ImportRun.Result result, Path report) {
        PrintWriter out = out();
        out.printf(
                "%,d rows read: %,d posted, %,d posted before, %,d rejected, %,d unreadable; %,d accounts opened%n",
                result.read(),
                result.posted(),
                result.replayed(),
                result.rejected(),
                result.unreadable(),
                result.accountsOpened());
        if (result.cut()) {
            out.println("the file ends within its last row, which was left out");
        }
        Table table = new Table().text("TOTAL").number("FILE").number("LEDGER").text("SAME");
        for (Map.Entry<String, Money> total : result.fileTotals().entrySet()) {
            Money ledger = result.ledgerTotals().get(total.getKey());
            table.row(
                    total.getKey(),
                    total.getValue().toString(),
                    ledger == null ? "" : ledger.toString(),
                    total.getValue().equals(ledger) ? "yes" : "NO");
        }
        table.print(out);
        out.println("trial balance ties: " + (result.ties() ? "yes" : "NO"));
        if (result.rejected() + result.unreadable() > 0) {
            out.println("rows that were not posted: " + report);
        }
        out.printf("in %.1f s%n", result.elapsed().toMillis() / 1_000.0);
    }

    private static ObjectNode json(ImportRun.Result result) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("read", result.read())
                .put("posted", result.posted())
                .put("replayed", result.replayed())
                .put("rejected", result.rejected())
                .put("unreadable", result.unreadable())
                .put("cut", result.cut())
                .put("accountsOpened", result.accountsOpened());
        ObjectNode file = json.putObject("fileTotals");
        result.fileTotals().forEach((group, total) -> file.put(group, total.toString()));
        ObjectNode ledger = json.putObject("ledgerTotals");
        result.ledgerTotals().forEach((group, total) -> ledger.put(group, total.toString()));
        return json.put("ties", result.ties()).put("complete", result.complete());
    }
}
