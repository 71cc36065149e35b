package org.exchequer.scoring.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int LENGTH = 24;

    private record Added(long bucket, long value) {}

    /** Counts what was in the window when it came, and still is. */
    private static final class Naive {
        private final List<Added> all = new ArrayList<>();
        private long newest = Long.MIN_VALUE;

        void add(long bucket, long value) {
            if (newest == Long.MIN_VALUE || bucket > newest - LENGTH) {
                newest = Math.max(newest, bucket);
                all.add(new Added(bucket, value));
            }
        }

        List<Added> within(long asOf) {
            long last = Math.max(asOf, newest);
            return all.stream()
                    .filter(each -> each.bucket() > last - LENGTH && each.bucket() <= asOf)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 30, 200})
    void countsWhatANaiveListCounts(int stride) throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Ring ring = Ring.day();
            Naive naive = new Naive();
            long hour = 480_000;
            for (int i = 0; i < 12; i++) {
                hour += random.nextInt(-stride / 2, stride + 1);
                long value = random.nextLong(1, 1_000);
                ring.add(hour * Ring.HOUR + random.nextLong(Ring.HOUR), value);
                naive.add(hour, value);
                if (random.nextInt(4) == 0) {
                    ring = again(ring);
                }
                long asOf = hour + random.nextInt(-LENGTH, 2 * LENGTH);
                List<Added> within = naive.within(asOf);
                assertThat(ring.count(asOf * Ring.HOUR)).isEqualTo(within.size());
                assertThat(ring.sum(asOf * Ring.HOUR))
                        .isEqualTo(within.stream().mapToLong(Added::value).sum());
                long of = hour - random.nextInt(LENGTH);
                long newest = naive.newest;
                assertThat(ring.countAgo(hour * Ring.HOUR, (int) (hour - of)))
                        .isEqualTo(naive.all.stream()
                                .filter(each -> each.bucket() == of && of > newest - LENGTH)
                                .count());
            }
        }
    }

    private static Ring again(Ring ring) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ring.write(new DataOutputStream(bytes));
        assertThat(bytes.size()).isEqualTo(Long.BYTES + LENGTH * (Integer.BYTES + Long.BYTES));
        return Ring.day().read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
