package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LadderTest {
    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7, 12, 13, 20, 36, 48})
    void isASortedMap(int bits) {
        Random random = new Random(bits);
        for (int round = 0; round < 20; round++) {
            Ladder ladder = new Ladder();
            TreeMap<Long, Integer> twin = new TreeMap<>();
            for (int i = 0; i < 5_000; i++) {
                long key = random.nextLong(1L << bits);
                if (random.nextInt(3) == 0 && !twin.isEmpty()) {
                    Long near = twin.ceilingKey(key);
                    key = near == null ? twin.lastKey() : near;
                    ladder.remove(key);
                    twin.remove(key);
                } else if (twin.putIfAbsent(key, i) == null) {
                    ladder.ready();
                    ladder.put(key, i);
                }
                long asked = random.nextLong(1L << Math.min(48, bits + 1));
                assertThat(ladder.get(asked)).isEqualTo(twin.getOrDefault(asked, Ladder.NONE));
                assertThat(ladder.above(asked)).isEqualTo(value(twin.higherEntry(asked)));
                assertThat(ladder.above(key)).isEqualTo(value(twin.higherEntry(key)));
                assertThat(ladder.first()).isEqualTo(value(twin.firstEntry()));
                if (i % 2_500 == 2_499) {
                    twin.keySet().forEach(ladder::remove);
                    twin.clear();
                    assertThat(ladder.isEmpty()).isTrue();
                }
            }
        }
    }

    private static int value(Map.@Nullable Entry<Long, Integer> entry) {
        return entry == null ? Ladder.NONE : entry.getValue();
    }
}
