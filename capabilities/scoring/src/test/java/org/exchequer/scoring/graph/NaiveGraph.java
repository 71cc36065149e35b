package org.exchequer.scoring.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All payments in a list, every answer by trying everything. */
final class NaiveGraph {
    private record Edge(long from, long to, long time) {}

    private final List<Edge> edges = new ArrayList<>();
    private final long window;
    private final int cycle;

    NaiveGraph(long window, int cycle) {
        this.window = window;
        this.cycle = cycle;
    }

    GraphFacts add(long payer, long payee, long time) {
        List<Edge> open = edges.stream()
                .filter(edge -> edge.time > time - window && edge.time <= time)
                .toList();
        if (payer == payee) {
            return GraphFacts.NONE;
        }
        edges.add(new Edge(payer, payee, time));
        int scatter = 0;
        for (long source : payers(open, payer)) {
            if (source != payee) {
                Set<Long> through = payees(open, source);
                Set<Long> gathered = payers(open, payee);
                gathered.add(payer);
                through.retainAll(gathered);
                through.remove(source);
                scatter = Math.max(scatter, through.size());
            }
        }
        return new GraphFacts(
                payees(open, payer).size(),
                payers(open, payer).size(),
                payees(open, payee).size(),
                payers(open, payee).size(),
                scatter,
                shortest(open, payee, payer, new ArrayList<>(List.of(payee)), Long.MIN_VALUE, false),
                shortest(
                        open.stream().filter(edge -> edge.time < time).toList(),
                        payee,
                        payer,
                        new ArrayList<>(List.of(payee)),
                        Long.MIN_VALUE,
                        true),
                false);
    }

    private static Set<Long> payers(List<Edge> open, long payee) {
        Set<Long> payers = new HashSet<>();
        open.stream().filter(edge -> edge.to == payee).forEach(edge -> payers.add(edge.from));
        return payers;
    }

    private static Set<Long> payees(List<Edge> open, long payer) {
        Set<Long> payees = new HashSet<>();
        open.stream().filter(edge -> edge.from == payer).forEach(edge -> payees.add(edge.to));
        return payees;
    }

    /** Shortest of all simple ways from the last of the path to the end, with the payment that closes it; 0 if none. */
    private int shortest(List<Edge> open, long at, long end, List<Long> path, long arrived, boolean inTime) {
        int best = 0;
        for (Edge edge : open) {
            if (edge.from == at && (!inTime || edge.time > arrived) && !path.contains(edge.to)) {
                int length = 0;
                if (edge.to == end) {
                    length = path.size() + 1;
                } else if (path.size() + 1 < cycle) {
                    path.add(edge.to);
                    length = shortest(open, edge.to, end, path, edge.time, inTime);
                    path.removeLast();
                }
                best = length > 0 && (best == 0 || length < best) ? length : best;
            }
        }
        return best;
    }
}
