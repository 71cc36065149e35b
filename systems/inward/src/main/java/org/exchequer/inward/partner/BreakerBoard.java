package org.exchequer.inward.partner;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Where nodes tell each other what their breakers do, so that one node's evidence spares the others theirs. What is
 * told is a hint: it may be lost or late, and each node goes on judging for itself.
 */
public interface BreakerBoard {
    /** Tells all that listen, those of this node too; returns without waiting for anybody. */
    void post(Notice notice);

    /** Calls the listener with each notice from now on, until what is returned is closed. */
    Subscription listen(Consumer<Notice> listener);

    /** What happened to a breaker on a node. */
    sealed interface Notice {
        /** Where. */
        String node();

        /** Its name, such as {@code vam/account}. */
        String breaker();
    }

    /** It opened on that node's own evidence. */
    record Opened(String node, String breaker) implements Notice {}

    /** It closed after probes of that node went well. */
    record Closed(String node, String breaker) implements Notice {}

    /** A listener's place. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** For nodes that are in one process. */
    static BreakerBoard inMemory() {
        List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
        return new BreakerBoard() {
            @Override
            public void post(Notice notice) {
                listeners.forEach(listener -> listener.accept(notice));
            }

            @Override
            public Subscription listen(Consumer<Notice> listener) {
                listeners.add(listener);
                return () -> listeners.remove(listener);
            }
        };
    }
}
