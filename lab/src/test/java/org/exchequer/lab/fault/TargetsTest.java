package org.exchequer.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Ticker TICKER = Ticker.system();
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final List<Targets.Candidate> nodes = List.of(candidate("node1"), candidate("node2"), candidate("node3"));

    private Targets.Candidate candidate(String name) {
        return new Targets.Candidate(name, "id of " + name, () -> ready.contains(name));
    }

    /** {@code node2} writes the first shard, {@code node3} the second. */
    private Targets targets() {
        return new Targets(nodes, shard -> seen(shard == 0 ? "node2" : "node3", 0), TICKER, SHORT);
    }

    private static Targets.Seen seen(String name, long secondsAgo) {
        return new Targets.Seen(TICKER.nanos() - Duration.ofSeconds(secondsAgo).toNanos(), "id of " + name);
    }

    private String resolved(Targets targets, FaultKind kind, String target) throws Exception {
        return targets.resolve(Fault.on(0, kind, target, 1)).target();
    }

    @Test
    void roles_are_the_nodes_that_have_them_now_and_names_stay() throws Exception {
        ready.addAll(Set.of("node1", "node2", "node3"));
        assertThat(resolved(targets(), FaultKind.NODE_KILL, "writer")).isEqualTo("node2");
        assertThat(resolved(targets(), FaultKind.NODE_KILL, "writer-1")).isEqualTo("node3");
        assertThat(resolved(targets(), FaultKind.NODE_KILL, "standby")).isEqualTo("node1");
        assertThat(resolved(targets(), FaultKind.CUT, "postgres-1:writer-1")).isEqualTo("postgres-1:node3");
        assertThat(resolved(targets(), FaultKind.CRASH_AT, "writer@shards.decide.after@postgres-1"))
                .isEqualTo("node2@shards.decide.after@postgres-1");
        assertThat(resolved(targets(), FaultKind.CUT, "peers:node1>node2")).isEqualTo("peers:node1>node2");
        assertThat(resolved(targets(), FaultKind.CUT, "clients:all")).isEqualTo("clients:all");
    }

    @Test
    void a_take_over_is_waited_for() throws Exception {
        ready.add("node1");
        AtomicInteger asked = new AtomicInteger();
        Targets targets = new Targets(
                nodes, shard -> seen(asked.incrementAndGet() < 3 ? "node2" : "node1", 0), TICKER, Targets.PATIENCE);
        assertThat(resolved(targets, FaultKind.NODE_KILL, "writer")).isEqualTo("node1");
    }

    @Test
    void where_nobody_is_ready_the_fault_is_left_out() {
        ready.add("node2");
        assertThatThrownBy(() -> resolved(targets(), FaultKind.NODE_KILL, "standby"))
                .isInstanceOf(NotInjected.class)
                .hasMessageContaining("no standby that was ready");
        ready.clear();
        assertThatThrownBy(() -> resolved(targets(), FaultKind.NODE_KILL, "writer"))
                .isInstanceOf(NotInjected.class)
                .hasMessageContaining("no writer that was ready, within");
        ready.add("node2");
        Targets stale = new Targets(nodes, shard -> seen("node2", 60), TICKER, SHORT);
        assertThatThrownBy(() -> resolved(stale, FaultKind.CUT, "clients:writer"))
                .isInstanceOf(NotInjected.class);
        Targets unseen = new Targets(nodes, shard -> null, TICKER, SHORT);
        assertThatThrownBy(() -> resolved(unseen, FaultKind.NODE_KILL, "writer-1"))
                .isInstanceOf(NotInjected.class)
                .hasMessageContaining("of shard 1");
    }
}
