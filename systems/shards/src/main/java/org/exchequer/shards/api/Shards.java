package org.exchequer.shards.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ledger of several shards, as those see it who run it. */
public interface Shards {
    /**
     * One shard.
     *
     * @param index its number
     * @param name for people
     * @param slots how many of the 4,096 slots it has
     * @param moving how many of them are about to move elsewhere
     * @param position where its journal ends; -1 when it does not answer
     * @param inTransit balance of its accounts in transit per currency, debits less credits, in minor units; over all
     *     shards they are at zero when nothing is in transit
     */
    record View(int index, String name, int slots, int moving, long position, Map<String, Long> inTransit) {}

    /**
     * How far a move of slots is, or how it ended.
     *
     * @param from the shard they leave
     * @param to the shard they go to
     * @param wanted how many slots
     * @param moved how many have moved
     * @param skipped how many stay because an account in them has open holds or was busy
     * @param accounts how many accounts have moved
     * @param longestPause for how long a slot was out of service at most
     * @param running whether it goes on
     * @param error why it stopped before its end, or null
     */
    record Move(
            int from,
            int to,
            int wanted,
            int moved,
            int skipped,
            long accounts,
            Duration longestPause,
            boolean running,
            @Nullable String error) {}

    /** All shards, in order of their numbers. Asks each of them. */
    List<View> shards();

    /** Version of the directory that this node routes by. */
    long version();

    /** Transactions over several shards that have not ended, as of the last look a second ago, the oldest first. */
    List<InDoubt> inDoubt();

    /** How long a transaction over several shards may stay undecided. */
    Duration limit();

    /**
     * Begins to move slots in the background; asked again while a move runs, does nothing.
     *
     * @param from the shard to take them from
     * @param to the shard to give them to
     * @param slots how many, 1 to 4,096; those that it has when there are fewer
     * @return the move that runs now
     * @throws org.exchequer.ledger.api.FieldError when there is no such shard, or both are the same
     */
    Move move(int from, int to, int slots);

    /** The move that runs or was the last on this node, or null. */
    @Nullable
    Move lastMove();
}
