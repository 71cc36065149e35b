package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.platform.faults.Faults;
import org.junit.jupiter.api.Test;

/** Places that are taken away are missed, and are there again afterwards, whatever was resized meanwhile. */
class PlacesTest {
    @Test
    void what_is_taken_away_is_given_back() {
        Places places = new Places(20);
        try (Faults.Taken taken = places.supply().take(95)) {
            assertThat(taken.count()).isEqualTo(19);
            assertThat(places.take(Priority.NORMAL, 0)).isTrue();
            assertThat(places.take(Priority.NORMAL, 0)).isFalse();
        }
        assertThat(places.limit()).isEqualTo(20);
        assertThat(places.take(Priority.NORMAL, 0)).isTrue();
        assertThat(places.taken()).isEqualTo(2);
    }
}
