package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    private Path folder;

    @Test
    void isDurableAndClosedToStrangers() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            DatabaseAddress address = postgres.address();
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"}) {
                assertThat(one(address, "SHOW " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(one(address, "SHOW server_version")).startsWith("18.");
            assertThat(one(address, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(one(address, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> one(address.as(address.user(), "guess"), "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("password"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keepsDataPortAndSettingsOverARestart() throws Exception {
        DatabaseAddress before;
        try (EmbeddedPostgres postgres = start()) {
            before = postgres.address();
            execute(before, "CREATE TABLE kept AS SELECT 42 AS n");
        }
        assertThat(Files.exists(folder.resolve("data/postmaster.pid"))).isFalse();
        Files.writeString(folder.resolve("exchequer.conf"), "work_mem = 5MB\n");
        try (EmbeddedPostgres postgres = start()) {
            assertThat(postgres.address()).isEqualTo(before);
            assertThat(one(before, "SELECT n FROM kept")).isEqualTo("42");
            assertThat(one(before, "SHOW work_mem")).isEqualTo("5MB");
        }
    }

    @Test
    void comesBackByItselfWhenKilledWithWhatWasCommitted() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Ticker.system(), told::add)) {
            told.clear();
            execute(postgres.address(), "CREATE TABLE kept AS SELECT 42 AS n");
            long killed = postgres.pid();
            kill(killed);
            assertThat(postgres.awaitRunning(Duration.ofSeconds(30))).isTrue();
            assertThat(postgres.pid()).isNotEqualTo(killed);
            assertThat(one(postgres.address(), "SELECT n FROM kept")).isEqualTo("42");
            Awaitility.await().untilAsserted(() -> assertThat(told.getLast()).isEqualTo("PostgreSQL is ready"));
            assertThat(told.getFirst()).endsWith("starting it again");
        }
    }

    @Test
    void survivesTheKillOfABackend() throws Exception {
        try (EmbeddedPostgres postgres = start();
                Connection connection = TestPostgres.connect(postgres.address());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 42 AS n");
            ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()");
            backend.next();
            kill(backend.getLong(1));
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(firstAnswer(postgres.address(), "SELECT n FROM kept")).isEqualTo("42");
            assertThat(postgres.state()).isEqualTo(ProcessState.RUNNING);
        }
    }

    @Test
    void saysThatThePasswordIsNotTheClusters() throws Exception {
        start().close();
        Files.writeString(folder.resolve("password"), "another");
        assertThatThrownBy(this::start)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("does not accept the password kept in")
                .hasMessageNotContaining("another");
    }

    @Test
    void refusesAClusterOfAnotherVersion() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("PG_VERSION"), "17\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is of PostgreSQL 17");
    }

    @Test
    void givesUpWithAReasonWhenItCannotStart() throws Exception {
        start().close();
        Files.writeString(folder.resolve("exchequer.conf"), "no_such_setting = 1\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("gave up")
                .hasMessageContaining("server.log");
        assertThat(Files.readString(folder.resolve("server.log"))).contains("no_such_setting");
    }

    @Test
    void startsOverALockFileWhoseProcessIdBelongsToAStranger() throws Exception {
        start().close();
        Files.writeString(
                folder.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + folder.resolve("data") + "\n");
        try (EmbeddedPostgres postgres = start()) {
            assertThat(one(postgres.address(), "SELECT 1")).isEqualTo("1");
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void leavesOutAClusterMadeHalfway() throws Exception {
        Files.createDirectories(folder.resolve("data.part/base"));
        try (EmbeddedPostgres postgres = start()) {
            assertThat(one(postgres.address(), "SELECT 1")).isEqualTo("1");
        }
        assertThat(Files.exists(folder.resolve("data.part"))).isFalse();
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
    }

    private static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** While it recovers, the server refuses connections; each refusal is an answer, so this does not spin. */
    private static String firstAnswer(DatabaseAddress address, String sql) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> one(address, sql), n -> true);
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = TestPostgres.connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = TestPostgres.connect(address);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
