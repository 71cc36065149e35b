package org.exchequer.app.cli.exchange;

import org.exchequer.kernel.Ticker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code exchequer exchange}. */
@Command(name = "exchange", mixinStandardHelpOptions = true, description = "The matching of orders.")
public final class ExchangeCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ExchangeCommand() {}

    /** With its sub-commands. */
    public static CommandLine create(Ticker ticker) {
        return new CommandLine(new ExchangeCommand()).addSubcommand(new ReplayCommand(ticker));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? there is: replay");
    }
}
