package org.exchequer.console.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.exchequer.console.view.LabRun;
import org.exchequer.ledger.api.Page;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of runs that others write, and what somebody might leave there. */
final class LabRunsTest {
    @TempDir
    private Path home = Path.of("");

    private Path folder = Path.of("");
    private LabRuns runs = new LabRuns(Path.of(""));

    @BeforeEach
    void folder() {
        folder = home.resolve("runs");
        runs = new LabRuns(folder);
    }

    private void run(String name, String json) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve("run.json"), json);
    }

    @Test
    void areListedNewestFirstPageByPage() throws IOException {
        assertThat(runs.list(null, 10).items()).isEmpty();
        for (int i = 1; i <= 5; i++) {
            run("2026010" + i + "-120000-mixed-1", "{}");
        }
        Page<LabRun> first = runs.list(null, 2);
        assertThat(first.items())
                .extracting(LabRun::name)
                .containsExactly("20260105-120000-mixed-1", "20260104-120000-mixed-1");
        Page<LabRun> second = runs.list(first.next(), 3);
        assertThat(second.items()).hasSize(3);
        assertThat(second.next()).isNull();
    }

    @Test
    void whatCannotBeReadIsShownAsSuch() throws IOException {
        run("half-written", "{\"verdict\": \"VAL");
        run("no-verdict", "{}");
        run("no-time", "{\"verdict\": \"VALID\"}");
        run("a-list", "[1, 2]");
        Files.createDirectories(folder.resolve("going-on"));
        Files.createDirectories(folder.resolve("odd").resolve("run.json"));
        Files.createDirectories(folder.resolve("linked"));
        Files.writeString(home.resolve("elsewhere"), "{}");
        Files.createSymbolicLink(folder.resolve("linked").resolve("run.json"), home.resolve("elsewhere"));
        List<LabRun> found = runs.list(null, 10).items();
        assertThat(found).hasSize(7).allSatisfy(run -> {
            assertThat(run.verdict()).isEqualTo(LabRun.NONE);
            assertThat(run.result()).isNull();
            assertThat(run.report()).isFalse();
        });
        assertThat(runs.find("half-written").orElseThrow().sentence()).contains("half written");
        assertThat(runs.find("going-on").orElseThrow().sentence()).contains("broken off");
        assertThat(runs.find("linked").orElseThrow().sentence()).contains("cannot be read");
    }

    @Test
    void whatBecameOfTheOperationsIsTold() throws IOException {
        String rest = "\"verdict\": \"VALID\", \"startedAt\": \"2026-01-01T12:00:00Z\", ";
        run(
                "a",
                "{" + rest + "\"totals\": {\"operations\": 1000, \"done\": 999}, \"headline\": {\"gap\":"
                        + " {\"fromMillis\": 12100, \"untilMillis\": 19500, \"ended\": true}}}");
        run("b", "{" + rest + "\"totals\": {\"operations\": 1000, \"done\": 1}}");
        run("c", "{" + rest + "\"totals\": {\"operations\": 0, \"done\": 7}}");
        assertThat(runs.find("a").orElseThrow().result())
                .satisfies(told -> assertThat(told.done() + "; " + told.gap()).isEqualTo("99 %; 7.4 s"));
        assertThat(runs.find("b").orElseThrow().result())
                .satisfies(told -> assertThat(told.done() + "; " + told.gap()).isEqualTo("under 1 %; "));
        assertThat(runs.find("c").orElseThrow().result())
                .satisfies(told -> assertThat(told.done()).isEmpty());
    }

    @Test
    void nothingOutsideOfTheFolderIsReached() throws IOException {
        Files.createDirectories(home.resolve("secret"));
        Files.writeString(home.resolve("secret").resolve("report.html"), "secret");
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("link"), home.resolve("secret"));
        run("file-link", "{}");
        Files.createSymbolicLink(
                folder.resolve("file-link").resolve("report.html"),
                home.resolve("secret").resolve("report.html"));
        for (String name : List.of("../secret", "..", ".", "", "link", "file-link", "secret", "runs/../../secret")) {
            assertThat(runs.report(name)).as(name).isEmpty();
        }
        assertThat(runs.list(null, 10).items()).extracting(LabRun::name).containsExactly("file-link");
    }

    @Test
    void aDurationReadsAsPeopleSayIt() {
        assertThat(LabRun.duration(12_540)).isEqualTo("12.5 s");
        assertThat(LabRun.duration(60_000)).isEqualTo("1 min");
        assertThat(LabRun.duration(1_230_400)).isEqualTo("20 min 30 s");
    }
}
