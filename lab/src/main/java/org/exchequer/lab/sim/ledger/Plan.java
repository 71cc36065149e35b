package org.exchequer.lab.sim.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.sim.Fault;
import org.exchequer.lab.sim.Fault.Kind;

/**
 * A run before it runs: what is asked and what goes wrong. All of it follows from the seed, and parts can be left out
 * without changing the rest.
 *
 * @param seed of everything
 * @param bug built in
 */
public record Plan(long seed, Bug bug, List<Ask> asks, List<Fault> faults) {
    static final int CLIENTS = 4;
    static final int ACCOUNTS = 3;
    static final long LENGTH = 3_000_000_000L;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final long SKEW = 300_000_000_000L;

    /** Processes by id: two nodes, the database, the broker, then the clients. */
    static final int DATABASE = 2;

    static final int BROKER = 3;
    static final int FIRST_CLIENT = 10;

    public Plan {
        asks = List.copyOf(asks);
        faults = List.copyOf(faults);
    }

    /** The plan of a seed. */
    public static Plan of(long seed, Bug bug, int operations) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Ask> asks = new ArrayList<>();
        for (int id = 0; id < operations; id++) {
            asks.add(ask(id, random));
        }
        List<Fault> faults = new ArrayList<>();
        int count = 1 + random.nextInt(7);
        for (int i = 0; i < count; i++) {
            faults.add(fault(random));
        }
        return new Plan(seed, bug, asks, faults);
    }

    /**
     * The same with only these parts: {@code o3} for the operation with id 3, {@code f0} for the first fault.
     *
     * @throws IllegalArgumentException naming a part that the plan does not have
     */
    public Plan only(List<String> parts) {
        List<Ask> keptAsks = new ArrayList<>();
        List<Fault> keptFaults = new ArrayList<>();
        List<String> names = names();
        for (String part : parts) {
            int index = names.indexOf(part);
            if (index < 0) {
                throw new IllegalArgumentException("the plan of seed " + seed + " has no part " + part);
            }
            if (index < asks.size()) {
                keptAsks.add(asks.get(index));
            } else {
                keptFaults.add(faults.get(index - asks.size()));
            }
        }
        return with(keptAsks, keptFaults);
    }

    /** Names of all parts, operations first. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        asks.forEach(ask -> names.add("o" + ask.id()));
        for (int i = 0; i < faults.size(); i++) {
            names.add("f" + i);
        }
        return names;
    }

    /** What is asked and what goes wrong, in order of time, one line each. */
    public List<String> describe() {
        record Line(long at, String text) {}
        List<Line> lines = new ArrayList<>();
        asks.forEach(ask -> lines.add(new Line(ask.at(), ask.describe())));
        faults.forEach(fault -> lines.add(new Line(fault.from(), fault.describe(Plan::name))));
        lines.sort(java.util.Comparator.comparingLong(Line::at));
        return lines.stream().map(Line::text).toList();
    }

    /** The same with parts left out. */
    Plan with(List<Ask> fewerAsks, List<Fault> fewerFaults) {
        return new Plan(seed, bug, fewerAsks, fewerFaults);
    }

    private static Ask ask(int id, SplittableRandom random) {
        int client = random.nextInt(CLIENTS);
        long at = random.nextLong(LENGTH);
        String debit = account(random.nextInt(ACCOUNTS));
        String credit = random.nextInt(4) == 0 ? "cash" : account(random.nextInt(ACCOUNTS));
        if (random.nextInt(3) == 0 || debit.equals(credit)) {
            debit = "cash".equals(credit) ? debit : "cash";
        }
        long amount = 1L + random.nextInt(100);
        int of = id == 0 ? -1 : random.nextInt(id);
        int timeout = random.nextInt(3) == 0 ? 1 : 0;
        String function = switch (random.nextInt(20)) {
            case 0, 1 -> Functions.HOLD;
            case 2, 3 -> Functions.POST;
            case 4 -> Functions.VOID;
            case 5 -> Functions.REVERSE;
            case 6, 7, 8, 9, 10, 11 -> Functions.READ;
            default -> Functions.TRANSFER;
        };
        return new Ask(id, client, at, function, debit, credit, amount, of, timeout);
    }

    static String account(int number) {
        return "cust-" + number;
    }

    private static Fault fault(SplittableRandom random) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        long from = random.nextLong(LENGTH);
        long until = from + 20_000_000 + random.nextLong(1_000_000_000L);
        int process = random.nextInt(4);
        int other = random.nextBoolean() ? FIRST_CLIENT + random.nextInt(CLIENTS) : DATABASE;
        return switch (kind) {
            case PARTITION -> new Fault(kind, from, until, random.nextInt(2), other, 0);
            case CRASH, STOP -> new Fault(kind, from, until, random.nextInt(3), 0, 0);
            case LOSS, DUPLICATION, DELAY -> new Fault(kind, from, until, process, 0, 10L + random.nextInt(80));
            case SKEW -> new Fault(kind, from, until, random.nextInt(2), 0, random.nextLong(-SKEW, SKEW));
            case SLOW_DISK -> new Fault(kind, from, until, DATABASE, 0, 0);
        };
    }

    /** Name of a process. */
    static String name(int process) {
        return switch (process) {
            case 0 -> "node A";
            case 1 -> "node B";
            case DATABASE -> "database";
            case BROKER -> "broker";
            default -> "client " + (process - FIRST_CLIENT);
        };
    }
}
