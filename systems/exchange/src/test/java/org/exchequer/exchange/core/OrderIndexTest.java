package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
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
        // Orders, each in a place of its own, of which only the ids matter here.
        long[] orders = new long[2 * ids << Shelves.LONGS];
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < 2 * ids; i++) {
            free.add(i << Shelves.LONGS);
        }
        for (int i = 0; i < 1_000_000; i++) {
            // Ids that follow each other, as a generator gives them, and such that differ in their high bits only.
            long id = 1L + random.nextInt(ids) << (i % 2 == 0 ? 0 : 40);
            if (random.nextBoolean()) {
                Integer gone = twin.remove(id);
                assertThat(index.remove(id, orders)).isEqualTo(place(gone));
                if (gone != null) {
                    free.add(gone);
                }
            } else if (!twin.containsKey(id)) {
                int place = free.remove();
                orders[place] = id;
                index.reserve(orders);
                index.put(id, place);
                twin.put(id, place);
            }
            assertThat(index.get(id, orders)).isEqualTo(place(twin.get(id)));
        }
        assertThat(index.size()).isEqualTo(twin.size());
        twin.forEach((id, place) -> assertThat(index.get(id, orders)).isEqualTo(place));
    }

    private static int place(@Nullable Integer place) {
        return place == null ? OrderIndex.NONE : place;
    }
}
