package org.exchequer.app.cli.inward;

import java.time.Clock;
import java.util.Map;
import org.exchequer.app.cli.ledger.Group;
import org.exchequer.app.cli.ledger.Keys;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.kernel.Ticker;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code exchequer inward}: the list of its commands. */
@Command(
        name = "inward",
        description =
                "Payment messages from other banks: send, trace, explain, dead letters, configuration, orders, fraud,"
                        + " and a demo.",
        synopsisSubcommandLabel = "COMMAND")
public final class InwardCommand extends Group {
    private InwardCommand() {}

    /** The command with its subcommands, to be added to the program's own. */
    public static CommandLine create(Map<String, String> environment, Clock clock, Ticker ticker) {
        LedgerContext context = new LedgerContext(environment, clock, ticker, new Keys(clock));
        CommandLine inward = new CommandLine(new InwardCommand())
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new SendCommand(context))
                .addSubcommand(new TraceCommand(context))
                .addSubcommand(new ExplainCommand(context))
                .addSubcommand(DeadLetterCommands.create(context))
                .addSubcommand(ConfigCommands.create(context))
                .addSubcommand(new TrainBreachCommand(ticker))
                .addSubcommand(OrderCommands.create(context))
                .addSubcommand(FraudCommands.create(context));
        withHelp(inward);
        return inward;
    }
}
