package org.exchequer.lab.sim.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.sim.Network;
import org.exchequer.lab.sim.SimProcess;
import org.exchequer.lab.sim.Simulation;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.jspecify.annotations.Nullable;

/** A simulated client: asks one thing at a time, waits, and asks again under the same key until it knows. */
final class SimClient extends SimProcess {
    private static final long TIMEOUT = 120_000_000;
    private static final long BACKOFF = 20_000_000;
    private static final int ATTEMPTS = 40;
    private static final int READ_ATTEMPTS = 4;
    private static final Currency EUR = Currency.of("EUR");

    /** What the client is at. */
    private record Current(Ask ask, @Nullable Command command, Map<String, String> asked, int attempt) {}

    private final Network network;
    private final SimNode[] nodes;
    private final LedgerRun run;
    private final ArrayDeque<Ask> waiting = new ArrayDeque<>();
    private @Nullable Current current;
    private int preferred;

    SimClient(Simulation simulation, int client, Network network, SimNode[] nodes, LedgerRun run) {
        super(simulation, Plan.FIRST_CLIENT + client);
        this.network = network;
        this.nodes = nodes;
        this.run = run;
    }

    boolean isIdle() {
        return current == null && waiting.isEmpty();
    }

    void ask(Ask ask) {
        waiting.add(ask);
        if (current == null) {
            next();
        }
    }

    private boolean isAt(Current one) {
        return current != null && current.ask().id() == one.ask().id() && current.attempt() == one.attempt();
    }

    private void next() {
        current = null;
        Ask ask = waiting.poll();
        if (ask == null) {
            return;
        }
        boolean about = ask.function().equals(Functions.POST)
                || ask.function().equals(Functions.VOID)
                || ask.function().equals(Functions.REVERSE);
        Long target = about ? run.results.get(ask.of()) : Long.valueOf(0);
        if (target == null) {
            next();
            return;
        }
        attempt(new Current(ask, command(ask, target), values(ask, target), 0));
    }

    private void attempt(Current now) {
        current = now;
        run.record(id(), Event.Type.INVOKE, now.ask().function(), now.asked());
        SimNode node = nodes[preferred];
        long message = now.ask().id() * 1_000L + now.attempt();
        network.send(this, node, message, () -> {
            Command command = now.command();
            if (command == null) {
                SimNode.Reply reply = node.read(now.ask().debit());
                network.send(node, this, message, () -> learn(now, reply));
            } else {
                node.submit(command, reply -> network.send(node, this, message, () -> learn(now, reply)));
            }
        });
        after(TIMEOUT, () -> {
            if (isAt(now)) {
                run.record(id(), Event.Type.INFO, now.ask().function(), Map.of());
                again(now);
            }
        });
    }

    private void learn(Current now, SimNode.Reply reply) {
        if (!isAt(now)) {
            return;
        }
        run.record(id(), reply.type(), now.ask().function(), reply.values());
        String position = reply.values().get(Functions.POSITION);
        boolean known = reply.type() == Event.Type.OK || (reply.type() == Event.Type.FAIL && position != null);
        if (known) {
            if (reply.type() == Event.Type.OK && now.command() != null && position != null) {
                run.results.put(now.ask().id(), Long.valueOf(position));
            }
            next();
        } else if ("IDEMPOTENCY_KEY_REUSED".equals(reply.values().get(Functions.REASON))) {
            next();
        } else {
            again(now);
        }
    }

    private void again(Current now) {
        preferred = 1 - preferred;
        int most = now.command() == null ? READ_ATTEMPTS : ATTEMPTS;
        Current later = new Current(now.ask(), now.command(), now.asked(), now.attempt() + 1);
        current = later;
        if (later.attempt() >= most) {
            next();
        } else {
            long jitter = simulation.draw(BACKOFF, 3, id(), now.ask().id(), now.attempt());
            after(BACKOFF + jitter, () -> {
                if (isAt(later)) {
                    attempt(later);
                }
            });
        }
    }

    private static Map<String, String> values(Ask ask, long target) {
        Map<String, String> values = new TreeMap<>();
        if (ask.function().equals(Functions.READ)) {
            values.put(Functions.ACCOUNT, ask.debit());
            return values;
        }
        values.put(Functions.KEY, ask.key());
        switch (ask.function()) {
            case Functions.POST, Functions.VOID -> values.put(Functions.HOLD_ID, Long.toString(target));
            case Functions.REVERSE -> values.put(Functions.OF, Long.toString(target));
            default -> {
                values.put(Functions.DEBIT, ask.debit());
                values.put(Functions.CREDIT, ask.credit());
                values.put(Functions.AMOUNT, Long.toString(ask.amount()));
                values.put(Functions.CURRENCY, EUR.code());
            }
        }
        return values;
    }

    private static @Nullable Command command(Ask ask, long target) {
        Money amount = new Money(ask.amount(), EUR);
        return switch (ask.function()) {
            case Functions.TRANSFER -> new Command.Transfer(ask.key(), ask.debit(), ask.credit(), amount, Details.NONE);
            case Functions.HOLD ->
                new Command.Hold(
                        ask.key(),
                        ask.debit(),
                        ask.credit(),
                        amount,
                        ask.timeoutSeconds() == 0 ? null : Duration.ofSeconds(ask.timeoutSeconds()),
                        Details.NONE);
            case Functions.POST -> new Command.PostPending(ask.key(), target, null, false, Details.NONE);
            case Functions.VOID -> new Command.VoidPending(ask.key(), target, Details.NONE);
            case Functions.REVERSE -> new Command.Reverse(ask.key(), target, Details.NONE);
            default -> null;
        };
    }
}
