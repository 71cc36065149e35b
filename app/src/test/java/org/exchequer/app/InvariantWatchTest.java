package org.exchequer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.junit.jupiter.api.Test;

class InvariantWatchTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Its one invariant breaks in the second round; in the third nothing can be checked. */
    private static final class Fragile implements SystemModule {
        private final AtomicInteger rounds = new AtomicInteger();

        @Override
        public String name() {
            return "fragile";
        }

        @Override
        public void start() {}

        @Override
        public Readiness readiness() {
            return new Readiness(true, "");
        }

        @Override
        public List<InvariantResult> checkInvariants() {
            int round = rounds.incrementAndGet();
            if (round >= 3) {
                throw new IllegalStateException("the database is away");
            }
            return List.of(new InvariantResult("one = one", round == 1, round, "ones", Instant.EPOCH, "because"));
        }

        @Override
        public List<Object> controllers() {
            return List.of();
        }

        @Override
        public List<Route> routes() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private double holds() {
        return meters.get("exchequer.invariant.holds")
                .tag("system", "fragile")
                .tag("invariant", "one = one")
                .gauge()
                .value();
    }

    @Test
    void metricsFollowTheChecksAndKeepTheLastWord() throws Exception {
        Fragile system = new Fragile();
        try (InvariantWatch watch = new InvariantWatch(List.of(system), meters, Ticker.system(), Duration.ofDays(1))) {
            watch.check(system);
            assertThat(holds()).isEqualTo(1);
            assertThat(watch.component().ready()).isTrue();
            watch.check(system);
            assertThat(holds()).isZero();
            assertThat(watch.component().ready()).isFalse();
            assertThat(watch.component().required())
                    .as("it serves all the same")
                    .isFalse();
            assertThat(watch.component().detail())
                    .as("open to everybody, so without what was found")
                    .startsWith("BROKEN: fragile: one = one")
                    .doesNotContain("because");
            watch.check(system);
            assertThat(holds()).as("a check that fails says nothing").isZero();
            assertThat(meters.get("exchequer.invariant.checked").gauge().value())
                    .isEqualTo(2);
        }
    }

    @Test
    void theFirstCheckIsMadeAtOnce() throws Exception {
        Fragile system = new Fragile();
        try (InvariantWatch watch =
                new InvariantWatch(List.of(system), meters, Ticker.system(), Duration.ofDays(1)).start()) {
            await().until(() -> watch.component().detail().equals("1 statements hold"));
        }
        assertThat(system.rounds.get()).isEqualTo(1);
    }

    @Test
    void itChecksAgainAndAgain() throws Exception {
        Fragile system = new Fragile();
        try (InvariantWatch watch =
                new InvariantWatch(List.of(system), meters, Ticker.system(), Duration.ofMillis(1)).start()) {
            assertThat(watch).isNotNull();
            await().until(() -> system.rounds.get() > 5);
        }
        int after = system.rounds.get();
        assertThat(meters.get("exchequer.invariants.age").gauge().value()).isGreaterThanOrEqualTo(0);
        assertThat(system.rounds.get()).isEqualTo(after);
    }
}
