package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.partner.BreakerReading.State;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final HandTicker ticker = new HandTicker();
    private final Breakers breakers = new Breakers("one", ticker);
    private final Guard guard = new Guard("vam", breakers, 2, Duration.ofMillis(5), ticker);

    private Reply<String> call(@Nullable String resource, Reply<String> reply) {
        return guard.call("account", resource, ticker.in(100), given -> reply);
    }

    private static void reach(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply<String> failure() {
        return new Unreachable<>(Cause.ERROR, "500");
    }

    @Test
    void callsBeyondTheBulkheadAreNotMade() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        List<Future<Reply<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            slow.add(threads.submit(() -> guard.call("account", null, ticker.in(100), given -> {
                inside.countDown();
                reach(over);
                return new Answered<>("done");
            })));
        }
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(call("SGD", new Answered<>("more")))
                .isInstanceOfSatisfying(
                        Unreachable.class, e -> assertThat(e.cause()).isEqualTo(Cause.TOO_MANY_CALLS));
        over.countDown();
        threads.close();
        for (Future<Reply<String>> each : slow) {
            assertThat(each.get()).isEqualTo(new Answered<>("done"));
        }
        assertThat(call("SGD", new Answered<>("more"))).isEqualTo(new Answered<>("more"));
        assertThat(breakers.reading("vam").orElseThrow().failures()).isZero();
    }

    @Test
    void aCallQueuesForAPlaceWhereTimeEnoughIsLeftThen() throws Exception {
        guard.call("account", null, ticker.in(100), given -> {
            ticker.pass(Duration.ofMillis(10));
            return new Answered<>("usual");
        });
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < 2; i++) {
            threads.submit(() -> guard.call("account", null, ticker.in(100), given -> {
                inside.countDown();
                reach(over);
                return new Answered<>("done");
            }));
        }
        reach(inside);
        Future<Reply<String>> third = threads.submit(
                () -> guard.call("account", null, ticker.in(60_000), given -> new Answered<>("in the end")));
        await().until(() -> breakers.places("vam", 2).waiting() == 1);
        over.countDown();
        assertThat(third.get(10, TimeUnit.SECONDS)).isEqualTo(new Answered<>("in the end"));
        threads.close();
    }

    @Test
    void howManyCallsThereMayBeCanBeChanged() throws Exception {
        breakers.limit(new CallLimits(3, 1, 1));
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch over = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2; i++) {
                threads.submit(() -> guard.call("account", null, ticker.in(100), given -> {
                    inside.countDown();
                    reach(over);
                    return new Answered<>("done");
                }));
            }
            reach(inside);
            assertThat(call("SGD", new Answered<>("the third"))).isEqualTo(new Answered<>("the third"));
            over.countDown();
        }
    }

    @Test
    void aResourceThatFailsDoesNotTakeTheOthersWithIt() {
        for (int i = 0; i < 200; i++) {
            call("SGD", new Answered<>("well"));
            call("USD", new Answered<>("well"));
            call("EUR", new Answered<>("well"));
            call("JPY", new Answered<>("well"));
            call("CHF", new Answered<>("well"));
            call("XAU", i < 40 ? failure() : new Answered<>("well"));
        }
        assertThat(breakers.notClosed()).containsExactly("vam/account/XAU=OPEN");
        assertThat(call("XAU", new Answered<>("well")))
                .isEqualTo(new Unreachable<>(Cause.BREAKER_OPEN, "vam/account/XAU is OPEN"));
        assertThat(call("SGD", new Answered<>("well"))).isEqualTo(new Answered<>("well"));
    }

    @Test
    void aProbeThatAnotherLevelRefusesIsGivenBack() {
        while (breakers.notClosed().isEmpty()) {
            call(null, failure());
        }
        assertThat(breakers.notClosed()).containsExactly("vam/account=OPEN", "vam=OPEN");
        ticker.pass(Duration.ofMillis(1_001));
        breakers.force(
                "vam/account",
                new BreakerOverride(BreakerOverride.Mode.FORCED_OPEN, "olga", "why", Duration.ofMinutes(1)));
        for (int i = 0; i < 20; i++) {
            assertThat(call(null, new Answered<>("well"))).isInstanceOf(Unreachable.class);
        }
        breakers.letGo("vam/account");
        for (int i = 0; i < 5; i++) {
            assertThat(call(null, new Answered<>("well"))).isEqualTo(new Answered<>("well"));
        }
        assertThat(breakers.notClosed()).isEmpty();
    }

    @Test
    void beingLateWithLittleTimeSaysNothing() {
        for (int i = 0; i < 50; i++) {
            guard.call("account", null, ticker.in(200), given -> {
                ticker.pass(Duration.ofMillis(150));
                return new Answered<>("well");
            });
        }
        for (int i = 0; i < 100; i++) {
            guard.call("account", null, ticker.in(20), given -> new Late<>("not within 20 ms"));
        }
        assertThat(breakers.reading("vam").orElseThrow().state()).isEqualTo(State.CLOSED);
        for (int i = 0; i < 50; i++) {
            guard.call("account", null, ticker.in(200), given -> new Late<>("not within 200 ms"));
        }
        assertThat(breakers.reading("vam").orElseThrow().state()).isEqualTo(State.OPEN);
    }

    @Test
    void nothingIsAskedWhenNoTimeIsLeft() {
        assertThat(guard.<String>call("account", null, ticker.nanos(), given -> {
                    throw new AssertionError("was asked");
                }))
                .isInstanceOf(Late.class);
    }
}
