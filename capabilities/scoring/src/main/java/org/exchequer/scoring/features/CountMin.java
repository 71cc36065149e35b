package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How often a pair was seen, never too low for the last {@link #GENERATION} additions (Cormode and Muthukrishnan, "An
 * improved data stream summary: the count-min sketch", 2005). Two generations, so that the sketch never fills: an
 * estimate is too high by more than {@link #ERROR} for one pair in e<sup>4</sup> = 55 at most.
 */
final class CountMin {
    /** Additions to a generation; then the one before is forgotten. */
    static final int GENERATION = 1 << 20;

    private static final int ROWS = 4;
    private static final int WIDTH = 1 << 18;

    /** e / width of all additions of two generations. */
    static final int ERROR = (int) Math.ceil(Math.E * 2 * GENERATION / WIDTH);

    private int[] current = new int[ROWS * WIDTH];
    private int[] before = new int[ROWS * WIDTH];
    private int added;

    void add(long one, long other) {
        if (added == GENERATION) {
            int[] spare = before;
            before = current;
            Arrays.fill(spare, 0);
            current = spare;
            added = 0;
        }
        added++;
        long hash = hash(one, other);
        for (int row = 0; row < ROWS; row++) {
            current[place(hash, row)]++;
        }
    }

    int estimate(long one, long other) {
        long hash = hash(one, other);
        int least = Integer.MAX_VALUE;
        for (int row = 0; row < ROWS; row++) {
            int place = place(hash, row);
            least = Math.min(least, current[place] + before[place]);
        }
        return least;
    }

    /** Rows from two halves of one hash (Kirsch and Mitzenmacher, 2006). */
    private static int place(long hash, int row) {
        int mixed = (int) hash + row * ((int) (hash >>> 32) | 1);
        return row * WIDTH + (mixed >>> 14);
    }

    /** Finalizer of SplitMix64 over both. */
    private static long hash(long one, long other) {
        long z = one * 0x9E3779B97F4A7C15L + Long.rotateLeft(other, 32) * 0xC2B2AE3D27D4EB4FL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(added);
        write(out, current);
        write(out, before);
    }

    void read(DataInput in) throws IOException {
        added = in.readInt();
        read(in, current);
        read(in, before);
    }

    /** Most cells are 0: runs of them are written as their length, and so are the others. */
    private static void write(DataOutput out, int[] cells) throws IOException {
        int at = 0;
        while (at < cells.length) {
            int zeros = at;
            while (zeros < cells.length && cells[zeros] == 0) {
                zeros++;
            }
            int end = zeros;
            while (end < cells.length && cells[end] != 0) {
                end++;
            }
            out.writeInt(zeros - at);
            out.writeInt(end - zeros);
            for (int i = zeros; i < end; i++) {
                out.writeInt(cells[i]);
            }
            at = end;
        }
    }

    private static void read(DataInput in, int[] cells) throws IOException {
        Arrays.fill(cells, 0);
        int at = 0;
        while (at < cells.length) {
            int zeros = in.readInt();
            int others = in.readInt();
            if (zeros < 0 || others < 0 || zeros + others == 0 || zeros > cells.length - at - others) {
                throw new IOException("a table with runs of " + zeros + " and " + others + " cells at " + at);
            }
            at += zeros;
            for (int i = 0; i < others; i++) {
                cells[at++] = in.readInt();
            }
        }
    }
}
