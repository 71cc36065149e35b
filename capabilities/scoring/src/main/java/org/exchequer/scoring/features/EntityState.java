package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.exchequer.scoring.bounded.Keyed;

/** What is remembered of a customer over all accounts. */
final class EntityState extends Keyed.State {
    final Ring day = Ring.day();
    long clock = Long.MIN_VALUE;

    void pays(Event event) {
        clock = Math.max(clock, event.timeMillis());
        day.add(event.timeMillis(), event.baseMinor());
    }

    long asOf(long time) {
        return Math.max(time, clock);
    }

    @Override
    protected void write(DataOutput out) throws IOException {
        out.writeLong(clock);
        day.write(out);
    }

    @Override
    protected void read(DataInput in) throws IOException {
        clock = in.readLong();
        day.read(in);
    }
}
