package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.FrameLocator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What auditors look at: the lab's runs, the access log, proofs that verify without the program. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class AssuranceTest {
    /** A report that tries what no report may. */
    private static final String CURIOUS = """
            <!doctype html><title>Report</title><body><script>
            const got = [];
            try { document.cookie; got.push('cookie'); } catch (e) { got.push('no cookie'); }
            try { parent.document.title; got.push('parent'); } catch (e) { got.push('no parent'); }
            fetch('/console').then(() => 'network', () => 'no network')
              .then(what => { got.push(what); document.body.textContent = got.join(', '); });
            </script>""";

    private static Chromium chromium;
    private static ConsoleRig rig;

    @TempDir
    private Path downloads = Path.of("");

    @BeforeAll
    static void open() {
        chromium = Chromium.launch();
        rig = ConsoleRig.start();
    }

    @AfterAll
    static void close() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    private static void run(String name, String json, String report) throws IOException {
        Path folder = Files.createDirectories(rig.labRuns().resolve(name));
        Files.writeString(folder.resolve("run.json"), json);
        Files.writeString(folder.resolve("report.html"), report);
    }

    @Test
    void aReportIsShownWithoutAnyRights() throws IOException {
        run("20260331-100000-postgres-kill-7", """
                {"scenario": "postgres-kill", "verdict": "VALID", "sentence": "No violation was found.", "seed": 7,
                 "lengthMs": 60000, "perSecond": 300, "startedAt": "2026-03-31T10:00:00Z", "tookMs": 92500,
                 "faults": [{"fault": {"kind": "POSTGRES_KILL"}, "bit": true},
                            {"fault": {"kind": "POSTGRES_KILL"}, "bit": false}]}""", CURIOUS);
        run("20260331-110000-mixed-1", "{\"verdict\": \"VAL", "");
        try (Window operator = chromium.login(rig, Role.OPERATOR).expecting("Content Security Policy")) {
            operator.link("Lab runs").click();
            assertThat(operator.page.locator("#runs tbody tr").first()).containsText("no result");
            assertThat(operator.page.locator("#runs tbody tr").last()).containsText("1 of 2");
            operator.link("20260331-100000-postgres-kill-7").click();
            operator.shows("postgres kill: 1 of 2");
            FrameLocator report = operator.page.frameLocator(".report-frame");
            assertThat(report.locator("body")).hasText("no cookie, no parent, no network");
            // Opened alone it has no more rights than in the frame.
            operator.page.navigate(rig.url() + "/console/lab/runs/20260331-100000-postgres-kill-7/report");
            assertThat(operator.page.locator("body")).hasText("no cookie, parent, no network");
        }
        try (Window teller = chromium.login(rig, Role.TELLER).expecting(403)) {
            assertThat(teller.link("Lab runs")).hasCount(0);
            teller.page.navigate(rig.url() + "/console/lab/runs");
            teller.shows("Your role does not allow this");
        }
    }

    @Test
    void whoLookedIsFoundAndProved() throws IOException {
        String account = rig.open(rig.fresh() + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        try (Window mary = chromium.login(rig, Role.TELLER, "mary")) {
            mary.page.navigate(rig.url() + "/console/ledger/accounts/" + account);
            assertThat(mary.link("Access log")).hasCount(0);
        }
        try (Window auditor = chromium.login(rig, Role.AUDITOR)) {
            auditor.link("Access log").click();
            auditor.page.getByLabel("Caller").fill("mary");
            auditor.page.getByLabel("Act contains").fill("accounts/" + account);
            auditor.button("Show").click();
            assertThat(auditor.page.locator("#entries tbody tr")).hasCount(1);
            verifies(download(auditor, "Prove it"), "access");
            auditor.page.getByLabel("Act contains").fill("/assets/");
            auditor.button("Show").click();
            auditor.shows("None.");
            auditor.page.getByLabel("Act contains").fill("");
            auditor.page.getByLabel("Last day, UTC").fill("2020-01-01");
            auditor.button("Show").click();
            auditor.shows("None.");
        }
    }

    @Test
    void whatIsDownloadedByProveItVerifies() throws IOException {
        String cash = rig.open(rig.fresh() + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        String sales = rig.open(rig.fresh() + ".sales", AccountType.INCOME, ConsoleRig.EUR, "");
        long id = rig.transfer(cash, sales, "10.00").id();
        try (Window auditor = chromium.login(rig, Role.AUDITOR)) {
            auditor.page.navigate(rig.url() + "/console/ledger/transactions/" + id);
            auditor.page.locator("main summary").getByText("Prove it").click();
            verifies(download(auditor, "Download the proof"), "ledger");
        }
    }

    private Path download(Window window, String link) {
        Download download = window.page.waitForDownload(
                () -> window.page.locator("main a").getByText(link).click());
        Path file = downloads.resolve(download.suggestedFilename());
        download.saveAs(file);
        return file;
    }

    private static void verifies(Path bundle, String log) {
        StringWriter said = new StringWriter();
        CommandLine line = Exchequer.commandLine(Map.of(), Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
        int code = line.execute(
                "verify", "--bundle", bundle.toString(), "--key", rig.folder() + "/prooflog/" + log + "/log.vkey");
        assertThat(code).as(said.toString()).isZero();
    }
}
