package org.exchequer.app.cli.ledger;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BadStatementException;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.core.Reconciler;
import org.exchequer.reconciliation.edge.report.ReconciliationReport;
import org.exchequer.reconciliation.edge.statement.Statement;
import org.exchequer.reconciliation.edge.statement.StatementFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code exchequer ledger reconcile}. */
@Command(
        name = "reconcile",
        description = {
            "Compares the lines of an account with an external statement, and names what belongs to nothing.",
            "csv:     date,amount[,reference][,valueDate][,id][,currency]; amounts positive where the balance rises.",
            "camt053: ISO 20022 camt.053.001.02 to .13. mt940: SWIFT. Their balances must agree with their entries.",
            "The report holds no time and no names of files: the same lines and rules give the same bytes.",
            "Exit code 0: no breaks. 1: breaks. 66: the file cannot be read, or is not what it should be."
        })
final class ReconcileCommand extends LedgerAction {
    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "account of the ledger")
    private String account = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "external statement")
    private Path file = Path.of("");

    @Option(
            names = "--format",
            description = "${COMPLETION-CANDIDATES} (default: by name: *.xml, *.sta *.mt940 *.940 *.fin, else CSV)")
    private @Nullable StatementFormat format;

    @Option(names = "--statement-account", paramLabel = "NAME", description = "which of the file's accounts to read")
    private String theirAccount = "";

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "first booking date of the ledger's lines (default: the earliest of the file)")
    private @Nullable LocalDate from;

    @Option(
            names = "--to",
            paramLabel = "DATE",
            description = "last booking date of the ledger's lines (default: the latest of the file)")
    private @Nullable LocalDate to;

    @Option(names = "--tolerance", description = "by how much amounts may differ (default: ${DEFAULT-VALUE})")
    private String tolerance = "0";

    @Option(names = "--days", description = "by how many days value dates may differ (default: ${DEFAULT-VALUE})")
    private int days = 3;

    @Option(names = "--by-amount", description = "lines that are left also match by amount and date alone")
    private boolean byAmount;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder for reconciliation.json, breaks.csv, matches.csv and summary.txt")
    private @Nullable Path out;

    ReconcileCommand(LedgerContext context) {
        super(context);
    }

    @Override
    int run(LedgerClient client) {
        JsonNode ledgerAccount =
                require(client.get("/accounts/" + LedgerClient.encode(account))).body();
        if (!ledgerAccount.has("currency")) {
            throw new CommandFailure(ExitCodes.USAGE, account + " is a summary account: it has no lines of its own");
        }
        Currency currency = Currency.of(Reply.text(ledgerAccount, "currency"));
        List<Rule> rules = rules(currency);
        MessageDigest digest = sha256();
        Statement statement = statement(currency, digest);
        LocalDate first = date("--from", from, statement.from().orElse(null));
        LocalDate last = date("--to", to, statement.to().orElse(null));
        if (last.isBefore(first)) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    to == null
                            ? "--from " + first + ": the statement ends before it, on " + last + "; give --to"
                            : from == null
                                    ? "--to " + last + ": the statement begins after it, on " + first + "; give --from"
                                    : "--to must not be before --from");
        }
        List<Line> ours = ours(client, first, last, Reply.text(ledgerAccount, "normalSide"), currency);
        ReconciliationReport report = new ReconciliationReport(
                account,
                currency,
                first,
                last,
                HexFormat.of().formatHex(digest.digest()),
                statement.account(),
                statement.opening(),
                statement.closing(),
                rules,
                ours,
                statement.lines(),
                Reconciler.reconcile(ours, statement.lines(), rules));
        write(report);
        return report.result().breaks().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private List<Rule> rules(Currency currency) {
        if (days < 0 || days > Rule.MOST_DAYS) {
            throw new CommandFailure(ExitCodes.USAGE, "--days: must be 0 to " + Rule.MOST_DAYS);
        }
        try {
            return Rule.usual(Money.parse(tolerance, currency).minorUnits(), days, byAmount);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "--tolerance: " + String.valueOf(wrong.getMessage()).replaceFirst("^tolerance: ", ""));
        }
    }

    private Statement statement(Currency currency, MessageDigest digest) {
        StatementFormat chosen = format != null ? format : StatementFormat.of(file.toString());
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            Statement read = chosen.read(open(in), currency, theirAccount, StatementFormat.MAX_LINES);
            in.transferTo(OutputStream.nullOutputStream()); // for the digest
            return read;
        } catch (BadStatementException wrong) {
            throw new CommandFailure(ExitCodes.NO_INPUT, file + ": " + wrong.getMessage());
        } catch (NoSuchFileException missing) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "there is no " + file);
        } catch (IOException unreadable) {
            throw new CommandFailure(ExitCodes.NO_INPUT, file + ": cannot be read: " + unreadable.getMessage());
        }
    }

    /** Readers of XML close what they read from at its end; the digest wants the rest. */
    private static InputStream open(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }

    private static LocalDate date(String option, @Nullable LocalDate given, @Nullable LocalDate ofFile) {
        if (given != null) {
            return given;
        }
        if (ofFile == null) {
            throw new CommandFailure(ExitCodes.USAGE, "the statement has no lines: give " + option);
        }
        return ofFile;
    }

    /** The account's lines with these booking dates. */
    private List<Line> ours(
            LedgerClient client, LocalDate first, LocalDate last, String normalSide, Currency currency) {
        List<Line> lines = new ArrayList<>();
        String path =
                "/accounts/" + LedgerClient.encode(account) + "/statement?limit=1000&from=" + first + "&to=" + last;
        String cursor = "";
        do {
            Reply page = require(client.get(path + (cursor.isEmpty() ? "" : "&cursor=" + LedgerClient.encode(cursor))));
            for (JsonNode item : page.body().path("items").values()) {
                if (lines.size() == StatementFormat.MAX_LINES) {
                    throw new CommandFailure(
                            ExitCodes.USAGE,
                            account + " has more than " + StatementFormat.MAX_LINES + " lines from " + first + " to "
                                    + last + ": choose a shorter time");
                }
                lines.add(line(item, normalSide, currency));
            }
            cursor = page.text("next");
        } while (!cursor.isEmpty());
        return lines;
    }

    private static Line line(JsonNode item, String normalSide, Currency currency) {
        long amount = Money.parse(Reply.text(item, "amount"), currency).minorUnits();
        return new Line(
                Reply.text(item, "transactionId") + "/" + Reply.text(item, "leg"),
                LocalDate.parse(Reply.text(item, "valueDate")),
                Reply.text(item, "side").equals(normalSide) ? amount : -amount,
                Reply.text(item, "reference"));
    }

    private void write(ReconciliationReport report) {
        try {
            if (out != null) {
                Files.createDirectories(out);
                report.write(out);
            }
        } catch (IOException unwritable) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, out + ": " + unwritable.getMessage());
        }
        if (json()) {
            out().println(report.json());
        } else {
            out().print(report.summary());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
