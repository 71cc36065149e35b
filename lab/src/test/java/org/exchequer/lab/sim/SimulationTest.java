package org.exchequer.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private final Simulation simulation = new Simulation(7);
    private final List<String> seen = new ArrayList<>();

    private static final class Noting extends SimProcess {
        private final List<String> seen;

        Noting(Simulation simulation, int id, List<String> seen) {
            super(simulation, id);
            this.seen = seen;
        }

        void later(long nanos, String what) {
            after(nanos, () -> seen.add(what + "@" + simulation.nanos()));
        }

        @Override
        protected void started() {
            seen.add("started");
        }
    }

    @Test
    void what_is_due_happens_in_order() {
        simulation.at(20, () -> seen.add("b"));
        simulation.at(10, () -> seen.add("a"));
        simulation.at(20, () -> seen.add("c"));
        simulation.at(31, () -> seen.add("too late"));
        simulation.runUntil(30);
        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(simulation.nanos()).isEqualTo(30);
    }

    @Test
    void a_stopped_process_goes_on_late_and_a_crashed_one_forgets() {
        Noting process = new Noting(simulation, 1, seen);
        process.later(10, "timer");
        process.stopUntil(50);
        simulation.runUntil(100);
        assertThat(seen).containsExactly("timer@50");
        process.later(10, "lost");
        process.crash();
        process.deliver(() -> seen.add("lost too"));
        process.restart();
        simulation.runUntil(200);
        assertThat(seen).containsExactly("timer@50", "started");
    }

    @Test
    void a_disk_loses_what_was_not_synced() {
        SimDisk<String, String> disk = new SimDisk<>("empty");
        disk.append("one");
        disk.write("one written");
        disk.sync();
        disk.append("two");
        disk.write("two written");
        assertThat(disk.records()).containsExactly("one", "two");
        assertThat(disk.crash()).containsExactly("two");
        assertThat(disk.records()).containsExactly("one");
        assertThat(disk.header()).isEqualTo("one written");
    }

    @Test
    void the_network_loses_repeats_delays_and_cuts() {
        Noting one = new Noting(simulation, 1, seen);
        Noting two = new Noting(simulation, 2, seen);
        Fault lost = new Fault(Fault.Kind.LOSS, 0, 100, 1, 0, 100);
        Fault cut = new Fault(Fault.Kind.PARTITION, 100, 200, 2, 1, 0);
        Fault twice = new Fault(Fault.Kind.DUPLICATION, 200, 300, 2, 0, 100);
        Network network = new Network(simulation, List.of(lost, cut, twice));
        for (long at : new long[] {50, 150, 250, 350}) {
            simulation.at(at, () -> network.send(one, two, at, () -> seen.add("from " + at)));
        }
        simulation.runUntil(10_000_000);
        assertThat(seen).containsExactlyInAnyOrder("from 250", "from 250", "from 350");
    }

    @Test
    void draws_depend_on_what_they_are_for_alone() {
        assertThat(simulation.draw(1_000, 1, 2)).isEqualTo(new Simulation(7).draw(1_000, 1, 2));
        assertThat(IntStream.range(0, 1_000)
                        .mapToLong(i -> simulation.draw(10, i))
                        .distinct()
                        .count())
                .isEqualTo(10);
    }

    @Test
    void shrinking_leaves_only_what_is_needed() {
        List<Integer> whole = IntStream.range(0, 100).boxed().toList();
        assertThat(Shrinker.shrink(whole, part -> part.containsAll(List.of(3, 50, 97)), 1_000))
                .containsExactly(3, 50, 97);
        assertThat(Shrinker.shrink(whole, part -> true, 1_000)).isEmpty();
    }
}
