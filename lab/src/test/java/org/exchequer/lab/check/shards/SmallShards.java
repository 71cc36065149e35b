package org.exchequer.lab.check.shards;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.check.shards.ShardedEvidence.PartSize;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.History;

/**
 * A small, correct ledger over three shards, played step by step in an order from the seed: transfers on one shard and
 * over two, reads, drivers that die at any step and are cleared up after, accounts that move. Leaves the evidence of a
 * run.
 */
final class SmallShards {
    private static final int SHARDS = 3;
    private static final String CURRENCY = "EUR";
    private static final String CASH = "cash";

    private final SplittableRandom random;
    private final List<List<Entry>> journals = new ArrayList<>();
    private final List<Map<String, Balance>> totals = new ArrayList<>();
    private final Map<String, Integer> homes = new TreeMap<>();
    private final Map<String, Integer> busy = new HashMap<>();
    private final Map<String, Mark> marks = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final List<Deque<Runnable>> running = new ArrayList<>();
    private long announced = 1;

    SmallShards(long seed) {
        this.random = new SplittableRandom(seed);
        for (int shard = 0; shard < SHARDS; shard++) {
            journals.add(new ArrayList<>());
            totals.add(new HashMap<>());
        }
    }

    ShardedEvidence run(int operations) {
        for (String account : List.of(CASH, "a", "b", "c", "d", "e")) {
            homes.put(account, homes.size() % SHARDS);
            append(homes.get(account), "open-" + account, "open", List.of(), List.of());
        }
        List<String> accounts = List.copyOf(homes.keySet());
        for (String account : accounts) {
            if (!account.equals(CASH)) {
                transfer(events.size(), "fund-" + account, CASH, account, 300);
                finish();
            }
        }
        for (int i = 0; i < operations || !running.isEmpty(); ) {
            int choice = random.nextInt(8);
            if (i < operations && choice < 2) {
                begin(i++, accounts);
            } else if (i < operations && choice == 2 && random.nextInt(4) == 0) {
                move(accounts.get(random.nextInt(accounts.size())), random.nextInt(SHARDS));
            } else if (choice == 3) {
                cut();
            } else if (!running.isEmpty()) {
                step(running.get(random.nextInt(running.size())));
            }
        }
        cut();
        return evidence();
    }

    private void begin(int number, List<String> accounts) {
        String one = accounts.get(random.nextInt(accounts.size()));
        String other = accounts.get(random.nextInt(accounts.size()));
        if (one.equals(other)) {
            read(number + 1_000, one);
        } else {
            transfer(number + 1_000, "op-" + number, one, other, 1 + random.nextInt(120));
        }
    }

    private void step(Deque<Runnable> steps) {
        steps.removeFirst().run();
        running.removeIf(Deque::isEmpty);
    }

    private void finish() {
        while (!running.isEmpty()) {
            step(running.getFirst());
        }
    }

    private void event(int process, Event.Type type, String function, Map<String, String> values) {
        events.add(new Event(events.size(), events.size(), process, type, function, values));
    }

    private void read(int process, String account) {
        Deque<Runnable> steps = new ArrayDeque<>();
        event(process, Event.Type.INVOKE, Functions.READ, Map.of(Functions.ACCOUNT, account));
        steps.add(() -> {
            int home = homes.getOrDefault(account, 0);
            Balance is = totals.get(home).getOrDefault(account, Balance.ZERO);
            Map<String, String> seen = Map.of(
                    Functions.DEBITS, Long.toString(is.debits()),
                    Functions.CREDITS, Long.toString(is.credits()),
                    Functions.PENDING_DEBITS, Long.toString(is.pendingDebits()),
                    Functions.PENDING_CREDITS, Long.toString(is.pendingCredits()),
                    Functions.POSITION,
                            Long.toString(id(home, journals.get(home).size())));
            steps.add(() -> event(process, Event.Type.OK, Functions.READ, seen));
        });
        running.add(steps);
    }

    private void transfer(int process, String key, String debit, String credit, long amount) {
        event(
                process,
                Event.Type.INVOKE,
                Functions.TRANSFER,
                Map.of(
                        Functions.KEY, key,
                        Functions.DEBIT, debit,
                        Functions.CREDIT, credit,
                        Functions.AMOUNT, Long.toString(amount),
                        Functions.CURRENCY, CURRENCY));
        busy.merge(debit, 1, Integer::sum);
        busy.merge(credit, 1, Integer::sum);
        int from = homes.getOrDefault(debit, 0);
        int to = homes.getOrDefault(credit, 0);
        Deque<Runnable> steps = new ArrayDeque<>();
        running.add(steps);
        Over over = new Over(process, key, debit, credit, amount, from, to, steps);
        steps.add(from == to ? over::here : over::reserveThere);
    }

    /** A transfer on its way. */
    private final class Over {
        private final int process;
        private final String key;
        private final String debit;
        private final String credit;
        private final long amount;
        private final int from;
        private final int to;
        private final Deque<Runnable> steps;
        private final String name;
        private boolean dead;

        Over(
                int process,
                String key,
                String debit,
                String credit,
                long amount,
                int from,
                int to,
                Deque<Runnable> steps) {
            this.process = process;
            this.key = key;
            this.debit = debit;
            this.credit = credit;
            this.amount = amount;
            this.from = from;
            this.to = to;
            this.steps = steps;
            this.name = Keys.transaction(key, 0);
        }

        private boolean affordable() {
            Balance is = totals.get(from).getOrDefault(debit, Balance.ZERO);
            return debit.equals(CASH) || is.debits() + is.pendingDebits() + amount <= is.credits();
        }

        void here() {
            if (!affordable()) {
                reject(append(from, key, "transfer", "INSUFFICIENT_FUNDS", List.of(), List.of()));
                return;
            }
            Entry entry = append(from, key, "transfer", null, legs(from, debit, credit, amount), List.of());
            steps.add(() -> answer(entry, entry));
        }

        private void reject(Entry entry) {
            steps.add(() -> end(
                    Event.Type.FAIL,
                    Map.of(
                            Functions.REASON, String.valueOf(entry.rejection()),
                            Functions.POSITION, Long.toString(id(from, entry.position())))));
        }

        private String key(int shard, String step) {
            return "~2pc:" + name + ":" + shard + ":" + step;
        }

        private List<Leg> outgoing() {
            return List.of(leg(debit, true, amount), leg(to(from, to), false, amount));
        }

        private List<Leg> incoming() {
            return List.of(leg(from(to, from), true, amount), leg(credit, false, amount));
        }

        /** Whether the driver goes on; one that dies leaves the rest to a resolver and its client without an answer. */
        private boolean alive() {
            if (!dead && !key.startsWith("fund") && random.nextInt(15) == 0) {
                dead = true;
                event(process, Event.Type.INFO, Functions.TRANSFER, Map.of());
            }
            return !dead;
        }

        void reserveThere() {
            if (!affordable()) {
                reject(append(from, key(from, "h0"), "hold", "INSUFFICIENT_FUNDS", List.of(), List.of()));
                return;
            }
            Entry hold = append(from, key(from, "h0"), "hold", List.of(), outgoing());
            marks.put(name, new Mark(key, List.of(new PartSize(from, 1), new PartSize(to, 1)), null));
            if (alive()) {
                steps.add(() -> reserveHere(hold));
            } else {
                steps.add(() -> expire(hold));
            }
        }

        private void reserveHere(Entry hold) {
            append(to, key(to, "h0"), "hold", List.of(), incoming());
            if (alive()) {
                steps.add(this::decide);
            } else {
                steps.add(() -> expire(hold));
                steps.add(() -> append(to, key(to, "v0"), "void", List.of(), negative(incoming())));
            }
        }

        private void expire(Entry hold) {
            append(from, "expire " + hold.position(), "expire", List.of(), negative(outgoing()));
            if (steps.isEmpty()) {
                free();
            } else {
                steps.add(this::free);
            }
        }

        private void decide() {
            Entry decision = append(
                    from, key(from, "p0"), "post", legs(from, debit, to(from, to), amount), negative(outgoing()));
            boolean answered = alive();
            steps.add(() -> {
                Entry completion = append(
                        to, key(to, "p0.0"), "post", legs(to, from(to, from), credit, amount), negative(incoming()));
                steps.add(answered ? () -> answer(decision, completion) : this::free);
            });
        }

        private void answer(Entry first, Entry last) {
            end(
                    Event.Type.OK,
                    Map.of(
                            Functions.TRANSACTION, Long.toString(id(from, first.position())),
                            Functions.POSITION, Long.toString(id(from, first.position())),
                            Functions.DEBIT, debit,
                            Functions.CREDIT, credit,
                            Functions.AMOUNT, Long.toString(amount),
                            Functions.CURRENCY, CURRENCY,
                            Functions.DEBIT_BALANCE, balance(first, debit),
                            Functions.CREDIT_BALANCE, balance(last, credit)));
        }

        private void end(Event.Type type, Map<String, String> values) {
            event(process, type, Functions.TRANSFER, values);
            free();
        }

        private void free() {
            busy.merge(debit, -1, Integer::sum);
            busy.merge(credit, -1, Integer::sum);
        }
    }

    private static String balance(Entry entry, String account) {
        return entry.legs().stream()
                .filter(leg -> leg.account().equals(account))
                .map(leg -> String.valueOf(leg.balanceAfter()))
                .findFirst()
                .orElseThrow();
    }

    /** An account moves, unless something is under way on it, it is there already, or it carries nothing. */
    private void move(String account, int to) {
        int from = homes.getOrDefault(account, 0);
        Balance is = totals.get(from).getOrDefault(account, Balance.ZERO);
        long net = is.debits() - is.credits();
        if (from == to || net == 0 || busy.getOrDefault(account, 0) > 0) {
            return;
        }
        String front = "~mv:" + ++announced + ":" + to + ":" + account + ":";
        String there = from(to, from);
        List<Leg> held = net > 0
                ? List.of(leg(account, true, net), leg(there, false, net))
                : List.of(leg(there, true, -net), leg(account, false, -net));
        String here = to(from, to);
        long amount = Math.abs(net);
        append(from, front + "freeze.OPEN.0", "move", List.of(), List.of());
        append(to, front + "hold", "move", List.of(), held);
        append(
                from,
                front + "leave",
                "move",
                net > 0 ? legs(from, here, account, amount) : legs(from, account, here, amount),
                List.of());
        cut();
        append(
                to,
                front + "arrive",
                "move",
                net > 0 ? legs(to, account, there, amount) : legs(to, there, account, amount),
                negative(held));
        homes.put(account, to);
    }

    private static String to(int from, int to) {
        return "transit:" + from + ".to." + to + ":" + CURRENCY;
    }

    private static String from(int to, int from) {
        return "transit:" + to + ".from." + from + ":" + CURRENCY;
    }

    private static Leg leg(String account, boolean debit, long amount) {
        return new Leg(account, debit, amount, CURRENCY, null);
    }

    private static List<Leg> negative(List<Leg> legs) {
        return legs.stream()
                .map(leg -> new Leg(leg.account(), leg.debit(), -leg.amount(), leg.currency(), null))
                .toList();
    }

    /** With the balances that they lead to. */
    private List<Leg> legs(int shard, String debit, String credit, long amount) {
        Balance one = totals.get(shard).getOrDefault(debit, Balance.ZERO);
        Balance other = totals.get(shard).getOrDefault(credit, Balance.ZERO);
        return List.of(
                new Leg(debit, true, amount, CURRENCY, one.debits() - one.credits() + amount),
                new Leg(credit, false, amount, CURRENCY, other.debits() - other.credits() - amount));
    }

    private Entry append(int shard, String key, String kind, List<Leg> legs, List<Leg> reserved) {
        return append(shard, key, kind, null, legs, reserved);
    }

    private Entry append(
            int shard,
            String key,
            String kind,
            @org.jspecify.annotations.Nullable String rejection,
            List<Leg> legs,
            List<Leg> reserved) {
        List<Entry> journal = journals.get(shard);
        Entry entry = new Entry(journal.size() + 1, key, kind, rejection, legs, reserved);
        journal.add(entry);
        legs.forEach(leg -> totals.get(shard).merge(leg.account(), amounts(leg, false), SmallShards::sum));
        reserved.forEach(leg -> totals.get(shard).merge(leg.account(), amounts(leg, true), SmallShards::sum));
        return entry;
    }

    private static Balance amounts(Leg leg, boolean reserved) {
        long debit = leg.debit() ? leg.amount() : 0;
        long credit = leg.debit() ? 0 : leg.amount();
        return reserved ? new Balance(0, 0, debit, credit) : new Balance(debit, credit, 0, 0);
    }

    private static Balance sum(Balance one, Balance other) {
        return new Balance(
                one.debits() + other.debits(),
                one.credits() + other.credits(),
                one.pendingDebits() + other.pendingDebits(),
                one.pendingCredits() + other.pendingCredits());
    }

    private static long id(int shard, long position) {
        return (long) shard << 48 | position;
    }

    /** Now and then a shard does not answer. */
    private void cut() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        for (List<Entry> journal : journals) {
            first.add(random.nextInt(9) == 0 ? -1L : journal.size());
            second.add((long) journal.size());
        }
        cuts.add(new Cut(events.size(), first, second));
    }

    private ShardedEvidence evidence() {
        List<Evidence> books = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            Map<String, Limit> limits = new HashMap<>();
            totals.get(shard)
                    .keySet()
                    .forEach(account -> limits.put(
                            account, new Limit(account.equals(CASH) || Keys.isTransit(account) ? null : 0L, null)));
            List<Message> messages = journals.get(shard).stream()
                    .filter(entry -> !entry.legs().isEmpty())
                    .map(entry -> new Message("topic/0", entry.position(), entry.describe()))
                    .toList();
            books.add(Evidence.of(History.of(List.of()))
                    .withJournal(List.copyOf(journals.get(shard)))
                    .withBalances(totals.get(shard))
                    .withLimits(limits)
                    .withOutbox(messages)
                    .withTopic(messages));
        }
        return new ShardedEvidence(History.of(events), books, marks, cuts, Optional.of(new Healing(1_000, 15_000, 0)));
    }
}
