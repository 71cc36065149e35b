package org.exchequer.inward.known;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Lookups;
import org.exchequer.inward.api.Lookups.Level;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Final answers given before, by the digest of the message: a filter says which messages need not be looked for at all,
 * then this node's memory is asked, then Redis. What none of them knows the database decides; what they say is what it
 * has stored, since only final answers that are durable come here, and those never change.
 *
 * <p>The filter knows what this node has answered and what {@link KeyFollower} has read of others. Another node may
 *  * just have taken a message that is "surely new" here: then it is the database that says so.
 *  */
public final class KnownAnswers implements AutoCloseable {
    private static final int MOST_IN_MEMORY = 50_000;
    /** Of each of the filter's two parts: 8 MB for both; filled within two hours by 290 messages a second. */
    private static final int MOST_KEYS = 1 << 21;

    private final RecentKeys recent;
    private final Cache<ByteBuffer, Answered> memory =
            Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();
    private final @Nullable RedisAnswers redis;
    private final Counts filter = new Counts();
    private final Counts inMemory = new Counts();
    private final Counts database = new Counts();

    private static final class Counts {
        private final LongAdder hits = new LongAdder();
        private final LongAdder misses = new LongAdder();

        void count(boolean hit) {
            (hit ? hits : misses).increment();
        }

        Level level() {
            return new Level(hits.sum(), misses.sum());
        }
    }

    private KnownAnswers(RecentKeys recent, @Nullable RedisAnswers redis) {
        this.recent = recent;
        this.redis = redis;
    }

    /** With this node's memory alone. */
    public static KnownAnswers inMemory(Ticker ticker, MeterRegistry meters) {
        return new KnownAnswers(new RecentKeys(MOST_KEYS, RedisAnswers.KEPT, ticker), null).measured(meters);
    }

    /**
     * With a Redis that other nodes share.
     *
     * @param url as {@code EXCHEQUER_REDIS} has it
     * @param secret 32 bytes that all nodes of the database share, and nobody else has
     */
    public static KnownAnswers shared(URI url, byte[] secret, String node, Ticker ticker, MeterRegistry meters) {
        RecentKeys recent = new RecentKeys(MOST_KEYS, RedisAnswers.KEPT, ticker);
        return new KnownAnswers(recent, RedisAnswers.start(url, new AnswerSeal(secret), node, ticker)).measured(meters);
    }

    /** How long an answer is kept where nodes share it. */
    static Duration kept() {
        return RedisAnswers.KEPT;
    }

    private KnownAnswers measured(MeterRegistry meters) {
        count(meters, "filter", "hit", lookups -> lookups.filter().hits());
        count(meters, "filter", "miss", lookups -> lookups.filter().misses());
        count(meters, "memory", "hit", lookups -> lookups.memory().hits());
        count(meters, "memory", "miss", lookups -> lookups.memory().misses());
        count(meters, "database", "hit", lookups -> lookups.database().hits());
        count(meters, "database", "miss", lookups -> lookups.database().misses());
        if (redis != null) {
            count(meters, "redis", "hit", lookups -> lookups.redis().hits());
            count(meters, "redis", "miss", lookups -> lookups.redis().misses());
            count(meters, "redis", "ignored", lookups -> lookups.redis().ignored());
            count(meters, "redis", "failed", lookups -> lookups.redis().failed());
            count(meters, "redis", "written", lookups -> lookups.redis().written());
            count(meters, "redis", "dropped", lookups -> lookups.redis().dropped());
        }
        Gauge.builder("exchequer.inward.known.filter", recent, RecentKeys::bytes)
                .baseUnit("bytes")
                .register(meters);
        return this;
    }

    private void count(MeterRegistry meters, String level, String result, ToDoubleFunction<Lookups> what) {
        FunctionCounter.builder("exchequer.inward.known", this, known -> what.applyAsDouble(known.lookups()))
                .tags("level", level, "result", result)
                .register(meters);
    }

    /** The final answer that was given to the message with this digest, if it is known without the database. */
    public Optional<Answered> find(byte[] digest) {
        boolean maybe = mightKnow(digest);
        filter.count(maybe);
        if (!maybe) {
            return Optional.empty();
        }
        Answered held = memory.getIfPresent(ByteBuffer.wrap(digest));
        inMemory.count(held != null);
        if (held != null || redis == null) {
            return Optional.ofNullable(held);
        }
        Optional<Answered> shared = redis.find(digest);
        shared.ifPresent(answered -> memory.put(ByteBuffer.wrap(digest), answered));
        return shared;
    }

    /** Keeps an answer. It must be final and durable. */
    public void remember(byte[] digest, Answered answered) {
        Answered again = new Answered(answered.payment(), answered.message(), answered.status(), true);
        recent.add(digest);
        memory.put(ByteBuffer.wrap(digest), again);
        if (redis != null) {
            redis.offer(digest, again);
        }
    }

    /** False when no message with this digest was answered here or followed from another node lately. */
    public boolean mightKnow(byte[] digest) {
        return recent.mightContain(digest);
    }

    /** Another node has received the message with this digest. */
    void received(byte[] digest) {
        recent.add(digest);
    }

    /** The database was asked of a message, and whether it had been here. */
    public void decided(boolean known) {
        database.count(known);
    }

    /** How often each level was asked. */
    public Lookups lookups() {
        return new Lookups(
                filter.level(),
                inMemory.level(),
                redis == null ? Lookups.Redis.OFF : redis.reading(),
                database.level());
    }

    /** Stops sharing. Safe to call twice. */
    @Override
    public void close() {
        if (redis != null) {
            redis.close();
        }
    }
}
