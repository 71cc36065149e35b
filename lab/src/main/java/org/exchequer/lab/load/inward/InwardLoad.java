package org.exchequer.lab.load.inward;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.exchequer.inward.sim.SimulatedAccounts;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.HistoryRecorder;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.load.inward.InwardWire.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Banks that send messages, whether or not earlier ones were answered. What each sends, and when, follows from the
 * seed. What was not taken, or lost, is sent again to the next node, the same bytes, up to four times.
 */
public final class InwardLoad {
    private static final int MOST_IN_FLIGHT = 6_000;
    private static final int MOST_ATTEMPTS = 4;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long APART = TimeUnit.MILLISECONDS.toNanos(60);
    private static final int SWARM = 100;
    private static final int REMEMBERED = 4_000;
    private static final int MOST_AGAIN = 400;
    private static final int SETTLING = 32;

    private final InwardWire wire;
    private final HistoryRecorder history;
    private final Letters letters;
    private final InwardMix mix;
    private final long seed;
    private final Ticker ticker;
    private final Consumer<Sample> samples;
    private final AtomicInteger processes = new AtomicInteger();
    private final List<Letter> sent = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Letter> open = new ConcurrentHashMap<>();
    private final Map<String, Letter> all = Collections.synchronizedMap(new java.util.LinkedHashMap<>());
    private final Map<String, LongAdder> troubles = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder shed = new LongAdder();

    /**
     * One attempt, for those who watch while it runs.
     *
     * @param due when it was to be sent, by the ticker
     * @param ended when its answer came, or what there was instead
     * @param type OK for an answer, FAIL when it was not taken, INFO when nobody knows
     */
    public record Sample(String node, long due, long ended, Event.Type type) {}

    public InwardLoad(
            InwardWire wire,
            HistoryRecorder history,
            SimulatedAccounts accounts,
            InwardMix mix,
            long seed,
            Clock clock,
            Ticker ticker,
            Consumer<Sample> samples) {
        this.wire = wire;
        this.history = history;
        this.letters = new Letters(accounts, clock);
        this.mix = mix;
        this.seed = seed;
        this.ticker = ticker;
        this.samples = samples;
    }

    /** Accounts of the ledger that payments may credit or debit, each with its currency. */
    public static Map<String, String> ledgerAccounts(SimulatedAccounts accounts) {
        return Letters.ledgerAccounts(accounts);
    }

    /** Lets processes that have only just started compile what they will need. */
    public void warmUp(Duration length) throws InterruptedException {
        long end = ticker.nanos() + length.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < wire.nodes() * 2; i++) {
            int number = i;
            threads.add(Thread.ofVirtual()
                    .start(() -> guarded(() -> {
                        RandomGenerator random = new SplittableRandom(seed - number - 1);
                        for (int n = 0; ticker.nanos() < end; n++) {
                            Letter letter = letters.transfer("W%d-%d-%d".formatted(seed, number, n), random);
                            attempt(letter, number, "warm", ticker.nanos());
                        }
                    })));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        rethrow();
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private void rethrow() {
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Runs, and returns when the last message has been answered, or given up.
     *
     * @param arrivals when messages are to be sent, in nanoseconds from {@code origin}, rising
     * @param stopped when it says so nothing more is begun
     */
    public Series run(long[] arrivals, long origin, Duration length, BooleanSupplier stopped)
            throws InterruptedException {
        Series series = new Series(length);
        Phaser inFlight = new Phaser(1);
        SplittableRandom sources = new SplittableRandom(seed);
        for (int i = 0; i < arrivals.length && !stopped.getAsBoolean(); i++) {
            long due = origin + arrivals[i];
            RandomGenerator random = sources.split();
            for (long left = due - ticker.nanos(); left > 0; left = due - ticker.nanos()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            if (inFlight.getUnarrivedParties() > MOST_IN_FLIGHT) {
                shed.increment();
                continue;
            }
            Out out = new Out(inFlight, series, origin, random.nextInt(wire.nodes()));
            post("L%d-%d".formatted(seed, i), random, due, out);
        }
        inFlight.arriveAndAwaitAdvance();
        rethrow();
        return series;
    }

    /** Where messages go that fall due. */
    private record Out(Phaser inFlight, Series series, long origin, int node) {}

    private void post(String key, RandomGenerator random, long due, Out out) {
        int draw = random.nextInt(mix.total());
        if ((draw -= mix.transfer()) < 0) {
            send(letters.transfer(key, random), random, due, out);
        } else if ((draw -= mix.debit()) < 0) {
            send(letters.debit(key, random), random, due, out);
        } else if ((draw -= mix.reversal()) < 0) {
            reverse(key, random, due, out);
        } else if ((draw -= mix.recall()) < 0) {
            recall(key, random, due, out);
        } else if ((draw -= mix.damaged()) < 0) {
            send(letters.damaged(key, random), random, due, out);
        } else if ((draw -= mix.listed()) < 0) {
            send(letters.listed(key, random), random, due, out);
        } else {
            Letter earlier = any(random);
            if (earlier == null) {
                send(letters.transfer(key, random), random, due, out);
            } else if (draw - mix.repeat() < 0) {
                send(earlier, random, due, out);
            } else {
                send(letters.forged(key, earlier, random), random, due, out);
            }
        }
    }

    /** After what it is about, at the same time, or before. */
    private void reverse(String key, RandomGenerator random, long due, Out out) {
        Letter original = random.nextInt(4) > 0 ? any(random) : null;
        if (original != null) {
            send(letters.reversal(key, original, random), random, due, out);
            return;
        }
        Letter fresh = letters.transfer(key + "o", random);
        boolean before = random.nextBoolean();
        start(letters.reversal(key, fresh, random), due, out);
        start(fresh, before ? due + APART : due, out);
    }

    private void recall(String key, RandomGenerator random, long due, Out out) {
        Letter original = random.nextInt(4) == 0 ? any(random) : null;
        if (original != null) {
            send(letters.recall(key, original), random, due, out);
            return;
        }
        Letter fresh = random.nextInt(5) == 0 ? letters.debit(key + "o", random) : letters.transfer(key + "o", random);
        start(fresh, due, out);
        start(letters.recall(key, fresh), due + random.nextLong(APART), out);
    }

    private void send(Letter letter, RandomGenerator random, long due, Out out) {
        start(letter, due, out);
        if (random.nextInt(1_000) < mix.swarms()) {
            for (int i = 1; i < SWARM; i++) {
                start(letter, due, new Out(out.inFlight(), out.series(), out.origin(), out.node() + i));
            }
        } else if (random.nextInt(100) < mix.twins()) {
            start(letter, due, new Out(out.inFlight(), out.series(), out.origin(), out.node() + 1));
        }
    }

    private void start(Letter letter, long due, Out out) {
        boolean fresh = all.put(letter.key(), letter) == null;
        if (fresh) {
            open.put(letter.key(), letter);
        }
        out.inFlight().register();
        Thread.ofVirtual()
                .start(() -> guarded(() -> {
                    try {
                        for (long left = due - ticker.nanos(); left > 0; left = due - ticker.nanos()) {
                            LockSupport.parkNanos(left);
                        }
                        deliver(letter, due, out, fresh);
                    } finally {
                        out.inFlight().arriveAndDeregister();
                    }
                }));
    }

    private void deliver(Letter letter, long due, Out out, boolean fresh) throws InterruptedException {
        long began = ticker.nanos();
        Reply reply = attempt(letter, out.node(), "load", due);
        for (int again = 1; again < MOST_ATTEMPTS && isWorthAnother(reply); again++) {
            LockSupport.parkNanos(PAUSE * again);
            reply = attempt(letter, out.node() + again, "load", ticker.nanos());
        }
        long ended = ticker.nanos();
        Event.Type type = type(reply);
        boolean rejected = type == Event.Type.FAIL && !isWorthAnother(reply);
        out.series().add(due - out.origin(), ended - due, ended - began, type, rejected);
        if (fresh && type == Event.Type.OK) {
            out.series().acknowledged(ended - out.origin());
        }
        if (fresh
                && reply instanceof Reply.Answer
                && letter.asked().containsKey(Words.PAYER)
                && !letter.asked().containsKey(Words.DAMAGED)
                && !letter.asked().containsKey(Words.LISTED)) {
            remember(letter);
        }
    }

    private static boolean isWorthAnother(Reply reply) {
        return reply instanceof Reply.Lost || reply instanceof Reply.Refused refused && refused.again();
    }

    /** What it comes to for the sender: pending is not known. */
    private static Event.Type type(Reply reply) {
        return switch (reply) {
            case Reply.Answer answer ->
                switch (answer.status()) {
                    case "PDNG" -> Event.Type.INFO;
                    case "RJCT" -> Event.Type.FAIL;
                    default -> Event.Type.OK;
                };
            case Reply.Refused refused -> Event.Type.FAIL;
            case Reply.Lost lost -> Event.Type.INFO;
        };
    }

    private void remember(Letter letter) {
        synchronized (sent) {
            if (sent.size() >= REMEMBERED) {
                sent.set((int) Math.floorMod(letter.key().hashCode(), (long) REMEMBERED), letter);
            } else {
                sent.add(letter);
            }
        }
    }

    private @Nullable Letter any(RandomGenerator random) {
        synchronized (sent) {
            return sent.isEmpty() ? null : sent.get(random.nextInt(sent.size()));
        }
    }

    /** Sends it once, and records what came of it. */
    private Reply attempt(Letter letter, int node, String phase, long due) throws InterruptedException {
        String name = "node" + (Math.floorMod(node, wire.nodes()) + 1);
        int process = processes.getAndIncrement();
        Map<String, String> asked = new java.util.HashMap<>(letter.asked());
        asked.put(Words.NODE, name);
        asked.put(Words.PHASE, phase);
        asked.put(Words.LATE, Long.toString(Math.max(0, TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - due))));
        history.invoke(process, letter.kind(), asked);
        Reply reply = wire.send(node, letter.bytes());
        Event.Type type = switch (reply) {
            case Reply.Answer(String status, String payment, String sha256) -> {
                history.ok(
                        process,
                        letter.kind(),
                        Map.of(Words.STATUS, status, Words.PAYMENT, payment, Words.ANSWER, sha256));
                if (!status.equals("PDNG")) {
                    open.remove(letter.key());
                }
                yield Event.Type.OK;
            }
            case Reply.Refused(String why, boolean again) -> {
                history.fail(process, letter.kind(), Map.of(Words.REASON, why));
                if (again) {
                    trouble(why);
                } else {
                    open.remove(letter.key());
                }
                yield Event.Type.FAIL;
            }
            case Reply.Lost(String why) -> {
                history.info(process, letter.kind(), Map.of(Words.REASON, why));
                trouble(why);
                yield Event.Type.INFO;
            }
        };
        if (phase.equals("load")) {
            samples.accept(new Sample(name, due, ticker.nanos(), type));
        }
        return reply;
    }

    private void trouble(String what) {
        troubles.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    /**
     * Sends a payment that nothing is wrong with to a node.
     *
     * @return the payment that it became when it was accepted, else what it came to after an exclamation mark
     */
    public String probe(int node, int number, String currency) throws InterruptedException {
        RandomGenerator random = new SplittableRandom(seed + 31L * number + node);
        Letter letter = letters.plain("P%d-%d-%d".formatted(seed, node, number), random, currency);
        all.put(letter.key(), letter);
        open.put(letter.key(), letter);
        Reply reply = attempt(letter, node, "end", ticker.nanos());
        return reply instanceof Reply.Answer answer && answer.status().equals("ACCC") ? answer.payment() : "!" + reply;
    }

    /**
     * Asks again for every message that has no final answer, until all have one or the time is over; and for some of
     * the others, at another node.
     *
     * @return how many have none
     */
    public int settle(Duration most) throws InterruptedException {
        long end = ticker.nanos() + most.toNanos();
        while (!open.isEmpty() && ticker.nanos() < end) {
            again(List.copyOf(open.values()), (int) (ticker.nanos() & 1));
            LockSupport.parkNanos(PAUSE * 4);
        }
        List<Letter> others = new ArrayList<>(all.values());
        Collections.shuffle(others, new java.util.Random(seed));
        List<Letter> some = others.subList(0, Math.min(MOST_AGAIN, others.size()));
        for (int node = 0; node < wire.nodes(); node++) {
            again(some, node);
        }
        rethrow();
        return open.size();
    }

    private void again(List<Letter> which, int node) throws InterruptedException {
        Semaphore places = new Semaphore(SETTLING);
        for (Letter letter : which) {
            places.acquire();
            Thread.ofVirtual().start(() -> {
                guarded(() -> attempt(letter, node, "end", ticker.nanos()));
                places.release();
            });
        }
        places.acquire(SETTLING);
    }

    /** Attempts without an answer so far, by what they brought instead. */
    public Map<String, Long> troubles() {
        Map<String, Long> counts = new java.util.HashMap<>();
        troubles.forEach((what, count) -> counts.put(what, count.sum()));
        return counts;
    }

    /** Messages that were left out because too many were under way. */
    public long shed() {
        return shed.sum();
    }
}
