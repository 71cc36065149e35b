package org.exchequer.shards.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Which shard has which slot, at one version of the directory. Immutable.
 *
 * <p>A slot is in one of three states. {@code SETTLED}: its shard serves it. {@code ANNOUNCED}: it will move; its
 * shard still serves it, and whoever reads a balance looks afterwards whether it is there still. {@code MOVING}:
 * nobody serves it, for the milliseconds that its accounts take.
 */
public final class SlotMap {
    /** See the class. */
    public enum State {
        SETTLED,
        ANNOUNCED,
        MOVING
    }

    /**
     * One slot.
     *
     * @param shard who has it
     * @param state whether it is about to move
     * @param target where to; the shard itself while it is settled
     */
    public record Slot(int shard, State state, int target) {}

    /**
     * A shard that had a slot before.
     *
     * @param position where its journal ended when the slot was taken out of service there
     */
    public record Former(int shard, long position) {}

    private static final int PLAIN = 0xff;

    private final long version;
    /** The shard, and a bit above {@link #PLAIN} for everything that needs a second look. */
    private final short[] entries;

    private final Slot[] slots;
    private final Map<Integer, List<Former>> former;

    /**
     * @param slots {@value Placement#SLOTS} of them
     * @param former for each slot that ever moved, the shards that had it before, the latest first
     */
    public SlotMap(long version, List<Slot> slots, Map<Integer, List<Former>> former) {
        if (slots.size() != Placement.SLOTS) {
            throw new IllegalArgumentException("a slot map has " + Placement.SLOTS + " slots, not " + slots.size());
        }
        this.version = version;
        this.slots = slots.toArray(Slot[]::new);
        this.former = Map.copyOf(former);
        this.entries = new short[Placement.SLOTS];
        for (int i = 0; i < entries.length; i++) {
            boolean plain = this.slots[i].state() == State.SETTLED && !former.containsKey(i);
            entries[i] = (short) (this.slots[i].shard() | (plain ? 0 : PLAIN + 1));
        }
    }

    /** All slots settled and spread evenly over so many shards, in runs: as a new directory begins. */
    public static SlotMap even(int shards) {
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < Placement.SLOTS; i++) {
            int shard = i * shards / Placement.SLOTS;
            slots.add(new Slot(shard, State.SETTLED, shard));
        }
        return new SlotMap(1, slots, Map.of());
    }

    /** Grows with every change of the directory. */
    public long version() {
        return version;
    }

    /** The account's shard, when its slot neither moves nor ever moved; else -1, and the slow path decides. */
    public int plainShard(String account) {
        short entry = entries[Placement.slot(account)];
        return entry <= PLAIN ? entry : -1;
    }

    /** The account's shard. */
    public int shard(String account) {
        return slots[Placement.slot(account)].shard();
    }

    public Slot slot(int slot) {
        return slots[slot];
    }

    /** Shards that had the slot before, the latest first. */
    public List<Former> former(int slot) {
        return former.getOrDefault(slot, List.of());
    }

    /** The slots that a shard has. */
    public List<Integer> of(int shard) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].shard() == shard) {
                found.add(i);
            }
        }
        return found;
    }

    /** Slots in this state. */
    public long count(State state) {
        return Arrays.stream(slots).filter(slot -> slot.state() == state).count();
    }
}
