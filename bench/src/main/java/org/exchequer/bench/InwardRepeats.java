package org.exchequer.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.exchequer.inward.InwardModule;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Lookups;
import org.exchequer.inward.api.Submission;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedRedis;

/**
 * Messages that come again, one after the other: at the node that answered them, at another that shares a Redis with
 * it, and at one that must ask the database. And what looking costs a message that is new.
 */
final class InwardRepeats {
    private static final Ticker TICKER = Ticker.system();
    private static final int NEW = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(50);

    private final Report report;
    private final int messages;

    InwardRepeats(Report report, int messages) {
        this.report = report;
        this.messages = messages;
    }

    /** Makes a node of this name on the database that all share. */
    interface Nodes {
        InwardModule node(String name, Optional<URI> redis) throws IOException;
    }

    /** False when an answer was not the same again. */
    boolean measure(Nodes nodes, long seed) throws Exception {
        Path folder = Files.createTempDirectory("bench-redis");
        Optional<EmbeddedRedis> redis = EmbeddedRedis.start(folder, TICKER, System.out::println);
        try (InwardModule first = nodes.node("one", redis.map(EmbeddedRedis::url));
                InwardModule second = nodes.node("two", redis.map(EmbeddedRedis::url));
                InwardModule apart = nodes.node("three", Optional.empty())) {
            for (InwardModule node : List.of(first, second, apart)) {
                node.start();
            }
            newOnes(second);
            InwardLoop maker = new InwardLoop(first.inward(), seed);
            // A round for what runs for the first time.
            boolean same = round(first, second, apart, maker, messages, false);
            return same & round(first, second, apart, maker, messages, true);
        } finally {
            redis.ifPresent(EmbeddedRedis::close);
            Bed.delete(folder);
        }
    }

    private boolean round(
            InwardModule first, InwardModule second, InwardModule apart, InwardLoop maker, int count, boolean told)
            throws Exception {
        List<byte[]> sent = new ArrayList<>();
        List<CompletableFuture<Answered>> given = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] message = maker.message();
            sent.add(message);
            given.add(taken(first, message));
        }
        List<Answered> answers = new ArrayList<>();
        for (CompletableFuture<Answered> answer : given) {
            answers.add(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        awaitFollowed(second, sent);
        Lookups.Redis before = second.known().lookups().redis();
        boolean same = again("at the node that answered it, from memory", first, sent, answers, told);
        same &= again("at another node, through Redis", second, sent, answers, told);
        Lookups.Redis after = second.known().lookups().redis();
        same &= again("at another node, from the database", apart, sent, answers, told);
        if (told) {
            report.line(
                    "  of these in Redis: found %,d, not there %,d, too late %,d",
                    after.hits() - before.hits(), after.misses() - before.misses(), after.failed() - before.failed());
        }
        return same;
    }

    private boolean again(String where, InwardModule node, List<byte[]> sent, List<Answered> answers, boolean told)
            throws Exception {
        Histogram took = new Histogram(3);
        boolean same = true;
        for (int i = 0; i < sent.size(); i++) {
            long began = TICKER.nanos();
            Answered answered = taken(node, sent.get(i)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            took.recordValue(TimeUnit.NANOSECONDS.toMicros(TICKER.nanos() - began));
            same &= java.util.Arrays.equals(answered.message(), answers.get(i).message());
        }
        if (told) {
            report.line(
                    "the same message again %s: p50 %.3f ms, p99 %.3f ms, longest %.3f ms; the same bytes: %s",
                    where,
                    took.getValueAtPercentile(50) / 1e3,
                    took.getValueAtPercentile(99) / 1e3,
                    took.getMaxValue() / 1e3,
                    same ? "yes" : "NO");
        }
        return same;
    }

    private static CompletableFuture<Answered> taken(InwardModule node, byte[] message) {
        return switch (node.inward().submit(message, "bench", Duration.ZERO)) {
            case Submission.Taken(CompletableFuture<Answered> answer) -> answer;
            case Submission.Busy busy -> throw new IllegalStateException("busy");
            case Submission.Unreadable unreadable -> throw new IllegalStateException("unreadable: " + unreadable);
        };
    }

    private static void awaitFollowed(InwardModule node, List<byte[]> sent) throws NoSuchAlgorithmException {
        long end = TICKER.nanos() + PATIENCE.toNanos();
        for (byte[] message : sent) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
            while (!node.known().mightKnow(digest) && TICKER.nanos() < end) {
                LockSupport.parkNanos(LOOK_EVERY);
            }
        }
    }

    /** The filter says so, and nobody else is asked. */
    private void newOnes(InwardModule node) {
        SplittableRandom random = new SplittableRandom(1);
        byte[][] digests = new byte[1 << 16][32];
        for (byte[] digest : digests) {
            random.nextBytes(digest);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 2; round++) {
            long began = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < NEW; i++) {
                node.known().find(digests[i & digests.length - 1]);
            }
            long nanos = threads.getCurrentThreadCpuTime() - began;
            if (round == 1) {
                report.line(
                        "a message that is new: %d ns of processor time to know it, without asking anybody",
                        nanos / NEW);
            }
        }
    }
}
