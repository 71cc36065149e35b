package org.exchequer.inward.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.exchequer.inward.InwardBed;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.ledger.edge.http.ContractClient.Exchange;
import org.exchequer.platform.module.Role;

/** Every documented answer of the paths of fraud, of one and of another person. */
final class FraudContract {
    private static final String NOBODY = new UUID(0, 1).toString();
    private static final String WHY = "{'reason':'a test'}";

    private final ContractClient client;
    private final String mary;
    private final String john;
    private final String none;
    private int keys;

    private FraudContract(ContractClient client, BiFunction<String, Role[], String> tokens) {
        this.client = client;
        this.mary = tokens.apply("mary", new Role[] {Role.OPERATOR, Role.CONTROLLER});
        this.john = tokens.apply("john", new Role[] {Role.CONTROLLER});
        this.none = tokens.apply("nobody", new Role[0]);
    }

    static void drive(ContractClient client, BiFunction<String, Role[], String> tokens) {
        FraudContract contract = new FraudContract(client, tokens);
        client.as(contract.mary);
        contract.payments();
        contract.models();
        contract.settings();
        contract.lists();
        contract.refusals();
    }

    private Exchange post(String path, String body) {
        return client.post(path, "key-" + keys++, body);
    }

    private void payments() {
        String id = client.call("POST", "/messages", null, InwardBed.transferBytes(), "application/json")
                .response()
                .headers()
                .firstValue("Exchequer-Payment-Id")
                .orElseThrow();
        assertThat(client.get("/payments/" + id + "/explanation")
                        .json()
                        .path("replayed")
                        .asString())
                .isEqualTo("SAME");
        assertThat(client.get("/payments/" + id + "/network")
                        .json()
                        .path("nodes")
                        .size())
                .isGreaterThan(1);
        assertThat(client.post("/payments/" + id + "/feedback", null, "{'outcome':'fraud','note':'called'}")
                        .status())
                .isEqualTo(200);
        assertThat(client.post("/payments/" + NOBODY + "/feedback", null, "{'outcome':'fraud'}")
                        .code())
                .isEqualTo("PAYMENT_NOT_SCORED");
        for (String path : List.of("/explanation", "/network")) {
            assertThat(client.get("/payments/" + NOBODY + path).status()).isEqualTo(404);
        }
        for (String path : List.of("/fraud/overview", "/fraud/queue?limit=5", "/fraud/models", "/fraud/rules")) {
            assertThat(client.get(path).status()).as(path).isEqualTo(200);
        }
    }

    private void models() {
        String path = "/fraud/model-changes";
        String body = "{'action':'ROLLBACK','reason':'a test'}";
        String id = post(path, body).json().path("id").asString();
        String other = post(path, body).json().path("id").asString();
        assertThat(post(path, "{'action':'PROMOTE','model':'x@1','reason':'a test'}")
                        .code())
                .isEqualTo("MODEL_CHANGE_IMPOSSIBLE");
        for (String what : List.of("/approval", "/rejection")) {
            assertThat(client.post(path + "/" + id + what, null, null).code()).isEqualTo("FOUR_EYES");
            assertThat(client.post(path + "/" + NOBODY + what, null, null).status())
                    .isEqualTo(404);
        }
        client.as(john);
        assertThat(client.post(path + "/" + id + "/rejection", null, null).status())
                .isEqualTo(200);
        // There is no champion before the first.
        assertThat(client.post(path + "/" + other + "/approval", null, null).code())
                .isEqualTo("MODEL_CHANGE_FAILED");
        client.as(mary);
        String shadow = post(path, "{'action':'SHADOW','model':'payments@2','reason':'a test'}")
                .json()
                .path("id")
                .asString();
        assertThat(client.get(path).json().path("items").size()).isEqualTo(3);
        client.as(john);
        assertThat(client.post(path + "/" + shadow + "/approval", null, null)
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("APPROVED");
        client.as(mary);
    }

    private void settings() {
        assertThat(client.get("/fraud/settings").json().path("revision").asLong())
                .isEqualTo(1);
        Exchange bad = post("/fraud/settings", "{'values':{'weight.model':65},'reason':'a test'}");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.field()).isEqualTo("weight");
        assertThat(bad.json().path("rule").asString()).contains("must sum to 100, not 95");
        Exchange unknown = post("/fraud/settings", "{'values':{'rule.x.y':1},'reason':'a test'}");
        assertThat(unknown.field()).isEqualTo("rule.x.y");
        String body = "{'values':{'threshold.review':0.2,'rule.card_testing.payments':null},'reason':'a test'}";
        Exchange proposed = client.post("/fraud/settings", "same", body);
        long version = proposed.json().path("version").asLong();
        assertThat(client.post("/fraud/settings", "same", body).json()).isEqualTo(proposed.json());
        assertThat(client.post("/fraud/settings", "same", body.replace("0.2", "0.3"))
                        .code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        String change = "/fraud/changes/" + version;
        assertThat(client.get(change + "/preview?limit=100")
                        .json()
                        .path("looked")
                        .asLong())
                .isPositive();
        assertThat(client.post(change + "/approval", null, null).code()).isEqualTo("APPROVER_IS_AUTHOR");
        assertThat(post(change + "/rollback", WHY).code()).isEqualTo("NOT_APPROVED");
        client.as(john);
        assertThat(client.post(change + "/approval", null, null)
                        .json()
                        .path("revision")
                        .asLong())
                .isEqualTo(2);
        assertThat(client.post(change + "/rejection", null, WHY).code()).isEqualTo("ALREADY_DECIDED");
        client.as(mary);
        long back = post(change + "/rollback", WHY).json().path("version").asLong();
        assertThat(client.post("/fraud/changes/" + back + "/rejection", null, WHY)
                        .status())
                .isEqualTo(200);
        assertThat(post(change + "/rollback", "{'reason':''}").field()).isEqualTo("reason");
        long strict = post("/fraud/settings", "{'values':{'threshold.reject':0.2},'reason':'a test'}")
                .json()
                .path("version")
                .asLong();
        long calm = post("/fraud/settings", "{'values':{'threshold.review':0.5},'reason':'a test'}")
                .json()
                .path("version")
                .asLong();
        client.as(john);
        assertThat(client.post("/fraud/changes/" + calm + "/approval", null, null)
                        .status())
                .isEqualTo(200);
        assertThat(client.post("/fraud/changes/" + strict + "/approval", null, null)
                        .code())
                .isEqualTo("CONTRADICTION");
        client.as(mary);
        assertThat(client.get("/fraud/changes/" + strict + "/preview").field()).isEqualTo("threshold");
        assertThat(client.post("/fraud/changes/" + strict + "/rejection", null, "{'reason':'" + "x".repeat(501) + "'}")
                        .status())
                .isEqualTo(422);
        for (String what : List.of("/approval", "/rejection", "/rollback")) {
            assertThat(post("/fraud/changes/99" + what, WHY).code()).isEqualTo("CHANGE_NOT_FOUND");
        }
        assertThat(client.get("/fraud/changes/99/preview").status()).isEqualTo(404);
        assertThat(client.get("/fraud/changes").json().path("items").size()).isEqualTo(4);
    }

    private void lists() {
        String entry = "{'list':'DENY','kind':'%s','name':'%s','reason':'a test','until':'2027-03-31T10:00:00Z'}";
        String body = "{'entries':[" + entry.formatted("BANK", "SUSPSGSG") + "],'reason':'a test'}";
        Exchange proposed = client.post("/fraud/lists", "list", body);
        assertThat(proposed.status()).isEqualTo(200);
        assertThat(client.post("/fraud/lists", "list", body.replace("SUSPSGSG", "AAABSGSG"))
                        .status())
                .isEqualTo(409);
        Exchange bad = post("/fraud/lists", "{'entries':[" + entry.formatted("ACCOUNT", "12") + "],'reason':'a test'}");
        assertThat(bad.field()).isEqualTo("entries[0].name");
        assertThat(bad.json().path("rule").asString()).startsWith("must be an account");
        client.as(john);
        assertThat(client.post(
                                "/fraud/changes/"
                                        + proposed.json().path("version").asLong() + "/approval",
                                null,
                                null)
                        .status())
                .isEqualTo(200);
        client.as(mary);
        long id = client.get("/fraud/lists")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asLong();
        String removal = "{'entries':[" + id + "],'reason':'a test'}";
        assertThat(client.post("/fraud/lists/removals", "off", removal).status())
                .isEqualTo(200);
        assertThat(client.post("/fraud/lists/removals", "off", removal.replace("a test", "more"))
                        .status())
                .isEqualTo(409);
        assertThat(post("/fraud/lists/removals", "{'entries':[99],'reason':'a test'}")
                        .code())
                .isEqualTo("ENTRY_NOT_FOUND");
        assertThat(post("/fraud/lists/removals", "{'entries':[],'reason':'a test'}")
                        .field())
                .isEqualTo("entries");
    }

    private void refusals() {
        List<String> reads = List.of(
                "/payments/" + NOBODY + "/explanation",
                "/payments/" + NOBODY + "/network",
                "/fraud/overview",
                "/fraud/queue",
                "/fraud/models",
                "/fraud/rules",
                "/fraud/model-changes",
                "/fraud/settings",
                "/fraud/lists",
                "/fraud/changes",
                "/fraud/changes/1/preview");
        List<String> withBody = List.of(
                "/payments/" + NOBODY + "/feedback",
                "/fraud/model-changes",
                "/fraud/settings",
                "/fraud/lists",
                "/fraud/lists/removals",
                "/fraud/changes/1/rejection",
                "/fraud/changes/1/rollback");
        List<String> bare = List.of(
                "/fraud/model-changes/" + NOBODY + "/approval",
                "/fraud/model-changes/" + NOBODY + "/rejection",
                "/fraud/changes/1/approval");
        reads.forEach(
                path -> assertThat(client.get(path + "?no=1").status()).as(path).isEqualTo(400));
        withBody.forEach(path -> {
            assertThat(post(path, "{'no':1}").status()).as(path).isEqualTo(400);
            assertThat(client.call("POST", path, "key", "x".getBytes(UTF_8), "image/png")
                            .status())
                    .as(path)
                    .isEqualTo(415);
        });
        bare.forEach(path -> assertThat(client.post(path + "?no=1", null, null).status())
                .as(path)
                .isEqualTo(400));
        for (String token : List.of("", none)) {
            client.as(token);
            int status = token.isEmpty() ? 401 : 403;
            reads.forEach(path -> assertThat(client.get(path).status()).as(path).isEqualTo(status));
            withBody.forEach(
                    path -> assertThat(post(path, "{}").status()).as(path).isEqualTo(status));
            bare.forEach(path ->
                    assertThat(client.post(path, null, null).status()).as(path).isEqualTo(status));
        }
    }
}
