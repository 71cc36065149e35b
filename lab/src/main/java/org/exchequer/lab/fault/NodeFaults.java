package org.exchequer.lab.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Order;

/** What nodes do to themselves because the lab asks them to; they say what came of it. */
final class NodeFaults {
    private static final long MANY = 1_000;

    private final List<Node> nodes;
    private final int number;

    /** @param number of the fault */
    NodeFaults(List<Node> nodes, int number) {
        this.nodes = List.copyOf(nodes);
        this.number = number;
    }

    Injection begin(Fault fault) throws IOException {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Order order = new Order(
                    number * MANY + i,
                    what(fault.kind()),
                    supply(fault),
                    Math.toIntExact(fault.amount()),
                    fault.lengthMs());
            nodes.get(i).order(order);
            orders.add(order);
        }
        String names = nodes.stream().map(Node::name).collect(Collectors.joining(", "));
        return new Injection(names, () -> {
            boolean bit = false;
            List<String> evidence = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                Optional<Order.Outcome> outcome = nodes.get(i).recall(orders.get(i));
                bit |= outcome.map(Order.Outcome::bit).orElse(false);
                evidence.add(nodes.get(i).name() + ": "
                        + outcome.map(Order.Outcome::seen).orElse("did not say what came of it"));
            }
            return new Proof(bit, evidence);
        });
    }

    private static String supply(Fault fault) {
        return fault.kind() == FaultKind.NODE_SUPPLY
                ? "inward." + fault.target().split("@", 2)[1]
                : Order.NONE;
    }

    private static Order.What what(FaultKind kind) {
        return switch (kind) {
            case NODE_HEAP -> Order.What.HEAP;
            case NODE_CPU -> Order.What.CPU;
            case NODE_SUPPLY -> Order.What.SUPPLY;
            default -> Order.What.valueOf(kind.name());
        };
    }
}
