package org.exchequer.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.prooflog.DirectorySource;
import org.exchequer.prooflog.HttpSource;
import org.exchequer.prooflog.LogSource;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.ProofLogException;
import org.exchequer.prooflog.SignedNote;
import org.exchequer.prooflog.Witness;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exchequer witness}: watches a proof log from outside and cosigns what is consistent. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = {
            "Watches a proof log and cosigns its checkpoints as long as each contains the one before.",
            "Run it on another machine than the log's: its folder tells later whether the log was rewritten.",
            "A log that asks for a token gets the one in the environment variable EXCHEQUER_TOKEN."
        })
final class WitnessCommand implements Callable<Integer> {
    private static final int LONGEST_SECONDS = 86_400;

    private final Map<String, String> environment;
    private final Clock clock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--log",
            required = true,
            paramLabel = "URL|DIR",
            description = "the log: a prefix of C2SP tlog-tiles, or its directory")
    private String log = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "the witness's own folder, made when missing: its key, and what it cosigned")
    private Path data = Path.of("");

    @Option(
            names = "--log-key",
            paramLabel = "VKEY|FILE",
            description = "the log's public key; needed the first time, unless the log is a directory")
    private @Nullable String logKey;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what the witness is called in its signatures (default ${DEFAULT-VALUE})")
    private String name = "exchequer-witness";

    @Option(names = "--every", paramLabel = "SECONDS", description = "how often to look (default ${DEFAULT-VALUE})")
    private int everySeconds = 5;

    @Option(names = "--once", description = "look once; exit code 1 when the checkpoint is refused")
    private boolean once;

    @Option(
            names = "--deposit",
            paramLabel = "FILE",
            description = {
                "also leave the newest cosigned checkpoint here; as 'cosigned' in the log's directory, bundles carry it"
            })
    private @Nullable Path deposit;

    WitnessCommand(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (everySeconds < 1 || everySeconds > LONGEST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--every must be from 1 to " + LONGEST_SECONDS);
        }
        boolean http = log.startsWith("http://") || log.startsWith("https://");
        Optional<String> token = Optional.ofNullable(environment.get("EXCHEQUER_TOKEN"));
        try (HttpSource remote = new HttpSource(http ? prefix() : URI.create("http:/"), token)) {
            LogSource source = http ? remote : new DirectorySource(Path.of(log));
            Witness witness = Witness.open(data, name, key(http), clock);
            say("Witness " + witness.key().vkey());
            while (true) {
                boolean good = look(witness, source);
                if (once) {
                    return good ? ExitCodes.OK : ExitCodes.FAILED;
                }
                TimeUnit.SECONDS.sleep(everySeconds);
            }
        } catch (ProofLogException | InvalidPathException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, String.valueOf(e.getMessage()));
        }
    }

    private URI prefix() {
        try {
            return URI.create(log.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--log is not a URL: " + e.getMessage(), e);
        }
    }

    private NoteKey key(boolean http) {
        String named = logKey;
        String text;
        try {
            if (named == null) {
                Path pinned = data.resolve("log.vkey");
                Path beside = http ? pinned : Path.of(log).resolve("log.vkey");
                text = SmallFiles.read(pinned).or(() -> SmallFiles.read(beside)).orElse("");
                if (text.isEmpty() && !http && !Files.isDirectory(Path.of(log))) {
                    throw new CommandFailure(ExitCodes.NO_INPUT, "there is no directory " + log);
                }
                if (text.isEmpty()) {
                    throw new ParameterException(spec.commandLine(), "--log-key is needed: the log's public key");
                }
            } else {
                text = named.contains("+") ? named : Files.readString(Path.of(named));
            }
            return NoteKey.parse(text);
        } catch (MalformedNoteException e) {
            throw new ParameterException(spec.commandLine(), "--log-key: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "--log-key cannot be read: " + e);
        }
    }

    private boolean look(Witness witness, LogSource source) {
        try {
            return switch (witness.look(source)) {
                case Witness.Seen.Cosigned cosigned -> {
                    if (deposit != null) {
                        leave(deposit, cosigned.note());
                    }
                    say("cosigned " + cosigned.checkpoint().size() + " entries");
                    yield true;
                }
                case Witness.Seen.NothingNew ignored -> true;
                case Witness.Seen.Refused refused -> {
                    complain("REFUSED: " + refused.reason() + "; the checkpoint is kept in " + data.resolve("refused"));
                    yield false;
                }
            };
        } catch (IOException e) {
            if (once) {
                throw new CommandFailure(ExitCodes.UNAVAILABLE, "the log cannot be read: " + e.getMessage());
            }
            complain("the log cannot be read: " + e.getMessage());
            return false;
        }
    }

    private static void leave(Path file, SignedNote note) {
        try {
            SmallFiles.write(file, note.render());
        } catch (UncheckedIOException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, "--deposit: " + e.getMessage());
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(clock.instant() + " " + line);
        spec.commandLine().getOut().flush();
    }

    private void complain(String line) {
        spec.commandLine().getErr().println(clock.instant() + " " + line);
        spec.commandLine().getErr().flush();
    }
}
