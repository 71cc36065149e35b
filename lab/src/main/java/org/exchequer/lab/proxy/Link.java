package org.exchequer.lab.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a proxy: two sockets, and a pipe for each direction. */
final class Link {
    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Pipe up;
    private final Pipe down;
    private final AtomicInteger open = new AtomicInteger(2);
    private final AtomicBoolean ended = new AtomicBoolean();

    Link(TcpProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        double luck = proxy.luck();
        this.up = new Pipe(proxy, this, client, server, Direction.UPSTREAM, luck);
        this.down = new Pipe(proxy, this, server, client, Direction.DOWNSTREAM, luck);
    }

    void start() {
        up.start();
        down.start();
    }

    /** Toxics have changed. */
    void wake() {
        up.wake();
        down.wake();
    }

    /** One direction has come to its end; the link ends with the second. */
    void halfEnded() {
        if (open.decrementAndGet() == 0) {
            end(false);
        }
    }

    /** The proxy's own doing: both sides are closed in order. */
    void cut() {
        if (!ended.get()) {
            proxy.counters().cut.increment();
        }
        end(false);
    }

    /** The proxy's own doing: both sides get a TCP reset. */
    void reset() {
        if (!ended.get()) {
            proxy.counters().cut.increment();
        }
        end(true);
    }

    /** One side has gone without a word; the other is told so. */
    void broken() {
        end(true);
    }

    private void end(boolean abruptly) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        up.stop();
        down.stop();
        if (abruptly) {
            reset(client);
            reset(server);
        } else {
            close(client);
            close(server);
        }
        proxy.ended(this);
    }

    /** Closes without the four-way goodbye: the peer sees a reset. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closedBefore) {
            return;
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket cannot be closed", e);
        }
    }
}
