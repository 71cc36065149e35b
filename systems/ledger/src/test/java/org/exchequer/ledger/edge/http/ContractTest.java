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
    private static final String BULK =
            "{'transfers':[{'key':'%s','debitAccount':'cash','creditAccount':'alice'," + MONEY + "}]}";
    private static final String POST = "{'legs':[{'account':'cash','side':'DEBIT'," + MONEY
            + "},{'account':'alice','side':'CREDIT'," + MONEY + "}]}";
    private static final String OPEN = "{'code':'%s','name':'N','type':'%s','currency':'EUR'}";

    private static final List<String> READS = List.of(
            "/accounts",
            "/accounts/cash",
            "/accounts/cash/balance",
            "/accounts/cash/statement",
            "/transactions",
            "/transactions/3",
            "/commands/first",
            "/commands?key=first",
            "/trial-balance");

    @Test
    void every_documented_answer_is_given_as_documented() throws Exception {
        try (LedgerServer server = LedgerServer.start(Duration.ofMillis(400));
                ContractClient client = new ContractClient(server)) {
            done(client);
            refusedByTheLedger(client);
            refusedByForm(client);
            notAllowed(client, server);
            notKnown(client, server);
            server.stopLedger();
            notNow(client);
            assertThat(client.exercised()).containsExactlyInAnyOrderElementsOf(client.documented());
        }
    }

    private static void done(ContractClient client) {
        client.post("/accounts", "open-cash", OPEN.formatted("cash", "ASSET"));
        client.post(
                "/accounts",
                "open-alice",
                "{'code':'alice','name':'A','type':'LIABILITY','currency':'EUR','parent':'top',"
                        + "'rule':'DEBITS_MAY_NOT_EXCEED_CREDITS','overdraftLimit':'1.5','metadata':{'a':'b'}}");
        client.post("/accounts", "open-top", "{'code':'top','name':'T','type':'LIABILITY'}");
        client.post("/accounts", "open-alice-2", OPEN.formatted("alice", "LIABILITY"));
        client.patch("/accounts/alice", "freeze", "{'state':'FROZEN'}");
        client.patch("/accounts/alice", "thaw", "{'state':'OPEN'}");

        Exchange first = client.post("/transfers", "first", TRANSFER);
        assertThat(first.status()).isEqualTo(201);
        Exchange again = client.post("/transfers", "first", TRANSFER);
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(again.replayed()).isTrue();
        assertThat(first.replayed()).isFalse();
        client.post("/transactions", "second", POST);
        assertThat(client.post("/transfers/bulk", null, BULK.formatted("third"))
                        .json()
                        .at("/results/0/status")
                        .asInt())
                .isEqualTo(201);

        String id = first.json().path("id").asString();
        client.post("/transactions/" + id + "/reversal", "undo", "{'metadata':{'reason':'wrong'}}");
        READS.forEach(path -> client.get(path.replace("/3", "/" + id)));
        assertThat(client.get("/transactions/" + id).json().has("reversedBy")).isTrue();
        assertThat(client.get("/accounts/cash/statement?limit=1").json().has("next"))
                .isTrue();
        assertThat(client.get("/accounts?prefix=al&limit=1").json().path("items"))
                .hasSize(1);
        assertThat(client.get("/transactions?key=first").json().path("items")).hasSize(1);
        client.get("/commands/freeze");
        client.get("/commands/open-alice");
        client.get("/openapi.yaml");
    }

    private static void refusedByTheLedger(ContractClient client) {
        String id =
                client.get("/transactions?key=first").json().at("/items/0/id").asString();
        client.post("/accounts", "open-cash-again", OPEN.formatted("cash", "ASSET"));
        client.patch("/accounts/cash", "same-state", "{'state':'OPEN'}");
        client.patch("/accounts/nobody", "no-account", "{'state':'FROZEN'}");
        client.post("/transfers", "no-debit", TRANSFER.replace("cash", "nobody"));
        client.post("/transactions", "unbalanced", POST.replaceFirst("1.00", "2.00"));
        client.post("/transactions/" + id + "/reversal", "undo-again", null);
        client.post("/transactions/999999/reversal", "undo-nothing", null);
        client.post("/transfers/bulk", null, BULK.formatted("no-debit"));

        String reused = "first";
        client.post("/accounts", reused, OPEN.formatted("other", "ASSET"));
        client.patch("/accounts/cash", reused, "{'state':'FROZEN'}");
        client.post("/transfers", reused, TRANSFER.replace("1.00", "1.01"));
        client.post("/transactions", reused, POST.replace("1.00", "1.01"));
        client.post("/transactions/" + id + "/reversal", reused, null);

        client.get("/accounts/nobody");
        client.get("/accounts/nobody/balance");
        client.get("/accounts/top/balance");
        client.get("/accounts/nobody/statement");
        client.get("/transactions/999999");
        client.get("/commands/nothing");
        client.get("/commands?key=nothing");
    }

    private static void refusedByForm(ContractClient client) {
        byte[] large = new byte[(1 << 20) + 1];
        for (String[] write : new String[][] {
            {"POST", "/accounts"},
            {"PATCH", "/accounts/cash"},
            {"POST", "/transfers"},
            {"POST", "/transfers/bulk"},
            {"POST", "/transactions"},
            {"POST", "/transactions/1/reversal"}
        }) {
            client.call(write[0], write[1], "form", "{'unknown':1}");
            client.call(write[0], write[1], "form", large, "application/json");
            client.call(write[0], write[1], "form", new byte[] {'{', '}'}, "text/plain");
        }
        client.get("/openapi.yaml?a=%ff");
        for (String path : READS) {
            client.get(path + (path.contains("?") ? "&" : "?") + "unknown=1");
        }
    }

    private static void notAllowed(ContractClient client, LedgerServer server) {
        String expired = server.token(Clock.systemUTC().instant().minus(Duration.ofHours(1)), Role.OPERATOR);
        for (String token : List.of("", expired, server.token())) {
            client.as(token);
            client.post("/accounts", "k", OPEN.formatted("x", "ASSET"));
            client.patch("/accounts/cash", "k", "{'state':'FROZEN'}");
            client.post("/transfers", "k", TRANSFER);
            client.post("/transfers/bulk", null, BULK.formatted("k"));
            client.post("/transactions", "k", POST);
            client.post("/transactions/1/reversal", "k", null);
            READS.forEach(client::get);
            client.get("/openapi.yaml");
        }
        client.as(Role.OPERATOR);
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
        client.post("/accounts", "late-1", OPEN.formatted("late", "ASSET"));
        client.patch("/accounts/cash", "late-2", "{'state':'FROZEN'}");
        client.post("/transfers", "late-3", TRANSFER);
        client.post("/transactions", "late-4", POST);
        client.post("/transactions/1/reversal", "late-5", null);
        assertThat(client.post("/transfers/bulk", null, BULK.formatted("late-6"))
                        .json()
                        .at("/results/0/status")
                        .asInt())
                .isEqualTo(504);
        server.faults().disarmAll();
        released.countDown();
    }

    private static void notNow(ContractClient client) {
        client.post("/accounts", "k", OPEN.formatted("x", "ASSET"));
        client.patch("/accounts/cash", "k", "{'state':'FROZEN'}");
        client.post("/transfers", "k", TRANSFER);
        client.post("/transactions", "k", POST);
        client.post("/transactions/1/reversal", "k", null);
        assertThat(client.post("/transfers/bulk", null, BULK.formatted("k"))
                        .json()
                        .at("/results/0/status")
                        .asInt())
                .isEqualTo(503);
        READS.forEach(client::get);
    }
}
