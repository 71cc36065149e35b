package org.exchequer.shards.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.exchequer.kernel.Money;

/**
 * A transaction over several shards that has not ended on all of them.
 *
 * @param transaction its name in the keys of its holds
 * @param key the caller's idempotency key
 * @param coordinator the shard that decides
 * @param shards all of them, the coordinator first
 * @param amount of one of its holds
 * @param since booking time of that hold
 * @param seenFor how long this node has seen it, by a monotonic clock
 * @param state how far it is
 */
public record InDoubt(
        String transaction,
        String key,
        int coordinator,
        List<Integer> shards,
        Money amount,
        Instant since,
        Duration seenFor,
        State state) {
    /** How far a transaction is. */
    public enum State {
        /** Reserved; rolled back when the limit is over. Also while its coordinator does not answer. */
        UNDECIDED,
        /** Decided on; a participant has to post it yet: it does not answer, or an account there is frozen. */
        IN_TRANSIT,
        /** Over. */
        ENDED,
        /** A shard has lost what it had answered. Nobody touches it; see the log. */
        BROKEN
    }
}
