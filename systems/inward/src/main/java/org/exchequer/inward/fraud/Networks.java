package org.exchequer.inward.fraud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.Fraud.Edge;
import org.exchequer.inward.api.Fraud.Network;
import org.exchequer.inward.api.Fraud.Node;
import org.exchequer.inward.store.FraudBook;

/** The accounts around a payment: the counterparties of its parties, and theirs. */
final class Networks {
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final int STEPS = 2;

    private final FraudBook book;
    private final Clock clock;

    Networks(FraudBook book, Clock clock) {
        this.book = book;
        this.clock = clock;
    }

    Network of(FraudBook.Past payment) {
        Instant since = clock.instant().minus(WINDOW);
        Map<String, FraudBook.Edge> edges = new LinkedHashMap<>();
        Set<Long> accounts = new LinkedHashSet<>(List.of(payment.debtor()));
        accounts.add(payment.creditor());
        Set<Long> asked = new LinkedHashSet<>();
        boolean capped = false;
        for (int step = 0; step < STEPS; step++) {
            Set<Long> next = new LinkedHashSet<>(accounts);
            next.removeAll(asked);
            if (next.isEmpty()) {
                break;
            }
            asked.addAll(next);
            for (FraudBook.Edge each : book.edges(next, since)) {
                int needed = (accounts.contains(each.debtor()) ? 0 : 1) + (accounts.contains(each.creditor()) ? 0 : 1);
                if (accounts.size() + needed > Fraud.MOST_NODES) {
                    capped = true;
                } else {
                    accounts.add(each.debtor());
                    accounts.add(each.creditor());
                    edges.put(each.debtor() + " " + each.creditor(), each);
                }
            }
        }
        return new Network(payment.payment(), Fraud.MOST_NODES, capped, nodes(payment, accounts, edges), edges(edges));
    }

    private static List<Edge> edges(Map<String, FraudBook.Edge> edges) {
        return edges.values().stream()
                .map(each -> new Edge(
                        id(each.debtor()),
                        id(each.creditor()),
                        each.payments(),
                        each.score(),
                        each.fraud(),
                        each.payment()))
                .toList();
    }

    private static List<Node> nodes(FraudBook.Past payment, Set<Long> accounts, Map<String, FraudBook.Edge> edges) {
        List<Node> nodes = new ArrayList<>();
        for (long account : accounts) {
            String country = account == payment.debtor() ? payment.debtorCountry() : payment.creditorCountry();
            long payments = 0;
            double score = 0;
            boolean fraud = false;
            for (FraudBook.Edge each : edges.values()) {
                if (each.debtor() == account || each.creditor() == account) {
                    country = each.debtor() == account ? each.debtorCountry() : each.creditorCountry();
                    payments += each.payments();
                    score = Math.max(score, each.score());
                    fraud |= each.fraud();
                }
            }
            String role = account == payment.debtor() ? "PAYER" : account == payment.creditor() ? "PAYEE" : "OTHER";
            nodes.add(new Node(id(account), role, country, payments, score, fraud));
        }
        return nodes;
    }

    private static String id(long pseudonym) {
        return String.format(java.util.Locale.ROOT, "%016x", pseudonym);
    }
}
