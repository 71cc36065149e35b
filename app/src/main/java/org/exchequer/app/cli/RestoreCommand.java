package org.exchequer.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.backup.BackupException;
import org.exchequer.platform.backup.ClusterRestore;
import org.exchequer.platform.backup.ClusterRestore.Request;
import org.exchequer.platform.backup.ClusterRestore.Restored;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exchequer restore}: makes a new data directory from a backup and the archived log. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a new data directory from a backup and the archived log, as of a second.",
            "Where the old data directory is still there, its newest log is used too; nothing of it is changed."
        })
final class RestoreCommand implements Callable<Integer> {
    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--from", required = true, paramLabel = "DIR", description = "the backup's folder")
    private Path backup = Path.of("");

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TIME",
            description = "all transactions up to this time, e.g. 2026-11-22T10:15:30Z; latest: all there are;"
                    + " backup: as of the backup's own end, without any archive")
    private String to = "";

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "a new or an empty data directory")
    private Path target = Path.of("");

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "where the archived log is now (default: where it was when the backup was made)")
    private @Nullable Path archive;

    RestoreCommand(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path absolute = target.toAbsolutePath().normalize();
        Request request =
                new Request(backup.toAbsolutePath().normalize(), archive, time(), absolute, to.equals("backup"));
        long began = ticker.nanos();
        Restored restored;
        try {
            restored = ClusterRestore.restore(request, new Faults(), ticker, this::say);
        } catch (BackupException e) {
            throw new CommandFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, "nothing was restored: " + e);
        }
        say(String.format(
                "Restored %s in %.1f s: %,d segments of the log replayed, %,d pages verified.",
                absolute, (ticker.nanos() - began) / 1e9, restored.segments(), restored.pages()));
        restored.lastTransaction().ifPresent(time -> say("  Its last transaction is of " + time + "."));
        say("  ./exchequer up --data '" + absolute + "'");
        return ExitCodes.OK;
    }

    private @Nullable Instant time() {
        if (to.equals("latest") || to.equals("backup")) {
            return null;
        }
        try {
            return OffsetDateTime.parse(to).toInstant();
        } catch (DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--to must be latest, backup, or a time with its zone like 2026-11-22T10:15:30Z or"
                            + " 2026-11-22T11:15:30+01:00",
                    e);
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
