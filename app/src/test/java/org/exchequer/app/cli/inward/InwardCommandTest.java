package org.exchequer.app.cli.inward;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.inward.InwardModule;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands against the real modules behind the real host, with security. */
class InwardCommandTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private static TestLedger ledger;
    private static InwardModule inward;
    private static Path folder;
    private static Telemetry telemetry;
    private static LocalIssuer issuer;
    private static HttpHost host;

    @TempDir
    private Path files;

    private record Done(int exitCode, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    /** Five times the scheme's times, so that a busy machine changes no outcome. */
    private static Sla slow() {
        Map<Stage, Duration> budgets = new HashMap<>();
        for (Stage stage : Stage.values()) {
            budgets.put(stage, stage.budget().multipliedBy(5));
        }
        return new Sla(
                Duration.ofMillis(22_500),
                Duration.ofMillis(17_500),
                Duration.ofMillis(21_000),
                Duration.ofMillis(22_000),
                budgets);
    }

    @BeforeAll
    static void start() throws IOException {
        ledger = TestLedger.on(TestPostgres.freshDatabase());
        InwardModule.Options standard = InwardModule.Options.standard();
        inward = new InwardModule(
                new Foundation(
                        CLOCK,
                        Ticker.system(),
                        new Faults(),
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop(),
                        "a",
                        "http://127.0.0.1:1",
                        ledger.database(),
                        ""),
                ledger.api(),
                new InwardModule.Options(
                        standard.settings().with(slow()),
                        standard.partners(),
                        standard.simulated(),
                        standard.lists(),
                        standard.resolveEvery()));
        inward.start();
        folder = TestFolders.create("inward-cli");
        telemetry = Telemetry.create("test", null);
        issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), CLOCK);
        List<Object> controllers = new ArrayList<>(ledger.module().controllers());
        controllers.addAll(inward.controllers());
        List<Route> routes = new ArrayList<>(ledger.module().routes());
        routes.addAll(inward.routes());
        host = HttpHost.start(
                HostSettings.local("test"),
                new HostParts(CLOCK, Ticker.system(), telemetry, issuer, links, null),
                CompletableFuture.completedFuture(new Served(controllers, routes, List::of, context -> {})));
    }

    @AfterAll
    static void stop() throws Exception {
        host.close();
        inward.close();
        ledger.close();
        telemetry.close();
        TestFolders.delete(folder);
    }

    private static Done run(Role role, String... arguments) {
        return run("tester", role, arguments);
    }

    private static Done run(String name, Role role, String... arguments) {
        String token = issuer.token(name, EnumSet.of(role), CLOCK.instant(), Duration.ofMinutes(5));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Exchequer.commandLine(
                Map.of("EXCHEQUER_URL", host.url(), "EXCHEQUER_TOKEN", token), CLOCK, Ticker.system());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 1];
        all[0] = "inward";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new Done(line.execute(all), out.toString(), err.toString());
    }

    private static Done run(String... arguments) {
        return run(Role.OPERATOR, arguments);
    }

    private Path transfer(String id, String account) throws IOException {
        String now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        String text = """
            {"messageType":"PACS_008","messageId":"M-%1$s","created":"%2$s","settlementMethod":"CLRG",
             "settlementDate":"%3$s","instructingBic":"AAABSGSG","instructedBic":"EXCQSGSG","endToEndId":"E-%1$s",
             "transactionId":"T-%1$s","uetr":"%4$s","amount":"10.50","currency":"SGD","debtorName":"Tan Wei Ming",
             "debtorAccount":"771100","creditorName":"Lim Hui Ling","creditorAccount":"%5$s"}
            """.formatted(id, now, LocalDate.now(CLOCK), UUID.randomUUID(), account);
        return Files.writeString(files.resolve(id + ".json"), text);
    }

    @Test
    void sends_traces_and_explains() throws IOException {
        Path message = transfer("cli-1", "100001");
        Done first = run("send", message.toString(), "--json");
        assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCodes.OK);
        assertThat(first.json().path("status").asString()).isEqualTo("ACCC");
        Done again = run("send", message.toString());
        assertThat(again.out()).contains("as it was answered before").contains("<TxSts>ACCC</TxSts>");
        String id = first.json().path("payment").asString();
        Done trace = run("trace", id);
        assertThat(trace.out())
                .contains("PACS_008 " + id + ", 10.50 SGD")
                .contains("in time")
                .contains("slack")
                .contains("payment execution");
        assertThat(run("explain", id).out()).contains("Accepted.").contains("exchequer ledger transaction ");
    }

    @Test
    void explains_why_something_was_refused() throws IOException {
        Done refused = run("send", transfer("cli-2", "100091").toString(), "--json");
        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run("explain", refused.json().path("payment").asString()).out())
                .contains("Refused: AC07, creditor's account closed.")
                .contains("CdtrAcct")
                .contains("must not be closed")
                .contains("Nothing was posted");
    }

    @Test
    void two_people_change_what_fraud_is_judged_by() {
        assertThat(run("fraud", "thresholds").out()).contains("weight.model", "threshold.emergency", "revision 1");
        assertThat(run("fraud", "rules").out()).contains("card_testing", "structuring_detection");
        assertThat(run("fraud", "rules", "card_testing").out()).contains("rule.card_testing.payments");
        assertThat(run("fraud", "rules", "nothing").exitCode()).isEqualTo(ExitCodes.USAGE);
        Done bad = run("fraud", "propose", "weight.model=60", "--reason", "calm");
        assertThat(bad.err()).contains("must sum to 100, not 90");
        Done done = run("fraud", "propose", "weight.model=60", "weight.rules=35", "--reason", "calm");
        assertThat(done.out()).contains("exchequer inward fraud approve 1");
        assertThat(run("fraud", "preview", "1", "--last", "10").out()).contains("would differ");
        assertThat(run(Role.CONTROLLER, "fraud", "approve", "1").err()).contains("another person");
        assertThat(run("john", Role.CONTROLLER, "fraud", "approve", "1").out()).contains("APPROVED");
        assertThat(run("fraud", "show").out()).contains("weight.model=60", "revision 2");
        assertThat(run("fraud", "rollback", "1", "--reason", "again").out()).contains("back to or from 1");
        Done listed = run(
                "fraud",
                "deny",
                "--bank",
                "HHHIHKHH",
                "--until",
                "2027-12-31T00:00:00Z",
                "--reason",
                "closed",
                "--json");
        String version = listed.json().path("version").asString();
        assertThat(run("john", Role.CONTROLLER, "fraud", "approve", version).exitCode())
                .isEqualTo(ExitCodes.OK);
        assertThat(run("fraud", "lists").out()).contains("HHHIHKHH", "deny");
        String entry = listed.json().path("adds").path(0).path("id").asString();
        assertThat(run("fraud", "unlist", entry, "--reason", "open").out()).contains("take off HHHIHKHH");
        assertThat(run("fraud", "reject", "2").out()).contains("REJECTED");
    }

    @Test
    void keeps_what_cannot_be_read_and_takes_it_again_mended() throws IOException {
        Path bad = Files.writeString(files.resolve("bad.xml"), "<Document>\u0007 no message");
        Done refused = run("send", bad.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(refused.err()).contains("it is kept as dead letter ");
        String letter = refused.err().strip().replaceFirst("(?s).* ", "");
        assertThat(run("dead-letters", "list").out()).contains(letter);
        Path copy = files.resolve("copy.bin");
        Done shown = run("dead-letters", "show", letter, "--out", copy.toString());
        assertThat(shown.out()).contains("<Document>\\u{7} no message").contains("by http");
        assertThat(copy).hasBinaryContent(Files.readAllBytes(bad));
        assertThat(run("dead-letters", "resubmit", letter).exitCode()).isEqualTo(ExitCodes.FAILED);
        Done mended = run(
                "dead-letters",
                "resubmit",
                letter,
                "--file",
                transfer("cli-3", "100003").toString(),
                "--json");
        assertThat(mended.exitCode()).as(mended.err()).isEqualTo(ExitCodes.OK);
        String payment = mended.json().path("payment").asString();
        assertThat(run("dead-letters", "show", letter).out())
                .contains("unreadable again, dead letter ")
                .contains("by tester, mended: ACCC, payment " + payment);
        assertThat(run(Role.TELLER, "dead-letters", "list").exitCode()).isEqualTo(ExitCodes.NO_PERMISSION);
        assertThat(run("dead-letters", "show", UUID.randomUUID().toString()).err())
                .contains("DEAD_LETTER_NOT_FOUND");
    }

    @Test
    void orders_take_two_people_where_money_passes_with_fewer_checks() {
        Done placed =
                run("orders", "place", "fraud-bypass", "--lasts", "60", "--currency", "JPY", "--reason", "a drill");
        assertThat(placed.exitCode()).as(placed.err()).isEqualTo(ExitCodes.OK);
        assertThat(placed.out()).contains("fraud-bypass", "JPY", "another person approves it");
        String id = run("orders", "list", "--open", "--json")
                .json()
                .path("proposed")
                .path(0)
                .path("id")
                .asString();
        assertThat(run(Role.CONTROLLER, "orders", "approve", id).err()).contains("APPROVER_IS_AUTHOR");
        assertThat(run("orders", "approve", id).exitCode()).isEqualTo(ExitCodes.NO_PERMISSION);
        assertThat(run("orders", "revoke", id).out()).contains("rejected");
        Done alone = run(
                "orders",
                "place",
                "breaker-override",
                "--breaker",
                "vam",
                "--mode",
                "open",
                "--lasts",
                "60",
                "--reason",
                "a drill",
                "--json");
        assertThat(alone.json().path("state").asString()).isEqualTo("APPROVED");
        assertThat(run("orders", "revoke", alone.json().path("id").asString()).out())
                .contains("vam FORCED_OPEN", "ended by tester");
        assertThat(run("orders", "list").out().lines()).hasSizeGreaterThan(2);
        assertThat(run("orders", "place", "holiday", "--lasts", "1", "--reason", "x")
                        .err())
                .contains("KIND: must be");
        assertThat(run("orders", "place", "sla-extension", "--lasts", "0", "--reason", "x")
                        .exitCode())
                .isNotEqualTo(ExitCodes.OK);
    }

    @Test
    void the_demo_ends_well_and_leaves_the_partners_as_they_were() {
        inward.simulator().orElseThrow().play(Service.VAM, Script.AT_ONCE.taking(7, 9));
        Done done = run("demo", "--seconds", "8", "--rate", "15", "--json");
        assertThat(done.exitCode()).as(done.out() + done.err()).isEqualTo(ExitCodes.OK);
        JsonNode report = done.json();
        assertThat(report.path("good").asBoolean()).isTrue();
        assertThat(report.path("checks").size()).isEqualTo(7);
        for (JsonNode check : report.path("checks").values()) {
            if (!check.path("statement").asString().contains("pending")) {
                assertThat(check.path("checked").asInt())
                        .as(check.path("statement").asString())
                        .isPositive();
            }
        }
        for (JsonNode kind : report.path("messages").values()) {
            if (kind.path("kind").asString().equals("all")) {
                assertThat(kind.path("accepted").asInt()).isPositive();
                assertThat(kind.path("refused").asInt()).isPositive();
            }
        }
        assertThat(inward.simulator().orElseThrow().script(Service.VAM, "account"))
                .isEqualTo(Script.AT_ONCE.taking(7, 9));
    }

    @Test
    void wrong_options_are_named() {
        assertThat(run("demo", "--seconds", "0").err()).contains("--seconds: must be 5 to 3600");
        assertThat(run("demo", "--rate", "2000", "--seconds", "3600").exitCode())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(run("send", files.resolve("none").toString()).exitCode()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(run("trace", "x").err()).contains("paymentId must be the UUID of a payment");
    }
}
