package org.exchequer.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.exchequer.app.Program;
import org.exchequer.app.Settings;
import org.exchequer.app.ShardDatabases;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * The database of a data directory, for commands that work on it without the program's doors: of the running program,
 * or started for as long as the command runs.
 */
public final class LocalDatabase implements AutoCloseable {
    private final DatabaseAddress address;
    private final List<DatabaseAddress> databases;
    private final Path data;
    private final @Nullable DataDirectory held;
    private final @Nullable EmbeddedPostgres started;

    private LocalDatabase(
            List<DatabaseAddress> databases,
            Path data,
            @Nullable DataDirectory held,
            @Nullable EmbeddedPostgres started) {
        this.address = databases.getFirst();
        this.databases = databases;
        this.data = data;
        this.held = held;
        this.started = started;
    }

    /**
     * Finds or starts it. Close it when done.
     *
     * @param make whether a data directory is made where there is none
     * @throws CommandFailure when there is no such database
     */
    public static LocalDatabase open(
            Path data, boolean make, Map<String, String> environment, Ticker ticker, Consumer<String> progress) {
        Settings settings = settings(environment);
        if (settings.database() != null) {
            return new LocalDatabase(settings.databases(), data, null, null);
        }
        Path home = data.resolve(Program.POSTGRESQL);
        if (DataDirectory.holder(data).isPresent()) {
            DatabaseAddress address = EmbeddedPostgres.addressIn(home)
                    .orElseThrow(() -> new CommandFailure(
                            ExitCodes.UNAVAILABLE, "the program that runs on " + data + " has a database elsewhere"));
            return new LocalDatabase(List.of(address), data, null, null);
        }
        if (!make && !Files.isDirectory(home.resolve("data"))) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, data + " holds no database of the program");
        }
        DataDirectory held = DataDirectory.open(data);
        try {
            EmbeddedPostgres started = EmbeddedPostgres.start(
                    held.folder(Program.POSTGRESQL), settings.walArchive(held), ticker, progress);
            return new LocalDatabase(List.of(started.address()), held.path(), held, started);
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private static Settings settings(Map<String, String> environment) {
        try {
            return Settings.from(environment);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCodes.CONFIG, String.valueOf(e.getMessage()));
        }
    }

    public DatabaseAddress address() {
        return address;
    }

    /**
     * Those of the ledger's shards, in the order of their numbers; one where it is whole.
     *
     * @throws CommandFailure when it does not answer
     */
    List<DatabaseAddress> shards() {
        try {
            return databases.size() > 1 ? databases : ShardDatabases.on(address, 1);
        } catch (SQLException e) {
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "the database does not answer: " + e.getMessage());
        }
    }

    /** The cluster's home in the data directory. */
    Path home() {
        return data.resolve(Program.POSTGRESQL);
    }

    /** Identity of the data directory. */
    String node() {
        return DataDirectory.nodeOf(data).orElse("");
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
        if (held != null) {
            held.close();
        }
    }
}
