package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.exchequer.platform.testing.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void isItsOwnersAloneAndKeepsItsNodesIdentity() throws Exception {
        String node;
        Path path = folder.resolve("a/b");
        try (DataDirectory directory = DataDirectory.open(path)) {
            node = directory.nodeId();
            assertThat(node).matches("[0-9a-f-]{36}");
            assertThat(permissions(directory.path())).isEqualTo("rwx------");
            assertThat(permissions(directory.folder("sub"))).isEqualTo("rwx------");
            assertThat(DataDirectory.holder(path))
                    .contains(ProcessHandle.current().pid());
        }
        assertThat(DataDirectory.holder(path)).isEmpty();
        try (DataDirectory directory = DataDirectory.open(path)) {
            assertThat(directory.nodeId()).isEqualTo(node);
        }
    }

    @Test
    void refusesAFolderWithContentThatIsNotOurs() throws Exception {
        Path foreign = Files.createDirectory(folder.resolve("etc"));
        Path file = Files.writeString(foreign.resolve("passwd"), "root");
        assertThatThrownBy(() -> DataDirectory.open(foreign))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("was not made by Exchequer");
        try (var content = Files.list(foreign)) {
            assertThat(content).containsExactly(file);
        }
        Path half = Files.createDirectory(folder.resolve("half"));
        Files.createFile(half.resolve("lock"));
        DataDirectory.open(half).close();
    }

    @Test
    void refusesASecondHolderInTheSameProcessAndStaysHeld() throws Exception {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            assertThatThrownBy(() -> DataDirectory.open(folder))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            try (ChildJvm other = ChildJvm.start(Holder.class, folder.toString())) {
                assertThat(other.nextLine()).startsWith("refused: data directory " + directory.path());
            }
        }
    }

    @Test
    void refusesASecondProcessUntilTheFirstIsGoneHoweverThatEnds() throws Exception {
        try (ChildJvm other = ChildJvm.start(Holder.class, folder.toString())) {
            assertThat(other.nextLine()).isEqualTo("held");
            assertThatThrownBy(() -> DataDirectory.open(folder))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("in use by process " + other.pid());
            assertThat(DataDirectory.holder(folder)).contains(other.pid());
            other.kill();
            DataDirectory.open(folder).close();
        }
    }

    @Test
    void lookingWhoHoldsItHindersNobody() throws Exception {
        DataDirectory.open(folder).close();
        try (ChildJvm first = ChildJvm.start(Watcher.class, folder.toString());
                ChildJvm second = ChildJvm.start(Watcher.class, folder.toString())) {
            assertThat(first.nextLine()).isEqualTo("free");
            assertThat(second.nextLine()).isEqualTo("free");
            for (int i = 0; i < 2_000; i++) {
                DataDirectory.open(folder).close();
            }
            try (DataDirectory directory = DataDirectory.open(folder)) {
                String ours = String.valueOf(ProcessHandle.current().pid());
                assertThat(directory.nodeId()).isNotEmpty();
                // What they saw while it changed hands may come before.
                String seen = first.nextLine();
                while (!seen.equals(ours)) {
                    seen = first.nextLine();
                }
            }
        }
    }

    @Test
    void isFreeAgainWhenItsIdentityCannotBeRead() throws Exception {
        Files.writeString(folder.resolve("node"), "nobody");
        assertThatThrownBy(() -> DataDirectory.open(folder))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("UUID");
        Files.delete(folder.resolve("node"));
        try (ChildJvm other = ChildJvm.start(Holder.class, folder.toString())) {
            assertThat(other.nextLine()).isEqualTo("held");
        }
    }

    @Test
    void saysWhenItCannotBeMade() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void smallFilesAreReplacedWhole() throws Exception {
        Path file = folder.resolve("small");
        assertThat(SmallFiles.read(file)).isEmpty();
        SmallFiles.write(file, "one\n");
        SmallFiles.write(file, "two\n");
        assertThat(SmallFiles.read(file)).contains("two");
        assertThat(permissions(file)).isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Looks all the time who holds a directory, and says so when it is somebody else than before. */
    static final class Watcher {
        private Watcher() {}

        public static void main(String[] arguments) {
            String said = "";
            while (true) {
                String seen = DataDirectory.holder(Path.of(arguments[0]))
                        .map(String::valueOf)
                        .orElse("free");
                if (!seen.equals(said)) {
                    System.out.println(seen);
                    said = seen;
                }
            }
        }
    }

    /** Holds a directory until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (DataDirectory directory = DataDirectory.open(Path.of(arguments[0]))) {
                System.out.println(directory.nodeId().isEmpty() ? "no node" : "held");
                ChildJvm.awaitParent();
            } catch (DirectoryInUseException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
