package org.exchequer.inward.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.exchequer.inward.partner.HandTicker;
import org.exchequer.inward.sim.Player.Fate;
import org.junit.jupiter.api.Test;

class PlayerTest {
    private final HandTicker ticker = new HandTicker();

    @Test
    void fatesHaveTheirShares() throws InterruptedException {
        Script script =
                Script.AT_ONCE.failing(0.2, Script.Failure.INTERNAL).losing(0.1).mangling(0.05);
        Player player = new Player(script, 1, ticker);
        for (int i = 0; i < 20_000; i++) {
            player.turn().await();
        }
        Player.Counts counts = player.counts();
        assertThat(counts.calls()).isEqualTo(20_000);
        assertThat(counts.failed()).isCloseTo(4_000, within(300L));
        assertThat(counts.lost()).isCloseTo(2_000, within(250L));
        assertThat(counts.mangled()).isCloseTo(1_000, within(200L));
        assertThat(counts.answered() + counts.failed() + counts.lost() + counts.mangled())
                .isEqualTo(20_000);
    }

    @Test
    void timesHaveTheirMedianAndPercentile() {
        Player player = new Player(Script.AT_ONCE, 1, ticker);
        long[] times = LongStream.generate(() -> player.delay(Script.AT_ONCE.taking(156, 400)) / 1_000_000)
                .limit(20_000)
                .sorted()
                .toArray();
        assertThat(times[10_000]).isCloseTo(156, within(5L));
        assertThat(times[19_800]).isCloseTo(400, within(25L));
        assertThat(player.delay(Script.AT_ONCE.taking(89, 89))).isEqualTo(89_000_000);
        assertThat(player.delay(Script.AT_ONCE.spiking(1, 100, 800))).isBetween(100_000_000L, 800_000_000L);
    }

    @Test
    void sameSeedSameFates() throws InterruptedException {
        Script script = Script.AT_ONCE.failing(0.5, Script.Failure.DISCONNECT);
        Player one = new Player(script, 5, ticker);
        Player other = new Player(script, 5, ticker);
        List<Fate> fates = new ArrayList<>();
        List<Fate> same = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            fates.add(one.turn().await());
            same.add(other.turn().await());
        }
        assertThat(fates).isEqualTo(same).contains(Fate.FAILED, Fate.ANSWERED);
    }

    @Test
    void flapsByTurns() throws InterruptedException {
        Player player = new Player(Script.AT_ONCE.flapping(2_000, 500), 1, ticker);
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            fates.add(player.turn().await());
            ticker.pass(Duration.ofMillis(500));
        }
        assertThat(fates)
                .containsExactly(
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.FAILED,
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.ANSWERED,
                        Fate.FAILED);
    }

    @Test
    void scriptsAreChecked() {
        assertThatThrownBy(() -> Script.AT_ONCE.taking(100, 50)).hasMessage("p99Ms must be 100 to 60000");
        assertThatThrownBy(() -> Script.AT_ONCE.losing(1.5)).hasMessage("lostReplies must be 0 to 1");
        assertThatThrownBy(() -> Script.AT_ONCE.hanging(Double.NaN)).hasMessage("hangs must be 0 to 1");
    }
}
