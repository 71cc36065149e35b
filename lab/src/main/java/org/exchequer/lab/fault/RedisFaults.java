package org.exchequer.lab.fault;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Redis;
import org.exchequer.lab.stage.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of the Redis that nodes share. */
final class RedisFaults {
    private static final Logger LOG = LoggerFactory.getLogger(RedisFaults.class);
    private static final long POISON_EVERY_MS = 50;

    private final Stage stage;
    private final Redis redis;

    RedisFaults(Stage stage) {
        this.stage = stage;
        this.redis = stage.redis();
    }

    Injection kill() throws IOException, InterruptedException {
        long before = redis.pid();
        redis.kill();
        return new Injection("Redis", () -> {
            boolean back = redis.awaitRunning();
            long after = redis.pid();
            return Proof.of(back && before != after, "server " + before + " killed, " + after + " took its place");
        });
    }

    Injection pause() throws IOException, InterruptedException {
        long pid = redis.pid();
        redis.pause();
        String state = ProcessFaults.state(pid);
        return new Injection("Redis", () -> {
            redis.resume();
            return ProcessFaults.stopped(pid, state);
        });
    }

    /** Until its end every value is made a wrong one, again and again. */
    Injection poison() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        AtomicLong values = new AtomicLong();
        long before = ignored();
        Thread thread = Thread.ofVirtual().name("poison").start(() -> {
            try {
                do {
                    try {
                        values.addAndGet(redis.poison());
                    } catch (JedisException away) {
                        LOG.info("Redis is away, and nothing in it can be changed: {}", away.getMessage());
                    }
                } while (!end.await(POISON_EVERY_MS, TimeUnit.MILLISECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        return new Injection("Redis", () -> {
            end.countDown();
            thread.join();
            long met = ignored() - before;
            return Proof.of(
                    values.get() > 0,
                    "%,d values were made wrong; nodes say that they have met and ignored %,d"
                            .formatted(values.get(), met));
        });
    }

    /** Wrong values that nodes met, as they say themselves; one that is away says nothing. */
    private long ignored() throws InterruptedException {
        long met = 0;
        for (Node node : stage.nodes()) {
            try {
                met += JsonMapper.shared()
                        .readTree(node.get("/inward/api/v1/live", stage.token()))
                        .at("/lookups/redis/ignored")
                        .asLong(0);
            } catch (IOException | JacksonException away) {
                LOG.info("{} does not say what it has ignored: {}", node.name(), away.getMessage());
            }
        }
        return met;
    }
}
