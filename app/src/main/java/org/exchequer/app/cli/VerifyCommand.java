package org.exchequer.app.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.jobs.ProofAudit;
import org.exchequer.ledger.store.AccountFold;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.prooflog.Checkpoint;
import org.exchequer.prooflog.LogComparison;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.ProofBundle;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.exchequer.prooflog.Receipts;
import org.exchequer.prooflog.SignedNote;
import org.exchequer.prooflog.verify.Verifier;
import org.exchequer.regtech.RegtechModule;
import org.exchequer.regtech.edge.PackFiles;
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
            "Verifies proof logs, one entry's proof bundle, or a regulatory pack, offline.",
            "Of a log: every entry, hash, checkpoint and signature. Of a pack: its signature, every file and proof.",
            "Exit code 0: all holds. 1: something does not, and the first bad position is named. Others as help lists."
        })
final class VerifyCommand implements Callable<Integer> {
    /** In a data directory, the folder of the logs. */
    static final String LOGS = "prooflog";

    /** In a data directory, the folder with those of shards but the first. */
    private static final String SHARDS = "shards";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "a log, or a data directory with its logs in " + LOGS + "/ (default: that of --data)")
    private @Nullable Path directory;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "a proof bundle of one entry; its key is --key, or that of the log in --data that signed it")
    private @Nullable Path bundle;

    @Option(
            names = "--key",
            paramLabel = "VKEY|FILE",
            description = "the log's public key, as you got it from somebody you trust (default: the one in the log);"
                    + " in a data directory, of the log with the key's name")
    private @Nullable String key;

    @Option(
            names = "--witness",
            paramLabel = "DIR|VKEY",
            description = "a witness's folder: the log that it watches must contain everything that it cosigned; of a"
                    + " bundle, also the witness's public key: it must have cosigned the bundle's checkpoint")
    private List<String> witnesses = new ArrayList<>();

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

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "a regulatory pack; its key is --key, or that of the packs made with --data")
    private @Nullable Path pack;

    @Option(names = "--archive", paramLabel = "DIR", description = "where archived segments are (default: archive/)")
    private @Nullable Path archive;

    private final Map<String, String> environment;
    private final Ticker ticker;

    VerifyCommand(Map<String, String> environment, Ticker ticker) {
        this.environment = environment;
        this.ticker = ticker;
    }

    @Override
    public Integer call() throws IOException {
        if (pack != null) {
            return verifyPack(pack);
        }
        Path folder = directory == null ? data.path() : directory.toAbsolutePath();
        if (journal) {
            return compareJournal(folder);
        }
        List<String> options = options();
        if (bundle != null) {
            int code = verify("", options);
            if (code == ExitCodes.OK) {
                printEntry(bundle);
            }
            return code;
        }
        List<Path> logs = logs(folder);
        int worst = missing(folder);
        if (logs.isEmpty() && worst == ExitCodes.OK) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "no proof log in " + folder);
        }
        Map<Path, List<String>> outside = new HashMap<>();
        worst = Math.max(worst, share(folder, logs, outside));
        for (Path log : logs) {
            if (inUse(log)) {
                throw new CommandFailure(
                        ExitCodes.IN_USE,
                        log + " is being written to; stop the program, or give --journal to compare the database with"
                                + " what is signed");
            }
            List<String> arguments = new ArrayList<>(options);
            arguments.addAll(outside.getOrDefault(log, List.of()));
            arguments.add(log.toString());
            worst = Math.max(worst, verify(prefix(folder, log), arguments));
        }
        return worst;
    }

    /** What {@code prooflog list} calls a log of a data directory; nothing before the only one that was named. */
    private static String prefix(Path folder, Path log) {
        return log.equals(folder) ? "" : ProofLogCommands.name(folder, log) + ": ";
    }

    /**
     * Gives each log what others know of it: the key that the caller trusts, what witnesses cosigned and what somebody
     * kept is each about one log.
     */
    private int share(Path folder, List<Path> logs, Map<Path, List<String>> outside) throws IOException {
        int worst = ExitCodes.OK;
        if (key != null) {
            NoteKey trusted = parsed(key);
            List<Path> named = under(logs, trusted);
            for (Path log : named.isEmpty() ? logs : named) {
                option(outside.computeIfAbsent(log, each -> new ArrayList<>()), "--key", key);
            }
        }
        for (String witness : witnesses) {
            Path pinned = Path.of(witness).resolve("log.vkey");
            requireFile(pinned);
            worst = Math.max(worst, give("--witness", witness, parsed(pinned.toString()), folder, logs, outside));
        }
        for (Path file : checkpoints) {
            worst = Math.max(worst, give("--checkpoint", file.toString(), signer(file, logs), folder, logs, outside));
        }
        return worst;
    }

    private int give(
            String option,
            String value,
            @Nullable NoteKey of,
            Path folder,
            List<Path> logs,
            Map<Path, List<String>> outside)
            throws IOException {
        // A log that was named itself is meant, whatever its key has become.
        List<Path> meant = logs.equals(List.of(folder)) || of == null ? logs : under(logs, of);
        PrintWriter out = spec.commandLine().getOut();
        if (meant.isEmpty() && of != null) {
            out.println("FAILED: " + option + " " + value + " is about the log " + of.name() + ", which is not here");
            return ExitCodes.FAILED;
        }
        for (Path log : logs) {
            if (meant.contains(log)) {
                option(outside.computeIfAbsent(log, each -> new ArrayList<>()), option, value);
            } else {
                out.println(prefix(folder, log) + option + " " + value + " is about another log");
            }
        }
        return ExitCodes.OK;
    }

    /** Those with this key; where there are none, those of its name: begun anew under another key, perhaps. */
    private static List<Path> under(List<Path> logs, NoteKey key) throws IOException {
        List<Path> same = new ArrayList<>();
        List<Path> named = new ArrayList<>();
        for (Path log : logs) {
            Optional<NoteKey> here = keyOf(log);
            if (here.isPresent() && here.get().vkey().equals(key.vkey())) {
                same.add(log);
            } else if (here.isPresent() && here.get().name().equals(key.name())) {
                named.add(log);
            }
        }
        return same.isEmpty() ? named : same;
    }

    private static Optional<NoteKey> keyOf(Path log) throws IOException {
        Path file = log.resolve("log.vkey");
        try {
            return Files.exists(file) ? Optional.of(NoteKey.parse(Files.readString(file))) : Optional.empty();
        } catch (MalformedNoteException damaged) {
            return Optional.empty(); // the verifier says so
        }
    }

    /** The key of the log that signed it; null where none of these did. */
    private static @Nullable NoteKey signer(Path checkpoint, List<Path> logs) throws IOException {
        try {
            SignedNote note = SignedNote.parse(Files.readString(checkpoint));
            String origin = Checkpoint.of(note).origin();
            NoteKey named = null;
            for (Path log : logs) {
                Optional<NoteKey> here = keyOf(log);
                if (here.isPresent() && here.get().signed(note)) {
                    return here.get();
                }
                named = here.isPresent() && here.get().name().equals(origin) ? here.get() : named;
            }
            return named;
        } catch (MalformedNoteException damaged) {
            return null; // the verifier says so
        }
    }

    /** The verifier's own arguments, once everything that they name is known to be there. */
    private List<String> options() throws IOException {
        if (bundle != null) {
            requireFile(bundle);
        }
        String pinned = key == null && bundle != null ? keyHere(bundle) : key;
        if (bundle != null && directory != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "give DIR or --bundle, not both");
        }
        if (bundle != null && pinned == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--bundle takes --key: there is no log's key in " + data.path());
        }
        if (bundle == null && directory != null && !Files.isDirectory(directory)) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "there is no directory " + directory);
        }
        List<String> options = new ArrayList<>();
        if (pinned != null) {
            requireKey(pinned);
        }
        option(options, "--archive", archive);
        List<String> named = witnesses.stream().map(this::witness).toList();
        checkpoints.forEach(VerifyCommand::requireFile);
        if (bundle != null) {
            option(options, "--key", pinned);
            named.forEach(witness -> option(options, "--witness", witness));
            checkpoints.forEach(file -> option(options, "--checkpoint", file));
            option(options, "--bundle", bundle);
        }
        return options;
    }

    /** What the verifier takes: of a log a witness's folder, of a bundle its key. */
    private String witness(String named) {
        if (bundle == null) {
            Path folder = Path.of(named);
            return required(folder.resolve("witness.vkey"), folder);
        }
        if (named.contains("+") && !Files.exists(Path.of(named))) {
            return parsedWitness(named);
        }
        Path file = Files.isDirectory(Path.of(named)) ? Path.of(named).resolve("witness.vkey") : Path.of(named);
        return required(file, file);
    }

    private String parsedWitness(String vkey) {
        try {
            return NoteKey.parse(vkey).vkey();
        } catch (MalformedNoteException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--witness: " + e.getMessage(), e);
        }
    }

    private static String required(Path file, Path named) {
        requireFile(file);
        return named.toString();
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "there is no file " + file + " that can be read");
        }
    }

    private static void requireKey(String named) {
        if (!named.contains("+")) {
            requireFile(Path.of(named));
        }
    }

    /** Runs the verifier; what it would call wrong usage has been refused before. */
    private int verify(String prefix, List<String> arguments) {
        StringWriter said = new StringWriter();
        int code = Verifier.run(arguments, new PrintWriter(said, true));
        PrintWriter out = spec.commandLine().getOut();
        said.toString().lines().forEach(line -> out.println(prefix + line));
        out.flush();
        return code == ExitCodes.OK ? code : ExitCodes.FAILED;
    }

    /** What is proved, not only that it is. */
    private void printEntry(Path of) throws IOException {
        try {
            JournalEntryText.of(ProofBundle.parse(Files.readString(of)).entry())
                    .forEach(line -> spec.commandLine().getOut().println("  " + line));
        } catch (MalformedNoteException e) {
            throw new IllegalStateException("the verifier has read it", e);
        }
    }

    private int verifyPack(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "there is no directory " + folder);
        }
        PrintWriter out = spec.commandLine().getOut();
        Path here = data.path().resolve(RegtechModule.FOLDER).resolve("pack.vkey");
        if (key == null && !Files.exists(here)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--key: is missing, and there is none at " + here);
        }
        NoteKey trusted = parsed(key == null ? here.toString() : key);
        Optional<String> wrong = PackFiles.verify(folder, trusted);
        out.println(wrong.map(what -> "FAILED: " + what)
                .orElse("OK: every file and proof of the pack is as signed by " + trusted.name()));
        return wrong.isPresent() ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private int compareJournal(Path home) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (logs(home).isEmpty()) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "no proof log in " + home);
        }
        try (LocalDatabase database = LocalDatabase.open(home, false, environment, ticker, err::println)) {
            int worst = ExitCodes.OK;
            List<DatabaseAddress> databases = database.shards();
            for (int shard = 0; shard < databases.size(); shard++) {
                String name = databases.size() == 1 ? "" : shard == 0 ? "ledger: " : "s" + shard + "/ledger: ";
                Path files = shard == 0 ? home : home.resolve(SHARDS).resolve("s" + shard);
                Path log = files.resolve(LOGS).resolve("ledger");
                worst = Math.max(worst, compareJournal(name, log, databases.get(shard), out));
            }
            return worst;
        }
    }

    private int compareJournal(String name, Path folder, DatabaseAddress database, PrintWriter out) throws IOException {
        try (LogComparison log = LogComparison.open(folder, pinned());
                Database schema = Database.open(database, "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
                Connection connection = schema.connect()) {
            Optional<LogComparison.Difference> difference = ProofAudit.compare(connection, log, compared -> {});
            if (difference.isPresent()) {
                long position = difference.get().position();
                // The log counts from 0, the journal's sequence from 1.
                out.println(name + "FAILED at position " + position + " (journal sequence " + (position + 1) + "): "
                        + difference.get().what());
                return ExitCodes.FAILED;
            }
            out.println(name + "OK: the journal's first " + log.size() + " entries are those that the log has signed");
            return compareAccounts(name, connection, out);
        } catch (SQLException e) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "the database does not answer: " + e.getMessage());
        } catch (ProofLogException | IOException e) {
            out.println(name + "FAILED: " + e.getMessage());
            return ExitCodes.FAILED;
        }
    }

    /** What commands are decided by must be what the journal says, or the journal is in vain. */
    private static int compareAccounts(String name, Connection connection, PrintWriter out) throws SQLException {
        AccountFold.Compared compared = AccountFold.compareAll(connection);
        if (!compared.violation().isEmpty()) {
            out.println(name + "FAILED: accounts are not what the journal made them: " + compared.violation());
            return ExitCodes.FAILED;
        }
        out.println(name + "OK: " + compared.accounts() + " accounts are what the journal made them");
        return ExitCodes.OK;
    }

    private Optional<NoteKey> pinned() throws IOException {
        String text = key;
        return text == null ? Optional.empty() : Optional.of(parsed(text));
    }

    private NoteKey parsed(String text) throws IOException {
        requireKey(text);
        try {
            return NoteKey.parse(text.contains("+") ? text : Files.readString(Path.of(text)));
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

    /** The key of the log in the data directory that signed the bundle; the ledger's when none of them did. */
    private @Nullable String keyHere(Path of) throws IOException {
        Path usual = data.path().resolve(LOGS).resolve("ledger").resolve("log.vkey");
        boolean here = Files.isDirectory(data.path().resolve(LOGS));
        for (Path log : here ? logs(data.path()) : List.<Path>of()) {
            Path file = log.resolve("log.vkey");
            try {
                if (Files.exists(file)
                        && NoteKey.parse(Files.readString(file))
                                .signed(ProofBundle.parse(Files.readString(of)).checkpoint())) {
                    return file.toString();
                }
            } catch (MalformedNoteException e) {
                break; // the verifier says what is wrong with the bundle
            }
        }
        return Files.exists(usual) ? usual.toString() : null;
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

    /** The logs of a data directory, those of its shards included; or the directory itself, if it is one. */
    static List<Path> logs(Path directory) throws IOException {
        if (Files.exists(directory.resolve(ProofLog.CHECKPOINT)) || !Files.isDirectory(directory.resolve(LOGS))) {
            return Files.isDirectory(directory.resolve("entries")) ? List.of(directory) : List.of();
        }
        List<Path> logs = new ArrayList<>(folders(directory.resolve(LOGS)));
        for (Path shard : folders(directory.resolve(SHARDS))) {
            logs.addAll(folders(shard.resolve(LOGS)));
        }
        return logs;
    }

    /** Names each log that a data directory knows of and does not have. */
    private int missing(Path directory) throws IOException {
        int worst = ExitCodes.OK;
        List<Path> roots = new ArrayList<>(List.of(directory));
        roots.addAll(folders(directory.resolve(SHARDS)));
        for (Path root : roots) {
            for (Map.Entry<Path, String> each :
                    Receipts.in(root, Path.of(SHARDS)).entrySet()) {
                Path here = each.getKey().resolve("log.vkey");
                String known = Files.exists(here) ? Files.readString(here).strip() : "";
                if (!known.equals(each.getValue())) {
                    spec.commandLine()
                            .getOut()
                            .println(ProofLogCommands.name(directory, each.getKey()) + ": FAILED: the log with the key "
                                    + each.getValue() + " is gone from " + each.getKey());
                    worst = ExitCodes.FAILED;
                }
            }
        }
        return worst;
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(parent)) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }
}
