package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.SmallFiles;

/** Makes a running server archive its log, and waits until it has. */
final class Archiving {
    private static final String SETTINGS = "archive.conf";
    /** The second line bounds what is lost with the machine: a segment is archived after a minute, full or not. */
    private static final String ARCHIVE = """
            # Written by the first backup; exchequer backup --end-archiving takes it away.
            archive_command = ''
            archive_library = 'basic_archive'
            archive_timeout = 60s
            """;

    private static final Duration LONGEST_SWITCH = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration TELL_AFTER = Duration.ofSeconds(2);

    private final DatabaseAddress address;
    private final Connection connection;
    private final Path home;
    private final Ticker ticker;
    private final Consumer<String> progress;

    /**
     * @param connection to that address, as superuser
     * @param home the cluster's home: the folder of its settings
     */
    Archiving(DatabaseAddress address, Connection connection, Path home, Ticker ticker, Consumer<String> progress) {
        this.address = address;
        this.connection = connection;
        this.home = home;
        this.ticker = ticker;
        this.progress = progress;
    }

    /**
     * Switches archiving on where it is off, and returns once a segment has arrived.
     *
     * @throws BackupException when the user's own settings stand against it
     */
    WalArchive switchOn() throws SQLException, IOException, BackupException {
        if (!Files.exists(home.resolve(SETTINGS))) {
            writeSettings(home);
            one("SELECT pg_reload_conf()");
        }
        if (!one("SHOW archive_mode").equals("on")) {
            throw new BackupException(refusal("archive_mode"));
        }
        WalArchive archive = folder();
        // The server reads its settings when it gets to it, and what it archives until then goes nowhere.
        long began = ticker.nanos();
        while (!arrived(archive, switchSegment(), LOOK_EVERY)) {
            wakeServer();
            if (!one("SHOW archive_library").equals("basic_archive")
                    || !one("SHOW archive_command").isEmpty()) {
                throw new BackupException(refusal("archive_library or archive_command"));
            }
            if (ticker.nanos() - began > LONGEST_SWITCH.toNanos()) {
                throw new BackupException(stuck(archive));
            }
        }
        return archive;
    }

    /** It starts its archiver anew for other settings, at most every ten seconds and only when it wakes. */
    private void wakeServer() throws SQLException {
        ClusterBackup.connect(address).close();
    }

    /** For the server's next start, or its next reading of its settings. */
    static void writeSettings(Path home) {
        SmallFiles.write(home.resolve(SETTINGS), ARCHIVE);
    }

    /** Deletes what is archived and archives nothing from now on. */
    WalArchive.Pruned switchOff() throws SQLException, IOException {
        Files.deleteIfExists(home.resolve(SETTINGS));
        SmallFiles.sync(home);
        one("SELECT pg_reload_conf()");
        return folder().prune(0);
    }

    /** Has the segment in use archived, full or not; for a last look at a server that goes on. */
    void flush() throws SQLException, BackupException {
        WalArchive archive = folder();
        awaitArrival(archive, switchSegment());
    }

    /** @throws BackupException when it has not arrived after a minute */
    void awaitArrival(WalArchive archive, String segment) throws SQLException, BackupException {
        if (!arrived(archive, segment, LONGEST_SWITCH)) {
            throw new BackupException(stuck(archive));
        }
    }

    /** Where the server's settings say. */
    private WalArchive folder() throws SQLException {
        return new WalArchive(Path.of(one("SELECT current_setting('basic_archive.archive_directory')")));
    }

    /** Ends the segment in use and returns its name. */
    private String switchSegment() throws SQLException {
        // Without a record in it a segment is not ended.
        one("SELECT pg_logical_emit_message(false, 'exchequer', 'backup')");
        return one("SELECT pg_walfile_name(pg_switch_wal() - 1)");
    }

    private boolean arrived(WalArchive archive, String segment, Duration patience) throws SQLException {
        long began = ticker.nanos();
        long tell = TELL_AFTER.toNanos();
        while (!Files.exists(archive.folder().resolve(segment))) {
            long waited = ticker.nanos() - began;
            if (waited > patience.toNanos()) {
                return false;
            }
            if (waited > tell) {
                progress.accept("waiting until the log is archived to " + archive.folder());
                tell += Duration.ofSeconds(5).toNanos();
            }
            one("SELECT pg_sleep(0.05)");
        }
        return true;
    }

    private static String refusal(String setting) {
        return "exchequer.conf sets " + setting + "; take it out, or go on backing up with your own tools";
    }

    private String stuck(WalArchive archive) throws SQLException {
        String failed = one("SELECT coalesce(last_failed_wal, '') FROM pg_stat_archiver");
        return "the log is not archived to " + archive.folder() + (failed.isEmpty() ? "" : ", last failed: " + failed)
                + "; is the disk full? See " + home.resolve("server.log");
    }

    private String one(String sql) throws SQLException {
        return one(connection, sql);
    }

    static String one(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("no row for: " + sql);
                }
                return String.valueOf(row.getString(1));
            }
        }
    }
}
