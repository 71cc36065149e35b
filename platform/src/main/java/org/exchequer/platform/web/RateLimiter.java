package org.exchequer.platform.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/**
 * A token bucket per caller. The number of buckets is bounded, so that inventing callers costs an attacker more than it
 * costs us: a bucket that is pushed out starts full again.
 */
public final class RateLimiter {
    private static final int MAX_BUCKETS = 100_000;

    private final int perSecond;
    private final int burst;
    private final Cache<String, Bucket> buckets;

    /** @param perSecond refill, requests/s; @param burst capacity, requests */
    public RateLimiter(int perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfterAccess(Duration.ofMinutes(10))
                .build();
    }

    /** Takes one token of this caller's; 0 when there was one, else nanoseconds until there will be one. */
    public long take(String caller) {
        Bucket bucket = buckets.get(caller, ignored -> newBucket());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    /** Takes nothing; 0 when this caller has a token, else nanoseconds until there will be one. */
    public long look(String caller) {
        Bucket bucket = buckets.getIfPresent(caller);
        return bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
