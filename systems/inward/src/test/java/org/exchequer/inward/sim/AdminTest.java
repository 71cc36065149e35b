package org.exchequer.inward.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.Map;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.web.StrictJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AdminTest {
    private final PartnerSimulator simulator;
    private final HttpClient client = HttpClient.newHttpClient();

    AdminTest() throws IOException {
        simulator = PartnerSimulator.start(
                PartnerSimulator.Settings.asSpecified(7, Map.of()), Clock.systemUTC(), Ticker.system());
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    private HttpResponse<String> send(String method, URI base, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode json(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> response = send(method, simulator.adminUrl(), path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return StrictJson.mapper().readTree(response.body());
    }

    @Test
    void scriptsChangeWhileItRuns() throws Exception {
        assertThat(json("GET", "/admin/v1/scripts", "", 200)
                        .at("/midanz/account/medianMs")
                        .asInt())
                .isEqualTo(245);
        json("PUT", "/admin/v1/scripts/vam/account", "{\"errors\": 1.0, \"failure\": \"INTERNAL\"}", 200);
        assertThat(send("GET", simulator.url(Service.VAM), "/vam/v1/accounts/12?currency=SGD", "")
                        .statusCode())
                .isEqualTo(500);
        JsonNode calls = json("GET", "/admin/v1/calls", "", 200);
        assertThat(calls.at("/vam/account/calls").asInt()).isEqualTo(1);
        assertThat(calls.at("/vam/account/failed").asInt()).isEqualTo(1);
        json("DELETE", "/admin/v1/scripts", "", 200);
        assertThat(send("GET", simulator.url(Service.VAM), "/vam/v1/accounts/12?currency=SGD", "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoScriptIsRefused() throws Exception {
        String path = "/admin/v1/scripts/vam/account";
        assertThat(json("PUT", path, "{\"eror\": 1.0}", 400).get("code").asString())
                .isEqualTo("UNKNOWN_FIELD");
        assertThat(json("PUT", path, "{\"hangs\": 1.5}", 400).get("rule").asString())
                .isEqualTo("hangs must be 0 to 1");
        assertThat(json("PUT", path, "{\"medianMs\": 70000}", 400).get("rule").asString())
                .contains("medianMs");
        json("PUT", path, "null", 400);
        json("PUT", path, " ".repeat(70_000), 413);
        json("PUT", "/admin/v1/scripts/vam/reserve", "{}", 404);
        json("PUT", "/admin/v1/scripts/bank/account", "{}", 404);
        json("POST", path, "{}", 405);
    }

    @Test
    void accountsBanksAndPositionsAreSet() throws Exception {
        String account = "{\"holder\": \"Ada Lim\", \"status\": \"BLOCKED\", \"type\": \"CURRENT\", "
                + "\"currency\": \"SGD\", \"ledgerAccount\": \"2000.cust.ada\", \"risk\": \"HIGH\"}";
        json("PUT", "/admin/v1/accounts/0012345617", account, 200);
        json("PUT", "/admin/v1/accounts/0012345617", account.replace("SGD", "ZZZ"), 400);
        json("PUT", "/admin/v1/scripts/vam/account", "{}", 200);
        HttpResponse<String> answer =
                send("GET", simulator.url(Service.VAM), "/vam/v1/accounts/0012345617?currency=SGD", "");
        assertThat(answer.body()).contains("Ada Lim").contains("2000.cust.ada");

        json("PUT", "/admin/v1/banks/TESTSGS1", "{\"standing\": \"OFFLINE\"}", 200);
        json("PUT", "/admin/v1/banks/TESTSGS1", "{\"standing\": \"GONE\"}", 400);
        assertThat(send("GET", simulator.url(Service.AVAILABILITY), "/availability/v1/banks", "")
                        .body())
                .contains("TESTSGS1");

        json("PUT", "/admin/v1/positions/TESTSGS1/SGD", "{\"availableMinorUnits\": 500}", 200);
        json("PUT", "/admin/v1/positions/TESTSGS1/SGD", "{\"availableMinorUnits\": -1}", 400);
        json("PUT", "/admin/v1/positions/TESTSGS1/SGD", "{\"availableMinorUnits\": 1.5}", 400);
        JsonNode positions = json("GET", "/positions", "", 200);
        assertThat(positions.get("conserved").asBoolean()).isTrue();
        assertThat(positions.at("/positions/0/available").asInt()).isEqualTo(500);
    }
}
