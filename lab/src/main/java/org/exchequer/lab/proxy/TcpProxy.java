package org.exchequer.lab.proxy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a port of a loopback address and passes every connection on to another, doing to it what its toxics say.
 * Toxics are added and removed, and the proxy taken down and up, while connections are open. Each direction of a
 * connection holds at most 256 KiB; beyond that the sender waits, as in TCP itself.
 *
 * <p>Threads are virtual: three per connection. All methods are safe to call from any thread.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int BACKLOG = 200;
    private static final int BIND_ATTEMPTS = 200;
    private static final long BIND_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String name;
    private final InetAddress address;
    private final int port;
    private final int target;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final List<Applied> toxics = new CopyOnWriteArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Counters counters = new Counters();
    // Guarded by this.
    private @Nullable ServerSocket listener;
    private boolean closed;

    /** Counters as they grow. */
    static final class Counters {
        final LongAdder accepted = new LongAdder();
        final LongAdder unreachable = new LongAdder();
        final LongAdder cut = new LongAdder();
        final LongAdder bytesUp = new LongAdder();
        final LongAdder bytesDown = new LongAdder();
        final LongAdder delayed = new LongAdder();
    }

    /** A toxic in force. */
    record Applied(String name, Direction direction, Toxic toxic, double toxicity, long sinceNanos) {}

    private TcpProxy(String name, InetAddress address, int port, int target, Ticker ticker, RandomGenerator random) {
        this.name = name;
        this.address = address;
        this.port = port;
        this.target = target;
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * Starts one.
     *
     * @param name for reports, e.g. {@code node1 → PostgreSQL}
     * @param port loopback port to listen on, 0 for any free one
     * @param target loopback port to pass connections on to; need not be open yet
     * @param random decides jitter, slices and which connections a toxic meets
     * @throws IOException when the port cannot be had
     */
    public static TcpProxy start(String name, int port, int target, Ticker ticker, RandomGenerator random)
            throws IOException {
        return start(name, InetAddress.getLoopbackAddress(), port, target, ticker, random);
    }

    /** The same on another address of this machine: who connects to it is told apart by it. */
    public static TcpProxy start(
            String name, InetAddress address, int port, int target, Ticker ticker, RandomGenerator random)
            throws IOException {
        ServerSocket listener = listen(address, port);
        TcpProxy proxy = new TcpProxy(name, address, listener.getLocalPort(), target, ticker, random);
        proxy.accept(listener);
        return proxy;
    }

    public String name() {
        return name;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Adds a toxic to every connection, open or to come; one of the same name is replaced. */
    public void add(String toxicName, Direction direction, Toxic toxic) {
        add(toxicName, direction, toxic, 1.0);
    }

    /**
     * Adds a toxic to a part of the connections.
     *
     * @param toxicity the probability that a connection meets it, 0 to 1
     */
    public void add(String toxicName, Direction direction, Toxic toxic, double toxicity) {
        if (toxicity < 0 || toxicity > 1) {
            throw new IllegalArgumentException("toxicity must be from 0 to 1");
        }
        toxics.removeIf(applied -> applied.name().equals(toxicName));
        toxics.add(new Applied(toxicName, direction, toxic, toxicity, ticker.nanos()));
        links.forEach(Link::wake);
    }

    /** Removes a toxic, if it is there; what it kept back goes on. */
    public void remove(String toxicName) {
        toxics.removeIf(applied -> applied.name().equals(toxicName));
        links.forEach(Link::wake);
    }

    /** Removes all toxics and takes it up again. */
    public void heal() throws IOException {
        toxics.clear();
        links.forEach(Link::wake);
        setDown(false);
    }

    /**
     * Down: nobody listens, so connections are refused, and those that were open are reset. Up again: it listens on the
     * same port.
     *
     * @throws IOException when somebody else has taken the port meanwhile
     */
    public synchronized void setDown(boolean down) throws IOException {
        ServerSocket open = listener;
        if (down && open != null) {
            listener = null;
            open.close();
            links.forEach(Link::reset);
        } else if (!down && open == null && !closed) {
            accept(listen(address, port));
        }
    }

    /** Connections that are open now. */
    public int connections() {
        return links.size();
    }

    /** What it has done so far. */
    public ProxyCounts counts() {
        return new ProxyCounts(
                counters.accepted.sum(),
                counters.unreachable.sum(),
                counters.cut.sum(),
                counters.bytesUp.sum(),
                counters.bytesDown.sum(),
                counters.delayed.sum());
    }

    /** Ends all connections. Safe to call twice. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        setDown(true);
    }

    /** The toxics that a connection with this luck meets in this direction. */
    List<Applied> toxics(Direction direction, double luck) {
        List<Applied> met = new ArrayList<>();
        for (Applied applied : toxics) {
            if (applied.direction() == direction && luck < applied.toxicity()) {
                met.add(applied);
            }
        }
        return met;
    }

    Counters counters() {
        return counters;
    }

    Ticker ticker() {
        return ticker;
    }

    /** A random number from 0 to below 1. */
    double luck() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    /** A whole number from {@code least} to {@code most}, both included. */
    int between(int least, int most) {
        synchronized (random) {
            return random.nextInt(least, most + 1);
        }
    }

    void ended(Link link) {
        links.remove(link);
    }

    private static ServerSocket listen(InetAddress address, int port) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address, port), BACKLOG);
                return socket;
            } catch (BindException e) {
                socket.close();
                if (attempt == BIND_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(BIND_PAUSE_NANOS);
            }
        }
    }

    private synchronized void accept(ServerSocket socket) {
        listener = socket;
        Thread.ofVirtual().name("proxy-" + name).start(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    counters.accepted.increment();
                    Thread.ofVirtual().name("proxy-open-" + name).start(() -> open(client));
                } catch (IOException closing) {
                    // Else one client went away before it was accepted.
                    if (socket.isClosed()) {
                        return;
                    }
                }
            }
        });
    }

    private void open(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_TIMEOUT_MS);
        } catch (IOException nobody) {
            counters.unreachable.increment();
            Link.reset(client);
            Link.reset(server);
            return;
        }
        Link link = new Link(this, client, server);
        boolean up;
        synchronized (this) {
            up = listener != null;
            if (up) {
                links.add(link);
            }
        }
        if (up) {
            link.start();
        } else {
            link.reset();
        }
    }
}
