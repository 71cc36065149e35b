package org.exchequer.reconciliation.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.ledger.edge.http.ContractClient.Exchange;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;

/** Drives the real server until it has given every documented answer of every operation, each as documented. */
class ReconciliationContractTest {
    private static final List<String> STEPS = List.of("owner", "adjustment", "closing", "approval", "rejection");

    private static String body(String step) {
        return switch (step) {
            case "owner" -> "{'owner':'ann'}";
            case "adjustment" -> "{'contraAccount':'fees','reason':'bank charges'}";
            case "closing" -> "{'reason':'taken back'}";
            default -> "{}";
        };
    }

    private int keys;

    private String key() {
        return "key-" + ++keys;
    }

    private static Exchange upload(ContractClient client, @Nullable String key, String query, String statement) {
        return client.call("POST", "/runs?" + query, key, statement.getBytes(UTF_8), "text/csv");
    }

    @Test
    void every_documented_answer_is_given_as_documented() throws Exception {
        try (ReconciliationServer server = new ReconciliationServer();
                ContractClient client =
                        new ContractClient(server.url(), ReconciliationDoors.BASE, RunDoor.CONTRACT, server::token)) {
            String today = server.bed.ledger().businessDate().toString();
            runs(client, server, today);
            refusals(client, server);
            steps(client, server);
            Set<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            // A ledger that is away: the same answer everywhere.
            missing.removeIf(what -> what.endsWith(" 503"));
            assertThat(missing).isEmpty();
        }
    }

    private void runs(ContractClient client, ReconciliationServer server, String today) {
        server.bed.receive(1_000, "INV-1");
        String statement = "date,amount,reference\n%s,-3,FEE\n%s,4,FEE-2\n".formatted(today, today);
        Exchange first = upload(client, "run", "account=nostro&format=CSV&tolerance=0.01&days=2", statement);
        assertThat(first.status()).as(first.code()).isEqualTo(201);
        assertThat(first.json().path("newBreaks").asInt()).isEqualTo(3);
        Exchange again = upload(client, "run", "account=nostro&format=CSV&tolerance=0.01&days=2", statement);
        assertThat(again.replayed()).isTrue();
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(upload(client, "run", "account=nostro&format=CSV", statement).code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        Exchange bad = upload(client, key(), "account=nostro&format=CSV", "date,amount\nx,1\n");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().path("detail").asString()).isEqualTo("line 2: date must be a day such as 2026-03-31");
        assertThat(bad.json().path("rule").asString()).isEqualTo("must be a day such as 2026-03-31");
        for (String wrong : List.of(
                "format=CSV",
                "account=nostro",
                "account=nostro&format=XLS",
                "account=nobody&format=CSV",
                "account=nostro&format=CSV&days=400",
                "account=nostro&format=CSV&tolerance=0.001",
                "account=nostro&format=CSV&from=2026-02-30",
                "account=nostro&format=CSV&from=2026-02-02&to=2026-02-01",
                "account=nostro&format=CSV&unknown=1")) {
            assertThat(upload(client, key(), wrong, statement).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(upload(client, null, "account=nostro&format=CSV", statement).field())
                .isEqualTo("Idempotency-Key");
        assertThat(client.call("POST", "/runs?account=nostro&format=CSV", key(), new byte[1], "image/png")
                        .status())
                .isEqualTo(415);
        assertThat(client.call("POST", "/runs", key(), new byte[17 << 20], "text/csv")
                        .status())
                .isEqualTo(413);
        assertThat(client.get("/runs?account=nostro&limit=1").status()).isEqualTo(200);
        assertThat(client.get("/runs/1").status()).isEqualTo(200);
        assertThat(client.get("/runs/1/breaks?limit=2").json().path("next").asString())
                .isEqualTo("2");
        assertThat(client.get("/breaks?type=MISSING_HERE&owner=&minAgeDays=0")
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(2);
        assertThat(client.get("/openapi.yaml").status()).isEqualTo(200);
    }

    private void refusals(ContractClient client, ReconciliationServer server) {
        List<String> reads = List.of("/runs", "/runs/1", "/runs/1/breaks", "/breaks", "/breaks/1", "/openapi.yaml");
        for (String token : List.of("", server.token())) {
            client.as(token);
            int status = token.isEmpty() ? 401 : 403;
            reads.forEach(path -> assertThat(client.get(path).status()).isEqualTo(status));
            assertThat(upload(client, key(), "account=nostro&format=CSV", "").status())
                    .isEqualTo(status);
            STEPS.forEach(step -> assertThat(
                            client.post("/breaks/1/" + step, key(), body(step)).status())
                    .isEqualTo(status));
        }
        client.as(server.token(Role.TELLER, Role.OPERATOR));
        assertThat(client.post("/breaks/1/approval", key(), "{}").status()).isEqualTo(403);
        client.as(server.token(Role.OPERATOR, Role.CONTROLLER));
        reads.forEach(path -> assertThat(client.get(path + "?no=1").status()).isEqualTo(400));
        for (String path : List.of("/runs/99", "/runs/99/breaks", "/breaks/99")) {
            assertThat(client.get(path).status()).isEqualTo(404);
        }
    }

    private void steps(ContractClient client, ReconciliationServer server) {
        for (String step : STEPS) {
            String path = "/breaks/2/" + step;
            assertThat(client.post(path, key(), "{'no':'1'}").code()).isEqualTo("UNKNOWN_FIELD");
            assertThat(client.call("POST", path, key(), new byte[] {1}, "text/plain")
                            .status())
                    .isEqualTo(415);
            assertThat(client.call("POST", path, key(), new byte[2 << 20], "application/json")
                            .status())
                    .isEqualTo(413);
            assertThat(client.post("/breaks/99/" + step, key(), body(step)).code())
                    .isEqualTo("BREAK_NOT_FOUND");
        }
        assertThat(client.post("/breaks/2/owner", key(), "{'owner':5}").code()).isEqualTo("WRONG_TYPE");
        assertThat(client.post("/breaks/2/closing", key(), "{'reason':' '}").code())
                .isEqualTo("INVALID_FIELD");
        String rejection = key();
        assertThat(client.post("/breaks/2/rejection", rejection, "{}").code()).isEqualTo("NOTHING_PROPOSED");
        done(client, "/breaks/2/owner", "owner");
        done(client, "/breaks/2/adjustment", "adjustment");
        assertThat(client.post("/breaks/2/closing", key(), body("closing")).code())
                .isEqualTo("ALREADY_PROPOSED");
        assertThat(client.post("/breaks/2/approval", key(), "{}").code()).isEqualTo("APPROVER_IS_AUTHOR");
        done(client, "/breaks/2/rejection", "rejection");
        done(client, "/breaks/2/closing", "closing");
        client.as(server.token("ann", Role.CONTROLLER));
        done(client, "/breaks/2/approval", "approval");
        client.as(server.token("tester", Role.OPERATOR, Role.CONTROLLER));
        for (String step : STEPS) {
            assertThat(client.post("/breaks/2/" + step, key(), body(step)).code())
                    .isEqualTo("BREAK_SETTLED");
        }
        Exchange rejected = client.post("/breaks/3/adjustment", key(), "{'contraAccount':'none','reason':'x'}");
        assertThat(rejected.code()).isEqualTo("LEDGER_REJECTED");
        assertThat(rejected.json().path("field").asString()).isEqualTo("contraAccount");
        Exchange foreign = client.post("/breaks/3/adjustment", key(), "{'contraAccount':'dollars','reason':'x'}");
        assertThat(foreign.json().path("detail").asString()).startsWith("CURRENCY_MISMATCH");
        assertThat(foreign.json().path("field").asString()).isEqualTo("contraAccount");
        Exchange full = client.get("/breaks/2");
        assertThat(full.json().path("steps").size()).isEqualTo(5);
        assertThat(full.json().path("status").asString()).isEqualTo("CLOSED");
    }

    /** Made, again under the same key, and refused for another break under it. */
    private void done(ContractClient client, String path, String step) {
        String key = key();
        Exchange first = client.post(path, key, body(step));
        assertThat(first.status()).as(first.code()).isEqualTo(200);
        Exchange again = client.post(path, key, body(step));
        assertThat(again.replayed()).isTrue();
        assertThat(again.response().body()).isEqualTo(first.response().body());
        assertThat(client.post(path.replace("/2/", "/3/"), key, body(step)).code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void contract_mappings_and_routes_are_the_same() throws Exception {
        Set<String> mapped = new TreeSet<>();
        for (Class<?> door : List.of(RunDoor.class, BreakDoor.class)) {
            Arrays.stream(door.getDeclaredMethods()).forEach(method -> mapping(door, method, mapped));
        }
        Set<String> permitted = new TreeSet<>();
        ReconciliationDoors.routes().forEach(route -> permitted.add(route.method() + " " + route.pattern()));
        Set<String> documented = new TreeSet<>();
        try (ContractClient client = new ContractClient("", ReconciliationDoors.BASE, RunDoor.CONTRACT, roles -> "")) {
            client.documented().forEach(what -> documented.add(what.substring(0, what.lastIndexOf(' '))));
        }
        assertThat(mapped).isEqualTo(permitted).isEqualTo(documented);
    }

    private static void mapping(Class<?> door, Method method, Set<String> mapped) {
        RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (mapping != null) {
            String base = Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(door, RequestMapping.class))
                    .path()[0];
            mapped.add(mapping.method()[0] + " " + base + (mapping.path().length == 0 ? "" : mapping.path()[0]));
        }
    }
}
