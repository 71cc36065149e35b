package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.exchequer.scoring.bounded.Keyed;

/** What is remembered of an address or a device that several accounts may use. */
final class SharedState extends Keyed.State {
    final Ring hour = Ring.hour();
    final Distinct accounts = new Distinct();
    long clock = Long.MIN_VALUE;

    void used(long account, long time) {
        clock = Math.max(clock, time);
        hour.add(time, 0);
        accounts.add(account, time);
    }

    long asOf(long time) {
        return Math.max(time, clock);
    }

    @Override
    protected void write(DataOutput out) throws IOException {
        out.writeLong(clock);
        hour.write(out);
        accounts.write(out);
    }

    @Override
    protected void read(DataInput in) throws IOException {
        clock = in.readLong();
        hour.read(in);
        accounts.read(in);
    }
}
