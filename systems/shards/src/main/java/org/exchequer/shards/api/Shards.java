package org.exchequer.shards.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
     * @param netSent what it has ever sent to other shards less what it has ever received from them, per currency, in
     *     minor units: credits less debits of its accounts in transit
     */
    record View(int index, String name, int slots, int moving, long position, Map<String, Long> netSent) {}

    /**
     * What is in transit now, per currency, in minor units: what all shards have sent to others less what all have
     * received. Zero when nothing is. Each shard was read at a moment of its own, so while money moves this differs
     * from what is in transit at any one instant by what has moved in between; it may be below zero then.
     *
     * @param views all of them
     * @return empty when one of them does not answer
     */
    static Optional<SortedMap<String, Long>> inTransit(List<View> views) {
        SortedMap<String, Long> sums = new TreeMap<>();
        for (View view : views) {
            if (view.position() < 0) {
                return Optional.empty();
            }
            view.netSent().forEach((currency, units) -> sums.merge(currency, units, Math::addExact));
        }
        return Optional.of(sums);
    }

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

    /**
     * Where an account is, or would be opened.
     *
     * @param slot of its code, 0 to 4,095
     * @param shard the number of the shard that has it now
     * @param name that shard's
     */
    record Place(int slot, int shard, String name) {}

    /**
     * The place of an account: a function of its code and of the map that this node knows, so also of one that does not
     * exist yet.
     *
     * @throws org.exchequer.ledger.api.FieldError when it is no account's code, or belongs to the ledger itself
     */
    Place place(String account);

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
