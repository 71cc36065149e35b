package org.exchequer.app.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.exchequer.app.Settings;
import org.exchequer.app.Version;
import org.exchequer.app.cli.exchange.ExchangeCommand;
import org.exchequer.app.cli.inward.InwardCommand;
import org.exchequer.app.cli.ledger.LedgerCommand;
import org.exchequer.app.cli.ledger.ShardsCommand;
import org.exchequer.app.cli.ledger.SubjectCommands;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.db.DatabaseException;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.infra.DirectoryInUseException;
import org.exchequer.platform.infra.InfrastructureException;
import org.exchequer.prooflog.WrongMasterKeyException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code exchequer}: its sub-commands, and what they are given. */
@Command(
        name = "exchequer",
        description = "A complete financial infrastructure that one person can start, use and break on purpose.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        mixinStandardHelpOptions = true,
        versionProvider = Exchequer.VersionFromBuild.class,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nAlso:%n"
                + "  test [MAVEN ARGS]   Runs the whole test suite.%n"
                + "  prepare             Makes caches by which later starts are quicker: half a minute, 200 MB.%n"
                + "  lab [ARGS]          Breaks the program on purpose and checks what it recorded; see lab --help.%n"
                + "  bench [ARGS]        Runs benchmarks; see bench --help.%n")
public final class Exchequer implements Runnable {
    static final class VersionFromBuild implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"exchequer " + Version.current()};
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    // As wide as the widest line that we break by hand.
    private static final int USAGE_COLUMNS = 110;

    private Exchequer() {}

    /** The whole command line. The arguments are everything that is not pure. */
    public static CommandLine commandLine(Map<String, String> environment, Clock clock, Ticker ticker) {
        return commandLine(environment, clock, ticker, new Faults());
    }

    /**
     * The same, in a process that breaks itself.
     *
     * @param faults fault points of what {@code up} starts. No option and no variable arms one: only who calls this can
     */
    public static CommandLine commandLine(Map<String, String> environment, Clock clock, Ticker ticker, Faults faults) {
        CommandLine line = new CommandLine(new Exchequer())
                .addSubcommand(new UpCommand(environment, clock, ticker, faults))
                .addSubcommand(new StatusCommand())
                .addSubcommand(new TokenCommand(environment, clock))
                .addSubcommand(new BackupCommand(environment, ticker))
                .addSubcommand(new RestoreCommand(ticker))
                .addSubcommand(new VerifyCommand(environment, ticker))
                .addSubcommand(new WitnessCommand(environment, clock))
                .addSubcommand(ProofLogCommands.create(clock))
                .addSubcommand(LedgerCommand.create(environment, clock, ticker))
                .addSubcommand(InwardCommand.create(environment, clock, ticker))
                .addSubcommand(ExchangeCommand.create(ticker))
                .addSubcommand(ScoringCommands.create(ticker))
                .addSubcommand(ShardsCommand.create(environment, clock, ticker))
                .addSubcommand(SubjectCommands.create(environment, clock, ticker));
        line.registerConverter(LocalDate.class, Exchequer::date);
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        line.setExitCodeExceptionMapper(Exchequer::exitCode);
        line.setExecutionExceptionHandler((e, command, result) -> failed(e, environment, command.getErr()));
        forAll(line, command -> {
            command.getCommandSpec().exitCodeOnInvalidInput(ExitCodes.USAGE);
            command.setCaseInsensitiveEnumValuesAllowed(true);
            command.setUsageHelpWidth(USAGE_COLUMNS);
        });
        return line;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        for (String entry : ExitCodes.LIST) {
            String[] parts = entry.split(":", 2);
            codes.put(parts[0], parts[1]);
        }
        return codes;
    }

    private static void forAll(CommandLine line, Consumer<CommandLine> action) {
        action.accept(line);
        line.getSubcommands().values().forEach(sub -> forAll(sub, action));
    }

    private static int exitCode(Throwable e) {
        return switch (e) {
            case CommandFailure failure -> failure.exitCode();
            case CommandLine.ParameterException ignored -> ExitCodes.USAGE;
            case DirectoryInUseException ignored -> ExitCodes.IN_USE;
            case HttpHost.CannotListenException ignored -> ExitCodes.IN_USE;
            case WrongMasterKeyException ignored -> ExitCodes.CONFIG;
            case InfrastructureException ignored -> ExitCodes.CANNOT_CREATE;
            case DatabaseException ignored -> ExitCodes.UNAVAILABLE;
            case SQLException sql when isOfConnection(sql) -> ExitCodes.UNAVAILABLE;
            default -> ExitCodes.SOFTWARE;
        };
    }

    /** Whether it says that there is no server, no such database, or no such user (SQLSTATE 08, 3D, 28, 57P). */
    private static boolean isOfConnection(SQLException e) {
        return String.valueOf(e.getSQLState()).matches("(08|3D|28|57P).*");
    }

    /** Which database the environment names, where it names one; never its password. */
    private static String database(Throwable e, Map<String, String> environment) {
        if (!(e instanceof DatabaseException || e instanceof SQLException)) {
            return "";
        }
        // What has got as far as a database has read its settings without error.
        String named = Settings.from(environment).databases().stream()
                .map(DatabaseAddress::toString)
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "" : Settings.DATABASE_URL + " is " + named + ": ";
    }

    /** Expected failures are one line; anything else is a bug and shows where. */
    private static int failed(Exception e, Map<String, String> environment, PrintWriter err) {
        int code = exitCode(e);
        err.println("exchequer: " + database(e, environment) + e.getMessage());
        if (code == ExitCodes.SOFTWARE) {
            LoggerFactory.getLogger(Exchequer.class).error("the command failed", e);
        }
        err.flush();
        return code;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? ./exchequer help lists them");
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new CommandLine.TypeConversionException("must be a date such as 2026-03-31, not " + text);
        }
    }
}
