package org.exchequer.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.backup.BackupException;
import org.exchequer.platform.backup.ClusterBackup;
import org.exchequer.platform.backup.ClusterBackup.Done;
import org.exchequer.platform.backup.ClusterBackup.Source;
import org.exchequer.platform.backup.WalArchive;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exchequer backup}: copies the embedded PostgreSQL while it runs. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a backup of the embedded PostgreSQL, while it runs or not.",
            "From the first backup on its log is archived, so that any later second can be restored."
        })
final class BackupCommand implements Callable<Integer> {
    private static final int MOST_KEPT = 10_000;

    private final Map<String, String> environment;
    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "7",
            description = "archive the log for the newest N backups, and delete what only older ones need"
                    + " (default ${DEFAULT-VALUE})")
    private int keep = 7;

    private static final class What {
        @Option(names = "--to", paramLabel = "DIR", description = "a new or an empty folder for the backup")
        private @Nullable Path target;

        @Option(names = "--end-archiving", description = "stop archiving the log, and delete the archive")
        private boolean endArchiving;
    }

    BackupCommand(Map<String, String> environment, Ticker ticker) {
        this.environment = environment;
        this.ticker = ticker;
    }

    @Override
    public Integer call() {
        if (keep < 1 || keep > MOST_KEPT) {
            throw new ParameterException(spec.commandLine(), "--keep must be from 1 to " + MOST_KEPT);
        }
        String external = environment.getOrDefault("EXCHEQUER_DATABASE_URL", "");
        if (!external.isBlank()) {
            throw new CommandFailure(
                    ExitCodes.UNAVAILABLE,
                    "EXCHEQUER_DATABASE_URL is set: back that PostgreSQL up with its own tools, e.g. pg_basebackup");
        }
        try (LocalDatabase database = LocalDatabase.open(data.path(), false, environment, ticker, this::say)) {
            Source source = new Source(database.address(), database.home(), database.node());
            Path target = what.target;
            if (target == null) {
                WalArchive.Pruned pruned = ClusterBackup.endArchiving(source, ticker, this::say);
                say("The log is archived no more; " + pruned.segments() + " segments deleted.");
            } else {
                requireOutside(target);
                long began = ticker.nanos();
                Done done = ClusterBackup.take(source, target, keep, new Faults(), ticker, this::say);
                print(done, target.toAbsolutePath().normalize(), ticker.nanos() - began);
            }
            return ExitCodes.OK;
        } catch (BackupException e) {
            throw new CommandFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "the database does not answer: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, "the backup was not made: " + e);
        }
    }

    /** What is lost with the data directory is no backup of it. */
    private void requireOutside(Path target) throws IOException {
        Path folder = target.toAbsolutePath().normalize();
        Path there = folder;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        Path home = data.path().toRealPath();
        if (folder.startsWith(data.path())
                || (there != null && there.toRealPath().startsWith(home))) {
            throw new CommandFailure(
                    ExitCodes.CANNOT_CREATE,
                    "the backup cannot lie inside the data directory that it is of: " + target);
        }
    }

    private void print(Done done, Path target, long nanos) {
        String size = String.format(
                "%,d files, %,d MiB, %.1f s",
                done.manifest().files().size(), done.manifest().bytes() >> 20, nanos / 1e9);
        say("Backup " + target + " is complete: " + size + ".");
        say("  It can be restored as of " + done.manifest().consistentAt() + " and any time after that.");
        say("  The log is archived in " + done.manifest().walArchive() + "; "
                + done.pruned().segments() + " segments deleted that no kept backup needs.");
        for (String released : done.pruned().released()) {
            say("  " + released + " can be restored as of its own end only from now on (--to backup).");
        }
        say("  ./exchequer restore --from '" + target + "' --to latest --data NEW-DIRECTORY");
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
