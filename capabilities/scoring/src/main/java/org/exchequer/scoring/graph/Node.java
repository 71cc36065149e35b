package org.exchequer.scoring.graph;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.exchequer.scoring.bounded.Keyed;

/** An account: its newest payments out and in, and marks that searches leave. */
final class Node extends Keyed.State {
    /** Payments in one direction in order of arrival; the oldest makes room. */
    static final class Edges {
        private static final int FIRST = 4;
        private static final Node[] NO_NODES = {};
        private static final long[] NO_TIMES = {};

        Node[] others = NO_NODES;
        long[] times = NO_TIMES;
        int size;
        private int next;
        /** Time of the latest payment that had to make room. */
        private long dropped = Long.MIN_VALUE;

        void add(Node other, long time, int most) {
            if (size == most) {
                dropped = Math.max(dropped, times[next]);
                others[next] = other;
                times[next] = time;
                next = next + 1 == most ? 0 : next + 1;
                return;
            }
            if (size == others.length) {
                int length = Math.min(most, Math.max(FIRST, 2 * size));
                others = Arrays.copyOf(others, length);
                times = Arrays.copyOf(times, length);
            }
            others[size] = other;
            times[size] = time;
            size++;
        }

        /** Whether a payment of the window had to make room. */
        boolean hub(long after, long until) {
            return dropped > after && dropped <= until;
        }

        /** Where the next one goes, and what had to make room: the places of the others matter to bounded searches. */
        void restored(int place, long latest) {
            next = place;
            dropped = latest;
        }

        void clear() {
            others = NO_NODES;
            times = NO_TIMES;
            size = 0;
            next = 0;
        }

        void write(DataOutput out) throws IOException {
            out.writeLong(dropped);
            out.writeInt(next);
            out.writeInt(size);
            for (int i = 0; i < size; i++) {
                out.writeLong(others[i].gone ? 0 : others[i].key());
                out.writeLong(times[i]);
            }
        }
    }

    final Edges out = new Edges();
    final Edges in = new Edges();
    boolean gone;
    long seen;
    long member;
    long arrival;

    @Override
    protected void forget() {
        gone = true;
        out.clear();
        in.clear();
    }

    /** The accounts alone; the graph writes payments when all accounts are there. */
    @Override
    protected void write(DataOutput to) throws IOException {
        to.writeByte(0);
    }

    @Override
    protected void read(DataInput from) throws IOException {
        if (from.readByte() != 0) {
            throw new IOException("not an account of the graph");
        }
    }
}
