package org.exchequer.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.scenario.Headline;
import org.exchequer.lab.scenario.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
    @Test
    void a_violation_is_told_first_as_a_story_and_everything_is_escaped() {
        String page = Report.html(run("invalid-1", Verdict.INVALID));
        assertThat(page)
                .contains("VIOLATION of durability", "<ol class=\"story\">", "process 7 asks &lt;b&gt;transfer")
                .contains("disk-full", "./exchequer lab replay invalid-1", "3 × STORAGE", "planted and seen")
                .contains("done, 94.7 %", "never done, 0.1 %", "<b>4.4 s</b>", "from 9.0 s on")
                .contains("1 of 2 planted bugs caught", "nothing about the moon")
                .doesNotContain("<b>transfer", "src=", "href=\"http", "url(");
        assertThat(page.indexOf("class=\"story\"")).isLessThan(page.indexOf("What must hold"));
        assertThat(page.split("<script", -1)).as("data and code").hasSize(3);
    }

    @Test
    void a_run_without_faults_and_without_operations_has_a_page_too() {
        RunReport full = run("empty-1", Verdict.VALID);
        RunReport empty = new RunReport(
                full.id(),
                full.scenario(),
                full.summary(),
                full.verdict(),
                full.sentence(),
                Optional.empty(),
                1,
                5_000,
                1,
                1,
                full.startedAt(),
                1,
                "",
                "",
                "",
                List.of(),
                List.of(),
                List.of(),
                new Series.Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                0,
                1_000,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        assertThat(Report.html(empty)).contains("<svg", "None were planned");
    }

    @Test
    void runs_are_listed_and_shown_to_this_machine_only(@TempDir Path runs) throws Exception {
        write(runs, run("20260101-000000-disk-full-7", Verdict.INVALID));
        write(runs, run("20260102-000000-disk-full-7", Verdict.VALID));
        Files.createDirectory(runs.resolve("broken-off"));
        Files.writeString(Files.createDirectory(runs.resolve("damaged")).resolve("run.json"), "{\"scenario\": \"mi");
        Files.writeString(Files.createDirectory(runs.resolve("empty")).resolve("run.json"), "{}");
        Files.writeString(runs.resolve("no-run.txt"), "");
        try (RunsServer server = RunsServer.start(runs, 0);
                HttpClient http = HttpClient.newHttpClient()) {
            String list = get(http, server.url()).body();
            assertThat(list)
                    .contains("20260101-000000-disk-full-7", "INVALID", "VALID", "94.7 %")
                    .contains("broken-off", "it is going on, or was broken off", "damaged", "half written")
                    .doesNotContain("no-run", "/runs/broken-off/");
            assertThat(list.split("no result", -1)).hasSize(4);
            assertThat(list.indexOf("20260102")).isLessThan(list.indexOf("20260101"));
            assertThat(get(http, server.url() + "runs/20260101-000000-disk-full-7/report.html")
                            .body())
                    .contains("class=\"story\"");
            assertThat(get(http, server.url() + "runs/none/report.html").statusCode())
                    .isEqualTo(404);
            assertThat(get(http, server.url() + "runs/..%2f..%2fetc/report.html")
                            .statusCode())
                    .isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(URI.create(server.url()))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(405);
        }
    }

    private static HttpResponse<String> get(HttpClient http, String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void write(Path runs, RunReport run) throws IOException {
        Path folder = Files.createDirectory(runs.resolve(run.id()));
        Files.writeString(folder.resolve("run.json"), JsonMapper.shared().writeValueAsString(run));
        Files.writeString(folder.resolve("report.html"), Report.html(run));
    }

    private static RunReport run(String id, Verdict verdict) {
        boolean broken = verdict == Verdict.INVALID;
        Optional<Violation> violation = broken
                ? Optional.of(new Violation("a key is lost", List.of("process 7 asks <b>transfer", "it is not there")))
                : Optional.empty();
        Finding finding =
                new Finding("durability", verdict, 100, "keys", broken ? 1 : 0, violation, violation, violation, "");
        List<Series.Point> points = new ArrayList<>();
        for (int second = 0; second < 30; second++) {
            points.add(new Series.Point(second * 1_000L, 90, 5, second == 9 ? 4 : 0, 0, 2_000, 9_000, 50_000));
        }
        return new RunReport(
                id,
                "disk-full",
                "The disk fills up.",
                verdict,
                broken ? "VIOLATION of durability: a key is lost." : "No violation found.",
                Optional.of(new Headline(947, 52, 1, 0, new Series.Gap(9_000, 13_400, true), List.of("disk full"))),
                7,
                30_000,
                100,
                2,
                "2026-01-01T00:00:00Z",
                61_000,
                "0.1.0",
                "a machine",
                "./exchequer lab replay " + id,
                List.of(Fault.of(9_000, FaultKind.DISK_FULL, 5_000)),
                List.of(
                        record(9_000, FaultKind.DISK_FULL, List.of("3 × STORAGE")),
                        record(10_000, FaultKind.POSTGRES_KILL, List.of("killed"))),
                List.of(new RunReport.Epoch(-1, 1, "node1"), new RunReport.Epoch(12_000, 2, "node2")),
                new Series.Totals(2_850, 2_700, 150, 4, 0, 2_000, 9_000, 40_000, 50_000, 8_000),
                0,
                1_000,
                points,
                List.of(new RunReport.Trouble("STORAGE", 3)),
                List.of(new RunReport.NamedFinding("What is acknowledged is durable.", finding)),
                List.of(
                        new RunReport.Planted("planted and seen", List.of("durability")),
                        new RunReport.Planted("planted and missed", List.of())),
                List.of("nothing about the moon"));
    }

    private static FaultRecord record(long at, FaultKind kind, List<String> evidence) {
        return new FaultRecord(Fault.of(at, kind, 5_000), "", at, at + 5_000, true, evidence);
    }
}
