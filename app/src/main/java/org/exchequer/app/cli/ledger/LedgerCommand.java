package org.exchequer.app.cli.ledger;

import java.time.Clock;
import java.util.Map;
import org.exchequer.kernel.Ticker;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code exchequer ledger}: the list of its commands. */
@Command(
        name = "ledger",
        description = "Accounts, postings, holds, reports, imports: a client of the running ledger.",
        synopsisSubcommandLabel = "COMMAND")
public final class LedgerCommand extends Group {
    private LedgerCommand() {}

    /** The command with its subcommands, to be added to the program's own. */
    public static CommandLine create(Map<String, String> environment, Clock clock, Ticker ticker) {
        LedgerContext context = new LedgerContext(environment, clock, ticker, new Keys(clock));
        CommandLine ledger = new CommandLine(new LedgerCommand())
                .addSubcommand(AccountCommands.create(context))
                .addSubcommand(new PostingCommands.Post(context))
                .addSubcommand(new PostingCommands.Transfer(context))
                .addSubcommand(new PostingCommands.Reverse(context))
                .addSubcommand(new HoldCommands.Hold(context))
                .addSubcommand(new HoldCommands.PostHold(context))
                .addSubcommand(new HoldCommands.VoidHold(context))
                .addSubcommand(new HoldCommands.ShowHold(context))
                .addSubcommand(new HoldCommands.ListHolds(context))
                .addSubcommand(ControlCommands.adjustments(context))
                .addSubcommand(new ControlCommands.CloseDay(context))
                .addSubcommand(new ControlCommands.Days(context))
                .addSubcommand(new ReadingCommands.ShowTransaction(context))
                .addSubcommand(new ReadingCommands.ShowBalance(context))
                .addSubcommand(new ReadingCommands.ShowStatement(context))
                .addSubcommand(new ReportCommands.RollUp(context))
                .addSubcommand(new ReportCommands.History(context))
                .addSubcommand(new ReportCommands.TrialBalance(context))
                .addSubcommand(new ReportCommands.BalanceSheet(context))
                .addSubcommand(new ReportCommands.IncomeStatement(context))
                .addSubcommand(new ImportCommand(context))
                .addSubcommand(new ExportCommand(context))
                .addSubcommand(new ReconcileCommand(context))
                .addSubcommand(new PackCommand(context))
                .addSubcommand(new JournalCommands.Export(context))
                .addSubcommand(new JournalCommands.Import(context));
        withHelp(ledger);
        return ledger;
    }
}
