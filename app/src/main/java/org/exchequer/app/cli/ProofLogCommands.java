package org.exchequer.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.exchequer.app.Program;
import org.exchequer.app.access.LocalActs;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.prooflog.Checkpoint;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.exchequer.prooflog.RetentionPolicy;
import org.exchequer.prooflog.SignedNote;
import org.exchequer.prooflog.SubjectKeys;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exchequer prooflog}: lists logs, archives and purges by age, erases subjects; on files, by their rights. */
final class ProofLogCommands {
    private ProofLogCommands() {}

    @Command(
            name = "prooflog",
            mixinStandardHelpOptions = true,
            description = {
                "The proof logs of a data directory: what there is, how long it is kept, who is forgotten.",
                "What changes something is in the access log before it happens."
            },
            synopsisSubcommandLabel = "COMMAND")
    private static final class All implements Runnable {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(
                    spec.commandLine(),
                    "which command? "
                            + String.join(
                                    ", ", spec.commandLine().getSubcommands().keySet()));
        }
    }

    static CommandLine create(Clock clock) {
        return new CommandLine(new All())
                .addSubcommand(new ListLogs())
                .addSubcommand(new Retain(clock))
                .addSubcommand(new Subjects())
                .addSubcommand(new Erase(clock));
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the logs and what is kept of each.")
    private static final class ListLogs implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private DataOption data = new DataOption();

        @Override
        public Integer call() throws IOException {
            boolean any = false;
            for (Path log : VerifyCommand.logs(data.path())) {
                any = true;
                spec.commandLine().getOut().println(line(name(data.path(), log), log));
            }
            if (!any) {
                throw new CommandFailure(ExitCodes.UNAVAILABLE, "no proof log in " + data.path());
            }
            return ExitCodes.OK;
        }

        private static String line(String name, Path log) throws IOException {
            try {
                SignedNote note = SignedNote.parse(Files.readString(log.resolve(ProofLog.CHECKPOINT)));
                return String.format(
                        Locale.ROOT,
                        "%-12s %,d entries signed; segments of 65,536: %d here, %d archived%s; key %s",
                        name,
                        Checkpoint.of(note).size(),
                        segments(log.resolve("entries")),
                        segments(log.resolve("archive")),
                        purged(log.resolve("retention")),
                        NoteKey.parse(Files.readString(log.resolve("log.vkey"))).vkey());
            } catch (MalformedNoteException e) {
                return name + ": its checkpoint or key is damaged: " + e.getMessage();
            }
        }

        private static long segments(Path folder) throws IOException {
            if (!Files.isDirectory(folder)) {
                return 0;
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> String.valueOf(file.getFileName()).matches("[0-9]{10}"))
                        .count();
            }
        }

        /** The newest record's words. {@code verify} checks its signature. */
        private static String purged(Path retention) throws IOException {
            if (!Files.exists(retention)) {
                return "";
            }
            return Files.readString(retention)
                    .lines()
                    .filter(line -> line.startsWith("purged "))
                    .reduce((first, second) -> second)
                    .map(line -> ", " + line)
                    .orElse("");
        }
    }

    /** {@code ledger}, {@code access}, {@code s1/ledger}. */
    static String name(Path data, Path log) {
        Path within = data.relativize(log);
        String own = String.valueOf(log.getFileName());
        return within.getNameCount() > 2 ? within.getName(1) + "/" + own : own;
    }

    @Command(
            name = "retain",
            mixinStandardHelpOptions = true,
            description = {
                "Moves full segments of a log to its archive, and deletes archived ones, by their newest entry's age.",
                "All hashes stay, and a signed record says what was purged: whatever remains verifies as before.",
                "While the program does not run on the directory."
            })
    private static final class Retain implements Callable<Integer> {
        private final Clock clock;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "LOG", description = "as list names it: ledger, access, s1/ledger")
        private String log = "";

        @Mixin
        private DataOption data = new DataOption();

        @Option(names = "--archive-after", required = true, paramLabel = "DAYS", description = "0 or more")
        private int archiveAfter;

        @Option(
                names = "--purge-after",
                required = true,
                paramLabel = "DAYS",
                description = "not less than --archive-after")
        private int purgeAfter;

        @Option(
                names = "--policy",
                required = true,
                paramLabel = "NAME",
                description = "what the signed record calls the rule, e.g. 'kept ten years, GoBD'")
        private String policy = "";

        Retain(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Integer call() throws IOException {
            if (archiveAfter < 0 || purgeAfter < archiveAfter) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--archive-after " + archiveAfter + ", --purge-after " + purgeAfter
                                + ": days must be 0 or more, and --purge-after not less than --archive-after");
            }
            RetentionPolicy rule;
            try {
                rule = new RetentionPolicy(policy, Duration.ofDays(archiveAfter), Duration.ofDays(purgeAfter));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
            Path folder = VerifyCommand.logs(data.path()).stream()
                    .filter(each -> name(data.path(), each).equals(log))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(
                            ExitCodes.UNAVAILABLE, "no proof log is called " + log + " in " + data.path()));
            String origin;
            try {
                origin = NoteKey.parse(Files.readString(folder.resolve("log.vkey")))
                        .name();
            } catch (MalformedNoteException e) {
                throw new CommandFailure(ExitCodes.FAILED, folder.resolve("log.vkey") + ": " + e.getMessage());
            }
            try (DataDirectory held = DataDirectory.open(data.path());
                    ProofLog open = ProofLog.open(ProofLog.Settings.of(folder, origin))) {
                record(
                        held.path(),
                        "prooflog retain " + log + ": archive after " + archiveAfter + " days, purge after "
                                + purgeAfter + " days, policy " + policy,
                        clock);
                ProofLog.Retained done = open.retain(rule, clock.instant());
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s: %d segments archived, %d purged; kept from position %d on%n",
                                log, done.archived(), done.purged(), done.purgedThrough());
                return ExitCodes.OK;
            } catch (ProofLogException e) {
                throw new CommandFailure(ExitCodes.FAILED, log + ": " + e.getMessage());
            }
        }
    }

    /** Where subjects' keys lie, and what opens them. */
    private static final class KeysOption {
        @Option(names = "--keys", required = true, paramLabel = "DIR", description = "folder of the subjects' keys")
        private Path folder = Path.of("");

        @Option(
                names = "--master",
                required = true,
                paramLabel = "FILE",
                description = "the master key: 64 hexadecimal digits")
        private Path master = Path.of("");

        SubjectKeys open() throws IOException {
            if (!Files.isDirectory(folder)) {
                throw new CommandFailure(ExitCodes.NO_INPUT, "there is no directory " + folder);
            }
            if (!Files.isReadable(master)) {
                throw new CommandFailure(ExitCodes.NO_INPUT, "there is no file " + master + " that can be read");
            }
            try {
                return SubjectKeys.open(
                        folder, HexFormat.of().parseHex(Files.readString(master).strip()));
            } catch (IllegalArgumentException e) {
                // Its contents are not repeated.
                throw new CommandFailure(ExitCodes.NO_INPUT, master + " must hold 64 hexadecimal digits");
            }
        }
    }

    @Command(
            name = "subjects",
            mixinStandardHelpOptions = true,
            description = "Lists subjects' keys: keyed hashes, which tell nobody who it is, and which were erased.")
    private static final class Subjects implements Callable<Integer> {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private KeysOption keys = new KeysOption();

        @Override
        public Integer call() throws IOException {
            SortedMap<String, Boolean> names = keys.open().names();
            names.forEach(
                    (name, there) -> spec.commandLine().getOut().println(name + (there ? "  has a key" : "  erased")));
            spec.commandLine().getOut().println(names.size() + " subjects");
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "erase-subject",
            mixinStandardHelpOptions = true,
            description = {
                "Destroys a subject's key for good.",
                "What was sealed under it stays in the logs, and its proofs hold, but nobody can read it.",
                "It is in the access log, by the key's name, before it happens.",
                "Backups of the keys' folder still have the key: delete those that are older."
            })
    private static final class Erase implements Callable<Integer> {
        private final Clock clock;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private DataOption data = new DataOption();

        @Mixin
        private KeysOption keys = new KeysOption();

        @Option(names = "--subject", required = true, paramLabel = "REF", description = "as it was sealed under")
        private String subject = "";

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why, for the access log")
        private String reason = "";

        @Option(
                names = "--approved-by",
                required = true,
                paramLabel = "NAME",
                description = "the second person, who is not you")
        private String approver = "";

        Erase(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Integer call() throws IOException {
            String user = System.getProperty("user.name", "local");
            if (subject.isBlank() || reason.isBlank() || approver.isBlank()) {
                throw new ParameterException(
                        spec.commandLine(), "--subject, --reason and --approved-by must not be blank");
            }
            if (approver.strip().equalsIgnoreCase(user)) {
                throw new ParameterException(spec.commandLine(), "--approved-by must be somebody else than you");
            }
            if (!Files.isDirectory(data.path().resolve(Program.SECURITY))) {
                throw new CommandFailure(
                        ExitCodes.UNAVAILABLE, data.path() + " is no data directory, whose access log could say it");
            }
            SubjectKeys open = keys.open();
            String name = open.name(subject);
            record(
                    data.path(),
                    "prooflog erase-subject " + name + ", approved by " + approver.strip() + ": " + reason,
                    clock);
            spec.commandLine()
                    .getOut()
                    .println(name + (open.erase(subject) ? " is erased" : " had no key, and will get none"));
            return ExitCodes.OK;
        }
    }

    private static void record(Path data, String act, Clock clock) {
        new LocalActs(data).leave(System.getProperty("user.name", "local"), Set.of(), act, clock);
    }
}
