package org.exchequer.console.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes while people look at it. Each topic is read once a second for all its viewers together, and not at all
 * while it has none. A viewer that is slow gets the newest reading and none of those between.
 */
final class LiveFeed implements AutoCloseable {
    /** Most viewers of all topics together. */
    static final int MOST = 200;

    /** Most of one session. */
    static final int MOST_EACH = 8;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Duration every;
    private final Duration beat;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, Integer> viewers = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int all;
    private boolean closed;

    /**
     * What was read.
     *
     * @param event {@code parts}, or {@code away} with the reason when nothing can be read
     */
    record Reading(String event, String data) {}

    /** Where a viewer's events go. */
    interface Sink {
        /** Sends one; fails when nobody takes them any more. */
        void send(String event, String data) throws IOException;

        /** A sign of life. */
        void beat() throws IOException;

        /** Whether the viewer may still look: false once the session has ended. */
        boolean isWelcome();
    }

    private final class Topic {
        private final Supplier<Reading> source;
        private final Condition changed = lock.newCondition();
        private Reading latest = new Reading("", "");
        private long version;
        private int watched;
        private boolean reading;

        Topic(Supplier<Reading> source) {
            this.source = source;
        }
    }

    LiveFeed(Ticker ticker) {
        this(ticker, EVERY, Duration.ofSeconds(10));
    }

    /** With other times, for tests. */
    LiveFeed(Ticker ticker, Duration every, Duration beat) {
        this.ticker = ticker;
        this.every = every;
        this.beat = beat;
    }

    /** Adds a topic, before anybody looks. */
    void add(String topic, Supplier<Reading> source) {
        topics.put(topic, new Topic(source));
    }

    /** Takes a place for a viewer; false when there is none. Whoever has one gives it back by {@link #leave}. */
    boolean enter(String session) {
        lock.lock();
        try {
            int own = viewers.getOrDefault(session, 0);
            if (closed || all >= MOST || own >= MOST_EACH) {
                return false;
            }
            viewers.put(session, own + 1);
            all++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void leave(String session) {
        lock.lock();
        try {
            viewers.computeIfPresent(session, (name, own) -> own == 1 ? null : own - 1);
            all--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a viewer what is read, until it goes, its session ends or the feed is closed.
     *
     * @throws IllegalArgumentException when there is no such topic
     */
    void show(String topic, Sink sink) throws IOException, InterruptedException {
        Topic watched = topics.get(topic);
        if (watched == null) {
            throw new IllegalArgumentException("no topic " + topic);
        }
        begin(watched);
        try {
            long seen = -1;
            long quiet = ticker.nanos();
            while (sink.isWelcome()) {
                Seen next = next(watched, seen);
                if (next == null) {
                    return;
                }
                if (next.version() != seen) {
                    seen = next.version();
                    sink.send(next.reading().event(), next.reading().data());
                    quiet = ticker.nanos();
                } else if (ticker.nanos() - quiet >= beat.toNanos()) {
                    sink.beat();
                    quiet = ticker.nanos();
                }
            }
            sink.send("over", "the session has ended");
        } finally {
            end(watched);
        }
    }

    private record Seen(Reading reading, long version) {}

    private void begin(Topic topic) {
        lock.lock();
        try {
            topic.watched++;
            if (!topic.reading) {
                topic.reading = true;
                // What was read for those before may be old.
                topic.latest = new Reading("", "");
                Thread.ofVirtual().name("console-live-reading").start(() -> read(topic));
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Topic topic) {
        lock.lock();
        try {
            topic.watched--;
        } finally {
            lock.unlock();
        }
    }

    /** The newest reading; the same again when nothing changed for a second; null when the feed is closed. */
    private @Nullable Seen next(Topic topic, long seen) throws InterruptedException {
        lock.lock();
        try {
            long left = every.toNanos();
            while (!closed
                    && left > 0
                    && (topic.version == seen || topic.latest.event().isEmpty())) {
                left = topic.changed.awaitNanos(left);
            }
            if (closed) {
                return null;
            }
            return topic.latest.event().isEmpty()
                    ? new Seen(topic.latest, seen)
                    : new Seen(topic.latest, topic.version);
        } finally {
            lock.unlock();
        }
    }

    private void read(Topic topic) {
        while (true) {
            Reading now = reading(topic);
            lock.lock();
            try {
                if (!now.equals(topic.latest)) {
                    topic.latest = now;
                    topic.version++;
                    topic.changed.signalAll();
                }
                long left = every.toNanos();
                while (left > 0 && !closed && topic.watched > 0) {
                    left = topic.changed.awaitNanos(left);
                }
                if (closed || topic.watched == 0) {
                    topic.reading = false;
                    return;
                }
            } catch (InterruptedException e) {
                topic.reading = false;
                return;
            } finally {
                lock.unlock();
            }
        }
    }

    private static Reading reading(Topic topic) {
        try {
            return topic.source.get();
        } catch (RuntimeException e) {
            LOG.error("a live page cannot be read", e);
            return new Reading("away", "something is broken here; the log has the details");
        }
    }

    /** How many look now. */
    int viewers() {
        lock.lock();
        try {
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a topic is being read. */
    boolean isRead(String topic) {
        lock.lock();
        try {
            Topic known = topics.get(topic);
            return known != null && known.reading;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            topics.values().forEach(topic -> topic.changed.signalAll());
        } finally {
            lock.unlock();
        }
    }
}
