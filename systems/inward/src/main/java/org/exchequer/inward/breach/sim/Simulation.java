package org.exchequer.inward.breach.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.exchequer.inward.breach.Forecaster;
import org.exchequer.inward.breach.Moment;
import org.exchequer.inward.breach.Work;
import org.exchequer.inward.breach.sim.SimulatedPartner.Fault;
import org.exchequer.inward.breach.sim.SimulatedPartner.Kind;
import org.exchequer.inward.breach.sim.SimulatedPartner.Manner;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.partner.BreakerSettings;

/**
 * A node for some seconds of simulated time: payments come in, wait for a place, and take their stages as {@link
 * org.exchequer.inward.core.Budgets} and {@link org.exchequer.inward.core.Course} say, while partners, ledger and
 * database are as fast or as broken as they are drawn to be. For one thread.
 *
 * <p>Features come from the very {@link Forecaster} that serves payments, on the simulated time: nothing that was drawn
 * is visible to it.
 */
public final class Simulation {
    static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long LENGTH = 25 * SECOND;
    private static final Kind[] LEARNT = {Kind.SLOW, Kind.HANG, Kind.FLAPPING, Kind.SPIKES, Kind.ERRORS};
    private static final Kind[] LATER = {
        Kind.RAMP, Kind.BROWNOUT, Kind.STUTTER, Kind.HANG, Kind.RAMP, Kind.BROWNOUT, Kind.STUTTER, Kind.ERRORS
    };

    private static final Map<Work, Manner> MANNERS = new EnumMap<>(Map.of(
            Work.RECEIPT, new Manner(1, 8, 0.25),
            Work.RULES, new Manner(0.02, 0.3, 0),
            Work.MODELS, new Manner(0.2, 4, 0.15),
            Work.VAM, new Manner(2, 160, 0.6),
            Work.MIDANZ, new Manner(2, 250, 0.6),
            Work.LIQUIDITY, new Manner(2, 100, 0.6),
            Work.LEDGER, new Manner(1, 30, 0.5),
            Work.ANSWER, new Manner(0.02, 0.3, 0)));

    private final Sla sla = Sla.STANDARD;
    private final SplittableRandom random;
    private final Forecaster forecaster;
    private final Policy policy;
    private final double kept;
    private final SplittableRandom keeping;
    private final List<Row> rows = new ArrayList<>();
    private final List<Fate> fates = new ArrayList<>();
    private final Map<Work, SimulatedPartner> partners = new EnumMap<>(Work.class);
    private final Map<Work, List<SimulatedBreaker>> breakers = new EnumMap<>(Work.class);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Deque<SimulatedPayment> waiting = new ArrayDeque<>();
    private final List<long[]> pauses = new ArrayList<>();
    private final int places;
    private final double mostWait;
    private int working;
    private long now;
    private long numbers;

    private record Event(long at, long number, Runnable what) {}

    /** What is simulated. */
    public enum Window {
        /** Partners that are slow, hang, flap, spike or fail. */
        LEARNT,
        /** A later time: partners that get slower and slower, brown out, stutter, and break together. */
        LATER
    }

    /**
     * What is made of predictions.
     *
     * @param model says how likely a payment misses its time
     * @param threshold from which probability on a payment is at risk
     * @param acts whether such a payment goes on in its least form
     */
    public record Policy(ToDoubleFunction<Moment> model, double threshold, boolean acts) {
        /** Nothing is predicted. */
        public static final Policy NONE = new Policy(moment -> 0, 1, false);

        boolean predicts() {
            return this != NONE;
        }
    }

    /**
     * One stage's end, and what came of it.
     *
     * @param after the stage that ended
     * @param features as {@link Moment#SCHEMA} says
     * @param missed whether the payment missed its time within the next two stages
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Row(org.exchequer.inward.api.Stage after, float[] features, boolean missed) {}

    /**
     * What became of a payment.
     *
     * @param missed whether it missed its time after the end of its first stage
     * @param unserved whether it was refused for lack of time, or not answered before the critical limit
     * @param foreseenNanos from when it was first held to be at risk until it first missed its time; −1 when it was
     *     not, or never missed
     * @param foreseen whether it was held to be at risk before
     * @param tookNanos from the receipt to its end, the wait before included
     */
    public record Fate(boolean missed, boolean unserved, boolean foreseen, long foreseenNanos, long tookNanos) {}

    private Simulation(SplittableRandom random, Window window, Policy policy, double kept) {
        this.random = random;
        this.policy = policy;
        this.kept = kept;
        this.keeping = random.split();
        this.forecaster = new Forecaster(policy.model(), this::load, this::notClosed, () -> now);
        Kind[] kinds = window == Window.LEARNT ? LEARNT : LATER;
        MANNERS.forEach(
                (work, manner) -> partners.put(work, new SimulatedPartner(random.split(), manner, kinds, LENGTH)));
        for (Work work : List.of(Work.VAM, Work.MIDANZ, Work.LIQUIDITY)) {
            breakers.put(
                    work,
                    List.of(
                            new SimulatedBreaker(work.operation(), BreakerSettings.STANDARD),
                            new SimulatedBreaker(
                                    work.operation() + "/" + SimulatedPayment.resource(work),
                                    BreakerSettings.RESOURCE)));
        }
        this.places = random.nextInt(10) < 7 ? 2_000 : random.nextInt(10, 80);
        this.mostWait = random.nextInt(10) < 8 ? 0.02 : random.nextDouble(0.5, 4.6);
        for (int i = random.nextInt(10) < 6 ? 0 : random.nextInt(1, 5); i > 0; i--) {
            long from = random.nextLong(LENGTH);
            pauses.add(new long[] {from, from + random.nextLong(SECOND / 50, SECOND)});
        }
        if (window == Window.LATER && random.nextInt(4) == 0) {
            long from = random.nextLong(LENGTH);
            Fault all = new Fault(Kind.BROWNOUT, from, from + 8 * SECOND, random.nextDouble(100, 1_500), 1, SECOND);
            partners.values().forEach(partner -> partner.with(all));
        }
    }

    /**
     * Simulates one span after the other until there are rows enough.
     *
     * @param seed the same seed gives the same rows
     * @param kept share of the rows that is kept, above 0, at most 1
     */
    public static List<Row> rows(Window window, long seed, int wanted, double kept) {
        List<Row> rows = new ArrayList<>();
        SplittableRandom seeds = seeds(window, seed);
        while (rows.size() < wanted) {
            Simulation one = new Simulation(seeds.split(), window, Policy.NONE, kept);
            one.run();
            rows.addAll(one.rows);
        }
        return rows;
    }

    /**
     * Simulates so many spans, and says what became of their payments. The same seed gives the same payments, partners
     * and faults, whatever the policy.
     */
    public static List<Fate> fates(Window window, long seed, int spans, Policy policy) {
        List<Fate> fates = new ArrayList<>();
        SplittableRandom seeds = seeds(window, seed);
        for (int i = 0; i < spans; i++) {
            Simulation one = new Simulation(seeds.split(), window, policy, 0);
            one.run();
            fates.addAll(one.fates);
        }
        return fates;
    }

    private static SplittableRandom seeds(Window window, long seed) {
        return new SplittableRandom(seed * 2 + window.ordinal());
    }

    private void run() {
        double rate = SimulatedPartner.logUniform(random, 2, 150);
        long burst = random.nextLong(LENGTH);
        for (long at = 0; at < LENGTH; ) {
            boolean bursting = at >= burst && at < burst + 3 * SECOND;
            at += (long) (-StrictMath.log(1 - random.nextDouble()) / (bursting ? 4 * rate : rate) * SECOND);
            events.add(new Event(at, numbers++, this::arrive));
        }
        while (!events.isEmpty()) {
            Event event = events.remove();
            long end = pausedUntil(event.at());
            if (end > event.at()) {
                events.add(new Event(end, event.number(), event.what()));
                continue;
            }
            now = event.at();
            event.what().run();
        }
    }

    /** While the process stands still, nothing ends. */
    private long pausedUntil(long at) {
        for (long[] pause : pauses) {
            if (at >= pause[0] && at < pause[1]) {
                return pause[1];
            }
        }
        return at;
    }

    private void arrive() {
        double tide = mostWait < 0.1 ? random.nextDouble() : 1 - Math.abs(1 - 2.0 * now / LENGTH);
        SimulatedPayment payment = new SimulatedPayment(this, random, now, (long) (tide * mostWait * SECOND));
        if (working < places) {
            working++;
            payment.start();
        } else {
            waiting.add(payment);
        }
    }

    private Moment.Load load() {
        return new Moment.Load(working, waiting.size(), places);
    }

    private List<String> notClosed() {
        List<String> labels = new ArrayList<>();
        breakers.values()
                .forEach(all -> all.forEach(breaker -> {
                    if (!breaker.state(now).equals("CLOSED")) {
                        labels.add(breaker.name() + "=" + breaker.state(now));
                    }
                }));
        return labels;
    }

    void ended(List<Row> ofPayment, Fate fate) {
        rows.addAll(ofPayment);
        fates.add(fate);
        working--;
        if (!waiting.isEmpty()) {
            working++;
            waiting.remove().start();
        }
    }

    void at(long later, Runnable what) {
        events.add(new Event(later, numbers++, what));
    }

    long now() {
        return now;
    }

    Sla sla() {
        return sla;
    }

    Forecaster forecaster() {
        return forecaster;
    }

    /** Whether the next row is wanted; those that are not cost nothing. */
    boolean keeps() {
        return keeping.nextDouble() < kept;
    }

    Policy policy() {
        return policy;
    }

    SimulatedPartner partner(Work work) {
        return java.util.Objects.requireNonNull(partners.get(work));
    }

    List<SimulatedBreaker> breakers(Work work) {
        return breakers.getOrDefault(work, List.of());
    }
}
