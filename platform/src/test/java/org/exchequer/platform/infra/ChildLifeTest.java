package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.ChildJvm;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Children and their parent: who outlives whom, and as which user they run. */
class ChildLifeTest {
    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private Path folder;

    @BeforeEach
    void makeFolder() {
        folder = TestFolders.create("life");
    }

    @AfterEach
    void deleteFolder() {
        TestFolders.delete(folder);
    }

    @Test
    void postgresEndsWithAKilledParent() throws Exception {
        ProcessHandle postmaster;
        try (ChildJvm parent = ChildJvm.start(Parent.class, folder.toString())) {
            postmaster = postmaster(parent);
            parent.kill();
        }
        postmaster.onExit().get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
        assertThat(startAndRead()).isEqualTo("42");
    }

    @Test
    void aChildEndsWithItsKilledParentThoughItsWatchdogWasToldToEnd() throws Exception {
        ProcessHandle child;
        try (ChildJvm parent = ChildJvm.start(Sleeper.class, folder.toString())) {
            child = ProcessHandle.of(Long.parseLong(parent.nextLine())).orElseThrow();
            List<ProcessHandle> watchdogs = ProcessHandle.allProcesses()
                    .filter(process -> !process.equals(child)
                            && List.of(process.info().arguments().orElse(new String[0]))
                                    .contains(folder.toString()))
                    .filter(process -> process.pid() != parent.pid())
                    .toList();
            assertThat(watchdogs).hasSize(1);
            for (String signal : List.of("HUP", "INT", "QUIT", "TERM")) {
                ChildProcess.signal(List.of(watchdogs.getFirst().pid()), signal);
            }
            parent.kill();
        }
        child.onExit().get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void anOrphanWhoseWatchdogWasKilledTooIsEndedByTheNextStart() throws Exception {
        ProcessHandle postmaster;
        try (ChildJvm parent = ChildJvm.start(Parent.class, folder.toString())) {
            postmaster = postmaster(parent);
            String data = folder.toRealPath().resolve("data").toString();
            List<ProcessHandle> watchdogs = ProcessHandle.allProcesses()
                    .filter(process -> !process.equals(postmaster)
                            && List.of(process.info().arguments().orElse(new String[0]))
                                    .contains(data))
                    .toList();
            assertThat(watchdogs).hasSize(1);
            watchdogs.getFirst().destroyForcibly();
            watchdogs.getFirst().onExit().get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
            parent.kill();
        }
        assertThat(postmaster.isAlive()).isTrue();
        assertThat(startAndRead()).isEqualTo("42");
        // It has ended; that its new parent has asked for its exit code may take a moment more.
        postmaster.onExit().get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void worksAsANormalUser() throws Exception {
        assumeThat(Unprivileged.areWeRoot()).isTrue();
        // The capability that comes along lets it read this build's class path, wherever that is.
        Unprivileged.NOBODY.own(folder);
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Unprivileged.NOBODY.own(cache);
        try (ChildJvm parent = ChildJvm.start(
                Unprivileged.NOBODY.prefix(),
                Map.of("XDG_CACHE_HOME", cache.toString()),
                Parent.class,
                folder.resolve("cluster").toString())) {
            ProcessHandle postmaster = postmaster(parent);
            assertThat(postmaster.info().user()).contains("nobody");
            assertThat(Files.getOwner(folder.resolve("cluster/data")).getName()).isEqualTo("nobody");
            parent.kill();
            postmaster.onExit().get(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NAMESPACE", "NOBODY"})
    void rootHasSeveralWaysToRunIt(Unprivileged way) throws Exception {
        assumeThat(Unprivileged.areWeRoot()).isTrue();
        try (EmbeddedPostgres postgres = start(way)) {
            execute(postgres.address(), "CREATE TABLE kept AS SELECT 42 AS n");
        } catch (InfrastructureException e) {
            assumeThat(e.getMessage()).as("not possible here").doesNotContain("refuses to run as root");
            throw e;
        }
        // Whichever way it was made, another one takes it over.
        assertThat(startAndRead()).isEqualTo("42");
    }

    private EmbeddedPostgres start(Unprivileged way) {
        return EmbeddedPostgres.start(folder, List.of(way), Ticker.system(), System.out::println);
    }

    private String startAndRead() throws SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
                Connection connection = TestPostgres.connect(postgres.address());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM kept")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (Connection connection = TestPostgres.connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static ProcessHandle postmaster(ChildJvm parent) throws Exception {
        return ProcessHandle.of(Long.parseLong(parent.nextLine())).orElseThrow();
    }

    /** Starts a child that does nothing, says its process id, and waits to be killed. */
    static final class Sleeper {
        private Sleeper() {}

        public static void main(String[] arguments) throws Exception {
            List<String> command = List.of("/bin/sh", "-c", "echo ready; exec sleep 600", arguments[0]);
            Path log = Path.of(arguments[0], "log");
            ChildProcess child = ChildProcess.start(command, Map.of(), log, List.of("TERM", "KILL"));
            // Its first word comes from behind the watchdog's start.
            while (!Files.exists(log) || Files.size(log) == 0) {
                Thread.onSpinWait();
            }
            System.out.println(child.pid());
            ChildJvm.awaitParent();
        }
    }

    /** Starts PostgreSQL, commits something, says the postmaster's process id, and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.start(Path.of(arguments[0]), Ticker.system(), System.err::println)) {
                execute(postgres.address(), "CREATE TABLE kept AS SELECT 42 AS n");
                System.out.println(postgres.pid());
                ChildJvm.awaitParent();
            }
        }
    }
}
