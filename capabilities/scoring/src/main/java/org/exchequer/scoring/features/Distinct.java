package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;
import org.jspecify.annotations.Nullable;

/** How many different accounts were seen today and yesterday (UTC): one HyperLogLog sketch a day. */
final class Distinct {
    /** 1,024 registers: a standard error of 3.3 %; a few are counted almost exactly. */
    static final int LOG_REGISTERS = 10;

    /** Relative standard error of a sketch of this size, as its authors give it for a union. */
    static final double ERROR = 1.04 / 32;

    private static final int MOST_BYTES = 8_192;

    private long day = Long.MIN_VALUE;
    private @Nullable HllSketch today;
    private @Nullable HllSketch yesterday;

    void add(long key, long time) {
        long of = Math.floorDiv(time, Ring.DAY);
        if (of > day) {
            yesterday = day != Long.MIN_VALUE && of == day + 1 ? today : null;
            today = null;
            day = of;
        }
        if (of == day) {
            today = today == null ? sketch() : today;
            today.update(key);
        } else if (of == day - 1) {
            yesterday = yesterday == null ? sketch() : yesterday;
            yesterday.update(key);
        }
    }

    float estimate(long asOf) {
        long of = Math.floorDiv(asOf, Ring.DAY);
        HllSketch recent = of == day ? today : of == day + 1 ? today : null;
        HllSketch before = of == day ? yesterday : null;
        if (recent == null || before == null) {
            HllSketch one = recent == null ? before : recent;
            return one == null ? 0 : Math.round(one.getEstimate());
        }
        HllUnion union = new HllUnion(LOG_REGISTERS);
        union.update(before);
        union.update(recent);
        return Math.round(union.getEstimate());
    }

    private static HllSketch sketch() {
        return new HllSketch(LOG_REGISTERS, TgtHllType.HLL_8);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(day);
        write(out, today);
        write(out, yesterday);
    }

    void read(DataInput in) throws IOException {
        day = in.readLong();
        today = sketch(in);
        yesterday = sketch(in);
    }

    private static void write(DataOutput out, @Nullable HllSketch sketch) throws IOException {
        byte[] bytes = sketch == null ? new byte[0] : sketch.toUpdatableByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable HllSketch sketch(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a sketch of " + length + " bytes");
        }
        if (length == 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return HllSketch.heapify(bytes);
    }
}
