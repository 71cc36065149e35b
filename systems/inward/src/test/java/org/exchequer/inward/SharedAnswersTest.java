package org.exchequer.inward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Set;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Lookups;
import org.exchequer.inward.api.Submission;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedRedis;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Two nodes on one database and one Redis: a message that comes again at the other one. */
class SharedAnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Path folder;
    private static EmbeddedRedis redis;
    private static InwardBed bed;
    private static InwardModule other;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        folder = TestFolders.create("shared-answers");
        redis = EmbeddedRedis.start(folder, Ticker.system(), line -> {}).orElseThrow();
        assertThat(redis.awaitRunning(PATIENCE)).isTrue();
        bed = new InwardBed(redis.url());
        other = bed.another("b");
        await().atMost(PATIENCE).until(() -> isReady(bed.module()) && isReady(other));
    }

    @AfterAll
    static void stop() {
        other.close();
        bed.close();
        redis.close();
        TestFolders.delete(folder);
    }

    private static boolean isReady(InwardModule node) {
        return node.redis().filter(Readiness::ready).isPresent();
    }

    private static Answered again(byte[] message) throws Exception {
        Submission submission = other.inward().submit(message, "test", Duration.ZERO);
        return ((Submission.Taken) submission).answer().get(30, java.util.concurrent.TimeUnit.SECONDS);
    }

    /** Answered by the first node, written to Redis, and heard of by the other. */
    private static Answered answered(byte[] message) throws Exception {
        long written = written();
        Answered answered = ((Submission.Taken) bed.module().inward().submit(message, "test", Duration.ZERO))
                .answer()
                .get(30, java.util.concurrent.TimeUnit.SECONDS);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
        await().atMost(PATIENCE)
                .until(() -> written() > written && other.known().mightKnow(digest));
        return answered;
    }

    private static long written() {
        return bed.module().known().lookups().redis().written();
    }

    private static Lookups.Redis lookups() {
        return other.known().lookups().redis();
    }

    @Test
    void whatOneNodeAnsweredTheOtherFindsInRedis() throws Exception {
        // 10 ms may be too little on a machine that is busy with other tests: then the database answers.
        await().atMost(PATIENCE).until(() -> {
            byte[] message = InwardBed.transfer().bytes();
            Answered first = answered(message);
            long hits = lookups().hits();
            Answered second = again(message);
            assertThat(second.message()).isEqualTo(first.message());
            assertThat(second.payment()).isEqualTo(first.payment());
            assertThat(second.status()).isEqualTo(first.status());
            assertThat(second.repeated()).isTrue();
            return lookups().hits() == hits + 1;
        });
        try (Jedis raw = new Jedis(redis.url())) {
            Set<String> names = raw.keys("*");
            assertThat(names).isNotEmpty().allMatch(name -> name.matches("exchequer:inward:answer:[0-9a-f]{64}"));
            assertThat(names)
                    .allSatisfy(name -> assertThat(new String(raw.get(name.getBytes(UTF_8)), UTF_8))
                            .doesNotContain("AAABSGSG", "ACCC", "Document"));
        }
    }

    @Test
    void aPoisonedValueIsNoAnswerAndTheDatabaseDecides() throws Exception {
        await().atMost(PATIENCE).until(() -> {
            byte[] message = InwardBed.transfer().bytes();
            Answered first = answered(message);
            poison();
            long ignored = lookups().ignored();
            assertThat(again(message).message()).isEqualTo(first.message());
            return lookups().ignored() == ignored + 1;
        });
    }

    /** Every value becomes another's, which is sealed well, for another message. */
    private static void poison() {
        try (Jedis raw = new Jedis(redis.url())) {
            raw.set("a", "b");
            byte[][] names = raw.keys("exchequer:*").stream()
                    .map(name -> name.getBytes(UTF_8))
                    .toArray(byte[][]::new);
            byte[] any = names.length < 2 ? new byte[64] : raw.get(names[0]);
            for (int i = names.length - 1; i > 0; i--) {
                raw.set(names[i], any);
            }
            raw.set(names[0], new byte[64]);
            raw.del("a");
        }
    }

    @Test
    void withoutRedisTheSameIsAnsweredFromTheDatabase() throws Exception {
        byte[] message = InwardBed.transfer().bytes();
        Answered first = answered(message);
        long before = redis.pid();
        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        assertThat(again(message).message()).isEqualTo(first.message());
        await().atMost(PATIENCE).until(() -> redis.pid() != before && isReady(bed.module()) && isReady(other));
        assertThat(other.readiness().ready()).isTrue();
    }
}
