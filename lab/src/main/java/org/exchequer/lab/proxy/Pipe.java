package org.exchequer.lab.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.exchequer.lab.proxy.TcpProxy.Applied;
import org.jspecify.annotations.Nullable;

/** One direction of a connection: a reader fills a bounded queue, a writer empties it as the toxics allow. */
final class Pipe {
    private static final int MOST_QUEUED_BYTES = 256 * 1024;
    private static final int READ_BYTES = 16 * 1024;
    private static final int PERCENT = 100;
    private static final long FOREVER = Long.MAX_VALUE;
    /** Smallest time for which bandwidth is measured out. */
    private static final long BANDWIDTH_STEPS_PER_SECOND = 20;

    private final TcpProxy proxy;
    private final Link link;
    private final Socket from;
    private final Socket to;
    private final Direction direction;
    private final double luck;
    private final LongAdder bytes;
    private final long openedNanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Deque<Piece> queue = new ArrayDeque<>();
    private int queuedBytes;
    private long lastDueNanos;
    private boolean endOfStream;
    private long endedNanos;
    private boolean stopped;
    // Of the writer alone.
    private long passed;

    /** Bytes, and when they may go on. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, long dueNanos, boolean delayed) {}

    Pipe(TcpProxy proxy, Link link, Socket from, Socket to, Direction direction, double luck) {
        this.proxy = proxy;
        this.link = link;
        this.from = from;
        this.to = to;
        this.direction = direction;
        this.luck = luck;
        this.bytes = direction == Direction.UPSTREAM ? proxy.counters().bytesUp : proxy.counters().bytesDown;
        this.openedNanos = proxy.ticker().nanos();
        this.lastDueNanos = openedNanos;
    }

    void start() {
        Thread.ofVirtual().start(this::read);
        Thread.ofVirtual().start(this::write);
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        byte[] buffer = new byte[READ_BYTES];
        try {
            InputStream in = from.getInputStream();
            while (awaitRoom()) {
                int count = in.read(buffer);
                if (count < 0) {
                    end();
                    return;
                }
                take(Arrays.copyOf(buffer, count));
            }
        } catch (IOException gone) {
            link.broken();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            link.broken();
        }
    }

    private boolean awaitRoom() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped && queuedBytes >= MOST_QUEUED_BYTES) {
                changed.await();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private void take(byte[] content) {
        Toxic.@Nullable Latency latency = find(proxy.toxics(direction, luck), Toxic.Latency.class);
        long delayMs =
                latency == null ? 0 : latency.latencyMs() + proxy.between(-latency.jitterMs(), latency.jitterMs());
        Toxic.@Nullable Spikes spikes = find(proxy.toxics(direction, luck), Toxic.Spikes.class);
        if (spikes != null && proxy.between(1, PERCENT) <= spikes.percent()) {
            delayMs += proxy.between(spikes.leastMs(), spikes.mostMs());
        }
        lock.lock();
        try {
            lastDueNanos = Math.max(lastDueNanos, proxy.ticker().nanos() + TimeUnit.MILLISECONDS.toNanos(delayMs));
            queue.add(new Piece(content, lastDueNanos, delayMs > 0));
            queuedBytes += content.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            endOfStream = true;
            endedNanos = proxy.ticker().nanos();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            for (Piece piece = next(); piece != null; piece = next()) {
                if (piece.delayed()) {
                    proxy.counters().delayed.increment();
                }
                if (!deliver(piece.bytes())) {
                    link.cut();
                    return;
                }
            }
            if (!isStopped()) {
                to.shutdownOutput();
                link.halfEnded();
            }
        } catch (IOException gone) {
            link.broken();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            link.broken();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /** The next piece that may go on; null when there will be none. */
    private @Nullable Piece next() throws InterruptedException {
        lock.lock();
        try {
            boolean held = false;
            while (!stopped) {
                long now = proxy.ticker().nanos();
                List<Applied> toxics = proxy.toxics(direction, luck);
                long wake = closing(toxics, now);
                if (wake <= now) {
                    return null;
                }
                boolean blocked = find(toxics, Toxic.Timeout.class) != null;
                held |= blocked && !queue.isEmpty();
                Piece piece = blocked ? null : queue.peek();
                if (piece != null && piece.dueNanos() <= now) {
                    queue.remove();
                    queuedBytes -= piece.bytes().length;
                    changed.signalAll();
                    return held ? new Piece(piece.bytes(), piece.dueNanos(), true) : piece;
                }
                if (piece != null) {
                    wake = Math.min(wake, piece.dueNanos());
                } else if (!blocked && endOfStream) {
                    Toxic.@Nullable SlowClose slow = find(toxics, Toxic.SlowClose.class);
                    long due = slow == null ? now : endedNanos + TimeUnit.MILLISECONDS.toNanos(slow.delayMs());
                    if (due <= now) {
                        return null;
                    }
                    wake = Math.min(wake, due);
                }
                if (wake == FOREVER) {
                    changed.await();
                } else {
                    changed.awaitNanos(wake - now);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** When a toxic is to end the connection; it is ended here when that is now. */
    private long closing(List<Applied> toxics, long now) {
        long due = FOREVER;
        for (Applied applied : toxics) {
            long since = Math.max(applied.sinceNanos(), openedNanos);
            if (applied.toxic() instanceof Toxic.ResetPeer reset) {
                due = Math.min(due, since + TimeUnit.MILLISECONDS.toNanos(reset.timeoutMs()));
                if (due <= now) {
                    Thread.ofVirtual().start(link::reset);
                    stopped = true;
                    return due;
                }
            } else if (applied.toxic() instanceof Toxic.Timeout timeout && timeout.timeoutMs() > 0) {
                due = Math.min(due, since + TimeUnit.MILLISECONDS.toNanos(timeout.timeoutMs()));
                if (due <= now) {
                    Thread.ofVirtual().start(link::cut);
                    stopped = true;
                    return due;
                }
            }
        }
        return due;
    }

    /** Passes bytes on; false when a limit ends the connection here. */
    private boolean deliver(byte[] content) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        int offset = 0;
        while (offset < content.length) {
            List<Applied> toxics = proxy.toxics(direction, luck);
            Toxic.@Nullable LimitData limit = find(toxics, Toxic.LimitData.class);
            long room = limit == null ? FOREVER : limit.bytes() - passed;
            if (room <= 0) {
                return false;
            }
            Toxic.@Nullable Bandwidth bandwidth = find(toxics, Toxic.Bandwidth.class);
            Toxic.@Nullable Slicer slicer = find(toxics, Toxic.Slicer.class);
            long most = Math.min(room, content.length - offset);
            if (slicer != null) {
                int variation = slicer.variationBytes();
                most = Math.min(most, slicer.averageBytes() + proxy.between(-variation, variation));
            }
            if (bandwidth != null) {
                most = Math.min(most, Math.max(1, bandwidth.kibPerSecond() * 1_024L / BANDWIDTH_STEPS_PER_SECOND));
            }
            int length = (int) most;
            out.write(content, offset, length);
            offset += length;
            passed += length;
            bytes.add(length);
            long pause =
                    bandwidth == null ? 0 : TimeUnit.SECONDS.toNanos(1) * length / (bandwidth.kibPerSecond() * 1_024L);
            if (slicer != null && offset < content.length) {
                pause += TimeUnit.MICROSECONDS.toNanos(slicer.delayMicros());
            }
            if (pause > 0) {
                proxy.counters().delayed.increment();
                pause(pause);
            }
        }
        Toxic.@Nullable LimitData limit = find(proxy.toxics(direction, luck), Toxic.LimitData.class);
        return limit == null || passed < limit.bytes();
    }

    private void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private static <T extends Toxic> @Nullable T find(List<Applied> toxics, Class<T> kind) {
        for (Applied applied : toxics) {
            if (kind.isInstance(applied.toxic())) {
                return kind.cast(applied.toxic());
            }
        }
        return null;
    }
}
