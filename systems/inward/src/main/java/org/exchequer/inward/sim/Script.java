package org.exchequer.inward.sim;

/**
 * How an operation of a service behaves. Each call draws its fate; what shares add up to more than 1 is cut off in the
 * order of the parameters.
 *
 * @param medianMs half the calls take less; 0 to 60,000
 * @param p99Ms 99 of 100 calls take less, lognormally; the same as {@code medianMs} for a time that is fixed
 * @param spikes share of calls that take longer by {@code spikeLeastMs} to {@code spikeMostMs}, each as likely
 * @param spikeLeastMs 0 to 60,000
 * @param spikeMostMs {@code spikeLeastMs} to 60,000
 * @param errors share of calls that fail, and do nothing, as {@code failure} says
 * @param failure what a failure looks like
 * @param hangs share of calls that are never answered, and do nothing; the connection breaks after 60 s, or when the
 *     script is changed
 * @param lostReplies share of calls that are done, but whose connection breaks before the answer
 * @param mangled share of calls that are done, but whose answer is garbled, or about something else
 * @param upMs it works for so long, from when the script is set, ...
 * @param downMs ... then every call fails for so long, and so on; 0 for no flapping
 */
public record Script(
        long medianMs,
        long p99Ms,
        double spikes,
        long spikeLeastMs,
        long spikeMostMs,
        double errors,
        Failure failure,
        double hangs,
        double lostReplies,
        double mangled,
        long upMs,
        long downMs) {
    private static final long MOST_MS = 60_000;

    /** Answers at once, always. */
    public static final Script AT_ONCE = new Script(0, 0, 0, 0, 0, 0, Failure.UNAVAILABLE, 0, 0, 0, 0, 0);

    /** What a call that fails is answered. */
    public enum Failure {
        /** HTTP 500, or INTERNAL. */
        INTERNAL,
        /** HTTP 503, or UNAVAILABLE. */
        UNAVAILABLE,
        /** Nothing: the connection breaks. */
        DISCONNECT
    }

    /** @throws IllegalArgumentException naming the field and its range */
    public Script {
        time("medianMs", medianMs, 0);
        time("p99Ms", p99Ms, medianMs);
        share("spikes", spikes);
        time("spikeLeastMs", spikeLeastMs, 0);
        time("spikeMostMs", spikeMostMs, spikeLeastMs);
        share("errors", errors);
        share("hangs", hangs);
        share("lostReplies", lostReplies);
        share("mangled", mangled);
        time("upMs", upMs, 0);
        time("downMs", downMs, 0);
    }

    private static void time(String field, long value, long least) {
        if (value < least || value > MOST_MS) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + MOST_MS);
        }
    }

    private static void share(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(field + " must be 0 to 1");
        }
    }

    /** The same with another time. */
    public Script taking(long median, long p99) {
        return new Script(
                median,
                p99,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                errors,
                failure,
                hangs,
                lostReplies,
                mangled,
                upMs,
                downMs);
    }

    /** The same with spikes. */
    public Script spiking(double share, long leastMs, long mostMs) {
        return new Script(
                medianMs, p99Ms, share, leastMs, mostMs, errors, failure, hangs, lostReplies, mangled, upMs, downMs);
    }

    /** The same with failures. */
    public Script failing(double share, Failure how) {
        return new Script(
                medianMs,
                p99Ms,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                share,
                how,
                hangs,
                lostReplies,
                mangled,
                upMs,
                downMs);
    }

    /** The same with calls that hang. */
    public Script hanging(double share) {
        return new Script(
                medianMs,
                p99Ms,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                errors,
                failure,
                share,
                lostReplies,
                mangled,
                upMs,
                downMs);
    }

    /** The same with replies that are lost. */
    public Script losing(double share) {
        return new Script(
                medianMs,
                p99Ms,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                errors,
                failure,
                hangs,
                share,
                mangled,
                upMs,
                downMs);
    }

    /** The same with answers that are mangled. */
    public Script mangling(double share) {
        return new Script(
                medianMs,
                p99Ms,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                errors,
                failure,
                hangs,
                lostReplies,
                share,
                upMs,
                downMs);
    }

    /** The same, working and failing by turns. */
    public Script flapping(long up, long down) {
        return new Script(
                medianMs,
                p99Ms,
                spikes,
                spikeLeastMs,
                spikeMostMs,
                errors,
                failure,
                hangs,
                lostReplies,
                mangled,
                up,
                down);
    }
}
