package org.exchequer.inward.partner;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.exchequer.inward.partner.Breaker.Pass;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a partner: its breakers, and a bulkhead, so that calls to one that is slow do not take the threads
 * and connections of the others.
 */
public final class Guard {
    private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9.-]{1,34}");

    private final String partner;
    private final Breakers breakers;
    private final Places places;
    private final long patienceNanos;
    private final Ticker ticker;

    /**
     * @param partner lower-case name
     * @param mostCalls at once, while nothing else is configured: also how many connections there are
     * @param patience how long a call waits for a place in any case; it waits for longer where the time that is left
     *     then would still be twice what the partner takes on average
     */
    public Guard(String partner, Breakers breakers, int mostCalls, Duration patience, Ticker ticker) {
        this.partner = partner;
        this.breakers = breakers;
        this.places = breakers.places(partner, mostCalls);
        this.patienceNanos = patience.toNanos();
        this.ticker = ticker;
    }

    /** Its places, as something that can be taken away. */
    Faults.Supply places() {
        return places.supply();
    }

    /**
     * Makes a call if it may be made.
     *
     * @param resource that has a breaker of its own; null or an unusual name for none
     * @param remote is given the nanoseconds that it has
     */
    public <T> Reply<T> call(
            String operation, @Nullable String resource, long deadlineNanos, LongFunction<Reply<T>> remote) {
        if (deadlineNanos - ticker.nanos() <= 0) {
            return new Late<>(partner + " was not asked: no time was left");
        }
        Breaker[] way = way(operation, resource);
        Pass[] passes = new Pass[way.length];
        for (int i = 0; i < way.length; i++) {
            passes[i] = way[i].acquire();
            if (passes[i] == Pass.REFUSED) {
                giveBack(way, passes, i);
                return new Unreachable<>(Cause.BREAKER_OPEN, way[i].name() + " is " + way[i].state());
            }
        }
        boolean recorded = false;
        try {
            if (!enter(way[0], deadlineNanos)) {
                return new Unreachable<>(Cause.TOO_MANY_CALLS, "as many calls as " + partner + " takes are under way");
            }
            try {
                long start = ticker.nanos();
                long given = deadlineNanos - start;
                Reply<T> reply =
                        given <= 0 ? new Late<>(partner + " was not asked: no time was left") : remote.apply(given);
                long took = ticker.nanos() - start;
                recorded = given > 0 && record(way, passes, reply, given, took);
                return reply;
            } finally {
                places.giveBack();
            }
        } finally {
            if (!recorded) {
                giveBack(way, passes, way.length);
            }
        }
    }

    private Breaker[] way(String operation, @Nullable String resource) {
        String name = partner + "/" + operation;
        return resource == null || !RESOURCE.matcher(resource).matches()
                ? new Breaker[] {breakers.breaker(partner), breakers.breaker(name)}
                : new Breaker[] {
                    breakers.breaker(partner), breakers.breaker(name), breakers.breaker(name + "/" + resource)
                };
    }

    /** Who works on a payment of high priority goes before others that wait. */
    private boolean enter(Breaker breaker, long deadlineNanos) {
        long left = Math.max(0, deadlineNanos - ticker.nanos());
        long average = breaker.averageNanos();
        long patience = average == 0 ? patienceNanos : Math.max(patienceNanos, left - 2 * average);
        return places.take(Places.priority(), Math.min(left, patience));
    }

    /** Whether a call would show that the partner is well again, and nothing else can. */
    boolean due(String operation, @Nullable String resource) {
        return Arrays.stream(way(operation, resource)).anyMatch(Breaker::due);
    }

    /** What few answers take longer than; 0 until it is known. */
    long usualNanos() {
        return breakers.breaker(partner).usualNanos();
    }

    /** Whether the call says anything of the partner: being late with less time than it usually takes does not. */
    private static <T> boolean record(Breaker[] way, Pass[] passes, Reply<T> reply, long given, long took) {
        boolean failed = !(reply instanceof Answered<T>);
        if (reply instanceof Late<T> && given < way[0].averageNanos()) {
            return false;
        }
        for (int i = 0; i < way.length; i++) {
            way[i].record(passes[i], failed, took);
        }
        return true;
    }

    private static void giveBack(Breaker[] way, Pass[] passes, int count) {
        for (int i = 0; i < count; i++) {
            way[i].giveBack(passes[i]);
        }
    }
}
