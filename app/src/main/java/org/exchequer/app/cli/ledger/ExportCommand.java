package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code exchequer ledger export}. */
@Command(
        name = "export",
        description = {
            "Writes a CSV file: RFC 4180, UTF-8, a header line.",
            "transactions:  all, oldest first, with a value date where it is not the booking date. Imported where they",
            "               are, transfers and posts are found as posted before; reversals, postings of holds and",
            "               approved adjustments are rejected, since a row is a transfer or a post. Elsewhere all are",
            "               posted anew, booked on that day; export-journal moves a ledger as it is.",
            "accounts:      all, parents first; import opens them anew, with their present limits, all of them OPEN.",
            "statement:     the lines of --account, newest first.",
            "trial-balance: all accounts with entries.",
            "The file appears under its name once it is whole."
        })
final class ExportCommand extends LedgerAction {
    @Option(names = "--to", required = true, paramLabel = "FILE", description = "file to write")
    private Path file = Path.of("");

    @Option(names = "--what", required = true, paramLabel = "WHAT", description = "one of the above")
    private String what = "";

    @Option(names = "--account", paramLabel = "CODE", description = "account of the statement")
    private @Nullable String account;

    @Mixin
    private AsOfOptions asOf = new AsOfOptions();

    @Option(names = "--overwrite", description = "replace the file if there is one")
    private boolean overwrite;

    ExportCommand(LedgerContext context) {
        super(context);
    }

    @Override
    int run(LedgerClient client) {
        if (what.equals("statement") != (account != null)) {
            throw new CommandFailure(ExitCodes.USAGE, "--account goes with --what statement, and only with it");
        }
        if (!what.equals("trial-balance") && !asOf.query().isEmpty()) {
            throw new CommandFailure(ExitCodes.USAGE, "a date goes with --what trial-balance only");
        }
        if (Files.exists(file) && !overwrite) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, file + " exists; give --overwrite to replace it");
        }
        ExportRun run = new ExportRun(client, context().ticker(), line -> {
            if (!json()) {
                out().println(line);
                out().flush();
            }
        });
        try {
            Path part = Path.of(file + ".part");
            long rows = switch (what) {
                case "transactions" -> run.transactions(part);
                case "accounts" -> run.accounts(part);
                case "statement" -> run.statement(part, String.valueOf(account));
                case "trial-balance" -> run.trialBalance(part, asOf.query());
                default ->
                    throw new CommandFailure(
                            ExitCodes.USAGE,
                            "--what must be transactions, accounts, statement or trial-balance, is " + what);
            };
            ExportRun.publish(part, file);
            print(
                    JsonNodeFactory.instance.objectNode().put("rows", rows).put("file", file.toString()),
                    () -> out().printf("%,d rows written to %s%n", rows, file));
            return 0;
        } catch (NoSuchFileException missing) {
            throw new CommandFailure(
                    ExitCodes.CANNOT_CREATE,
                    "there is no folder " + file.toAbsolutePath().getParent() + " to write " + file.getFileName()
                            + " into");
        } catch (AccessDeniedException denied) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, "no permission to write " + file);
        } catch (IOException unwritable) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, file + ": " + unwritable.getMessage());
        }
    }
}
