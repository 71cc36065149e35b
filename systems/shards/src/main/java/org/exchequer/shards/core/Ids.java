package org.exchequer.shards.core;

/**
 * Ids of a sharded ledger: the shard in the high bits, the position in that shard's journal in the low 48. Shard
 * 0's are its own, so a ledger that becomes the first of several keeps every id it ever gave; and with at most
 * {@value #MAX_SHARDS} shards every id stays below 2^53, exact also where numbers are doubles.
 */
public final class Ids {
    /** Most shards of a ledger. */
    public static final int MAX_SHARDS = 32;

    private static final int BITS = 48;

    private Ids() {}

    /** The id that the position of a shard's journal has outside. */
    public static long global(int shard, long local) {
        return (long) shard << BITS | local;
    }

    /** The shard that an id belongs to; may be one that does not exist. */
    public static int shard(long id) {
        return (int) (id >>> BITS);
    }

    /** The position in that shard's journal. */
    public static long local(long id) {
        return id & (1L << BITS) - 1;
    }
}
