package org.exchequer.inward.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.inward.control.WorkGate.Bounds;
import org.exchequer.iso20022.Instruction.Priority;
import org.junit.jupiter.api.Test;

class WorkGateTest {
    private static final long MS = 1_000_000;

    private final AtomicLong now = new AtomicLong();
    private final WorkGate gate = new WorkGate(new Bounds(10, 100, Duration.ofMillis(1_000)), now::get);

    /** A window in which so many work at once, for so long. */
    private void window(int atOnce, long tookMs) {
        int entered = 0;
        for (int i = 0; i < atOnce; i++) {
            entered += gate.enter(Priority.NORMAL, now.get()) ? 1 : 0;
        }
        now.addAndGet(150 * MS);
        for (int i = 0; i < entered; i++) {
            gate.leave(tookMs * MS);
        }
    }

    @Test
    void fewerAreWorkedOnWhileItTakesTooLongAndMoreWhenItDoesNot() {
        assertThat(gate.limit()).isEqualTo(100);
        window(50, 2_000);
        window(50, 2_000);
        assertThat(gate.limit()).isBetween(81, 90);
        for (int i = 0; i < 100; i++) {
            window(50, 2_000);
        }
        assertThat(gate.limit()).as("never below its bound").isEqualTo(10);
        for (int i = 0; i < 3; i++) {
            window(16, 100);
        }
        assertThat(gate.limit()).isGreaterThan(10);
        for (int i = 0; i < 100; i++) {
            window(200, 100);
        }
        assertThat(gate.limit()).as("nor above").isEqualTo(100);
        gate.adapt(new Bounds(10, 40, Duration.ofMillis(1_000)));
        assertThat(gate.limit()).isEqualTo(40);
    }

    @Test
    void whoHasHighPriorityGoesFirst() {
        WorkGate narrow = new WorkGate(new Bounds(1, 1, Duration.ofMillis(1_000)), System::nanoTime);
        assertThat(narrow.enter(Priority.NORMAL, System.nanoTime())).isTrue();
        assertThat(narrow.enter(Priority.HIGH, System.nanoTime() + MS))
                .as("in time there is none")
                .isFalse();
        List<Priority> order = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
            int waiting = narrow.waiting();
            threads.add(Thread.ofVirtual().start(() -> {
                if (narrow.enter(priority, System.nanoTime() + TimeUnit.SECONDS.toNanos(10))) {
                    order.add(priority);
                    narrow.leave(MS);
                }
            }));
            await().until(() -> narrow.waiting() == waiting + 1);
        }
        assertThat(narrow.isCrowded(Priority.LOW)).isTrue();
        assertThat(narrow.isCrowded(Priority.HIGH))
                .as("three wait for one place")
                .isTrue();
        narrow.leave(MS);
        await().until(() -> order.size() == 3);
        assertThat(order).containsExactly(Priority.HIGH, Priority.NORMAL, Priority.LOW);
        assertThat(narrow.working()).isZero();
    }
}
