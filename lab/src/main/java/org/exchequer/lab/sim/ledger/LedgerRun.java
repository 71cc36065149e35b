package org.exchequer.lab.sim.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Checkers;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.History;
import org.exchequer.lab.sim.Fault;
import org.exchequer.lab.sim.Network;
import org.exchequer.lab.sim.SimProcess;
import org.exchequer.lab.sim.Simulation;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.core.Books;

/** One simulated run of the ledger: a plan goes in, evidence comes out, the same whenever it is run. */
public final class LedgerRun {
    private static final long GRACE = 8_000_000_000L;
    private static final long STEP = 50_000_000;
    private static final Currency EUR = Currency.of("EUR");

    /** Checkers whose budget is counted in configurations alone, for the same answer on any machine. */
    private static final List<Checker> CHECKERS = Checkers.ledger(() -> 0, Duration.ofSeconds(1));

    final Map<Integer, Long> results = new HashMap<>();
    private final Plan plan;
    private final Simulation simulation;
    private final List<Event> events = new ArrayList<>();

    private LedgerRun(Plan plan) {
        this.plan = plan;
        this.simulation = new Simulation(plan.seed());
    }

    /** What a run left behind and what the checkers say about it. */
    public record Result(Plan plan, Evidence evidence, List<Finding> findings) {}

    /** Runs a plan. */
    public static Result run(Plan plan) {
        Evidence evidence = new LedgerRun(plan).simulate();
        return new Result(
                plan,
                evidence,
                CHECKERS.stream().map(checker -> checker.check(evidence)).toList());
    }

    void record(int process, Event.Type type, String function, Map<String, String> values) {
        events.add(new Event(events.size(), simulation.nanos(), process, type, function, values));
    }

    private Evidence simulate() {
        Network network = new Network(simulation, plan.faults());
        SimDatabase database = new SimDatabase(simulation, plan.faults(), plan.bug());
        SimBroker broker = new SimBroker(simulation);
        database.begin(openings());
        SimNode[] nodes = new SimNode[2];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new SimNode(simulation, i, network, database, broker, plan.faults(), plan.bug());
        }
        SimClient[] clients = new SimClient[Plan.CLIENTS];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new SimClient(simulation, i, network, nodes, this);
        }
        plan.asks().forEach(ask -> simulation.at(ask.at(), () -> clients[ask.client()].ask(ask)));
        SimProcess[] processes = {nodes[0], nodes[1], database};
        for (Fault fault : plan.faults()) {
            if (fault.kind() == Fault.Kind.CRASH) {
                simulation.at(fault.from(), processes[fault.process()]::crash);
                simulation.at(fault.until(), processes[fault.process()]::restart);
            } else if (fault.kind() == Fault.Kind.STOP) {
                simulation.at(fault.from(), () -> processes[fault.process()].stopUntil(fault.until()));
            }
        }
        nodes[0].start();
        nodes[1].start();
        simulation.runUntil(Plan.LENGTH);
        while (simulation.nanos() < Plan.LENGTH + GRACE && !quiet(clients, nodes)) {
            simulation.runUntil(simulation.nanos() + STEP);
        }
        return evidence(database, broker, writer(nodes));
    }

    private static boolean quiet(SimClient[] clients, SimNode[] nodes) {
        for (SimClient client : clients) {
            if (!client.isIdle()) {
                return false;
            }
        }
        SimNode writer = writer(nodes);
        return writer != null && writer.isIdle();
    }

    private static @org.jspecify.annotations.Nullable SimNode writer(SimNode[] nodes) {
        SimNode writer = null;
        for (SimNode node : nodes) {
            if (node.isWriter() && (writer == null || node.epoch() > writer.epoch())) {
                writer = node;
            }
        }
        return writer;
    }

    private Evidence evidence(
            SimDatabase database, SimBroker broker, @org.jspecify.annotations.Nullable SimNode writer) {
        Map<String, Limit> limits = new TreeMap<>();
        Map<String, Balance> balances = new TreeMap<>();
        for (int i = 0; i < Plan.ACCOUNTS; i++) {
            limits.put(Plan.account(i), new Limit(0L, null));
        }
        Evidence evidence = Evidence.of(History.of(events))
                .withJournal(database.journal().stream().map(Stored::entry).toList())
                .withLimits(limits)
                .withOutbox(SimBroker.messages(database.journal()));
        if (writer == null || !writer.isIdle()) {
            return evidence;
        }
        for (String account : accounts()) {
            Books.Totals totals = writer.totals(account);
            if (totals != null) {
                balances.put(
                        account,
                        new Balance(
                                totals.debits(), totals.credits(), totals.pendingDebits(), totals.pendingCredits()));
            }
        }
        return evidence.withBalances(balances).withTopic(broker.topic()).withInbox(broker.inbox());
    }

    private static List<String> accounts() {
        List<String> accounts = new ArrayList<>(List.of("cash"));
        for (int i = 0; i < Plan.ACCOUNTS; i++) {
            accounts.add(Plan.account(i));
        }
        return accounts;
    }

    /** The rows that open the accounts: cash without limits, customers who may not overdraw. */
    private static List<Stored> openings() {
        NodeBooks memory = new NodeBooks();
        for (String code : accounts()) {
            boolean cash = code.equals("cash");
            AccountSpec spec =
                    AccountSpec.posting(code, code, cash ? AccountType.ASSET : AccountType.LIABILITY, EUR, null);
            memory.decide(
                    new Command.OpenAccount(
                            "open-" + code, cash ? spec : spec.limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0)),
                    Instant.parse("2026-01-05T08:00:00Z"));
        }
        return memory.rows();
    }
}
