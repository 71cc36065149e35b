package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.List;

/**
 * Every way of cutting a ledger of several nodes and shards in two, as data: which wires are cut at the same time.
 *
 * @param name for people, e.g. {@code node1 without shard 0}
 * @param wires targets of faults
 */
record Partitions(String name, List<String> wires) {
    /**
     * All of them, each once:
     *
     * <ul>
     *   <li>every set of nodes (minorities, majorities, all) without every set of shards;
     *   <li>every set of nodes without the others, and without every set of shards besides;
     *   <li>every wire from one node to another by itself;
     *   <li>every node cut off from everything, its clients included.
     * </ul>
     *
     * @param nodes how many
     * @param shards how many
     */
    static List<Partitions> all(int nodes, int shards) {
        List<Partitions> all = new ArrayList<>();
        for (List<Integer> some : sets(nodes)) {
            for (List<Integer> away : sets(shards)) {
                all.add(new Partitions(names(some) + " without " + shards(away), databases(some, away)));
                if (some.size() < nodes) {
                    List<String> wires = databases(some, away);
                    wires.addAll(between(some, nodes));
                    all.add(new Partitions(names(some) + " without the others and " + shards(away), wires));
                }
            }
            // One side without the other is the other without the one.
            if (some.size() < nodes && some.contains(0)) {
                all.add(new Partitions(names(some) + " without the others", between(some, nodes)));
            }
        }
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    all.add(new Partitions(name(from) + " to " + name(to), List.of(peer(from, to))));
                }
            }
            List<String> wires = new ArrayList<>(between(List.of(from), nodes));
            wires.addAll(List.of("postgres:" + name(from), "clients:" + name(from), "kafka:" + name(from)));
            all.add(new Partitions(name(from) + " without anybody", wires));
        }
        return List.copyOf(all);
    }

    /** Every set of numbers below this one but the empty one. */
    private static List<List<Integer>> sets(int count) {
        List<List<Integer>> sets = new ArrayList<>();
        for (int bits = 1; bits < 1 << count; bits++) {
            List<Integer> set = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if ((bits & 1 << i) != 0) {
                    set.add(i);
                }
            }
            sets.add(set);
        }
        return sets;
    }

    private static List<String> databases(List<Integer> nodes, List<Integer> shards) {
        List<String> wires = new ArrayList<>();
        nodes.forEach(node -> shards.forEach(shard -> wires.add("postgres-" + shard + ":" + name(node))));
        return wires;
    }

    /** Between these nodes and the others, both ways. */
    private static List<String> between(List<Integer> some, int nodes) {
        List<String> wires = new ArrayList<>();
        for (int node : some) {
            for (int other = 0; other < nodes; other++) {
                if (!some.contains(other)) {
                    wires.add(peer(node, other));
                    wires.add(peer(other, node));
                }
            }
        }
        return wires;
    }

    private static String peer(int from, int to) {
        return "peers:" + name(from) + ">" + name(to);
    }

    private static String name(int node) {
        return "node" + (node + 1);
    }

    private static String names(List<Integer> nodes) {
        return String.join(" and ", nodes.stream().map(Partitions::name).toList());
    }

    private static String shards(List<Integer> shards) {
        return String.join(
                " and ", shards.stream().map(shard -> "shard " + shard).toList());
    }
}
