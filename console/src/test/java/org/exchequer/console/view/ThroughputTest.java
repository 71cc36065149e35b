package org.exchequer.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ThroughputTest {
    private long now = 5;
    private final Throughput throughput = new Throughput(() -> now, 100);

    private Throughput.Rate after(Duration pause, long sequence) {
        now += pause.toNanos();
        return throughput.observe(sequence);
    }

    @Test
    void theRateIsOverTheLastMinuteWhileSomebodyLooks() {
        assertThat(after(Duration.ZERO, 100)).isEqualTo(new Throughput.Rate("0", "", 0));
        assertThat(after(Duration.ofMillis(500), 105)).isEqualTo(new Throughput.Rate("5", "", 0));
        assertThat(after(Duration.ofMillis(1_500), 120)).isEqualTo(new Throughput.Rate("20", "10.0", 2));
        for (int i = 0; i < 60; i++) {
            after(Duration.ofSeconds(2), 120);
        }
        assertThat(after(Duration.ofSeconds(2), 120).perSecond()).isEqualTo("0.0");
        assertThat(after(Duration.ofSeconds(2), 1_000_120).commands()).isEqualTo("1,000,020");
    }

    @Test
    void afterALongPauseItIsOverThePause() {
        after(Duration.ZERO, 100);
        assertThat(after(Duration.ofHours(1), 36_100)).isEqualTo(new Throughput.Rate("36,000", "10.0", 3_600));
    }
}
