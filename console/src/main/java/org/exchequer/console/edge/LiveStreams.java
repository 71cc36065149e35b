package org.exchequer.console.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/**
 * Live pages by server-sent events: readings of {@link LiveFeed} as fragments of a page, each viewer on a virtual
 * thread
 * of its own. A stream ends with its session, and takes none of a request's time.
 */
final class LiveStreams {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    private static final String AWAY = "the database does not answer";

    private final LiveFeed feed;
    private final ITemplateEngine templates;

    LiveStreams(LiveFeed feed, ITemplateEngine templates) {
        this.feed = feed;
        this.templates = templates;
    }

    /**
     * Adds a topic.
     *
     * @param template and its fragment, which must need nothing of a request
     */
    void add(String topic, String template, String fragment, Supplier<Map<String, Object>> model) {
        feed.add(topic, () -> {
            try {
                Context context = new Context(Locale.ROOT, model.get());
                return new LiveFeed.Reading("parts", templates.process(template, Set.of(fragment), context));
            } catch (PaymentsUnavailableException away) {
                return new LiveFeed.Reading("away", AWAY);
            }
        });
    }

    /** Answers a request with a topic's stream; with 503 when too many look already. */
    void show(String topic, HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session == null || !feed.enter(session.getId())) {
            response.setHeader("Retry-After", "10");
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        String viewer = session.getId();
        AsyncContext async;
        ServletOutputStream out;
        try {
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Cache-Control", "no-store");
            // Proxies that gather answers would hold events back.
            response.setHeader("X-Accel-Buffering", "no");
            out = response.getOutputStream();
            response.flushBuffer();
            async = request.startAsync(request, response);
        } catch (IOException | RuntimeException e) {
            feed.leave(viewer);
            throw e;
        }
        async.setTimeout(0);
        async.addListener(new Gone());
        Thread.ofVirtual().name("console-live").start(() -> {
            boolean complete = true;
            try {
                feed.show(topic, new Events(out, session));
            } catch (IOException gone) {
                // The container has seen it too, and ends the request.
                LOG.debug("a viewer has gone: {}", gone.getMessage());
                complete = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                feed.leave(viewer);
                if (complete) {
                    async.complete();
                }
            }
        });
    }

    /** A viewer that went is nothing to make an error page of. */
    private static final class Gone implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {
            event.getAsyncContext().complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    /** Events as the standard of HTML has them. */
    private record Events(ServletOutputStream out, HttpSession session) implements LiveFeed.Sink {
        @Override
        public void send(String event, String data) throws IOException {
            write(text(event, data));
        }

        @Override
        public void beat() throws IOException {
            write(":\n\n");
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(UTF_8));
            out.flush();
        }

        @Override
        public boolean isWelcome() {
            try {
                return session.getLastAccessedTime() >= 0;
            } catch (IllegalStateException ended) {
                return false;
            }
        }
    }

    /** An event; each line of its data is one of the event's. */
    static String text(String event, String data) {
        StringBuilder text = new StringBuilder("event: ").append(event).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        return text.append('\n').toString();
    }
}
