package org.exchequer.inward.api;

import java.time.Duration;

/**
 * How often messages were looked up among those answered before, since the node's start, by level: each is asked only
 * when the one above it could not say.
 *
 * @param filter of recent messages: a hit may be one, a miss surely is none that this node knows of
 * @param memory of this node
 * @param redis shared by nodes
 * @param database which decides
 */
public record Lookups(Level filter, Level memory, Redis redis, Level database) {
    /** On a node where nothing was looked up, and without Redis. */
    public static final Lookups NONE = new Lookups(Level.NONE, Level.NONE, Redis.OFF, Level.NONE);

    /**
     * One level.
     *
     * @param hits found
     * @param misses not found
     */
    public record Level(long hits, long misses) {
        static final Level NONE = new Level(0, 0);
    }

    /** How Redis is. */
    public enum State {
        /** There is none. */
        OFF,
        ANSWERS,
        /** It does not answer, or a breaker keeps this node from asking. */
        AWAY
    }

    /**
     * What is shared through Redis.
     *
     * @param hits answers found there and given
     * @param misses not found
     * @param ignored found, but not sealed by a node of this database for this message: damaged or forged
     * @param failed no reply within the time, or not asked because a breaker was open
     * @param written answers that went there
     * @param dropped answers that did not: it was away, or too many were waiting
     * @param average time of a lookup that was answered; zero before the first
     */
    public record Redis(
            State state,
            long hits,
            long misses,
            long ignored,
            long failed,
            long written,
            long dropped,
            Duration average) {
        /** None. */
        public static final Redis OFF = new Redis(State.OFF, 0, 0, 0, 0, 0, 0, Duration.ZERO);
    }
}
