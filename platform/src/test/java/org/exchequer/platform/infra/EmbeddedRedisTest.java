package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.testing.ChildJvm;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

class EmbeddedRedisTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Path folder;

    @BeforeEach
    void makeFolder() {
        folder = TestFolders.create("redis");
    }

    @AfterEach
    void deleteFolder() {
        TestFolders.delete(folder);
    }

    @Test
    void isABoundedCacheThatAsksForItsPasswordAndComesBackWhenKilled() throws Exception {
        Files.writeString(folder.resolve("exchequer.conf"), "bind 0.0.0.0\nmaxmemory 8mb\n");
        try (EmbeddedRedis redis = start()) {
            try (Jedis client = new Jedis(redis.url())) {
                assertThat(client.configGet("*"))
                        .containsEntry("bind", "127.0.0.1")
                        .containsEntry("maxmemory", "8388608")
                        .containsEntry("maxmemory-policy", "allkeys-lru")
                        .containsEntry("save", "")
                        .containsEntry("appendonly", "no");
                client.set("coin", "crown");
            }
            try (Jedis stranger = new Jedis("127.0.0.1", redis.url().getPort())) {
                assertThatThrownBy(stranger::ping).isInstanceOf(JedisException.class);
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("password"))))
                    .isEqualTo("rw-------");
            long before = redis.pid();
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE).until(() -> redis.pid() != before && redis.awaitRunning(PATIENCE));
            try (Jedis client = new Jedis(redis.url())) {
                assertThat(client.get("coin")).isNull();
            }
        }
    }

    @Test
    void endsWithAKilledParentAndIsKnownByItsSettings() throws Exception {
        ProcessHandle server;
        try (ChildJvm parent = ChildJvm.start(Parent.class, folder.toString())) {
            server = ProcessHandle.of(Long.parseLong(parent.nextLine())).orElseThrow();
            assertThat(Processes.find(
                            RedisBinaries.NAME,
                            folder.toRealPath().resolve("redis.conf").toString()))
                    .containsExactly(server);
            parent.kill();
        }
        server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whereThereIsNoneItSaysSoOnceAndGoesOn() {
        List<String> said = new ArrayList<>();
        assertThat(RedisBinaries.unpacked(folder, "linux-riscv64", said::add)).isEmpty();
        assertThat(said).singleElement().asString().contains("no Redis for linux-riscv64", "EXCHEQUER_REDIS");
    }

    private EmbeddedRedis start() throws InterruptedException {
        EmbeddedRedis redis =
                EmbeddedRedis.start(folder, Ticker.system(), line -> {}).orElseThrow();
        assertThat(redis.awaitRunning(PATIENCE)).isTrue();
        return redis;
    }

    /** Starts one, says its process id, and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] folder) throws Exception {
            try (EmbeddedRedis redis = EmbeddedRedis.start(Path.of(folder[0]), Ticker.system(), System.err::println)
                    .orElseThrow()) {
                redis.awaitRunning(PATIENCE);
                System.out.println(redis.pid());
                ChildJvm.awaitParent();
            }
        }
    }
}
