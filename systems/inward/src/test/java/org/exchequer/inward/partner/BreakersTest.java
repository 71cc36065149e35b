package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.exchequer.inward.partner.Breaker.Pass;
import org.exchequer.inward.partner.BreakerOverride.Mode;
import org.exchequer.inward.partner.BreakerReading.State;
import org.junit.jupiter.api.Test;

class BreakersTest {
    private static final long MS = 1_000_000;

    private final HandTicker ticker = new HandTicker();
    private final BreakerBoard board = BreakerBoard.inMemory();
    private final Breakers breakers = node("one");

    private Breakers node(String name) {
        return new Breakers(name, ticker, BreakerSettings.STANDARD, BreakerSettings.RESOURCE, board);
    }

    private static void call(Breaker breaker, boolean failed, long tookMs) {
        Pass pass = breaker.acquire();
        assertThat(pass).isEqualTo(Pass.GRANTED);
        breaker.record(pass, failed, tookMs * MS);
    }

    private static void fail(Breaker breaker) {
        while (breaker.state() == State.CLOSED) {
            call(breaker, true, 1);
        }
    }

    @Test
    void opensWaitsProbesAndCloses() {
        Breaker breaker = breakers.breaker("vam");
        fail(breaker);
        assertThat(breaker.reading().calls()).as("too few calls are not judged").isEqualTo(20);
        assertThat(breaker.acquire()).isEqualTo(Pass.REFUSED);
        ticker.pass(Duration.ofMillis(999));
        assertThat(breaker.acquire()).isEqualTo(Pass.REFUSED);
        ticker.pass(Duration.ofMillis(2));
        for (int i = 0; i < 5; i++) {
            assertThat(breaker.acquire()).isEqualTo(Pass.GRANTED);
        }
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.acquire()).as("probes are bounded").isEqualTo(Pass.REFUSED);
        breaker.giveBack(Pass.GRANTED);
        assertThat(breaker.acquire()).as("a probe that was not used").isEqualTo(Pass.GRANTED);
        for (int i = 0; i < 5; i++) {
            breaker.record(Pass.GRANTED, false, 1);
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.reading().refused()).isEqualTo(3);
    }

    @Test
    void waitsTwiceAsLongWhenProbesFail() {
        Breaker breaker = breakers.breaker("vam");
        fail(breaker);
        ticker.pass(Duration.ofMillis(1_001));
        for (int i = 0; i < 5; i++) {
            call(breaker, true, 1);
        }
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        ticker.pass(Duration.ofMillis(1_999));
        assertThat(breaker.acquire()).isEqualTo(Pass.REFUSED);
        ticker.pass(Duration.ofMillis(2));
        assertThat(breaker.acquire()).isEqualTo(Pass.GRANTED);
    }

    @Test
    void thresholdOfFailuresFollowsTheLongRunWithinBounds() {
        Breaker breaker = breakers.breaker("midanz");
        assertThat(breaker.failureThreshold()).isEqualTo(0.25);
        for (int i = 0; i < 3_000; i++) {
            call(breaker, i % 20 == 0, 1);
        }
        assertThat(breaker.failureThreshold()).isCloseTo(0.25 + 3 * 0.05, within(0.03));
        fail(breaker);
        assertThat(breaker.failureThreshold()).as("an outage does not teach").isBetween(0.4, 0.5);
        assertThat(breaker.reading().failureShare()).isBetween(0.39, 0.52);
    }

    @Test
    void callsSlowerThanUsualOpenIt() {
        Breaker breaker = breakers.breaker("vam");
        for (int i = 0; i < 200; i++) {
            call(breaker, false, 150 + i % 3);
        }
        assertThat(Duration.ofNanos(breaker.slowAfterNanos()).toMillis()).isBetween(151L, 160L);
        int slow = 0;
        while (breaker.state() == State.CLOSED && slow < 1_000) {
            // Each time half as long again as is usual by then: it gets used to that, but not beyond its bound.
            call(breaker, false, 2_000);
            slow++;
        }
        assertThat(slow).isEqualTo(40);
        Breaker fast = breakers.breaker("fast");
        for (int i = 0; i < 100; i++) {
            call(fast, false, i % 2 == 0 ? 1 : 49);
        }
        assertThat(fast.state()).as("below the lower bound nothing is slow").isEqualTo(State.CLOSED);
    }

    @Test
    void personForcesItForAWhile() {
        Breaker breaker = breakers.breaker("liquidity/reserve");
        breakers.force(
                "liquidity/reserve",
                new BreakerOverride(Mode.FORCED_OPEN, "olga", "planned outage", Duration.ofMinutes(5)));
        assertThat(breaker.acquire()).isEqualTo(Pass.REFUSED);
        assertThat(breakers.notClosed()).containsExactly("liquidity/reserve=FORCED_OPEN");
        ticker.pass(Duration.ofMinutes(5));
        assertThat(breaker.acquire()).isEqualTo(Pass.GRANTED);
        breaker.giveBack(Pass.GRANTED);
        fail(breaker);
        breakers.force(
                "liquidity/reserve",
                new BreakerOverride(Mode.FORCED_CLOSED, "olga", "they say it works", Duration.ofMinutes(1)));
        for (int i = 0; i < 100; i++) {
            Pass pass = breaker.acquire();
            assertThat(pass).isEqualTo(Pass.FORCED);
            breaker.record(pass, true, 1);
        }
        assertThat(breakers.reading("liquidity/reserve").orElseThrow().override())
                .isNotNull()
                .extracting(BreakerOverride::by)
                .isEqualTo("olga");
        breakers.letGo("liquidity/reserve");
        assertThat(breaker.state()).as("as it was before").isEqualTo(State.OPEN);
    }

    @Test
    void whatCannotBeForcedIsRefused() {
        assertThatThrownBy(() -> new BreakerOverride(Mode.FORCED_OPEN, "olga", " ", Duration.ofMinutes(1)))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> new BreakerOverride(Mode.FORCED_OPEN, "olga", "why", Duration.ofHours(2)))
                .hasMessageContaining("1 h");
        assertThatThrownBy(() -> breakers.letGo("../x")).hasMessageContaining("name");
    }

    @Test
    void keepsWhatIsOpenAndForcedWhenSettingsChange() {
        fail(breakers.breaker("vam"));
        breakers.force("midanz", new BreakerOverride(Mode.FORCED_CLOSED, "olga", "why", Duration.ofMinutes(1)));
        assertThat(breakers.notClosed()).containsExactly("midanz=FORCED_CLOSED", "vam=OPEN");
        breakers.adapt(BreakerSettings.RESOURCE, BreakerSettings.STANDARD);
        assertThat(breakers.notClosed()).containsExactly("midanz=FORCED_CLOSED", "vam=OPEN");
        ticker.pass(Duration.ofMinutes(1));
        assertThat(breakers.notClosed()).as("the order is over").containsExactly("vam=OPEN");
        for (int i = 0; i < BreakerSettings.RESOURCE.probes(); i++) {
            call(breakers.breaker("vam"), false, 1);
        }
        assertThat(breakers.notClosed())
                .as("as many probes as are configured now")
                .isEmpty();
    }

    @Test
    void nodesTellEachOther() {
        try (Breakers other = node("two")) {
            fail(breakers.breaker("vam/account"));
            assertThat(other.breaker("vam/account").state()).isEqualTo(State.OPEN);
            ticker.pass(Duration.ofMillis(1_001));
            for (int i = 0; i < 5; i++) {
                call(breakers.breaker("vam/account"), false, 1);
            }
            assertThat(breakers.breaker("vam/account").state()).isEqualTo(State.CLOSED);
            assertThat(other.breaker("vam/account").state())
                    .as("sees for itself")
                    .isEqualTo(State.HALF_OPEN);
            assertThat(other.notClosed()).isEqualTo(List.of("vam/account=HALF_OPEN"));
        }
        breakers.force("vam", new BreakerOverride(Mode.FORCED_OPEN, "olga", "why", Duration.ofMinutes(1)));
        breakers.letGo("vam");
        assertThat(breakers.readings()).extracting(BreakerReading::name).containsExactly("vam", "vam/account");
    }
}
