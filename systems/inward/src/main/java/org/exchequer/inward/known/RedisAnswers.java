package org.exchequer.inward.known;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Lookups;
import org.exchequer.inward.partner.BreakerBoard;
import org.exchequer.inward.partner.BreakerSettings;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.inward.partner.Guard;
import org.exchequer.inward.partner.Reply;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.kernel.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * Answers that nodes share through Redis. It never delays a payment by more than {@link #LOOKUP}, and after a few
 * failures in a row, behind a breaker of this node's own, by nothing: lookups give up, writes happen on another thread
 * from a bounded queue, and what does not fit is dropped. What is lost there is in the database.
 */
final class RedisAnswers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisAnswers.class);

    /** Longest that a message waits for it. */
    static final Duration LOOKUP = Duration.ofMillis(10);

    /** How long an answer is kept: senders repeat within minutes. */
    static final Duration KEPT = Duration.ofHours(2);

    /** Nobody waits for it. */
    private static final Duration WRITE = Duration.ofSeconds(1);

    private static final Duration WAIT_FOR_CONNECTION = Duration.ofMillis(5);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final int CONNECTIONS = 16;
    private static final int SOCKET_MS = 1_000;
    private static final int MOST_WAITING = 4_096;
    private static final int MOST_AT_ONCE = 256;
    private static final long IDLE_MS = 500;
    /** Longer than any answer: of a value that is longer, somebody else's, no more than this is read. */
    private static final int LONGEST_VALUE = 64 * 1024;

    private static final BreakerSettings SETTINGS = new BreakerSettings(
            20,
            5,
            0.5,
            0.6,
            0.8,
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10));

    /** Only failures open it: a write may take as long as it is given. */
    private static final BreakerSettings FOR_WRITES =
            new BreakerSettings(20, 5, 0.5, 0.6, 1, WRITE, WRITE, 3, Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final RedisClient client;
    private final String address;
    private final AnswerSeal seal;
    private final Breakers breakers;
    private final Breakers writeBreakers;
    /** Each with a breaker of its own: what is too slow for a lookup is not for a write. */
    private final Guard lookups;

    private final Guard writes;
    private final Ticker ticker;
    private final BlockingQueue<Write> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread writer;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder ignored = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean answers;
    /** Of the writing thread alone: whether it was said that it answers, or that it does not. */
    private boolean said;

    private volatile boolean closed;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(byte[] digest, Answered answered) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sealed(byte[] name, byte[] value) {}

    private RedisAnswers(URI url, AnswerSeal seal, String node, Ticker ticker) {
        HostAndPort where = JedisURIHelper.getHostAndPort(url);
        this.address = where.toString();
        this.seal = seal;
        this.ticker = ticker;
        this.breakers = new Breakers(node, ticker, SETTINGS, SETTINGS, BreakerBoard.inMemory());
        this.writeBreakers = new Breakers(node, ticker, FOR_WRITES, FOR_WRITES, BreakerBoard.inMemory());
        this.lookups = new Guard("redis", breakers, CONNECTIONS / 2, Duration.ZERO, ticker);
        this.writes = new Guard("redis", writeBreakers, CONNECTIONS / 2, Duration.ZERO, ticker);
        this.client = client(url, where);
        this.writer = Thread.ofPlatform().name("inward-redis").daemon().unstarted(this::run);
    }

    /**
     * Begins; returns at once, whether it can be reached or not.
     *
     * @param url {@code redis://[user:password@]host:port[/database]}, {@code rediss} for TLS
     */
    static RedisAnswers start(URI url, AnswerSeal seal, String node, Ticker ticker) {
        RedisAnswers answers = new RedisAnswers(url, seal, node, ticker);
        answers.writer.start();
        return answers;
    }

    private static RedisClient client(URI url, HostAndPort where) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(WAIT_FOR_CONNECTION);
        pool.setJmxEnabled(false);
        return RedisClient.builder()
                .hostAndPort(where)
                .clientConfig(DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(SOCKET_MS)
                        .socketTimeoutMillis(SOCKET_MS)
                        .user(JedisURIHelper.getUser(url))
                        .password(JedisURIHelper.getPassword(url))
                        .database(JedisURIHelper.getDBIndex(url))
                        .ssl(JedisURIHelper.isRedisSSLScheme(url))
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                        .build())
                .poolConfig(pool)
                .build();
    }

    /** The answer to the message with this digest, if Redis has one and says so in time. */
    Optional<Answered> find(byte[] digest) {
        if (!answers) {
            failed.increment();
            return Optional.empty();
        }
        byte[] name = seal.name(digest);
        Reply<byte[]> reply = call(lookups, "get", LOOKUP, () -> client.getrange(name, 0, LONGEST_VALUE));
        if (!(reply instanceof Reply.Answered<byte[]>(byte[] value))) {
            failed.increment();
            return Optional.empty();
        }
        if (value == null || value.length == 0) {
            misses.increment();
            return Optional.empty();
        }
        Optional<Answered> answered = seal.open(digest, value);
        (answered.isPresent() ? hits : ignored).increment();
        return answered;
    }

    /** Writes an answer there, later and perhaps. It must be final and durable. */
    void offer(byte[] digest, Answered answered) {
        if (!waiting.offer(new Write(digest, answered))) {
            dropped.increment();
        }
    }

    Lookups.Redis reading() {
        return new Lookups.Redis(
                answers ? Lookups.State.ANSWERS : Lookups.State.AWAY,
                hits.sum(),
                misses.sum(),
                ignored.sum(),
                failed.sum(),
                written.sum(),
                dropped.sum(),
                breakers.reading("redis/get").map(reading -> reading.average()).orElse(Duration.ZERO));
    }

    private void run() {
        List<Write> batch = new ArrayList<>();
        try {
            while (!closed || !waiting.isEmpty()) {
                Write first = waiting.poll(answers ? IDLE_MS : IDLE_MS / 5, TimeUnit.MILLISECONDS);
                if (first == null) {
                    say(call(writes, "ping", WRITE, client::ping));
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, MOST_AT_ONCE - 1);
                List<Sealed> sealed = batch.stream().map(this::sealed).toList();
                boolean done = say(call(writes, "set", WRITE, () -> write(sealed)));
                (done ? written : dropped).add(batch.size());
                batch.clear();
                if (closed && !done) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Sealed sealed(Write write) {
        return new Sealed(seal.name(write.digest()), seal.seal(write.digest(), write.answered()));
    }

    private boolean write(List<Sealed> batch) {
        SetParams kept = SetParams.setParams().ex(KEPT.toSeconds());
        try (AbstractPipeline pipeline = client.pipelined()) {
            for (Sealed write : batch) {
                pipeline.set(write.name(), write.value(), kept);
            }
            pipeline.sync();
        }
        return true;
    }

    /** Notes whether it answers, and says so when that has changed. */
    private boolean say(Reply<?> reply) {
        boolean now = reply instanceof Reply.Answered<?>;
        if (now != answers || !said) {
            said = true;
            answers = now;
            if (now) {
                LOG.info("Redis at {} answers: answers are shared through it", address);
            } else {
                // Connections of its life before are of no more use.
                client.getPool().clear();
                LOG.warn("Redis at {} does not answer: messages sent again are looked up in the database", address);
            }
        }
        return now;
    }

    /** Makes a call that ends in time, whatever becomes of it; a slow server cannot stretch it byte by byte. */
    private <T> Reply<T> call(Guard guard, String operation, Duration most, Callable<T> asking) {
        return guard.call(operation, null, ticker.nanos() + most.toNanos(), given -> {
            FutureTask<T> task = new FutureTask<>(asking);
            Thread.ofVirtual().name("inward-redis-" + operation).start(task);
            try {
                return new Reply.Answered<>(task.get(given, TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                // Closes its connection, too.
                task.cancel(true);
                return new Reply.Late<>("Redis has not answered within " + most.toMillis() + " ms");
            } catch (ExecutionException e) {
                // Whatever it is: a cache must not keep a payment from being answered.
                boolean broken = e.getCause() instanceof JedisConnectionException;
                return new Reply.Unreachable<>(broken ? Cause.CONNECTION : Cause.ERROR, String.valueOf(e.getCause()));
            } catch (InterruptedException e) {
                task.cancel(true);
                Thread.currentThread().interrupt();
                return new Reply.Late<>("interrupted");
            }
        });
    }

    /** Writes what is waiting if that goes at once. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!writer.join(CLOSING)) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
        client.close();
        breakers.close();
        writeBreakers.close();
    }
}
