package org.exchequer.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.proxy.TcpProxy;
import org.exchequer.platform.infra.DataDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A supervised process that does not come up, and what is written down of it. */
@Timeout(60)
class NodeTest {
    private final AtomicLong now = new AtomicLong();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path home = Path.of("");

    private HttpServer page = HttpServer.create();
    private TcpProxy wire = TcpProxy.start("wire", 0, 1, Ticker.system(), new SplittableRandom(1));
    private volatile int status = 503;

    NodeTest() throws Exception {}

    @BeforeEach
    void serve() throws Exception {
        page.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        page.createContext("/ready", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(status, -1);
            }
        });
        page.start();
    }

    @AfterEach
    void stop() throws Exception {
        page.stop(0);
        wire.close();
        http.close();
    }

    private Node node(String script) throws Exception {
        Path data = home.resolve("node1");
        DataDirectory.open(data).close();
        return new Node(
                "node1",
                data,
                home.resolve("node1.log"),
                page.getAddress().getPort(),
                new Node.Wires(wire, Map.of(), List.of(), wire, Map.of(), null),
                List.of("sh", "-c", script),
                Map.of(),
                now::get,
                http);
    }

    private static void awaitEnd(Node node) {
        await().until(() -> !node.isAlive());
    }

    @Test
    void one_that_cannot_start_is_started_again_and_told_with_the_end_of_its_log() throws Exception {
        Node node = node("seq 100; echo the port is taken; exit 7");
        node.start();
        long first = node.pid();
        awaitEnd(node);
        node.supervise(false);
        assertThat(node.pid()).isNotEqualTo(first);
        assertThat(node.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.what()).isEqualTo("node1 could not start: it ended with exit code 7");
            assertThat(failure.log()).hasSize(15).startsWith("87").endsWith("the port is taken");
        });
        awaitEnd(node);
        // Whoever starts it again: the end is not passed over.
        node.start();
        assertThat(node.failures()).hasSize(2);
        node.kill();
    }

    @Test
    void one_that_cannot_start_while_the_database_is_away_is_excused_and_counted() throws Exception {
        Node node = node("exec sleep 600");
        node.start();
        node.supervise(true);
        ProcessHandle.of(node.pid()).orElseThrow().destroyForcibly();
        awaitEnd(node);
        node.supervise(false);
        assertThat(node.failures()).isEmpty();
        assertThat(node.excused()).isEqualTo(1);
        node.kill();
    }

    @Test
    void one_that_has_served_must_not_end_whatever_is_away() throws Exception {
        status = 200;
        Node node = node("exec sleep 600");
        node.start();
        node.supervise(false);
        ProcessHandle.of(node.pid()).orElseThrow().destroyForcibly();
        awaitEnd(node);
        node.supervise(true);
        assertThat(node.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.what()).isEqualTo("node1 ended by itself with exit code 137"));
        node.kill();
        node.supervise(false);
        assertThat(node.failures()).as("killed on purpose").hasSize(1);
        assertThat(node.isAlive()).isFalse();
    }

    @Test
    void one_that_is_not_ready_in_its_time_is_told_once() throws Exception {
        Node node = node("echo waiting; exec sleep 600");
        node.start();
        now.addAndGet(Node.START_PATIENCE.toNanos() + 1);
        node.supervise(true);
        now.addAndGet(Node.START_PATIENCE.toNanos() - 1);
        node.supervise(false);
        assertThat(node.failures()).as("the database was away in between").isEmpty();
        now.addAndGet(2);
        node.supervise(false);
        node.supervise(false);
        assertThat(node.failures())
                .singleElement()
                .satisfies(
                        failure -> assertThat(failure.what()).isEqualTo("node1 was not ready 180 s after its start"));
        node.kill();
    }
}
