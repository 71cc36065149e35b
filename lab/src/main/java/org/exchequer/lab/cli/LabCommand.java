package org.exchequer.lab.cli;

import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.stage.StageException;
import org.exchequer.platform.infra.InfrastructureException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exchequer lab}: its sub-commands. */
@Command(
        name = "exchequer lab",
        description = "Breaks the program on purpose, and checks from recorded histories that money survived.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        mixinStandardHelpOptions = true,
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no violation was found",
            "1:a violation was found",
            "2:it cannot be told",
            "64:wrong command line",
            "66:a run cannot be read, or its folder not be made",
            "69:the stage cannot be set up",
            "75:the port is in use"
        })
public final class LabCommand implements Runnable {
    private static final int COLUMNS = 110;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private LabCommand() {}

    /** The whole command line. */
    public static CommandLine commandLine(Clock clock, Ticker ticker) {
        CommandLine line = new CommandLine(new LabCommand())
                .addSubcommand(new ListCommand())
                .addSubcommand(new RunCommand(clock, ticker))
                .addSubcommand(new ReplayCommand(clock, ticker))
                .addSubcommand(new ServeCommand())
                .addSubcommand(new SimulateCommand());
        line.setExitCodeExceptionMapper(LabCommand::exitCode);
        line.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println("exchequer lab: " + e.getMessage());
            int code = exitCode(e);
            if (code == ExitCodes.SOFTWARE) {
                org.slf4j.LoggerFactory.getLogger(LabCommand.class).error("the command failed", e);
            }
            return code;
        });
        line.setUsageHelpWidth(COLUMNS);
        line.getSubcommands().values().forEach(sub -> {
            sub.getCommandSpec().exitCodeOnInvalidInput(ExitCodes.USAGE);
            sub.setUsageHelpWidth(COLUMNS);
        });
        line.getCommandSpec().exitCodeOnInvalidInput(ExitCodes.USAGE);
        return line;
    }

    private static int exitCode(Throwable e) {
        return switch (e) {
            case ParameterException wrong -> ExitCodes.USAGE;
            case StageException cannot -> ExitCodes.UNAVAILABLE;
            case InfrastructureException cannot -> ExitCodes.UNAVAILABLE;
            case BindException taken -> ExitCodes.IN_USE;
            case IOException unreadable -> ExitCodes.NO_INPUT;
            default -> ExitCodes.SOFTWARE;
        };
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? ./exchequer lab help lists them");
    }
}
