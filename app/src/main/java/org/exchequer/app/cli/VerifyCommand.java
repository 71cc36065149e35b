package org.exchequer.app.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.jobs.ProofAudit;
import org.exchequer.platform.db.Database;
import org.exchequer.prooflog.LogComparison;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.exchequer.prooflog.verify.Verifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exchequer verify}: hands over to the auditor's {@link Verifier}, which works without this program too. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Verifies proof logs offline: every entry, hash, checkpoint and signature; or one entry's proof bundle.",
            "Exit code 0: all holds. 1: something does not, and the first bad position is named. 2: wrong usage."
        })
final class VerifyCommand implements Callable<Integer> {
    /** In a data directory, the folder of the logs. */
    static final String LOGS = "prooflog";

    private static final int WRONG_USAGE = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "a log, or a data directory with its logs in " + LOGS + "/")
    private @Nullable Path directory;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "a proof bundle of one entry; its key is --key, or that of the ledger's log in --data")
    private @Nullable Path bundle;

    @Option(
            names = "--key",
            paramLabel = "VKEY|FILE",
            description = "the log's public key, as you got it from somebody you trust (default: the one in the log)")
    private @Nullable String key;

    @Option(
            names = "--witness",
            paramLabel = "DIR",
            description = "a witness's folder: the log must contain everything that it cosigned")
    private List<Path> witnesses = new ArrayList<>();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that you kept: the log must contain everything that it signs")
    private List<Path> checkpoints = new ArrayList<>();

    @Option(
            names = "--journal",
            description =
                    "compare the ledger's journal in the database with the log of its data directory, while both are"
                            + " in use or not; alone, or with --key")
    private boolean journal;

    @Option(names = "--archive", paramLabel = "DIR", description = "where archived segments are (default: archive/)")
    private @Nullable Path archive;

    private final Map<String, String> environment;
    private final Ticker ticker;

    VerifyCommand(Map<String, String> environment, Ticker ticker) {
        this.environment = environment;
        this.ticker = ticker;
    }

    /** Its exit codes are the verifier's, also for usage errors. */
    static void useOwnExitCodes(CommandLine whole) {
        for (CommandLine sub : whole.getSubcommands().values()) {
            if (sub.getCommand() instanceof VerifyCommand) {
                sub.getCommandSpec().exitCodeOnInvalidInput(WRONG_USAGE);
                sub.setExitCodeExceptionMapper(e -> WRONG_USAGE);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        if (journal) {
            return compareJournal(directory == null ? data.path() : directory.toAbsolutePath());
        }
        List<String> options = new ArrayList<>();
        option(options, "--key", key == null && bundle != null ? keyHere() : key);
        option(options, "--archive", archive);
        witnesses.forEach(folder -> option(options, "--witness", folder));
        checkpoints.forEach(file -> option(options, "--checkpoint", file));
        option(options, "--bundle", bundle);
        if (directory == null || bundle != null) {
            option(options, "", directory);
            return Verifier.run(options, spec.commandLine().getOut());
        }
        List<Path> logs = logs(directory);
        if (logs.isEmpty()) {
            spec.commandLine().getErr().println("exchequer: no proof log in " + directory);
            return WRONG_USAGE;
        }
        int worst = ExitCodes.OK;
        for (Path log : logs) {
            if (inUse(log)) {
                spec.commandLine()
                        .getErr()
                        .println("exchequer: " + log + " is being written to; stop the program, or give --journal to"
                                + " compare the database with what is signed");
                return WRONG_USAGE;
            }
            List<String> arguments = new ArrayList<>(options);
            arguments.add(log.toString());
            worst = Math.max(worst, Verifier.run(arguments, spec.commandLine().getOut()));
        }
        return worst;
    }

    private int compareJournal(Path home) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LogComparison log = LogComparison.open(home.resolve(LOGS).resolve("ledger"), pinned());
                LocalDatabase database = LocalDatabase.open(home, false, environment, ticker, err::println);
                Database schema =
                        Database.open(database.address(), "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
                Connection connection = schema.connect()) {
            Optional<LogComparison.Difference> difference = ProofAudit.compare(connection, log, compared -> {});
            if (difference.isPresent()) {
                out.println("FAILED at position " + difference.get().position() + ": "
                        + difference.get().what());
                return ExitCodes.FAILED;
            }
            out.println("OK: the journal's first " + log.size() + " entries are those that the log has signed");
            return ExitCodes.OK;
        } catch (ProofLogException | SQLException | IOException e) {
            out.println("FAILED: " + e.getMessage());
            return ExitCodes.FAILED;
        }
    }

    private Optional<NoteKey> pinned() throws IOException {
        String text = key;
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(NoteKey.parse(text.contains("+") ? text : Files.readString(Path.of(text))));
        } catch (MalformedNoteException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--key: " + e.getMessage(), e);
        }
    }

    private static void option(List<String> options, String name, @Nullable Object value) {
        if (value != null) {
            if (!name.isEmpty()) {
                options.add(name);
            }
            options.add(value.toString());
        }
    }

    private @Nullable String keyHere() {
        Path file = data.path().resolve(LOGS).resolve("ledger").resolve("log.vkey");
        return Files.exists(file) ? file.toString() : null;
    }

    private static boolean inUse(Path log) throws IOException {
        Path lock = log.resolve("lock");
        if (!Files.isWritable(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock()) {
            return mine == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private static List<Path> logs(Path directory) throws IOException {
        Path logs = directory.resolve(LOGS);
        if (Files.exists(directory.resolve(ProofLog.CHECKPOINT)) || !Files.isDirectory(logs)) {
            return Files.isDirectory(directory.resolve("entries")) ? List.of(directory) : List.of();
        }
        try (Stream<Path> found = Files.list(logs)) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }
}
