package org.exchequer.scoring.stream;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.exchequer.scoring.bounded.Keyed;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.PaymentType;
import org.exchequer.scoring.model.Sequence;

/** The last events of an account, oldest first. */
final class Past extends Keyed.State {
    private static final double MINUTE = 60_000;

    private final int width = PaymentStream.EVENTS.size();
    /** Grows with the account: most have few. */
    private float[] values = new float[0];

    private long latest = Long.MIN_VALUE;

    void add(Event event, int direction) {
        float gap = Float.NaN;
        if (latest != Long.MIN_VALUE) {
            gap = (float) StrictMath.log10(1 + Math.max(0, event.timeMillis() - latest) / MINUTE);
        }
        latest = Math.max(latest, event.timeMillis());
        boolean full = values.length == Sequence.MOST_EVENTS * width;
        float[] next = full ? values : Arrays.copyOf(values, values.length + width);
        if (full) {
            System.arraycopy(values, width, next, 0, values.length - width);
        }
        int at = next.length - width;
        next[at] = (float) StrictMath.log10(event.baseMinor());
        next[at + 1] = gap;
        next[at + 2] = direction;
        next[at + 3] = event.type() == PaymentType.DIRECT_DEBIT ? 1 : 0;
        values = next;
    }

    Sequence sequence() {
        List<float[]> events = new ArrayList<>(values.length / width);
        for (int at = 0; at < values.length; at += width) {
            events.add(Arrays.copyOfRange(values, at, at + width));
        }
        return Sequence.of(PaymentStream.EVENTS, events);
    }

    @Override
    protected void write(DataOutput out) throws IOException {
        out.writeLong(latest);
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    @Override
    protected void read(DataInput in) throws IOException {
        latest = in.readLong();
        int length = in.readInt();
        if (length < 0 || length > Sequence.MOST_EVENTS * width || length % width != 0) {
            throw new IOException("a history of " + length + " numbers is none");
        }
        values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readFloat();
        }
    }
}
