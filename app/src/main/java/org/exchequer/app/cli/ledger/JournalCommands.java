package org.exchequer.app.cli.ledger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.DataOption;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.LocalDatabase;
import org.exchequer.ledger.store.BadJournalException;
import org.exchequer.ledger.store.JournalExport;
import org.exchequer.ledger.store.JournalExport.BrokenChainException;
import org.exchequer.ledger.store.JournalImport;
import org.exchequer.ledger.store.JournalImport.NotPossibleException;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.infra.Folders;
import org.exchequer.platform.infra.SmallFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exchequer ledger export-journal} and {@code import-journal}: a whole ledger as one file of text. */
final class JournalCommands {
    private JournalCommands() {}

    /** What both do: open the ledger's schema, tell how far they are, turn what went wrong into an exit code. */
    private abstract static class Action implements Callable<Integer> {
        private static final Duration TELL_EVERY = Duration.ofSeconds(2);

        private final LedgerContext context;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private DataOption data = new DataOption();

        Action(LedgerContext context) {
            this.context = context;
        }

        abstract JournalExport.Summary run(Connection connection, LongConsumer progress)
                throws IOException, SQLException, BrokenChainException, BadJournalException, NotPossibleException;

        /** Refuses what cannot succeed before anything is opened or made. */
        abstract void check();

        /** Whether a data directory is made where there is none. */
        abstract boolean makes();

        abstract String done(JournalExport.Summary summary);

        @Override
        public final Integer call() {
            check();
            long began = context.ticker().nanos();
            boolean missing = !Files.exists(data.path());
            boolean done = false;
            try {
                work(began);
                done = true;
            } finally {
                if (!done && missing && makes()) {
                    clear(data.path());
                }
            }
            return ExitCodes.OK;
        }

        /** Leaves nothing of a data directory that was made for what came to nothing. */
        private void clear(Path made) {
            try {
                Folders.delete(made);
            } catch (IOException e) {
                say(made + " was made for nothing, and cannot be deleted: " + e.getMessage());
            }
        }

        private void work(long began) {
            JournalExport.Summary summary;
            try (LocalDatabase database = LocalDatabase.open(
                            data.path(), makes(), context.environment(), context.ticker(), this::say);
                    Database schema = Database.open(
                            database.address(), "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
                    Connection connection = schema.connect()) {
                summary = run(connection, progress());
            } catch (BadJournalException e) {
                throw new CommandFailure(ExitCodes.NO_INPUT, String.valueOf(e.getMessage()));
            } catch (BrokenChainException | NotPossibleException e) {
                throw new CommandFailure(ExitCodes.FAILED, String.valueOf(e.getMessage()));
            } catch (SQLException e) {
                throw new CommandFailure(ExitCodes.UNAVAILABLE, "the database refused: " + e.getMessage());
            } catch (IOException e) {
                throw new CommandFailure(ExitCodes.CANNOT_CREATE, String.valueOf(e));
            }
            say(String.format(
                    "%s %,d entries in %,d batches, last hash %s, in %.1f s.",
                    done(summary),
                    summary.entries(),
                    summary.batches(),
                    summary.hash(),
                    (context.ticker().nanos() - began) / 1e9));
        }

        private LongConsumer progress() {
            long[] tell = {context.ticker().nanos() + TELL_EVERY.toNanos()};
            return entry -> {
                if (context.ticker().nanos() > tell[0]) {
                    say(String.format("%,d entries so far", entry));
                    tell[0] = context.ticker().nanos() + TELL_EVERY.toNanos();
                }
            };
        }

        private void say(String line) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }

    @Command(
            name = "export-journal",
            description = {
                "Writes the whole journal to a file, as of one moment, while the ledger runs.",
                "gzip, one JSON value per line; docs/operating/backup.md has the format."
            })
    static final class Export extends Action {
        @Option(
                names = "--to",
                required = true,
                paramLabel = "FILE",
                description = "a new file, e.g. journal.ndjson.gz")
        private Path file = Path.of("");

        Export(LedgerContext context) {
            super(context);
        }

        @Override
        void check() {
            if (Files.exists(file)) {
                throw new CommandFailure(ExitCodes.CANNOT_CREATE, file + " exists already");
            }
        }

        @Override
        boolean makes() {
            return false;
        }

        @Override
        JournalExport.Summary run(Connection connection, LongConsumer progress)
                throws IOException, SQLException, BrokenChainException {
            Path folder = SmallFiles.parent(file);
            // Under another name until it is whole and durable.
            Path part = Files.createTempFile(
                    folder,
                    file.getFileName().toString(),
                    ".part",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                JournalExport.Summary summary;
                try (FileChannel channel = FileChannel.open(part, Set.of(StandardOpenOption.WRITE));
                        OutputStream out = Channels.newOutputStream(channel)) {
                    summary = JournalExport.write(connection, out, progress);
                    channel.force(true);
                }
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                SmallFiles.sync(folder);
                return summary;
            } finally {
                Files.deleteIfExists(part);
            }
        }

        @Override
        String done(JournalExport.Summary summary) {
            return "Exported to " + file + ":";
        }
    }

    @Command(
            name = "import-journal",
            description = {
                "Reads an exported journal into an empty ledger: all of it, or nothing.",
                "Ids, hashes, balances and the answers to keys used before are then what they were.",
                "No program may run on the data directory; one that does not exist is made."
            })
    static final class Import extends Action {
        @Parameters(paramLabel = "FILE", description = "a file that export-journal wrote")
        private Path file = Path.of("");

        Import(LedgerContext context) {
            super(context);
        }

        @Override
        void check() {
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new CommandFailure(ExitCodes.NO_INPUT, "there is no file " + file + " that can be read");
            }
        }

        @Override
        boolean makes() {
            return true;
        }

        @Override
        JournalExport.Summary run(Connection connection, LongConsumer progress)
                throws IOException, SQLException, BadJournalException, NotPossibleException {
            try (InputStream in = Files.newInputStream(file)) {
                return JournalImport.read(connection, in, progress);
            }
        }

        @Override
        String done(JournalExport.Summary summary) {
            return "Imported " + file + ":";
        }
    }
}
