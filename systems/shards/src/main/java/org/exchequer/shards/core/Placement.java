package org.exchequer.shards.core;

/**
 * Where an account lives: its code decides its slot, for ever; the {@link SlotMap} says which shard has the slot now.
 *
 * <p>The slot is the upper 12 bits of the 64-bit FNV-1a hash of the code's bytes (codes are ASCII), put through the
 * finalizer of MurmurHash3, since FNV alone spreads short codes badly in its upper bits. This never changes: every
 * account's home depends on it.
 */
public final class Placement {
    /** Slots of every sharded ledger. */
    public static final int SLOTS = 4_096;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Placement() {}

    /** The slot of an account, 0 to {@value #SLOTS} - 1. */
    public static int slot(String account) {
        long hash = OFFSET;
        for (int i = 0; i < account.length(); i++) {
            hash = (hash ^ account.charAt(i)) * PRIME;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) ((hash ^ hash >>> 33) >>> 52);
    }
}
