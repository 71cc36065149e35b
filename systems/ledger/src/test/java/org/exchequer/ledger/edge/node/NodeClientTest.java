package org.exchequer.ledger.edge.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.ledger.testing.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a standby makes of a writer's answers: refused only what was surely not taken. */
class NodeClientTest {
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final NodeClient client = new NodeClient();

    NodeClientTest() throws IOException {}

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "503, true, Refused",
        "401, true, Refused",
        "429, false, Refused",
        "404, false, Refused",
        "503, false, Unknown",
        "500, false, Unknown",
        "502, false, Unknown",
        "302, false, Unknown",
        "200, false, Unknown",
    })
    void aStatusMeansThatItWasNotTakenOnlyFromTheDoorOrInFrontOfIt(int status, boolean byTheDoor, String outcome)
            throws Exception {
        server.createContext(NodeDoor.PATH, exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                if (byTheDoor) {
                    exchange.getResponseHeaders().add(NodeDoor.REFUSED, "a reason");
                }
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
        assertThat(send().getClass().getSimpleName()).isEqualTo(outcome);
    }

    @Test
    void whereNobodyListensNothingWasTaken() throws Exception {
        server.start();
        server.stop(0);
        assertThat(send()).isInstanceOf(Outcome.Refused.class);
    }

    private Outcome send() throws Exception {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        Command command = TestLedger.transfer(TestLedger.key(), "a", "b", 1);
        return client.send(new Holder(1, "writer", url, "secret", true), command)
                .get(30, TimeUnit.SECONDS);
    }
}
