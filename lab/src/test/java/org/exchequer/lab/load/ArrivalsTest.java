package org.exchequer.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.exchequer.lab.history.Event;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ArrivalsTest {
    @Test
    void they_rise_keep_the_rate_and_follow_from_the_seed() {
        long[] times = Arrivals.poisson(1_000, Duration.ofSeconds(20), new SplittableRandom(3));
        assertThat(times).isSorted().hasSizeBetween(19_400, 20_600);
        assertThat(times[times.length - 1]).isLessThan(TimeUnit.SECONDS.toNanos(20));
        assertThat(times).isEqualTo(Arrivals.poisson(1_000, Duration.ofSeconds(20), new SplittableRandom(3)));
        // Gaps of an exponential distribution: as many shorter than the median as longer.
        long[] gaps = new long[times.length - 1];
        Arrays.setAll(gaps, i -> times[i + 1] - times[i]);
        long shorter = Arrays.stream(gaps).filter(gap -> gap < 693_147).count();
        assertThat((double) shorter / gaps.length).isBetween(0.48, 0.52);
    }

    @Test
    void a_stall_is_felt_by_everything_that_falls_due_in_it() {
        Series series = new Series(Duration.ofSeconds(10));
        long second = TimeUnit.SECONDS.toNanos(1);
        // One operation every 100 ms; the client stalls from 2 s to 6 s, and the service itself always takes 1 ms.
        for (int i = 0; i < 100; i++) {
            long intended = i * second / 10;
            long began = intended >= 2 * second && intended < 6 * second ? 6 * second : intended;
            series.add(intended, began + second / 1_000 - intended, second / 1_000, Event.Type.OK, true);
        }
        Series.Totals totals = series.totals();
        assertThat(totals.operations()).isEqualTo(100);
        assertThat(totals.serviceP99Micros()).isLessThan(1_100);
        assertThat(totals.p99Micros()).isGreaterThan(3_800_000);
        assertThat(totals.p50Micros()).isLessThan(1_100);
        assertThat(series.points()).hasSize(10);
    }

    @Test
    void the_longest_time_without_a_write_is_found_at_either_end_too() {
        long second = TimeUnit.SECONDS.toNanos(1);
        Series late = new Series(Duration.ofSeconds(10));
        assertThat(late.longestGap()).isEqualTo(new Series.Gap(0, 10_000, false));
        late.acknowledged(3 * second);
        late.acknowledged(4 * second);
        // The clients' threads are not told in order.
        late.acknowledged(4 * second - 5);
        assertThat(late.longestGap()).isEqualTo(new Series.Gap(4_000, 10_000, false));
        late.acknowledged(12 * second);
        assertThat(late.longestGap()).isEqualTo(new Series.Gap(4_000, 12_000, true));
        // The load is over: nobody asks.
        late.acknowledged(40 * second);
        assertThat(late.longestGap().millis()).isEqualTo(8_000);
    }

    @Test
    void replies_say_what_is_known_of_the_attempt() {
        JsonMapper json = JsonMapper.shared();
        assertThat(Wire.judge(201, json.readTree("{\"id\":7}"))).isInstanceOf(Wire.Reply.Done.class);
        assertThat(Wire.judge(422, json.readTree("{\"code\":\"INSUFFICIENT_FUNDS\",\"sequence\":9}")))
                .isEqualTo(new Wire.Reply.Rejected("INSUFFICIENT_FUNDS", 9));
        assertThat(Wire.judge(409, json.readTree("{\"code\":\"IDEMPOTENCY_KEY_REUSED\"}")))
                .isEqualTo(new Wire.Reply.Rejected("IDEMPOTENCY_KEY_REUSED", 0));
        assertThat(Wire.judge(503, json.readTree("{\"code\":\"NO_WRITER\"}"))).isInstanceOf(Wire.Reply.NotDone.class);
        assertThat(Wire.judge(503, json.readTree("{\"code\":\"TIMED_OUT\"}"))).isInstanceOf(Wire.Reply.Lost.class);
        assertThat(Wire.judge(504, json.readTree("{\"code\":\"OUTCOME_UNKNOWN\"}")))
                .isInstanceOf(Wire.Reply.Lost.class);
        assertThat(Wire.judge(500, null)).isInstanceOf(Wire.Reply.Lost.class);
        assertThat(Wire.judge(200, null)).isInstanceOf(Wire.Reply.Lost.class);
    }

    @Test
    void minor_units_and_decimals_are_the_same_amount() {
        assertThat(Minor.decimal(5)).isEqualTo("0.05");
        assertThat(Minor.decimal(-100_000)).isEqualTo("-1000.00");
        assertThat(Minor.units("12.05")).isEqualTo(1_205);
        assertThat(Minor.units("-0.01")).isEqualTo(-1);
    }
}
