package org.exchequer.inward.sim;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.exchequer.kernel.Ticker;

/** Plays an operation's script: draws each call's fate, makes it wait, and counts. */
final class Player {
    /** How a call ends. */
    enum Fate {
        ANSWERED,
        FAILED,
        HUNG,
        LOST,
        MANGLED
    }

    /** How many calls came, and how many had which fate. */
    record Counts(long calls, long answered, long failed, long hung, long lost, long mangled) {}

    /** Where the 99th of 100 lies in a standard normal distribution. */
    private static final double Z99 = 2.3263478740408408;

    private static final double MOST_MS = 60_000;

    /** What is played, since when, and who waits in it. */
    private record Playing(Script script, long sinceNanos, CountDownLatch over) {}

    private final Ticker ticker;
    private final SplittableRandom random;
    private final LongAdder calls = new LongAdder();
    private final LongAdder[] fates = new LongAdder[Fate.values().length];
    private volatile Playing playing;

    Player(Script script, long seed, Ticker ticker) {
        this.ticker = ticker;
        this.random = new SplittableRandom(seed);
        this.playing = new Playing(script, ticker.nanos(), new CountDownLatch(1));
        for (int i = 0; i < fates.length; i++) {
            fates[i] = new LongAdder();
        }
    }

    Script script() {
        return playing.script();
    }

    /** Plays another script from now on; calls that wait are let go. */
    void play(Script script) {
        Playing before = playing;
        playing = new Playing(script, ticker.nanos(), new CountDownLatch(1));
        before.over().countDown();
    }

    /** How a call ends, and when. */
    record Turn(Fate fate, long delayNanos, CountDownLatch over) {
        boolean waits() {
            return delayNanos > 0;
        }

        /** Waits as long as it shall take; less when the script is changed: what took long, does so no longer. */
        Fate await() throws InterruptedException {
            if (waits()) {
                var unused = over.await(delayNanos, TimeUnit.NANOSECONDS);
            }
            return fate;
        }
    }

    /** A call has come. */
    Turn turn() {
        calls.increment();
        Playing now = playing;
        Fate fate;
        long delayNanos;
        synchronized (random) {
            fate = draw(now);
            delayNanos = fate == Fate.HUNG ? (long) (MOST_MS * 1e6) : delay(now.script());
        }
        fates[fate.ordinal()].increment();
        return new Turn(fate, delayNanos, now.over());
    }

    private Fate draw(Playing now) {
        Script script = now.script();
        long period = script.upMs() + script.downMs();
        if (script.downMs() > 0 && (ticker.nanos() - now.sinceNanos()) / 1_000_000 % period >= script.upMs()) {
            return Fate.FAILED;
        }
        double lot = random.nextDouble();
        lot -= script.errors();
        if (lot < 0) {
            return Fate.FAILED;
        }
        lot -= script.hangs();
        if (lot < 0) {
            return Fate.HUNG;
        }
        lot -= script.lostReplies();
        if (lot < 0) {
            return Fate.LOST;
        }
        return lot < script.mangled() ? Fate.MANGLED : Fate.ANSWERED;
    }

    long delay(Script script) {
        double ms = script.medianMs();
        if (script.p99Ms() > script.medianMs()) {
            double sigma = Math.log((double) script.p99Ms() / Math.max(1, script.medianMs())) / Z99;
            ms = Math.max(1, script.medianMs()) * Math.exp(sigma * random.nextGaussian());
        }
        if (script.spikes() > 0 && random.nextDouble() < script.spikes()) {
            ms += script.spikeLeastMs() + random.nextDouble() * (script.spikeMostMs() - script.spikeLeastMs());
        }
        return (long) (Math.min(ms, MOST_MS) * 1e6);
    }

    /** One of so many kinds of something. */
    int pick(int kinds) {
        synchronized (random) {
            return random.nextInt(kinds);
        }
    }

    Counts counts() {
        return new Counts(
                calls.sum(),
                fates[Fate.ANSWERED.ordinal()].sum(),
                fates[Fate.FAILED.ordinal()].sum(),
                fates[Fate.HUNG.ordinal()].sum(),
                fates[Fate.LOST.ordinal()].sum(),
                fates[Fate.MANGLED.ordinal()].sum());
    }

    /** Lets go of everybody who waits. */
    void close() {
        playing.over().countDown();
    }
}
