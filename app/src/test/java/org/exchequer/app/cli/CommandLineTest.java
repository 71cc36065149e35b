package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.edge.csv.BerkaFormat;
import org.exchequer.ledger.edge.csv.ImportFile;
import org.exchequer.ledger.edge.csv.ImportRow;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.SmallFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program says, and its exit code, when it cannot do what it was told. */
class CommandLineTest {
    private record Result(int code, String text) {}

    private static Result run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream capture = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var line = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system());
        line.setErr(new PrintWriter(capture, true, StandardCharsets.UTF_8));
        line.setOut(new PrintWriter(capture, true, StandardCharsets.UTF_8));
        int code = line.execute(args);
        return new Result(code, bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wrongCommandLinesAreRefusedWithUsage() {
        for (String[] args : List.of(
                new String[] {},
                new String[] {"fly"},
                new String[] {"up", "--port", "x"},
                new String[] {"up", "--port", "70000"},
                new String[] {"up", "--systems=lodger"},
                new String[] {"token"},
                new String[] {"token", "--role", "king"},
                new String[] {"token", "--role", "teller", "--ttl", "soon"})) {
            assertThat(run(Map.of(), args).code()).as(Arrays.toString(args)).isEqualTo(ExitCodes.USAGE);
        }
        assertThat(run(Map.of(), "up", "--systems=lodger").text())
                .contains("lodger")
                .contains("ledger");
        assertThat(run(Map.of(), "token", "--role", "king").text()).contains("TELLER");
        assertThat(run(Map.of(), "ledger", "pack", "--out", "x", "--date", "2026-13-01")
                        .text())
                .contains("--date")
                .contains("must be a date such as 2026-03-31, not 2026-13-01");
    }

    @Test
    void wrongSettingsAreNamed() {
        Result result = run(Map.of("EXCHEQUER_LOG", "xml"), "up");
        assertThat(result.code()).isEqualTo(ExitCodes.CONFIG);
        assertThat(result.text()).contains("EXCHEQUER_LOG").contains("json or text");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNamedInOneLine(@TempDir Path data) {
        Map<String, String> environment = Map.of("EXCHEQUER_DATABASE_URL", "postgresql://ann:hidden@127.0.0.1:9/books");
        Result result = run(environment, "up", "--port", "0", "--data", data.toString());
        assertThat(result.code()).as(result.text()).isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(result.text().lines()).hasSize(1);
        assertThat(result.text())
                .startsWith("exchequer: EXCHEQUER_DATABASE_URL is jdbc:postgresql://127.0.0.1:9/books as ann: ")
                .doesNotContain("hidden");
    }

    @Test
    void nothingRunsOnAnEmptyDirectory(@TempDir Path data) {
        assertThat(run(Map.of(), "status", "--data", data.toString()).code()).isEqualTo(ExitCodes.UNAVAILABLE);
        Result token = run(
                Map.of(),
                "token",
                "--role",
                "teller",
                "--data",
                data.resolve("none").toString());
        assertThat(token.code()).isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(token.text()).contains("exchequer up");
        assertThat(data.resolve("none")).doesNotExist();
    }

    @Test
    void aKilledProgramsFileIsNotTakenForARunningOne(@TempDir Path data) {
        SmallFiles.write(
                data.resolve("runtime.json"),
                "{\"url\":\"http://127.0.0.1:1\",\"grpc\":\"http://127.0.0.1:2\",\"pid\":1,\"started\":\"x\","
                        + "\"version\":\"x\",\"certificate\":null}");
        assertThat(run(Map.of(), "status", "--data", data.toString()).code()).isEqualTo(ExitCodes.UNAVAILABLE);
    }

    @Test
    void aDirectoryOrPortInUseIsSaidAtOnce(@TempDir Path data) throws Exception {
        try (DataDirectory held = DataDirectory.open(data)) {
            Result result =
                    run(Map.of(), "up", "--port", "0", "--data", held.path().toString());
            assertThat(result.code()).isEqualTo(ExitCodes.IN_USE);
            assertThat(result.text()).contains("in use");
        }
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            Result result = run(Map.of(), "up", "--port", port, "--data", data.toString());
            assertThat(result.code()).isEqualTo(ExitCodes.IN_USE);
            assertThat(result.text()).contains(port).contains("--port");
        }
        assertThat(data.resolve("postgresql")).doesNotExist();
    }

    @Test
    void helpListsCommandsAndExitCodes() {
        Result help = run(Map.of(), "help");
        assertThat(help.code()).isZero();
        assertThat(help.text()).contains("up", "status", "token", "Exit codes", "75");
        assertThat(run(Map.of(), "up", "--help").text()).contains("EXCHEQUER_DATABASE_URL");
        assertThat(run(Map.of(), "--version").text()).startsWith("exchequer 0.");
    }

    /** The launcher's own functions, in the shell, against homes made for the test. */
    private static String launcher(Map<String, String> environment, String script) throws Exception {
        Path launcher = Path.of(System.getProperty("exchequer.home"), "exchequer");
        List<String> command = new ArrayList<>(List.of("sh", "-c", ". \"$0\"; " + script, launcher.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA") || name.startsWith("EXCHEQUER"));
        builder.environment().put("EXCHEQUER_LAUNCHER_LIBRARY", "1");
        builder.environment().put("EXCHEQUER_JDK_DIRS", "");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }

    private static Path jdk(Path folder, String version) throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        for (String tool : List.of("java", "javac")) {
            Path file = Files.writeString(folder.resolve("bin").resolve(tool), "#!/bin/sh\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return folder;
    }

    @Test
    void theLauncherFindsAJdkThatIsNewEnough(@TempDir Path homes) throws Exception {
        Path home = Files.createDirectories(homes.resolve("a home"));
        Map<String, String> nowhere = Map.of("HOME", home.toString(), "PATH", "/usr/bin:/bin");
        Path old = jdk(homes.resolve("old"), "17.0.15");
        Path eight = jdk(homes.resolve("eight"), "1.8.0_452");
        Path good = jdk(homes.resolve("with space/25"), "25.0.1");
        Path newer = jdk(home.resolve(".sdkman/candidates/java/26"), "26");
        assertThat(launcher(with(nowhere, "EXCHEQUER_JAVA_HOME", good.toString()), "find_jdk"))
                .isEqualTo(good.toString());
        assertThat(launcher(with(nowhere, "JAVA_HOME", good.toString()), "find_jdk"))
                .isEqualTo(good.toString());
        assertThat(launcher(with(nowhere, "JAVA_HOME", old.toString()), "find_jdk"))
                .as("falls through to what sdkman has")
                .isEqualTo(newer.toString());
        assertThat(launcher(with(nowhere, "JAVA_HOME", eight.toString()), "find_jdk"))
                .isEqualTo(newer.toString());
        Files.delete(newer.resolve("bin/javac"));
        assertThat(launcher(with(nowhere, "JAVA_HOME", old.toString()), "find_jdk"))
                .as("a runtime without a compiler is none")
                .isEmpty();
        assertThat(launcher(nowhere, "no_jdk; echo not reached"))
                .contains("JDK 25")
                .doesNotContain("not reached");
    }

    @Test
    void theLauncherNamesTheModuleThatMavenIsAt(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("maven.log"), """
                [INFO] Building Exchequer 0.1.0-SNAPSHOT                                  [1/3]
                [INFO] Building Exchequer embedded Kafka 0.1.0-SNAPSHOT                   [2/3]
                [INFO] Building jar: /somewhere/exchequer-platform-0.1.0-SNAPSHOT-tests.jar
                [INFO] Building another-name 0.1.0-SNAPSHOT                               [3/3]
                """);
        assertThat(launcher(Map.of("PATH", "/usr/bin:/bin"), "progress < '" + log + "'")
                        .lines()
                        .map(String::strip))
                .containsExactly(
                        "Exchequer            [1/3]", "embedded Kafka       [2/3]", "another-name         [3/3]");
    }

    @Test
    void theLauncherBuildsWhenSourcesAreNewer(@TempDir Path tree) throws Exception {
        Path sources = Files.createDirectories(tree.resolve("kernel/src/main/java"));
        Path source = sources.resolve("A.java");
        Files.createDirectories(tree.resolve("kernel/src/test"));
        Files.createDirectories(tree.resolve("app/target/class-path.1"));
        Files.createDirectories(tree.resolve("platform/broker/target/lib"));
        Files.writeString(source, "class A {}");
        String script = "HOME_DIR='" + tree + "'; BUILT=$HOME_DIR/app/target/built; stale && echo stale || echo fresh";
        assertThat(launcher(Map.of(), script)).isEqualTo("stale");
        Files.writeString(tree.resolve("app/target/built"), "class-path.1\n");
        age(source, sources);
        assertThat(launcher(Map.of(), script)).isEqualTo("fresh");
        Files.writeString(tree.resolve("kernel/src/test/ATest.java"), "tests are not part of the program");
        assertThat(launcher(Map.of(), script)).isEqualTo("fresh");
        newer(source);
        assertThat(launcher(Map.of(), script)).isEqualTo("stale");
        age(source, sources);
        assertThat(launcher(Map.of(), script)).isEqualTo("fresh");
        Files.delete(source);
        newer(sources);
        assertThat(launcher(Map.of(), script)).as("a deleted file").isEqualTo("stale");
    }

    @Test
    void theLauncherPreparesOnDataOfItsOwn(@TempDir Path cache) throws Exception {
        Path bin = Files.createDirectories(cache.resolve("a jdk/bin"));
        Path java = Files.writeString(bin.resolve("java"), """
                #!/bin/sh
                env >>"$OUT/environment"
                for word; do
                  case $word in
                    -XX:AOTCacheOutput=*) echo made >"${word#*=}" ;;
                  esac
                  echo "$word" >>"$OUT/words"
                done
                echo 'Stop with Ctrl-C.'
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Map<String, String> mine = Map.of(
                "OUT", cache.toString(),
                "EXCHEQUER_DATABASE_URL", "postgresql://me:secret@elsewhere/books",
                "EXCHEQUER_URL", "http://elsewhere:7070",
                "EXCHEQUER_TOKEN", "secret",
                "EXCHEQUER_DATA", "/elsewhere");
        String script = "JAVA_HOME='" + cache + "/a jdk' CACHE='" + cache + "' class_path=x; sleep() { :; }; prepare";
        assertThat(launcher(mine, script)).isEmpty();
        assertThat(cache.resolve("up.aot")).exists();
        assertThat(cache.resolve("quick.aot")).exists();
        assertThat(cache.resolve("preparing")).doesNotExist();
        assertThat(Files.readString(cache.resolve("environment"))).doesNotContain("elsewhere", "secret");
        assertThat(Files.readAllLines(cache.resolve("words")))
                .contains("up", "import", cache.resolve("preparing/data").toString())
                .noneMatch(word -> word.contains("elsewhere"));
    }

    @Test
    void theLauncherPractisesWithMovementsThatCanBeRead() throws Exception {
        String movements = launcher(Map.of(), "movements") + "\n";
        int rows = 0;
        try (ImportFile file = new ImportFile(
                new ByteArrayInputStream(movements.getBytes(StandardCharsets.ISO_8859_1)), new BerkaFormat())) {
            for (Optional<ImportRow> row = file.next(); row.isPresent(); row = file.next()) {
                assertThat(row.get()).isInstanceOf(ImportRow.Movement.class);
                rows++;
            }
        }
        assertThat(rows).isEqualTo(30_000);
    }

    private static void age(Path... paths) throws Exception {
        for (Path path : paths) {
            Files.setLastModifiedTime(
                    path, FileTime.from(Clock.systemUTC().instant().minusSeconds(60)));
        }
    }

    private static void newer(Path path) throws Exception {
        Files.setLastModifiedTime(
                path, FileTime.from(Clock.systemUTC().instant().plusSeconds(60)));
    }

    private static Map<String, String> with(Map<String, String> base, String name, String value) {
        Map<String, String> more = new HashMap<>(base);
        more.put(name, value);
        return more;
    }
}
