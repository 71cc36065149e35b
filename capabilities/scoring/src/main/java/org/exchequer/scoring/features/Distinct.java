package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.jspecify.annotations.Nullable;

/** How many different accounts were seen today and yesterday (UTC): HyperLogLog sketches. */
final class Distinct {
    /** 1,024 registers: a standard error of 3.3 %; a few are counted almost exactly. */
    static final int LOG_REGISTERS = 10;

    /** Relative standard error of a sketch of this size, at most. */
    static final double ERROR = 1.04 / 32;

    private static final int MOST_BYTES = 8_192;

    private long day = Long.MIN_VALUE;
    private @Nullable HllSketch today;
    /** Both days; it begins the day as a copy of the day before, so that nothing is merged when it is asked. */
    private @Nullable HllSketch both;

    void add(long key, long time) {
        long of = Math.floorDiv(time, Ring.DAY);
        if (of > day) {
            both = today != null && of == day + 1 ? today.copy() : null;
            today = null;
            day = of;
        }
        if (of == day) {
            today = today == null ? sketch() : today;
            today.update(key);
        }
        if (of >= day - 1) {
            both = both == null ? sketch() : both;
            both.update(key);
        }
    }

    float estimate(long asOf) {
        long of = Math.floorDiv(asOf, Ring.DAY);
        HllSketch asked = of == day ? both : of == day + 1 ? today : null;
        return asked == null ? 0 : Math.round(asked.getEstimate());
    }

    private static HllSketch sketch() {
        return new HllSketch(LOG_REGISTERS, TgtHllType.HLL_8);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(day);
        write(out, today);
        write(out, both);
    }

    void read(DataInput in) throws IOException {
        day = in.readLong();
        today = sketch(in);
        both = sketch(in);
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
