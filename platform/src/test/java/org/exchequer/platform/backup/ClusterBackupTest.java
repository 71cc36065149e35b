package org.exchequer.platform.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.backup.ClusterRestore.Request;
import org.exchequer.platform.backup.ClusterRestore.Restored;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.infra.InfrastructureException;
import org.exchequer.platform.testing.ChildJvm;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One cluster, backed up while it is written to; every test restores from that into a directory of its own. */
@Timeout(120)
class ClusterBackupTest {
    private static final Path SHARED = TestFolders.create("backup");
    private static final Path SOURCE = SHARED.resolve("source");
    private static final Path BACKUP = SHARED.resolve("backup");
    private static final Path ARCHIVE = WalArchive.in(SOURCE);

    private static Instant afterTwo = Instant.EPOCH;

    @TempDir
    private Path folder;

    /** Rows 1 before the backup, 2 after it, 3 later still; then the server is killed with its log unarchived. */
    @BeforeAll
    static void backUp() throws Exception {
        DataDirectory directory = DataDirectory.open(SOURCE);
        EmbeddedPostgres postgres = start(SOURCE);
        DatabaseAddress address = postgres.address();
        execute(address, "CREATE TABLE kept AS SELECT 1 AS n, repeat('x', 1000) AS filler");
        execute(address, "INSERT INTO kept SELECT 0, repeat('y', 1000) FROM generate_series(1, 5000)");
        ClusterBackup.take(source(postgres), BACKUP, 7, new Faults(), Ticker.system(), System.out::println);
        execute(address, "INSERT INTO kept VALUES (2)");
        afterTwo = now(address);
        Path archived = ARCHIVE.resolve(switchLog(address));
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(archived));
        execute(address, "INSERT INTO kept VALUES (3)");
        postgres.closeAtOnce();
        directory.close();
    }

    @AfterAll
    static void delete() {
        TestFolders.delete(SHARED);
    }

    @Test
    void restores_to_a_second() throws Exception {
        Restored restored = restore(BACKUP, afterTwo);
        assertThat(restored.pages()).isGreaterThan(1_000);
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void restores_the_last_committed_row_that_no_archive_has() throws Exception {
        restore(BACKUP, null);
        assertThat(rows()).containsExactly(1, 2, 3);
    }

    @Test
    void restores_from_backup_and_archive_when_the_source_is_gone() throws Exception {
        Path elsewhere = copy(BACKUP, "moved-backup");
        Path archive = copy(ARCHIVE, "moved-archive");
        forgetSource(elsewhere);
        ClusterRestore.restore(
                new Request(elsewhere, archive, null, target()), new Faults(), Ticker.system(), System.out::println);
        assertThat(rows()).containsExactly(1, 2);
    }

    @Test
    void restores_a_backup_alone_to_its_own_end() throws Exception {
        Path elsewhere = copy(BACKUP, "moved-backup");
        forgetSource(elsewhere);
        restore(elsewhere, null);
        assertThat(rows()).containsExactly(1);
    }

    @Test
    void a_restored_cluster_can_be_backed_up_and_restored_again() throws Exception {
        restore(BACKUP, afterTwo);
        ArchivedBefore.in(target().resolve("postgresql"));
        Path second = folder.resolve("second");
        try (EmbeddedPostgres postgres = start(target())) {
            execute(postgres.address(), "INSERT INTO kept VALUES (4)");
            ClusterBackup.Source source =
                    new ClusterBackup.Source(postgres.address(), target().resolve("postgresql"), "node");
            ClusterBackup.take(source, second, 7, new Faults(), Ticker.system(), System.out::println);
            execute(postgres.address(), "INSERT INTO kept VALUES (5)");
            Path again = folder.resolve("again");
            // The source runs: it is asked to archive what it has not yet.
            ClusterRestore.restore(
                    new Request(second, null, null, again), new Faults(), Ticker.system(), System.out::println);
            assertThat(rows(again)).containsExactly(1, 2, 4, 5);
        }
    }

    @Test
    void refuses_a_time_before_the_backup_and_one_after_the_log() throws Exception {
        Instant before = Manifest.read(BACKUP).startedAt();
        assertThatThrownBy(() -> restore(BACKUP, before))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("the backup was complete at");
        assertThat(target()).doesNotExist();
        assertThatThrownBy(() -> restore(BACKUP, afterTwo.plusSeconds(3_600)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("the log ends before")
                .hasMessageContaining("its last transaction is of 20");
        assertNothingStartsOn(target());
    }

    @Test
    void refuses_a_folder_that_is_in_use() throws IOException {
        Files.createDirectories(target());
        Files.writeString(target().resolve("letter"), "dear");
        assertThatThrownBy(() -> restore(BACKUP, null))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() -> restore(target(), null))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("holds no complete backup");
    }

    @Test
    void refuses_a_damaged_backup() throws Exception {
        Path damaged = copy(BACKUP, "damaged");
        Path file = damaged.resolve("data/PG_VERSION");
        Files.writeString(file, "17\n");
        assertThatThrownBy(() -> restore(damaged, null))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("damaged: data/PG_VERSION");
        assertNothingStartsOn(target());
        Files.delete(file);
        assertThatThrownBy(() -> restoreInto("other", damaged))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("lacks data/PG_VERSION");
        Files.writeString(damaged.resolve("data/standby.signal"), "");
        assertThatThrownBy(() -> restoreInto("third", damaged))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("data/standby.signal, which its manifest does not name");
    }

    @Test
    void refuses_a_log_with_a_gap_or_a_damage_in_its_middle() throws Exception {
        Path elsewhere = copy(BACKUP, "moved-backup");
        forgetSource(elsewhere);
        Path archive = copy(ARCHIVE, "gap");
        WalSegment last = last(archive);
        Files.move(archive.resolve(last.name()), archive.resolve(last.next().name()));
        Request gap = new Request(elsewhere, archive, null, target());
        assertThatThrownBy(() -> ClusterRestore.restore(gap, new Faults(), Ticker.system(), System.out::println))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("lacks " + last.name());
        // The backup has all that it needs for itself.
        Request alone = new Request(elsewhere, archive, null, folder.resolve("alone"), true);
        ClusterRestore.restore(alone, new Faults(), Ticker.system(), System.out::println);
        assertThat(rows(folder.resolve("alone"))).containsExactly(1);
        Request misnamed = new Request(elsewhere, archive, null, folder.resolve("misnamed"));
        Files.copy(archive.resolve(last.next().name()), archive.resolve(last.name()));
        assertThatThrownBy(() -> ClusterRestore.restore(misnamed, new Faults(), Ticker.system(), System.out::println))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(last.next().name() + " is damaged");
    }

    @Test
    void finds_a_damaged_page_in_a_backup_that_is_being_made() throws Exception {
        restore(BACKUP, null);
        ArchivedBefore.in(target().resolve("postgresql"));
        try (EmbeddedPostgres postgres = start(target());
                Connection connection = connect(postgres.address())) {
            Path table = target().resolve("postgresql/data")
                    .resolve(Archiving.one(connection, "SELECT pg_relation_filepath('kept')"));
            execute(postgres.address(), "CHECKPOINT");
            try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                file.seek(3 * PageChecksums.PAGE_BYTES + 5_000);
                file.write(file.read() ^ 0x40);
            }
            ClusterBackup.Source source =
                    new ClusterBackup.Source(postgres.address(), target().resolve("postgresql"), "node");
            assertThatThrownBy(() -> ClusterBackup.take(
                            source, folder.resolve("b"), 7, new Faults(), Ticker.system(), System.out::println))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("page 3 of base/");
            assertThat(folder.resolve("b/manifest.json")).doesNotExist();
        }
    }

    @Test
    void a_backup_that_was_killed_is_none_and_stands_in_nobodys_way() throws Exception {
        restore(BACKUP, null);
        Path home = target().resolve("postgresql");
        ArchivedBefore.in(home);
        try (EmbeddedPostgres postgres = start(target())) {
            DatabaseAddress address = postgres.address();
            for (String point : List.of("backup.started", "backup.copied", "backup.manifest.before")) {
                Path killed = folder.resolve(point);
                killAt(point, "backup", address.jdbcUrl(), address.password(), home.toString(), killed.toString());
                assertThatThrownBy(() -> restoreInto("from-" + point, killed))
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("holds no complete backup");
            }
            ClusterBackup.Source source = new ClusterBackup.Source(address, home, "node");
            ClusterBackup.take(source, folder.resolve("next"), 1, new Faults(), Ticker.system(), System.out::println);
        }
        restoreInto("from-next", folder.resolve("next"));
        assertThat(rows(folder.resolve("from-next"))).containsExactly(1, 2, 3);
    }

    @Test
    void nothing_starts_on_a_restore_that_was_killed() throws Exception {
        for (String point : List.of("restore.copied", "restore.recovered")) {
            Path killed = folder.resolve(point);
            killAt(point, "restore", BACKUP.toString(), killed.toString());
            assertNothingStartsOn(killed);
            assertThatThrownBy(() -> restoreInto(point, BACKUP))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is not empty");
        }
    }

    @Test
    void an_archive_keeps_what_its_newest_backups_need_and_idle_segments_take_no_room() throws IOException {
        Path archive = Files.createDirectories(folder.resolve("archive"));
        for (int i = 1; i <= 6; i++) {
            try (RandomAccessFile segment = new RandomAccessFile(
                    archive.resolve(String.format("%024X", i)).toFile(), "rw")) {
                segment.write(new byte[] {1, 2, 3, (byte) i});
                segment.setLength(1 << 20);
            }
        }
        WalArchive wal = new WalArchive(archive);
        wal.keep(String.format("%024X", 2), Path.of("/first"));
        wal.keep(String.format("%024X", 4), Path.of("/second"));
        wal.keep(String.format("%024X", 5), Path.of("/third"));
        assertThat(wal.trim(null)).isNotNull();
        byte[] trimmed = Files.readAllBytes(archive.resolve(String.format("%024X", 6)));
        assertThat(trimmed).hasSize(1 << 20).startsWith(1, 2, 3, 6).endsWith(0, 0);
        WalArchive.Pruned pruned = wal.prune(2);
        assertThat(pruned).isEqualTo(new WalArchive.Pruned(3, List.of("/first")));
        assertThat(wal.prune(2)).isEqualTo(new WalArchive.Pruned(0, List.of()));
        assertThat(wal.prune(0).segments()).isEqualTo(3);
        assertThat(wal.prune(7)).isEqualTo(new WalArchive.Pruned(0, List.of()));
    }

    private static void killAt(String point, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(point));
        command.addAll(List.of(arguments));
        try (ChildJvm child = ChildJvm.start(BackupVictim.class, command.toArray(String[]::new))) {
            assertThat(child.nextLine()).isEqualTo(point);
        }
    }

    private Path target() {
        return folder.resolve("target");
    }

    private Restored restore(Path backup, @Nullable Instant to) throws Exception {
        return ClusterRestore.restore(
                new Request(backup, null, to, target()), new Faults(), Ticker.system(), System.out::println);
    }

    private void restoreInto(String name, Path backup) throws Exception {
        ClusterRestore.restore(
                new Request(backup, null, null, folder.resolve(name)),
                new Faults(),
                Ticker.system(),
                System.out::println);
    }

    private static ClusterBackup.Source source(EmbeddedPostgres postgres) {
        return new ClusterBackup.Source(
                postgres.address(),
                SOURCE.resolve("postgresql"),
                DataDirectory.nodeOf(SOURCE).orElseThrow());
    }

    private static EmbeddedPostgres start(Path directory) {
        return EmbeddedPostgres.start(
                directory.resolve("postgresql"), WalArchive.in(directory), Ticker.system(), System.out::println);
    }

    private static void assertNothingStartsOn(Path directory) {
        assertThatThrownBy(() -> DataDirectory.open(directory))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("interrupted");
    }

    /** As on another machine, where neither the data directory nor its archive is. */
    private static void forgetSource(Path backup) throws IOException {
        Path manifest = backup.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace(SOURCE.toString(), "/gone"));
    }

    private WalSegment last(Path archive) throws Exception {
        Manifest manifest = Manifest.read(BACKUP);
        WalSegment first = WalSegment.parse(manifest.lastSegment(), manifest.segmentBytes())
                .orElseThrow();
        return new WalArchive(archive).after(first).getLast();
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = folder.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    /** What a program would find that starts on the restored directory; without the filler. */
    private List<Integer> rows() throws SQLException {
        return rows(target());
    }

    private static List<Integer> rows(Path directory) throws SQLException {
        try (DataDirectory opened = DataDirectory.open(directory);
                EmbeddedPostgres postgres = start(opened.path());
                Connection connection = connect(postgres.address());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM kept WHERE n > 0 ORDER BY n")) {
            List<Integer> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
            return found;
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return TestPostgres.connect(address);
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Begins a new segment, and returns the name of the one that is full. */
    private static String switchLog(DatabaseAddress address) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_walfile_name(pg_switch_wal())")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Instant now(DatabaseAddress address) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
