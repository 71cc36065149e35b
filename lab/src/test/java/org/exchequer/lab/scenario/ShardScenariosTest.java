package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.junit.jupiter.api.Test;

class ShardScenariosTest {
    @Test
    void every_combination_of_nodes_and_shards_is_cut_apart() {
        int nodes = 3;
        int shards = 2;
        Set<Set<String>> cut = new HashSet<>();
        for (Partitions partition : Partitions.all(nodes, shards)) {
            assertThat(cut.add(Set.copyOf(partition.wires())))
                    .as(partition.name())
                    .isTrue();
        }
        for (int some = 1; some < 1 << nodes; some++) {
            for (int away = 0; away < 1 << shards; away++) {
                Set<String> databases = new HashSet<>();
                Set<String> peers = new HashSet<>();
                for (int node = 0; node < nodes; node++) {
                    for (int shard = 0; shard < shards; shard++) {
                        if ((some >> node & away >> shard & 1) == 1) {
                            databases.add("postgres-" + shard + ":node" + (node + 1));
                        }
                    }
                    for (int other = 0; other < nodes; other++) {
                        if ((some >> node & 1) != (some >> other & 1)) {
                            peers.add("peers:node" + (node + 1) + ">node" + (other + 1));
                        }
                    }
                }
                if (away > 0) {
                    assertThat(cut).contains(databases);
                }
                if (!peers.isEmpty()) {
                    peers.addAll(databases);
                    assertThat(cut).contains(peers);
                }
            }
        }
        for (int node = 1; node <= nodes; node++) {
            String name = "node" + node;
            assertThat(cut)
                    .anyMatch(wires -> wires.contains("postgres:" + name)
                            && wires.contains("clients:" + name)
                            && wires.contains("kafka:" + name));
            for (int other = 1; other <= nodes; other++) {
                assertThat(node == other || cut.contains(Set.of("peers:node" + node + ">node" + other)))
                        .isTrue();
            }
        }
        assertThat(cut).hasSize(51);
    }

    @Test
    void the_long_form_goes_through_all_of_them() {
        assertThat(planned("shards-split-brain").stream()
                        .collect(Collectors.groupingBy(
                                Fault::atMs, Collectors.mapping(Fault::target, Collectors.toSet())))
                        .values())
                .containsAll(Partitions.all(ShardScenarios.NODES, ShardScenarios.SHARDS).stream()
                        .map(partition -> Set.copyOf(partition.wires()))
                        .toList());
    }

    @Test
    void there_is_a_crash_at_every_fault_point_of_the_shards() throws IOException {
        Set<String> points = new TreeSet<>();
        Pattern point = Pattern.compile("\"(shards\\.[a-z]+\\.([a-z]+\\.)?(before|after)|shards\\.move\\.[a-z]+)\"");
        try (Stream<Path> files = Files.walk(Path.of("..", "systems", "shards", "src", "main", "java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                point.matcher(Files.readString(file)).results().forEach(found -> points.add(found.group(1)));
            }
        }
        assertThat(points).hasSize(21);
        assertThat(CrashSteps.all().stream().map(CrashSteps::point).collect(Collectors.toSet()))
                .isEqualTo(points);
        assertThat(CrashSteps.all().stream()
                        .filter(step -> step.victim().isEmpty())
                        .map(CrashSteps::point))
                .containsExactlyInAnyOrderElementsOf(points);
        Set<String> crashed = planned("shards-crash-steps").stream()
                .filter(fault -> fault.kind() == FaultKind.CRASH_AT)
                .map(fault -> fault.target().substring(fault.target().indexOf('@') + 1))
                .collect(Collectors.toSet());
        assertThat(crashed)
                .containsAll(CrashSteps.all().stream()
                        .map(step -> step.point() + (step.victim().isEmpty() ? "" : "@" + step.victim()))
                        .toList());
    }

    /** At its usual length. */
    private static List<Fault> planned(String name) {
        Scenario scenario = Scenarios.named(name).orElseThrow();
        return scenario.faults().plan(new SplittableRandom(1), scenario.seconds() * 1_000L);
    }
}
