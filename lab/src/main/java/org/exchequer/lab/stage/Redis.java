package org.exchequer.lab.stage;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** The run's Redis, which nodes share, to be killed, stopped and filled with wrong values. It is supervised. */
public final class Redis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ALL = "*";

    private final EmbeddedRedis server;
    private final AtomicInteger passes = new AtomicInteger();

    private Redis(EmbeddedRedis server) {
        this.server = server;
    }

    /** @throws StageException where none runs on this machine */
    static Redis start(Path folder, Ticker ticker, Consumer<String> progress) {
        return new Redis(EmbeddedRedis.start(folder, ticker, progress)
                .orElseThrow(() -> new StageException("there is no Redis that runs on this machine")));
    }

    int port() {
        return server.url().getPort();
    }

    /** Its address for one that reaches it on this port. */
    String url(int port) {
        URI own = server.url();
        return own.getScheme() + "://" + own.getUserInfo() + "@127.0.0.1:" + port;
    }

    /** Process id of the server. */
    public long pid() {
        return server.pid();
    }

    public boolean awaitRunning() throws InterruptedException {
        return server.awaitRunning(PATIENCE);
    }

    /** SIGKILL: all it held is gone; its supervisor starts it again at once. */
    public void kill() throws IOException, InterruptedException {
        Shell.signal("KILL", List.of(pid()));
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void pause() throws IOException, InterruptedException {
        Shell.signal("STOP", List.of(pid()));
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Shell.signal("CONT", List.of(pid()));
    }

    /**
     * Makes every value a wrong one, past all proxies: that of another key, one with a bit turned over, one cut short,
     * or what no program of ours wrote; each time anew.
     *
     * @return how many
     */
    public int poison() {
        try (Jedis redis = new Jedis(server.url())) {
            List<byte[]> names = redis.keys(ALL).stream()
                    .map(name -> name.getBytes(StandardCharsets.UTF_8))
                    .toList();
            if (names.isEmpty()) {
                return 0;
            }
            List<byte[]> values = new ArrayList<>(redis.mget(names.toArray(byte[][]::new)));
            int pass = passes.incrementAndGet();
            Pipeline changes = redis.pipelined();
            for (int i = 0; i < names.size(); i++) {
                byte[] own = values.get(i);
                byte[] next = values.get((i + 1) % values.size());
                // One that has run out since is left alone.
                if (own != null && next != null) {
                    changes.set(
                            names.get(i),
                            wrong(i + pass, own, next),
                            SetParams.setParams().keepTtl());
                }
            }
            changes.sync();
            return names.size();
        }
    }

    private static byte[] wrong(int number, byte[] own, byte[] next) {
        return switch (number % 4) {
            case 0 -> next;
            case 1 -> {
                byte[] damaged = own.clone();
                // Never the same bit: turned over twice it would be right again.
                damaged[number % damaged.length] ^= 1;
                yield damaged;
            }
            case 2 -> Arrays.copyOf(own, own.length / 2 + 1);
            default -> "<Document>ACCC</Document>".getBytes(StandardCharsets.UTF_8);
        };
    }

    @Override
    public void close() throws IOException {
        try {
            resume();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }
}
