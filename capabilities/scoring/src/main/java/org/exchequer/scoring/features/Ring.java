package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Counts and sums over the current unit of time and the {@code length - 1} before it. Exact: what is older than the
 * window when it arrives was never in it, what falls out is forgotten.
 */
final class Ring {
    static final long MINUTE = 60_000;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private final long unit;
    private final int length;
    /** Of the newest units, one or all of the window: most accounts do something once, and then nothing for long. */
    private int[] counts = new int[1];

    private long[] sums = new long[1];
    private long newest = Long.MIN_VALUE;

    private Ring(long unit, int length) {
        this.unit = unit;
        this.length = length;
    }

    static Ring hour() {
        return new Ring(5 * MINUTE, 12);
    }

    static Ring day() {
        return new Ring(HOUR, 24);
    }

    static Ring month() {
        return new Ring(DAY, 30);
    }

    void add(long time, long value) {
        long bucket = Math.floorDiv(time, unit);
        if (bucket > newest) {
            boolean anew = newest == Long.MIN_VALUE || bucket - newest >= length;
            if (!anew) {
                widen();
            }
            long cleared = anew ? counts.length : bucket - newest;
            for (long each = bucket - cleared + 1; each <= bucket; each++) {
                int place = place(each);
                counts[place] = 0;
                sums[place] = 0;
            }
            newest = bucket;
        } else if (bucket <= newest - length) {
            return;
        } else if (bucket < newest) {
            widen();
        }
        int place = place(bucket);
        counts[place]++;
        sums[place] = plus(sums[place], value);
    }

    /** Makes room for the whole window. */
    private void widen() {
        if (counts.length == length) {
            return;
        }
        int count = counts[0];
        long sum = sums[0];
        counts = new int[length];
        sums = new long[length];
        counts[place(newest)] = count;
        sums[place(newest)] = sum;
    }

    long count(long asOf) {
        long count = 0;
        long bucket = Math.floorDiv(asOf, unit);
        for (long each = first(bucket); each <= Math.min(bucket, newest); each++) {
            count += counts[place(each)];
        }
        return count;
    }

    long sum(long asOf) {
        long sum = 0;
        long bucket = Math.floorDiv(asOf, unit);
        for (long each = first(bucket); each <= Math.min(bucket, newest); each++) {
            sum = plus(sum, sums[place(each)]);
        }
        return sum;
    }

    /** The count of one unit, {@code ago} units before that of {@code asOf}. */
    long countAgo(long asOf, int ago) {
        long bucket = Math.floorDiv(asOf, unit) - ago;
        return newest == Long.MIN_VALUE || bucket > newest || bucket <= newest - counts.length
                ? 0
                : counts[place(bucket)];
    }

    /** Sums of amounts end at the largest number: an order of additions that gets there makes no difference. */
    static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The first of the window that something is kept of. */
    private long first(long bucket) {
        return newest == Long.MIN_VALUE
                ? bucket + 1
                : Math.max(Math.max(bucket, newest) - length, newest - counts.length) + 1;
    }

    private int place(long bucket) {
        return (int) Math.floorMod(bucket, (long) counts.length);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(newest);
        for (int i = 0; i < length; i++) {
            boolean kept = counts.length == length || i == Math.floorMod(newest, (long) length);
            out.writeInt(kept ? counts[i % counts.length] : 0);
            out.writeLong(kept ? sums[i % counts.length] : 0);
        }
    }

    Ring read(DataInput in) throws IOException {
        newest = in.readLong();
        int last = (int) Math.floorMod(newest, (long) length);
        for (int i = 0; i < length; i++) {
            int count = in.readInt();
            long sum = in.readLong();
            if (count != 0 && i != last) {
                widen();
            }
            if (count != 0 || counts.length == length) {
                counts[i % counts.length] = count;
                sums[i % counts.length] = sum;
            }
        }
        return this;
    }
}
