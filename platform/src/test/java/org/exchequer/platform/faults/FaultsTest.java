package org.exchequer.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nothing happens at a point unless it is armed, and nothing afterwards. */
class FaultsTest {
    private final Faults faults = new Faults();

    @Test
    void what_is_armed_runs_until_it_is_disarmed() {
        AtomicInteger passed = new AtomicInteger();
        faults.at("a");
        faults.arm("a", point -> passed.incrementAndGet());
        faults.at("a");
        faults.at("b");
        faults.disarm("a");
        faults.at("a");
        assertThat(passed).hasValue(1);
    }

    @Test
    void a_value_goes_through_as_it_is_or_as_it_is_distorted() {
        assertThat(faults.through("amount", 7)).isEqualTo(7);
        faults.distort("amount", Integer.class, amount -> amount + 1);
        assertThat(faults.through("amount", 7)).isEqualTo(8);
        assertThat(faults.through("other", 7)).isEqualTo(7);
        faults.disarmAll();
        assertThat(faults.through("amount", 7)).isEqualTo(7);
    }

    @Test
    void part_of_a_supply_is_taken_away_and_given_back() {
        AtomicInteger left = new AtomicInteger(10);
        faults.offer("places", percent -> {
            int count = 10 * percent / 100;
            left.addAndGet(-count);
            return new Faults.Taken() {
                @Override
                public int count() {
                    return count;
                }

                @Override
                public void close() {
                    left.addAndGet(count);
                }
            };
        });
        try (Faults.Taken taken = faults.take("places", 95)) {
            assertThat(taken.count()).isEqualTo(9);
            assertThat(left).hasValue(1);
        }
        assertThat(left).hasValue(10);
        assertThatThrownBy(() -> faults.take("places", 0)).hasMessageContaining("percent");
        assertThatThrownBy(() -> faults.take("nothing", 5)).hasMessageContaining("[places]");
    }
}
