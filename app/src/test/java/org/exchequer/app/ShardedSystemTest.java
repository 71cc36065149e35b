package org.exchequer.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.OpenTelemetry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.console.edge.Console;
import org.exchequer.console.edge.ConsoleContext;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.ledger.jobs.SampleBank;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.prooflog.ProofBundle;
import org.exchequer.regtech.RegtechModule;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.edge.http.ShardsDoor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A ledger of two shards as the program serves it: two nodes, REST, gRPC between them, the console's page. */
@Timeout(120)
class ShardedSystemTest {
    private static final Currency EUR = Currency.of("EUR");
    private static final String BASE = "/ledger/api/v1";
    private static final MasterKey MASTER = MasterKey.random();

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    /** One node with all its doors. */
    private static final class Node implements AutoCloseable {
        final Clock clock = Clock.systemUTC();
        final Telemetry telemetry = Telemetry.create("test", null);
        final LocalIssuer issuer;
        final LoginLinks links;
        final ShardedSystem system;
        final HttpHost host;
        final Foundation foundation;
        final Path files;
        final GrpcHost grpc;

        Node(String name, Path folder, List<DatabaseAddress> databases) throws Exception {
            issuer = LocalIssuer.open(Files.createDirectories(folder.resolve("issuer")));
            links = new LoginLinks(Files.createDirectories(folder.resolve("links")), clock);
            HostSettings settings = HostSettings.local("test");
            int grpcPort = HttpHost.freePort(settings.address(), 0);
            files = Files.createDirectories(folder.resolve("files"));
            foundation = new Foundation(
                    clock,
                    Ticker.system(),
                    new Faults(),
                    telemetry.meters(),
                    OpenTelemetry.noop(),
                    name,
                    settings.url(grpcPort),
                    databases.getFirst(),
                    "",
                    Optional.of(files));
            system = new ShardedSystem(foundation, databases, MasterKeys.given(MASTER));
            system.start();
            Console console = new Console(new ConsoleContext(
                    system.ledger(),
                    system.proofs(),
                    system.subjects(),
                    system.shards(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(system),
                    clock,
                    Ticker.system()));
            ConsoleDoor door = new ConsoleDoor(
                    Console.CONTENT_SECURITY_POLICY,
                    Console.LOGIN,
                    Console.DENIED,
                    Console.CSRF_FAILED,
                    Console.OPEN.toArray(String[]::new));
            HostParts parts = new HostParts(clock, Ticker.system(), telemetry, issuer, links, door);
            grpc = GrpcHost.start(settings, grpcPort, parts, system.grpcServices(), () -> true);
            List<Route> routes = new ArrayList<>(console.routes());
            routes.addAll(system.routes());
            host = HttpHost.start(
                    settings,
                    parts,
                    CompletableFuture.completedFuture(
                            new Served(system.controllers(), routes, List::of, console::register)));
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(host.url() + path))
                    .header("Authorization", "Bearer " + token(Role.OPERATOR));
        }

        String token(Role... roles) {
            return issuer.token("test", new HashSet<>(List.of(roles)), clock.instant(), Duration.ofMinutes(5));
        }

        @Override
        public void close() throws Exception {
            grpc.close();
            host.close();
            system.close();
            telemetry.close();
        }
    }

    private String get(Node node, String path) throws Exception {
        HttpResponse<String> answer = http.send(node.request(path).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> post(Node node, String path, String body) throws Exception {
        return http.send(
                node.request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void two_nodes_serve_one_ledger_over_two_databases(@TempDir Path folder) throws Exception {
        List<DatabaseAddress> databases = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        try (Node one = new Node("one", folder.resolve("1"), databases);
                Node two = new Node("two", folder.resolve("2"), databases)) {
            assertThat(SampleBank.load(one.system.ledger())).isEqualTo(SampleBank.Result.LOADED);
            assertThat(two.system.readiness().detail()).contains("s0: standby").contains("s1: standby");
            // Through the node that writes nothing: to the writer of each shard, over one gRPC server.
            Ledger ledger = two.system.ledger();
            String left = open(ledger, 0);
            String right = open(ledger, 1);
            for (int i = 0; i < 20; i++) {
                Outcome outcome = ledger.execute(new Command.Transfer(
                        "t" + i,
                        i % 2 == 0 ? left : right,
                        i % 2 == 0 ? right : left,
                        new Money(5, EUR),
                        Details.NONE));
                assertThat(outcome).isInstanceOf(Outcome.Posted.class);
            }
            assertThat(one.system.checkInvariants())
                    .allSatisfy(result ->
                            assertThat(result.holds()).as(result.toString()).isTrue());
            assertThat(one.system.checkInvariants())
                    .extracting(InvariantResult::statement)
                    .anyMatch(statement -> statement.startsWith("shard s1"));
            assertThat(one.system.checkInvariants())
                    .extracting(InvariantResult::detail)
                    .contains("in transit: 0.00 EUR, 0.00 USD");

            assertThat(get(two, BASE + "/shards"))
                    .contains("\"slots\":2048")
                    .contains("\"inDoubtLimitSeconds\":10")
                    .contains("\"inTransit\":{\"EUR\":\"0.00\",\"USD\":\"0.00\"}")
                    .containsPattern("\"name\":\"s0\".*\"netSent\":\\{\"EUR\":\"-?[0-9]+[.][0-9]{2}\"");
            assertThat(get(two, BASE + "/shards/in-doubt")).isEqualTo("{\"items\":[]}");
            assertThat(get(one, BASE + "/trial-balance")).contains("\"ties\":true");
            assertThat(post(two, BASE + "/shards/moves", "{\"from\":0,\"to\":5,\"slots\":1}")
                            .body())
                    .contains("INVALID_FIELD");
            assertThat(post(two, BASE + "/shards/moves", "{\"from\":0,\"to\":1,\"slot\":1}")
                            .body())
                    .contains("UNKNOWN_FIELD");
            assertThat(post(two, BASE + "/shards/moves", "[]").body()).contains("MALFORMED_BODY");
            assertThat(post(two, BASE + "/shards/moves", "{\"from\":0,\"to\":1,\"slots\":8}")
                            .statusCode())
                    .isEqualTo(202);
            awaitTheMovesEnd(two);
            assertThat(get(two, BASE + "/shards")).contains("\"slots\":2056");
            commands(two);
            eachShardHasALogThatAWitnessCanWatch(one, folder);
            aPackOfItHolds(one, left, right, folder.resolve("pack"));
            everyDocumentedAnswerIsGiven(two);
            awaitTheMovesEnd(two);
            thePageShowsThem(two);
        }
        Ran verified = run(Map.of(), "verify", folder.resolve("1/files"));
        assertThat(verified.code()).as(verified.text()).isZero();
        assertThat(verified.text().lines().filter(line -> line.contains("ledger: OK: ")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("ledger: ").containsPattern("exchequer/[^/]+/ledger "),
                        line -> assertThat(line)
                                .startsWith("s1/ledger: ")
                                .containsPattern("exchequer/[^/]+/s1/ledger "));
        assertThat(folder.resolve("1/files/prooflog-s1-ledger.vkey")).content().contains("/s1/ledger+");
        // Who starts without the second database is told.
        assertThat(ShardDatabases.registered(databases.getFirst())).isEqualTo(2);
        assertThatThrownBy(() -> new Node("three", folder.resolve("3"), databases.reversed()))
                .hasMessageContaining("in the order");
    }

    /** One log per shard in the manifest, and of a transaction over both a proof of each. */
    private void aPackOfItHolds(Node node, String left, String right, Path to) throws Exception {
        RegtechModule regtech = new RegtechModule(node.foundation, node.system.ledger(), node.system.proofs());
        regtech.start();
        LocalDate today = node.system.ledger().businessDate();
        Pack pack = regtech.packs().make(new PackRequest(today, today, 30, Map.of("EUR", 5L)));
        for (Map.Entry<String, byte[]> file : pack.files().entrySet()) {
            Files.createDirectories(to.resolve(file.getKey()).getParent());
            Files.write(to.resolve(file.getKey()), file.getValue());
        }
        assertThat(Files.readAllLines(to.resolve(Pack.MANIFEST)))
                .filteredOn(line -> line.startsWith("log "))
                .hasSize(2);
        Ran held = run(Map.of(), "verify", "--data", node.files, "--pack", to);
        assertThat(held.code()).as(held.text()).isZero();
        for (String report : List.of("trial-balance", "large-movements", "audit-extract", "dormant-accounts")) {
            assertThat(Files.readString(to.resolve(report + ".csv"))).doesNotContain("transit:", "~mv:", "moved");
        }
        Transaction across = node.system.ledger().latest(null, 100).items().stream()
                .filter(posting -> posting.key().equals("t0"))
                .findFirst()
                .orElseThrow();
        List<Long> parts = node.system.proofs().parts(across.id());
        assertThat(parts).hasSize(2);
        assertThat(Files.readString(to.resolve("audit-extract.csv")))
                .contains("proofs/" + parts.getFirst() + ".tlog-proof proofs/" + parts.getLast() + ".tlog-proof");
        HttpResponse<String> proof = http.send(
                node.request(BASE + "/transactions/" + across.id() + "/proof").build(), BodyHandlers.ofString());
        assertThat(proof.headers().allValues("Link"))
                .containsExactly("<" + BASE + "/transactions/" + parts.getLast() + "/proof>; rel=\"related\"");
        for (long part : parts) {
            Path bundle = to.resolveSibling(part + ".tlog-proof");
            Files.writeString(bundle, get(node, BASE + "/transactions/" + part + "/proof"));
            Ran verified = run(Map.of(), "verify", "--data", node.files, "--bundle", bundle);
            assertThat(verified.code()).as(verified.text()).isZero();
            assertThat(verified.text())
                    .contains("posting of a hold", "booking date " + today + ", value date " + today)
                    .containsPattern("debit of account number [0-9]+: 5 minor units")
                    .containsPattern("credit of account number [0-9]+: 5 minor units");
        }
        // A proof of the other shard's entry of that number is none of this transaction.
        Path second = to.resolve("proofs/" + parts.getLast() + ".tlog-proof");
        Path first = to.resolve("proofs/" + parts.getFirst() + ".tlog-proof");
        assertThat(ProofBundle.parse(Files.readString(first)).checkpoint().text())
                .isNotEqualTo(
                        ProofBundle.parse(Files.readString(second)).checkpoint().text());
        assertThat(get(node, BASE + "/shards/accounts/" + left)).contains("\"shard\":0", "\"name\":\"s0\"");
        assertThat(get(node, BASE + "/shards/accounts/" + right)).contains("\"shard\":1");
        assertThat(get(node, BASE + "/trial-balance")).containsPattern("\"asOfSequences\":\\[[0-9]+,[0-9]+]");
    }

    private void thePageShowsThem(Node node) throws Exception {
        http.send(
                HttpRequest.newBuilder(URI.create(node.links.link(node.host.url(), "tess", Set.of(Role.AUDITOR))))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> page = http.send(
                HttpRequest.newBuilder(URI.create(node.host.url() + "/console/ledger/shards"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Nothing is in doubt.")
                .contains("2,057")
                .contains("Net sent to other shards", "In transit now, over all shards", ">0.00 EUR<")
                .contains("1 of 1");
    }

    private void awaitTheMovesEnd(Node node) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> get(node, BASE + "/shards/moves").contains("\"running\":false"));
    }

    private record Ran(int code, String text) {}

    private static Ran run(Map<String, String> environment, Object... arguments) {
        StringWriter text = new StringWriter();
        CommandLine line = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
        int code = line.execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        return new Ran(code, text.toString());
    }

    private static void commands(Node node) {
        Map<String, String> access =
                Map.of("EXCHEQUER_URL", node.host.url(), "EXCHEQUER_TOKEN", node.token(Role.OPERATOR));
        assertThat(run(access, "shards", "list").text())
                .containsPattern("s0 +2040 +0 +[0-9]+")
                .containsPattern("s1 +2056 +0 +[0-9]+")
                .contains("NET SENT TO OTHER SHARDS", "in transit now: 0.00 EUR, 0.00 USD");
        assertThat(run(access, "shards", "list", "--json").text()).contains("\"inDoubtLimitSeconds\" : 10");
        assertThat(run(access, "shards", "in-doubt").text()).startsWith("nothing is in doubt");
        assertThat(run(access, "shards", "moves").text()).startsWith("s0 to s1: 8 of 8 slots");
        Ran back = run(access, "shards", "move", "--from", "s1", "--to", "0", "--slots", "8", "--wait");
        assertThat(back.code()).as(back.text()).isZero();
        assertThat(back.text()).contains("s1 to s0: 8 of 8 slots").doesNotContain("going on");
        run(access, "shards", "move", "--from", "0", "--to", "1", "--slots", "8", "--wait");
        Ran same = run(access, "shards", "move", "--from", "0", "--to", "0", "--slots", "8");
        assertThat(same.code()).isEqualTo(64);
        assertThat(same.text()).contains("to must be another shard");
        assertThat(run(access, "shards", "move", "--from", "left", "--to", "0", "--slots", "8")
                        .text())
                .contains("--from must be a shard such as s0");
        assertThat(run(access, "shards").code()).isEqualTo(64);
        Map<String, String> teller =
                Map.of("EXCHEQUER_URL", node.host.url(), "EXCHEQUER_TOKEN", node.token(Role.TELLER));
        assertThat(run(teller, "shards", "move", "--from", "0", "--to", "1", "--slots", "8")
                        .code())
                .isEqualTo(77);
    }

    private void eachShardHasALogThatAWitnessCanWatch(Node node, Path folder) throws Exception {
        Set<String> keys = new HashSet<>();
        for (int shard = 0; shard < 2; shard++) {
            String log = BASE + "/shards/" + shard + "/proof";
            String key = get(node, log + "/key").strip();
            keys.add(key);
            Ran seen = run(
                    Map.of("EXCHEQUER_TOKEN", node.token(Role.AUDITOR)),
                    "witness",
                    "--log",
                    node.host.url() + log,
                    "--log-key",
                    key,
                    "--data",
                    folder.resolve("witness" + shard),
                    "--once");
            assertThat(seen.code()).as(seen.text()).isZero();
            assertThat(seen.text()).contains("cosigned");
        }
        assertThat(keys).hasSize(2).contains(get(node, BASE + "/proof/key").strip());
    }

    private static void everyDocumentedAnswerIsGiven(Node node) {
        try (ContractClient client =
                new ContractClient(node.host.url(), BASE + "/shards", ShardsDoor.CONTRACT, node::token)) {
            String move = "{'from':0,'to':1,'slots':1}";
            assertThat(client.post("/moves", null, move).status()).isEqualTo(202);
            assertThat(client.post("/moves", null, "{'from':0}").field()).isEqualTo("to");
            String size = new String(
                            client.get("/1/proof/checkpoint").response().body(), UTF_8)
                    .lines()
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            String entries = "/1/proof/tile/entries/000.p/" + size;
            assertThat(client.get("/accounts/a%20b").field()).isEqualTo("account");
            List<String> paths = List.of(
                    "",
                    "/accounts/none",
                    "/in-doubt",
                    "/moves",
                    "/openapi.yaml",
                    "/1/proof/checkpoint",
                    "/1/proof/key",
                    entries);
            paths.forEach(path -> assertThat(client.get(path).status()).as(path).isEqualTo(200));
            for (String path : List.of("/2/proof/checkpoint", "/s/proof/key", "/1/proof/tile/0/x999/999")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(404);
            }
            for (String token : List.of("", node.token())) {
                client.as(token);
                int status = token.isEmpty() ? 401 : 403;
                paths.forEach(
                        path -> assertThat(client.get(path).status()).as(path).isEqualTo(status));
                assertThat(client.post("/moves", null, move).status()).isEqualTo(status);
            }
            Set<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            missing.removeIf(what -> what.endsWith(" 503"));
            assertThat(missing).isEmpty();
        }
    }

    @Test
    void personal_data_is_sealed_over_all_shards_under_keys_of_the_first(@TempDir Path folder) throws Exception {
        List<DatabaseAddress> databases = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        try (Node one = new Node("one", folder.resolve("1"), databases);
                Node two = new Node("two", folder.resolve("2"), databases)) {
            Ledger ledger = two.system.ledger();
            String left = open(ledger, 0);
            AccountSpec plain = AccountSpec.posting(free(1), "Ada Lovelace", AccountType.LIABILITY, EUR, null);
            AccountSpec ada = new AccountSpec(
                    plain.code(),
                    plain.name(),
                    plain.type(),
                    plain.normalSide(),
                    EUR,
                    null,
                    plain.rule(),
                    0,
                    Map.of("subject", "cust-1", "personal.email", "ada@example.org"));
            assertThat(ledger.execute(new Command.OpenAccount("ada", ada)))
                    .isInstanceOfSatisfying(
                            Outcome.AccountChanged.class,
                            changed -> assertThat(changed.account().spec()).isEqualTo(ada));
            Command.Transfer across = new Command.Transfer(
                    "across",
                    left,
                    ada.code(),
                    new Money(5, EUR),
                    new Details("r", null, Map.of("subject", "cust-1", "personal.note", "for Ada")));
            Outcome posted = ledger.execute(across);
            assertThat(posted).isInstanceOf(Outcome.Posted.class);
            assertThat(one.system.ledger().execute(across)).isInstanceOfSatisfying(Outcome.Posted.class, again -> {
                assertThat(again.replayed()).isTrue();
                assertThat(again.transaction().details()).isEqualTo(across.details());
            });
            for (DatabaseAddress database : databases) {
                String rows = String.join("\n", rows(database, "account")) + rows(database, "journal");
                assertThat(rows).contains("sealed:").doesNotContain("Ada", "ada@example.org");
            }
            assertThat(rows(databases.getFirst(), "subject_key")).hasSize(1);
            assertThat(rows(databases.getLast(), "subject_key")).isEmpty();

            // Proposed at one node, approved at the other.
            assertThat(two.system.subjects().propose("cust-1", "asked", "mary"))
                    .isInstanceOf(Erasure.Outcome.Done.class);
            HttpResponse<String> erased = http.send(
                    HttpRequest.newBuilder(URI.create(one.host.url() + BASE + "/subjects/cust-1/erasures/1/approval"))
                            .header("Authorization", "Bearer " + one.token(Role.ADMIN))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(erased.statusCode()).as(erased.body()).isEqualTo(200);
            for (Node node : List.of(one, two)) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> get(node, BASE + "/accounts/" + ada.code()).contains("\"(erased)\""));
            }
            assertThat(one.system.checkInvariants()).allMatch(InvariantResult::holds);
            long position = ((Outcome.Posted) posted).transaction().id();
            assertThat(one.system.proofs().prove(position)).isInstanceOf(Proofs.Proof.Bundle.class);
        }
        // What was erased is in the logs as ciphertext, so they are as sound as before.
        Ran verified = run(Map.of(), "verify", folder.resolve("1/files"));
        assertThat(verified.code()).as(verified.text()).isZero();
        assertThat(verified.text().lines().filter(line -> line.contains("ledger: OK: ")))
                .hasSize(2);
    }

    private static List<String> rows(DatabaseAddress database, String table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT t::text FROM ledger." + table + " AS t")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private static String free(int shard) {
        for (int i = 0; ; i++) {
            if (SlotMap.even(2).shard("person." + i) == shard) {
                return "person." + i;
            }
        }
    }

    private static String open(Ledger ledger, int shard) {
        for (int i = 0; ; i++) {
            String code = "acct." + i;
            if (SlotMap.even(2).shard(code) == shard) {
                AccountSpec spec = AccountSpec.posting(code, "Account", AccountType.ASSET, EUR, null);
                assertThat(ledger.execute(new Command.OpenAccount("open-" + code, spec)))
                        .isInstanceOf(Outcome.AccountChanged.class);
                return code;
            }
        }
    }
}
