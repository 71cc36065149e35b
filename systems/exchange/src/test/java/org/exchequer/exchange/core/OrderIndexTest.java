package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIndexTest {
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 100_000})
    void isAMap(int ids) {
        Random random = new Random(ids);
        OrderIndex index = new OrderIndex();
        Map<Long, Integer> twin = new HashMap<>();
        for (int i = 0; i < 1_000_000; i++) {
            // Ids that follow each other, as a generator gives them, and such that differ in their high bits only.
            long id = 1L + random.nextInt(ids) << (i % 2 == 0 ? 0 : 40);
            if (random.nextBoolean()) {
                assertThat(index.remove(id)).isEqualTo(gone(twin.remove(id)));
            } else if (twin.putIfAbsent(id, i) == null) {
                index.put(id, i);
            }
            assertThat(index.get(id)).isEqualTo(twin.getOrDefault(id, OrderIndex.NONE));
        }
        assertThat(index.size()).isEqualTo(twin.size());
        twin.forEach((id, place) -> assertThat(index.get(id)).isEqualTo(place));
    }

    private static int gone(@Nullable Integer place) {
        return place == null ? OrderIndex.NONE : place;
    }
}
