package org.exchequer.ledger.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.exchequer.ledger.edge.http.ContractClient.Exchange;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.Test;

/** Drives the real server until it has given every documented answer of every operation, each as documented. */
class ContractTest {
    private static final String MONEY = "'amount':'1.00','currency':'EUR'";
    private static final String TRANSFER = "{'debitAccount':'cash','creditAccount':'alice'," + MONEY + "}";
    private static final String BATCH = "{'items':[{'command':'TRANSFER','key':'%s-1',"
            + "'debitAccount':'cash','creditAccount':'alice'," + MONEY + "},{'command':'HOLD','key':'%s-2',"
            + "'debitAccount':'cash','creditAccount':'alice'," + MONEY + "}]}";
    private static final String LEGS = "'legs':[{'account':'cash','side':'DEBIT'," + MONEY
            + "},{'account':'alice','side':'CREDIT'," + MONEY + "}]";
    private static final String POST = "{" + LEGS + "}";
    private static final String PROPOSE = "{'reason':'booked wrongly'," + LEGS + "}";
    private static final String OPEN = "{'code':'%s','name':'N','type':'%s','currency':'EUR'}";

    /** Ids of things that are there, put in by {@link #read}. */
    private String transaction = "";

    private String hold = "";
    private String linked = "";
    private String adjustment = "";

    private static final List<String> READS = List.of(
            "/accounts",
            "/accounts/cash",
            "/accounts/cash/balance",
            "/accounts/cash/rollup",
            "/accounts/cash/history?from=2025-01-01&to=2030-12-31",
            "/accounts/cash/statement",
            "/accounts/cash/holds",
            "/transactions",
            "/transactions/$T",
            "/holds",
            "/transactions/$T/proof",
            "/proof/checkpoint",
            "/proof/key",
            "/proof/tile/0/000.p/1",
            "/proof/tile/entries/000.p/1",
            "/holds/$H",
            "/batches/linked/$L",
            "/adjustments",
            "/adjustments/$A",
            "/days",
            "/commands/first",
            "/commands?key=first",
            "/trial-balance",
            "/balance-sheet",
            "/income-statement?from=2025-01-01&to=2030-12-31");

    private static final String PERSON = "/subjects/cust-1";

    /** Those about persons, whose paths name one and whose writes take no key. */
    private static final List<Write> OF_PERSONS = List.of(
            new Write("POST", PERSON + "/erasures", "{'reason':'asked'}"),
            new Write("POST", PERSON + "/erasures/1/approval", "{}"),
            new Write("POST", PERSON + "/erasures/1/rejection", "{}"));

    /** Every write, with a body that could be done; a batch has its keys inside. */
    private record Write(String method, String path, String body) {
        boolean keyed() {
            return !path.startsWith("/batches") && !path.startsWith("/subjects");
        }

        Exchange call(ContractClient client, String key) {
            return client.call(method, path, keyed() ? key : null, body.replace("%s", key));
        }
    }

    private static final List<Write> WRITES = List.of(
            new Write("POST", "/accounts", OPEN.formatted("other", "ASSET")),
            new Write("PATCH", "/accounts/cash", "{'state':'FROZEN'}"),
            new Write("POST", "/transfers", TRANSFER.replace("1.00", "1.01")),
            new Write("POST", "/batches", BATCH),
            new Write("POST", "/batches/linked", BATCH.replace("%s-1", "%s")),
            new Write("POST", "/holds", TRANSFER),
            new Write("POST", "/holds/1/post", "{}"),
            new Write("POST", "/holds/1/void", "{}"),
            new Write("POST", "/transactions", POST.replace("1.00", "1.01")),
            new Write("POST", "/transactions/1/reversal", "{}"),
            new Write("POST", "/adjustments", PROPOSE),
            new Write("POST", "/adjustments/1/approval", "{}"),
            new Write("POST", "/adjustments/1/rejection", "{}"),
            new Write("POST", "/days/2020-01-01/close", "{}"));

    @Test
    void every_documented_answer_is_given_as_documented() throws Exception {
        try (LedgerServer server = LedgerServer.start(Duration.ofMillis(400));
                ContractClient client = new ContractClient(server)) {
            done(client, server);
            refusedByTheLedger(client);
            refusedByForm(client);
            notAllowed(client, server);
            notKnown(client, server);
            server.stopLedger();
            notNow(client);
            assertThat(client.exercised()).containsExactlyInAnyOrderElementsOf(client.documented());
        }
    }

    private void done(ContractClient client, LedgerServer server) {
        client.post("/accounts", "open-cash", OPEN.formatted("cash", "ASSET"));
        client.post(
                "/accounts",
                "open-alice",
                "{'code':'alice','name':'A','type':'LIABILITY','currency':'EUR','parent':'top','maximumBalance':null,"
                        + "'rule':'DEBITS_MAY_NOT_EXCEED_CREDITS','overdraftLimit':'1.5','metadata':{'a':'b'}}");
        client.post("/accounts", "open-top", "{'code':'top','name':'T','type':'LIABILITY'}");
        client.post("/accounts", "open-alice-2", OPEN.formatted("alice", "LIABILITY"));
        client.post(
                "/accounts",
                "open-emil",
                "{'code':'emil','name':'E','type':'LIABILITY','currency':'EUR','minimumBalance':'1',"
                        + "'openingBalance':{'amount':'12','contraAccount':'cash'}}");
        client.post("/accounts", "open-fees", OPEN.formatted("fees", "INCOME"));
        client.patch("/accounts/alice", "freeze", "{'state':'CREDIT_FROZEN'}");
        assertThat(client.patch("/accounts/alice", "thaw", "{'state':'OPEN'}").code())
                .isEqualTo("APPROVAL_REQUIRED");
        String thaw = client.post(
                        "/adjustments", "thaw-2", "{'reason':'asked','change':{'account':'alice','state':'OPEN'}}")
                .json()
                .path("id")
                .asString();
        client.as(server.token("second", Role.CONTROLLER));
        assertThat(client.post("/adjustments/" + thaw + "/approval", "thawed", null)
                        .status())
                .isEqualTo(200);
        client.as(Role.OPERATOR, Role.CONTROLLER);
        client.patch("/accounts/alice", "bound", "{'minimumBalance':null,'maximumBalance':'99','currency':'EUR'}");

        move(client);
        control(client, server);
        look(client);
        erase(client, server);
    }

    private static void erase(ContractClient client, LedgerServer server) {
        client.post(
                "/accounts",
                "open-ann",
                "{'code':'ann','name':'Ann','type':'LIABILITY','currency':'EUR','metadata':{'subject':'cust-1'}}");
        client.as(Role.ADMIN);
        Exchange proposed = client.post(PERSON + "/erasures", null, "{'reason':'asked'}");
        assertThat(proposed.status()).isEqualTo(201);
        assertThat(client.get(PERSON).json().path("state").asString()).isEqualTo("ERASURE_PROPOSED");
        String erasure = PERSON + "/erasures/" + proposed.json().path("id").asString();
        assertThat(client.post(PERSON + "/erasures", null, "{'reason':'another'}")
                        .code())
                .isEqualTo("ERASURE_ALREADY_PROPOSED");
        assertThat(client.post(erasure + "/approval", null, null).code()).isEqualTo("APPROVER_IS_AUTHOR");
        client.as(server.token("second", Role.ADMIN));
        assertThat(client.post(erasure + "/approval", null, null).status()).isEqualTo(200);
        assertThat(client.post(erasure + "/rejection", null, "{'reason':'no'}").code())
                .isEqualTo("ERASURE_ALREADY_DECIDED");
        for (Write write : OF_PERSONS) {
            String form = write.path().replace("/1/", "/999/");
            client.post(form.replace("cust-1", "nobody"), null, write.body());
            client.post(form, null, "{'unknown':1}");
            byte[] large = new byte[(1 << 20) + 1];
            client.call(write.method(), form, "unused", large, "application/json");
            client.call(write.method(), form, "unused", new byte[] {'{', '}'}, "text/plain");
        }
        client.post(
                "/accounts", "open-ben", OPEN.formatted("ben", "ASSET").replace("}", ",'metadata':{'subject':'b'}}"));
        Exchange other = client.post("/subjects/b/erasures", null, "{'reason':'asked'}");
        client.post(
                "/subjects/b/erasures/" + other.json().path("id").asString() + "/rejection", null, "{'reason':'no'}");
        assertThat(client.get("/subjects?limit=1").json().has("next")).isTrue();
        client.get("/subjects?open=false&cursor="
                + client.get("/subjects?limit=1").json().path("next").asString());
        client.get("/subjects?cursor=none");
        client.get("/subjects/nobody");
        client.get(PERSON + "?unknown=1");
        client.as(Role.OPERATOR, Role.CONTROLLER);
    }

    private void move(ContractClient client) {
        Exchange first = client.post("/transfers", "first", TRANSFER.replace("}", ",'valueDate':'2026-01-31'}"));
        assertThat(first.status()).isEqualTo(201);
        Exchange again = client.post("/transfers", "first", TRANSFER.replace("}", ",'valueDate':'2026-01-31'}"));
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(again.replayed()).isTrue();
        assertThat(first.replayed()).isFalse();
        transaction = first.json().path("id").asString();
        client.post("/transactions", "second", POST.replace("alice", "fees"));
        client.post("/transfers", "rent-1", TRANSFER.replace("}", ",'reference':'rent'}"));
        client.post("/transfers", "rent-2", TRANSFER.replace("}", ",'correlationId':'rent'}"));
        String both = BATCH.replace("%s", "third");
        assertThat(client.post("/batches", null, both)
                        .json()
                        .at("/results/1/status")
                        .asInt())
                .isEqualTo(201);
        linked = client.post("/batches/linked", null, BATCH.replace("%s", "fourth"))
                .json()
                .at("/results/0/sequence")
                .asString();

        hold = client.post("/holds", "hold", TRANSFER.replace("}", ",'timeoutSeconds':3600}"))
                .json()
                .path("id")
                .asString();
        client.post("/holds/" + hold + "/post", "part", "{'amount':'0.40','currency':'EUR','keepRest':true}");
        client.get(read("/holds/$H"));
        client.get("/accounts/alice/holds?limit=1");
        client.post("/holds/" + hold + "/void", "void", "{'reference':'cancelled'}");
        client.post("/transactions/" + transaction + "/reversal", "undo", "{'amount':'0.25','currency':'EUR'}");
    }

    private void control(ContractClient client, LedgerServer server) {
        adjustment = client.post("/adjustments", "propose", PROPOSE)
                .json()
                .path("id")
                .asString();
        Exchange other = client.post("/adjustments", "propose-2", PROPOSE);
        client.post("/adjustments/" + adjustment + "/approval", "own", null);
        client.as(server.token("second", Role.CONTROLLER));
        client.post("/adjustments/" + adjustment + "/approval", "approve", null);
        client.post("/adjustments/" + other.json().path("id").asString() + "/rejection", "dismiss", "{}");
        client.as(Role.OPERATOR, Role.CONTROLLER);
        client.post("/days/2025-12-31/close", "close", null);
    }

    private void look(ContractClient client) {
        READS.forEach(path -> client.get(read(path)));
        assertThat(client.get(read("/transactions/$T")).json().path("reversedBy"))
                .hasSize(1);
        assertThat(client.get("/accounts/cash/statement?limit=1").json().has("next"))
                .isTrue();
        assertThat(client.get("/accounts?prefix=al&limit=1").json().path("items"))
                .hasSize(1);
        assertThat(client.get("/transactions?after=0&limit=3")
                        .json()
                        .path("next")
                        .asString())
                .isEqualTo("3");
        assertThat(client.get("/transactions?after=0").json().at("/items/0/id").asString())
                .isEqualTo(client.get("/transactions?limit=1000").json().path("items").values().stream()
                        .toList()
                        .getLast()
                        .path("id")
                        .asString());
        assertThat(client.get("/transactions?key=first").json().path("items")).hasSize(1);
        for (String path :
                List.of("/accounts/cash/balance", "/accounts/top/rollup", "/trial-balance", "/balance-sheet")) {
            client.get(path + "?bookingDate=2026-01-31");
            client.get(path + "?valueDate=2026-01-31");
        }
        client.get("/income-statement?from=2026-01-01&to=2026-12-31&basis=VALUE");
        client.get("/adjustments?open=true");
        for (String list : List.of("/adjustments?", "/holds?", "/transactions?", "/transactions?reference=rent&")) {
            String next = client.get(list + "limit=1").json().path("next").asString();
            assertThat(next).as(list).isNotEmpty();
            assertThat(client.get(list + "limit=1&cursor=" + next).json().path("items"))
                    .as(list)
                    .hasSize(1);
        }
        client.get("/days?limit=1&cursor=days~2025-12-31");
        assertThat(client.get("/holds?open=true&reference=rent").json().path("items"))
                .isEmpty();
        assertThat(client.get(read("/holds/$H")).json().path("postedBy")).hasSize(1);
        assertThat(client.get(read("/batches/linked/$L")).json().path("items")).hasSize(2);
        assertThat(client.get("/accounts/cash/balance?valueDate=2026-01-31")
                        .json()
                        .has("available"))
                .isFalse();
        for (String key : List.of("freeze", "open-alice", "hold", "void", "propose", "dismiss", "close")) {
            assertThat(client.get("/commands/" + key).status()).isEqualTo(200);
        }
        client.get("/openapi.yaml");
    }

    private String read(String path) {
        return path.replace("$T", transaction)
                .replace("$H", hold)
                .replace("$A", adjustment)
                .replace("$L", linked);
    }

    private void refusedByTheLedger(ContractClient client) {
        client.post("/accounts", "open-cash-again", OPEN.formatted("cash", "ASSET"));
        client.patch("/accounts/cash", "same-state", "{'state':'OPEN'}");
        client.patch("/accounts/nobody", "no-account", "{'state':'FROZEN'}");
        String noDebit = TRANSFER.replace("cash", "nobody");
        client.post("/transfers", "no-debit", noDebit);
        client.post("/transactions", "unbalanced", POST.replaceFirst("1.00", "2.00"));
        client.post("/transactions/" + transaction + "/reversal", "undo-more", "{'amount':'9','currency':'EUR'}");
        client.post("/transactions/999999/reversal", "undo-nothing", null);
        client.post("/batches", null, BATCH.replace("cash", "nobody").replace("%s", "fifth"));
        Exchange linked = client.post(
                "/batches/linked", null, BATCH.replaceFirst("cash", "nobody").replace("%s", "sixth"));
        assertThat(linked.code() + " " + linked.field()).isEqualTo("ACCOUNT_NOT_FOUND items[0].debitAccount");
        assertThat(linked.json().at("/results/1/code").asString()).isEqualTo("LINKED_ITEM_FAILED");
        assertThat(client.get("/commands/sixth-2").json().has("field")).isFalse();
        client.post("/holds", "hold-nothing", noDebit);
        client.post("/holds/" + hold + "/post", "post-ended", null);
        client.post("/holds/" + hold + "/void", "void-ended", null);
        client.post("/holds/999999/post", "post-nothing", null);
        client.post("/holds/999999/void", "void-nothing", null);
        client.post("/adjustments", "propose-wrong", PROPOSE.replaceFirst("1.00", "2.00"));
        client.post("/adjustments/" + adjustment + "/rejection", "decided", null);
        client.post("/adjustments/999999/approval", "approve-nothing", null);
        client.post("/adjustments/999999/rejection", "reject-nothing", null);
        client.post("/days/2999-12-31/close", "not-yet", null);

        WRITES.forEach(write -> write.call(client, "first"));

        for (String path :
                List.of("", "/balance", "/rollup", "/history?from=2026-01-01&to=2026-01-01", "/statement", "/holds")) {
            client.get("/accounts/nobody" + path);
        }
        for (String path : List.of("/balance", "/history?from=2026-01-01&to=2026-01-01", "/statement", "/holds")) {
            assertThat(client.get("/accounts/top" + path).code()).as(path).isEqualTo("ACCOUNT_IS_SUMMARY");
        }
        client.get("/batches/linked/999999");
        Exchange tooLittle = client.post(
                "/accounts",
                "open-little",
                "{'code':'little','name':'L','type':'LIABILITY','currency':'EUR','minimumBalance':'10',"
                        + "'openingBalance':{'amount':'9.99','contraAccount':'cash'}}");
        assertThat(tooLittle.status() + " " + tooLittle.code() + " " + tooLittle.field())
                .isEqualTo("422 BELOW_MINIMUM_BALANCE openingBalance.amount");
        client.get("/transactions/999999");
        client.get("/transactions/999999/proof");
        client.get("/proof/tile/0/999");
        client.get("/proof/tile/entries/999");
        client.get("/holds/999999");
        client.get("/adjustments/999999");
        client.get("/commands/nothing");
        client.get("/commands?key=nothing");
    }

    private void refusedByForm(ContractClient client) {
        for (Write write : WRITES) {
            byte[] large = new byte[(write.keyed() ? 1 << 20 : 16 << 20) + 1];
            client.call(write.method(), write.path(), "form", "{'unknown':1}");
            client.call(write.method(), write.path(), "form", large, "application/json");
            client.call(write.method(), write.path(), "form", new byte[] {'{', '}'}, "text/plain");
        }
        client.get("/openapi.yaml?a=%ff");
        for (String path : READS) {
            client.get(read(path) + (path.contains("?") ? "&" : "?") + "unknown=1");
        }
    }

    private void notAllowed(ContractClient client, LedgerServer server) {
        String expired = server.token(Clock.systemUTC().instant().minus(Duration.ofHours(1)), Role.OPERATOR);
        for (String token : List.of("", expired, server.token())) {
            client.as(token);
            WRITES.forEach(write -> write.call(client, "k"));
            READS.forEach(path -> client.get(read(path)));
            OF_PERSONS.forEach(write -> write.call(client, "k"));
            client.get("/subjects");
            client.get(PERSON);
            client.get("/openapi.yaml");
        }
        client.as(Role.OPERATOR, Role.CONTROLLER);
    }

    /** The committer stands still, so no command gets its outcome in time. */
    private static void notKnown(ContractClient client, LedgerServer server) {
        CountDownLatch released = new CountDownLatch(1);
        server.faults().arm("ledger.append.before", point -> {
            try {
                released.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < WRITES.size(); i++) {
            Exchange late = WRITES.get(i).call(client, "late-" + i);
            assertThat(
                            late.status() == 200
                                    ? late.json().at("/results/1/status").asInt()
                                    : late.status())
                    .isEqualTo(504);
        }
        server.faults().disarmAll();
        released.countDown();
    }

    private void notNow(ContractClient client) {
        for (Write write : WRITES) {
            Exchange late = write.call(client, "k");
            assertThat(
                            late.status() == 200
                                    ? late.json().at("/results/1/status").asInt()
                                    : late.status())
                    .isEqualTo(503);
        }
        READS.forEach(path -> client.get(read(path)));
        client.as(Role.ADMIN);
        OF_PERSONS.forEach(write -> assertThat(write.call(client, "k").status()).isEqualTo(503));
        assertThat(client.get("/subjects").status()).isEqualTo(503);
        assertThat(client.get(PERSON).status()).isEqualTo(503);
    }
}
