package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class BurialTest {
    private static final class Store implements Burial.Store {
        private final List<UUID> kept = new CopyOnWriteArrayList<>();
        private volatile String failing = "";

        @Override
        public void keep(Burial.Letter letter) throws SQLException {
            if (!failing.isEmpty()) {
                throw new SQLException("planted", failing);
            }
            kept.add(letter.id());
        }
    }

    private final Store store = new Store();

    private Burial burial() {
        return new Burial(store, new SimpleMeterRegistry());
    }

    private static boolean bury(Burial burial, UUID id, int bytes) {
        return burial.bury(id, Instant.EPOCH, "test", "FF01", "must be XML or JSON", new byte[bytes]);
    }

    @Test
    void a_letter_is_durable_when_its_sender_is_answered() {
        UUID id = new UUID(0, 1);
        try (Burial burial = burial()) {
            assertThat(bury(burial, id, 10)).isTrue();
            assertThat(store.kept).containsExactly(id);
        }
    }

    @Test
    void without_the_database_letters_wait_in_order_and_are_kept_when_it_is_back() {
        store.failing = "08006";
        try (Burial burial = burial()) {
            long began = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                assertThat(bury(burial, new UUID(0, i), 10)).isTrue();
            }
            // The first one waits half a second, which tells that the database is away; the others do not wait.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
            assertThat(store.kept).isEmpty();
            store.failing = "";
            await().until(() -> store.kept.size() == 5);
            assertThat(store.kept).extracting(UUID::getLeastSignificantBits).containsExactly(0L, 1L, 2L, 3L, 4L);
        }
    }

    @Test
    void more_than_fit_are_not_taken() {
        store.failing = "08006";
        try (Burial burial = burial()) {
            int taken = 0;
            while (taken <= Burial.MOST && bury(burial, new UUID(0, taken), 256 << 10)) {
                taken++;
            }
            assertThat((long) taken << 18).isEqualTo(Burial.MOST_BYTES);
            store.failing = "";
            int all = taken;
            await().until(() -> store.kept.size() == all);
            assertThat(bury(burial, new UUID(1, 1), 256 << 10)).isTrue();
        }
    }

    @Test
    void one_that_can_never_be_kept_does_not_stop_the_others() {
        store.failing = "22021";
        try (Burial burial = burial()) {
            assertThat(bury(burial, new UUID(0, 1), 10)).isTrue();
            store.failing = "";
            assertThat(bury(burial, new UUID(0, 2), 10)).isTrue();
            assertThat(store.kept).containsExactly(new UUID(0, 2));
        }
    }

    @Test
    void what_is_closed_takes_no_more() {
        Burial burial = burial();
        burial.close();
        assertThat(bury(burial, new UUID(0, 1), 10)).isFalse();
    }
}
