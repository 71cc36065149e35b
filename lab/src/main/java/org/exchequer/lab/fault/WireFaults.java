package org.exchequer.lab.fault;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.exchequer.inward.sim.Service;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.proxy.Direction;
import org.exchequer.lab.proxy.ProxyCounts;
import org.exchequer.lab.proxy.TcpProxy;
import org.exchequer.lab.proxy.Toxic;
import org.exchequer.lab.stage.Node;

/** Wires cut, silenced and made slow. */
final class WireFaults {
    private static final int BYTES_LET_THROUGH_BY_A_RACE = 64 * 1024;

    private final List<TcpProxy> proxies;
    private final String names;
    private final String toxic;

    /** @param number of the fault, so that two on one proxy do not undo each other */
    WireFaults(List<Node> nodes, String wire, int number) {
        this(nodes.stream().flatMap(node -> wires(node.wires(), wire).stream()).toList(), number);
    }

    private WireFaults(List<TcpProxy> proxies, int number) {
        this.proxies = proxies;
        this.names = proxies.stream().map(TcpProxy::name).collect(Collectors.joining(", "));
        this.toxic = "fault " + number;
    }

    /** The one wire from a node to another. */
    static WireFaults between(Node from, Node to, int number) {
        TcpProxy wire = to.wires().peers().get(from.name());
        if (wire == null) {
            throw new IllegalArgumentException("there is no wire from " + from.name() + " to " + to.name());
        }
        return new WireFaults(List.of(wire), number);
    }

    private static List<TcpProxy> wires(Node.Wires wires, String wire) {
        return switch (wire) {
            case "clients" -> List.of(wires.clients());
            case "peers" -> List.copyOf(wires.peers().values());
            case "postgres" -> wires.postgres();
            case "kafka" -> List.of(wires.kafka());
            case "redis" -> {
                TcpProxy proxy = wires.redis();
                if (proxy == null) {
                    throw new IllegalArgumentException("this run has no Redis");
                }
                yield List.of(proxy);
            }
            case "partners" -> List.copyOf(wires.partners().values());
            case "vam", "midanz", "liquidity", "availability" -> {
                TcpProxy proxy = wires.partners().get(Service.valueOf(wire.toUpperCase(Locale.ROOT)));
                if (proxy == null) {
                    throw new IllegalArgumentException("this run has no partners");
                }
                yield List.of(proxy);
            }
            default -> {
                int shard = Integer.parseInt(wire.substring("postgres-".length()));
                if (shard >= wires.postgres().size()) {
                    throw new IllegalArgumentException("this run has no PostgreSQL " + shard);
                }
                yield List.of(wires.postgres().get(shard));
            }
        };
    }

    Injection cut() throws IOException {
        ProxyCounts before = counts();
        for (TcpProxy proxy : proxies) {
            proxy.setDown(true);
        }
        ProxyCounts down = counts();
        long cut = down.since(before).cut();
        return new Injection(names, () -> {
            ProxyCounts during = counts().since(down);
            for (TcpProxy proxy : proxies) {
                proxy.setDown(false);
            }
            // It was in use before, and nothing got through.
            return Proof.of(
                    before.accepted() > 0 && during.bytesUp() + during.bytesDown() == 0,
                    "%d open connections cut, new ones refused; %d bytes got through"
                            .formatted(cut, during.bytesUp() + during.bytesDown()));
        });
    }

    Injection silence() {
        int open = connections();
        add(new Toxic.Timeout(0));
        ProxyCounts before = counts();
        return new Injection(names, () -> {
            ProxyCounts during = counts().since(before);
            int then = connections();
            remove();
            return Proof.of(
                    open + then > 0 && during.bytesUp() + during.bytesDown() < BYTES_LET_THROUGH_BY_A_RACE,
                    "%d connections open at its beginning, %d at its end; %d bytes got through"
                            .formatted(open, then, during.bytesUp() + during.bytesDown()));
        });
    }

    Injection slow(int latencyMs) {
        return delaying(new Toxic.Latency(latencyMs, latencyMs / 3));
    }

    /** As the specification has it for its database. */
    Injection spikes(int percent) {
        return delaying(new Toxic.Spikes(percent, 10, 100));
    }

    Injection throttle(int kibPerSecond) {
        return delaying(new Toxic.Bandwidth(kibPerSecond));
    }

    Injection slice(int bytes) {
        return delaying(new Toxic.Slicer(bytes, bytes / 2, 1_000));
    }

    private Injection delaying(Toxic what) {
        add(what);
        ProxyCounts before = counts();
        return new Injection(names, () -> {
            ProxyCounts during = counts().since(before);
            remove();
            return Proof.of(
                    during.delayed() > 0,
                    "%,d pieces of %,d bytes were held up"
                            .formatted(during.delayed(), during.bytesUp() + during.bytesDown()));
        });
    }

    Injection reset(int afterMs) {
        return cutting(new Toxic.ResetPeer(afterMs), "reset");
    }

    Injection limit(long bytes) {
        return cutting(new Toxic.LimitData(bytes), "closed half-way");
    }

    private Injection cutting(Toxic what, String how) {
        for (TcpProxy proxy : proxies) {
            proxy.add(toxic, Direction.DOWNSTREAM, what);
        }
        ProxyCounts before = counts();
        return new Injection(names, () -> {
            ProxyCounts during = counts().since(before);
            remove();
            return Proof.of(during.cut() > 0, during.cut() + " connections " + how);
        });
    }

    private void add(Toxic what) {
        for (TcpProxy proxy : proxies) {
            proxy.add(toxic + " up", Direction.UPSTREAM, what);
            proxy.add(toxic + " down", Direction.DOWNSTREAM, what);
        }
    }

    private void remove() {
        for (TcpProxy proxy : proxies) {
            proxy.remove(toxic);
            proxy.remove(toxic + " up");
            proxy.remove(toxic + " down");
        }
    }

    private int connections() {
        return proxies.stream().mapToInt(TcpProxy::connections).sum();
    }

    private ProxyCounts counts() {
        return proxies.stream().map(TcpProxy::counts).reduce(ProxyCounts.NONE, ProxyCounts::plus);
    }
}
