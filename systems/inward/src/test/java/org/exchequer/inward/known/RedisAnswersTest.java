package org.exchequer.inward.known;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Lookups;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedRedis;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Against a real Redis, and against sockets that are worse than none. */
class RedisAnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Ticker TICKER = Ticker.system();
    private static final int LOOKUPS = 1_000;
    /** Of what so many lookups would take, each waiting as long as it may. */
    private static final Duration A_THIRD = RedisAnswers.LOOKUP.multipliedBy(LOOKUPS / 3);

    private static Path folder;
    private static EmbeddedRedis redis;

    private final byte[] secret = bytes();
    private final byte[] digest = bytes();

    @BeforeAll
    static void start() throws InterruptedException {
        folder = TestFolders.create("known");
        redis = EmbeddedRedis.start(folder, TICKER, line -> {}).orElseThrow();
        assertThat(redis.awaitRunning(PATIENCE)).isTrue();
    }

    @AfterAll
    static void stop() {
        redis.close();
        TestFolders.delete(folder);
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static Answered answer(String text) {
        return new Answered(UUID.randomUUID(), text.getBytes(UTF_8), "ACCC", false);
    }

    private RedisAnswers node(URI url) {
        return RedisAnswers.start(url, new AnswerSeal(secret), "a", TICKER);
    }

    private RedisAnswers ready() {
        RedisAnswers answers = node(redis.url());
        await().atMost(PATIENCE).until(() -> answers.reading().state() == Lookups.State.ANSWERS);
        return answers;
    }

    /** Tries again where the machine was too busy for 10 ms. */
    private void awaitFound(RedisAnswers answers, String text) {
        await().atMost(PATIENCE)
                .until(() -> answers.find(digest)
                        .filter(found -> new String(found.message(), UTF_8).equals(text))
                        .isPresent());
    }

    private static void awaitWritten(RedisAnswers answers, long count) {
        await().atMost(PATIENCE).until(() -> answers.reading().written() >= count);
    }

    @Test
    void anotherNodeFindsWhatOneHasWritten() {
        try (RedisAnswers one = ready();
                RedisAnswers other = ready();
                Jedis raw = new Jedis(redis.url())) {
            one.offer(digest, answer("crown"));
            awaitWritten(one, 1);
            awaitFound(other, "crown");
            assertThat(raw.ttl(new AnswerSeal(secret).name(digest))).isBetween(7_100L, 7_200L);
            assertThat(other.find(bytes())).isEmpty();
            assertThat(other.reading().hits()).isEqualTo(1);
        }
    }

    @Test
    void aPoisonedValueIsIgnoredAndCounted() {
        AnswerSeal seal = new AnswerSeal(secret);
        byte[] name = seal.name(digest);
        try (RedisAnswers node = ready();
                Jedis raw = new Jedis(redis.url())) {
            List<byte[]> poisons = List.of(
                    "<Document/>".getBytes(UTF_8),
                    new byte[200_000],
                    seal.seal(bytes(), answer("of another message")),
                    new AnswerSeal(bytes()).seal(digest, answer("of somebody else")));
            for (byte[] poison : poisons) {
                raw.set(name, poison);
                long before = node.reading().ignored();
                await().atMost(PATIENCE).until(() -> {
                    assertThat(node.find(digest)).isEmpty();
                    return node.reading().ignored() > before;
                });
            }
            raw.del(name);
            raw.lpush(name, "not even a string".getBytes(UTF_8));
            assertThat(node.find(digest)).isEmpty();
            assertThat(node.reading().hits()).isZero();
        }
    }

    @Test
    void aDeadOneCostsNothingAndIsUsedAgainWhenItIsBack() throws Exception {
        try (RedisAnswers node = ready()) {
            long pid = redis.pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE).until(() -> redis.pid() != pid);
            assertThat(redis.awaitRunning(PATIENCE)).isTrue();
            await().atMost(PATIENCE).until(() -> {
                node.offer(digest, answer("florin"));
                return node.find(digest).isPresent();
            });
            assertThat(node.reading().state()).isEqualTo(Lookups.State.ANSWERS);
        }
    }

    @Test
    void oneThatIsNotThereIsNotWaitedFor() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertLittleTime("redis://127.0.0.1:" + port);
    }

    @Test
    void oneThatNeverAnswersIsNotWaitedFor() throws IOException {
        try (Deaf deaf = new Deaf()) {
            assertLittleTime("redis://:secret@127.0.0.1:" + deaf.port());
        }
    }

    /** A thousand lookups and ten thousand writes. */
    private void assertLittleTime(String url) {
        try (RedisAnswers node = node(URI.create(url))) {
            long began = TICKER.nanos();
            for (int i = 0; i < LOOKUPS; i++) {
                assertThat(node.find(digest)).isEmpty();
            }
            for (int i = 0; i < 10_000; i++) {
                node.offer(digest, answer("lost"));
            }
            assertThat(TICKER.nanos() - began).isLessThan(A_THIRD.toNanos());
            assertThat(node.reading().failed()).isEqualTo(LOOKUPS);
            assertThat(node.reading().dropped()).isPositive();
            assertThat(node.reading().state()).isEqualTo(Lookups.State.AWAY);
        }
    }

    @Test
    void oneThatHangsAfterItHasAnsweredHoldsUpAFewLookupsForMilliseconds() throws Exception {
        try (RedisAnswers node = ready()) {
            node.offer(digest, answer("groat"));
            awaitFound(node, "groat");
            signal("STOP");
            try {
                long began = TICKER.nanos();
                for (int i = 0; i < LOOKUPS; i++) {
                    assertThat(node.find(digest)).isEmpty();
                }
                assertThat(TICKER.nanos() - began).isLessThan(A_THIRD.toNanos());
            } finally {
                signal("CONT");
            }
            awaitFound(node, "groat");
        }
    }

    private static void signal(String name) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + redis.pid())
                .start()
                .waitFor();
    }

    /** Takes connections and never says a word. */
    private static final class Deaf implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> open = new CopyOnWriteArrayList<>();

        Deaf() throws IOException {
            Thread.ofVirtual().start(this::listen);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void listen() {
            try {
                while (true) {
                    open.add(socket.accept());
                }
            } catch (IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket one : open) {
                one.close();
            }
        }
    }
}
