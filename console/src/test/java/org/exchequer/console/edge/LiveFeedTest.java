package org.exchequer.console.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    private static final long PATIENCE_SECONDS = 10;

    private final LiveFeed feed = new LiveFeed(Ticker.system(), Duration.ofMillis(10), Duration.ofMillis(30));
    private final AtomicInteger readings = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile String now = "one";

    private static final class Viewer implements LiveFeed.Sink {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private volatile boolean welcome = true;
        private volatile boolean gone;

        @Override
        public void send(String event, String data) throws IOException {
            if (gone) {
                throw new IOException("planted");
            }
            events.add(event + " " + data);
        }

        @Override
        public void beat() throws IOException {
            send("beat", "");
        }

        @Override
        public boolean isWelcome() {
            return welcome;
        }

        private String next() throws InterruptedException {
            String event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        private String nextBut(String other) throws InterruptedException {
            String event = next();
            while (event.equals(other)) {
                event = next();
            }
            return event;
        }
    }

    LiveFeedTest() {
        feed.add("it", () -> {
            readings.incrementAndGet();
            if (now.isEmpty()) {
                throw new IllegalStateException("planted");
            }
            return new LiveFeed.Reading("parts", now);
        });
    }

    @AfterEach
    void close() throws InterruptedException {
        feed.close();
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        }
    }

    private Viewer look() {
        Viewer viewer = new Viewer();
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                feed.show("it", viewer);
            } catch (IOException gone) {
                viewer.events.add("gone");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        return viewer;
    }

    @Test
    void a_viewer_gets_what_is_now_then_what_changes_and_signs_of_life_between() throws Exception {
        Viewer viewer = look();
        assertThat(viewer.nextBut("beat ")).isEqualTo("parts one");
        assertThat(viewer.next()).isEqualTo("beat ");
        now = "two";
        assertThat(viewer.nextBut("beat ")).isEqualTo("parts two");
        assertThat(look().nextBut("beat ")).isEqualTo("parts two");
    }

    @Test
    void one_reading_is_for_all_and_nobody_reads_while_nobody_looks() throws Exception {
        assertThat(readings).hasValue(0);
        List<Viewer> viewers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            viewers.add(look());
        }
        for (Viewer viewer : viewers) {
            assertThat(viewer.nextBut("beat ")).isEqualTo("parts one");
        }
        // Were it read for each, or each time that somebody waits, there would be hundreds.
        int first = readings.get();
        assertThat(viewers.getFirst().next()).isEqualTo("beat ");
        assertThat(readings.get() - first).isLessThan(50);
        viewers.forEach(viewer -> viewer.gone = true);
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        }
        long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (feed.isRead("it") && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(feed.isRead("it")).isFalse();
        now = "later";
        assertThat(look().nextBut("beat ")).isEqualTo("parts later");
    }

    @Test
    void a_session_that_ended_ends_its_stream_and_says_so() throws Exception {
        Viewer viewer = look();
        assertThat(viewer.nextBut("beat ")).isEqualTo("parts one");
        viewer.welcome = false;
        assertThat(viewer.nextBut("beat ")).isEqualTo("over the session has ended");
    }

    @Test
    void what_cannot_be_read_is_said_and_read_again() throws Exception {
        now = "";
        Viewer viewer = look();
        assertThat(viewer.nextBut("beat ")).isEqualTo("away something is broken here; the log has the details");
        now = "back";
        assertThat(viewer.nextBut("beat ")).isEqualTo("parts back");
    }

    @Test
    void viewers_are_bounded_for_each_session_and_in_all() {
        for (int i = 0; i < LiveFeed.MOST_EACH; i++) {
            assertThat(feed.enter("one")).isTrue();
        }
        assertThat(feed.enter("one")).isFalse();
        for (int i = LiveFeed.MOST_EACH; i < LiveFeed.MOST; i++) {
            assertThat(feed.enter("s" + i)).isTrue();
        }
        assertThat(feed.enter("another")).isFalse();
        feed.leave("one");
        assertThat(feed.enter("another")).isTrue();
        assertThat(feed.viewers()).isEqualTo(LiveFeed.MOST);
    }

    @Test
    void a_closed_feed_takes_nobody_and_an_unknown_topic_is_none() {
        feed.close();
        assertThat(feed.enter("one")).isFalse();
        assertThatThrownBy(() -> feed.show("other", new Viewer())).hasMessage("no topic other");
    }

    @Test
    void an_event_has_each_line_of_its_data_on_a_line_of_its_own() {
        assertThat(LiveStreams.text("parts", "<p>\r\n\nx</p>"))
                .isEqualTo("event: parts\ndata: <p>\ndata: \ndata: x</p>\n\n");
    }
}
