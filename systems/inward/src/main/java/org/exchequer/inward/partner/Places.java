package org.exchequer.inward.partner;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.platform.faults.Faults;

/**
 * Places that may be taken at the same time. Who has to wait gets one by the payment's priority, and among equals in
 * the order of coming. How many there are may change; what is taken stays so.
 */
public final class Places {
    /** Whose payment the calling thread works on; {@link Priority#NORMAL} where nobody says. */
    public static final ScopedValue<Priority> PRIORITY = ScopedValue.newInstance();

    private static final class Waiter {
        private final Priority priority;
        private final long number;
        private final Condition free;
        private boolean granted;

        Waiter(Priority priority, long number, Condition free) {
            this.priority = priority;
            this.number = number;
            this.free = free;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>(
            Comparator.comparing((Waiter waiter) -> waiter.priority).thenComparingLong(waiter -> waiter.number));
    private int limit;
    private int taken;
    private long numbers;

    public Places(int limit) {
        this.limit = limit;
    }

    /** The calling thread's, as {@link #PRIORITY} says. */
    static Priority priority() {
        return PRIORITY.orElse(Priority.NORMAL);
    }

    /** Takes a place, waiting so long on the calling (virtual) thread; false when none was free in time. */
    public boolean take(Priority priority, long waitNanos) {
        lock.lock();
        try {
            if (taken < limit && waiting.isEmpty()) {
                taken++;
                return true;
            }
            Waiter waiter = new Waiter(priority, numbers++, lock.newCondition());
            waiting.add(waiter);
            long left = waitNanos;
            try {
                while (!waiter.granted && left > 0) {
                    left = waiter.free.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!waiter.granted) {
                waiting.remove(waiter);
            }
            return waiter.granted;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back. */
    public void giveBack() {
        change(() -> taken--);
    }

    /** From now on there are so many. */
    public void resize(int places) {
        change(() -> limit = places);
    }

    /** So that the lab can leave only a few: what is taken away there are fewer. */
    Faults.Supply supply() {
        return percent -> {
            int fewer = limit() * percent / 100;
            change(() -> limit -= fewer);
            return new Faults.Taken() {
                @Override
                public int count() {
                    return fewer;
                }

                @Override
                public void close() {
                    change(() -> limit += fewer);
                }
            };
        };
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            for (Waiter next = waiting.peek(); next != null && taken < limit; next = waiting.peek()) {
                waiting.remove();
                taken++;
                next.granted = true;
                next.free.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private int read(IntSupplier count) {
        lock.lock();
        try {
            return count.getAsInt();
        } finally {
            lock.unlock();
        }
    }

    public int limit() {
        return read(() -> limit);
    }

    public int taken() {
        return read(() -> taken);
    }

    public int waiting() {
        return read(waiting::size);
    }
}
