package org.exchequer.inward.breach.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How long a partner takes: a log-normal time with a median of its own, more under load, and faults at times. What it
 * draws is its secret; payments learn of it by waiting.
 */
final class SimulatedPartner {
    /** It never answers. */
    static final long NEVER = Long.MAX_VALUE / 4;

    /** It says at once that it fails. */
    static final long ERROR = -1;

    private static final double MS = 1e6;

    /** What can be wrong with it. */
    enum Kind {
        SLOW,
        HANG,
        FLAPPING,
        SPIKES,
        ERRORS,
        /** Slower and slower. */
        RAMP,
        /** Most calls wait for something that others hold. */
        BROWNOUT,
        /** Well most of the time, and never for long. */
        STUTTER
    }

    /**
     * @param strength factor, or milliseconds
     * @param share of calls or of time that it concerns
     */
    record Fault(Kind kind, long from, long until, double strength, double share, long period) {}

    /**
     * What partners of a kind are like.
     *
     * @param leastMs least median
     * @param mostMs most
     * @param faulty share of spans in which they have faults
     */
    record Manner(double leastMs, double mostMs, double faulty) {}

    private final SplittableRandom random;
    private final double medianMs;
    private final double spread;
    private final int capacity;
    private final List<Fault> faults = new ArrayList<>();
    private int underWay;

    SimulatedPartner(SplittableRandom random, Manner manner, Kind[] kinds, long length) {
        this.random = random;
        this.medianMs = logUniform(random, manner.leastMs(), manner.mostMs());
        this.spread = random.nextDouble(0.15, 0.7);
        this.capacity = (int) logUniform(random, 8, 400);
        if (random.nextDouble() < manner.faulty()) {
            int many = random.nextInt(1, 4);
            for (int i = 0; i < many; i++) {
                faults.add(fault(kinds[random.nextInt(kinds.length)], random.nextLong(length)));
            }
        }
    }

    static double logUniform(SplittableRandom random, double least, double most) {
        return least * StrictMath.exp(random.nextDouble() * StrictMath.log(most / least));
    }

    private Fault fault(Kind kind, long from) {
        double strength = switch (kind) {
            case SLOW -> logUniform(random, 2, 30);
            case SPIKES -> logUniform(random, 5, 60);
            case RAMP -> logUniform(random, 5, 40);
            case BROWNOUT -> logUniform(random, 80, 3_000);
            case HANG, FLAPPING, ERRORS, STUTTER -> 0;
        };
        return new Fault(
                kind,
                from,
                from + (long) (logUniform(random, 0.5, 20) * 1e9),
                strength,
                kind == Kind.STUTTER ? random.nextDouble(0.05, 0.3) : random.nextDouble(0.05, 0.9),
                Duration.ofMillis(random.nextLong(300, 5_000)).toNanos());
    }

    /** The same fault from outside, such as one of the network before all partners. */
    void with(Fault fault) {
        faults.add(fault);
    }

    /** How long a call would take that begins now; {@link #NEVER} or {@link #ERROR}. */
    long draw(long now) {
        double ms = medianMs * StrictMath.exp(spread * random.nextGaussian());
        ms *= Math.max(1, (double) underWay / capacity);
        for (Fault fault : faults) {
            if (now < fault.from() || now >= fault.until()) {
                continue;
            }
            boolean bad = (now - fault.from()) % fault.period() < fault.share() * fault.period();
            switch (fault.kind()) {
                case SLOW -> ms *= fault.strength();
                case SPIKES -> ms *= random.nextDouble() < fault.share() ? fault.strength() : 1;
                case RAMP -> ms *= 1 + fault.strength() * (now - fault.from()) / (fault.until() - fault.from());
                case BROWNOUT -> ms += random.nextDouble() < 0.8 ? fault.strength() * random.nextDouble() : 0;
                case HANG -> {
                    return NEVER;
                }
                case FLAPPING, STUTTER -> {
                    if (bad) {
                        return NEVER;
                    }
                }
                case ERRORS -> {
                    if (random.nextDouble() < fault.share()) {
                        return ERROR;
                    }
                }
            }
        }
        return (long) (ms * MS);
    }

    void began() {
        underWay++;
    }

    void ended() {
        underWay--;
    }
}
