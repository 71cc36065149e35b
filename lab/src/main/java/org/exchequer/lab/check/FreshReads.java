package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;
import org.exchequer.ledger.api.BetweenShards;

/**
 * No stale read: who reads an account after a write to it was acknowledged, or after somebody else has read it, reads
 * no earlier position; and what is read is what the journal adds up to there.
 */
public final class FreshReads implements Checker {
    @Override
    public String name() {
        return "fresh-reads";
    }

    @Override
    public String invariant() {
        return "A read sees every write that was acknowledged before it was asked.";
    }

    /** Something that an answer proved: at this event the account had got at least this far. */
    private record Known(long at, long position, Operation by) {}

    @Override
    public Finding check(Evidence evidence) {
        Tally tally = new Tally(name(), "reads");
        Map<String, List<Known>> known = new HashMap<>();
        List<Operation> reads = new ArrayList<>();
        for (Operation operation : evidence.history().operations()) {
            if (!operation.is(Event.Type.OK)) {
                continue;
            }
            boolean read = operation.function().equals(Functions.READ);
            if (!operation.has(Functions.POSITION)) {
                if (read) {
                    tally.unknown("some reads tell no position");
                }
                continue;
            }
            if (read) {
                reads.add(operation);
            }
            long position = operation.number(Functions.POSITION);
            for (String account : accounts(operation)) {
                known.computeIfAbsent(account, any -> new ArrayList<>())
                        .add(new Known(operation.returnedAt(), position, operation));
            }
        }
        known.replaceAll((account, all) -> furthest(all));
        reads.forEach(read -> {
            tally.checked();
            fresh(read, known, tally);
        });
        if (evidence.journal().isPresent()) {
            compare(reads, evidence, tally);
        } else {
            tally.note("totals were not compared: the journal was not read");
        }
        return tally.finding();
    }

    private static List<String> accounts(Operation operation) {
        if (operation.function().equals(Functions.READ)) {
            return List.of(operation.value(Functions.ACCOUNT));
        }
        if (operation.has(Functions.LEGS)) {
            return Evidence.accounts(operation.value(Functions.LEGS));
        }
        List<String> accounts = new ArrayList<>();
        for (String side : List.of(Functions.DEBIT, Functions.CREDIT)) {
            if (operation.has(side)) {
                accounts.add(operation.value(side));
            }
        }
        return accounts;
    }

    /** In order of time, each further than all before. */
    private static List<Known> furthest(List<Known> all) {
        all.sort(Comparator.comparingLong(Known::at));
        List<Known> rising = new ArrayList<>();
        for (Known each : all) {
            if (rising.isEmpty() || rising.getLast().position() < each.position()) {
                rising.add(each);
            }
        }
        return rising;
    }

    private static void fresh(Operation read, Map<String, List<Known>> known, Tally tally) {
        List<Known> rising = known.getOrDefault(read.value(Functions.ACCOUNT), List.of());
        int low = 0;
        int high = rising.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rising.get(middle).at() < read.invoke().index()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low > 0 && rising.get(low - 1).position() > read.number(Functions.POSITION)) {
            Known before = rising.get(low - 1);
            tally.violation(
                    before.position() - read.number(Functions.POSITION),
                    read.value(Functions.ACCOUNT) + " was read at position " + read.number(Functions.POSITION)
                            + " after position " + before.position() + " had been answered",
                    List.of(before.by().describe(), read.describe()));
        }
    }

    private static void compare(List<Operation> reads, Evidence evidence, Tally tally) {
        TreeMap<Long, List<Operation>> byPosition = new TreeMap<>();
        for (Operation read : reads) {
            byPosition
                    .computeIfAbsent(read.number(Functions.POSITION), any -> new ArrayList<>())
                    .add(read);
        }
        Totals totals = new Totals(evidence.opening());
        Map<String, Entry> last = new HashMap<>();
        Set<String> moved = new HashSet<>();
        for (Entry entry : evidence.journal().orElse(List.of())) {
            compare(byPosition.headMap(entry.position()), totals, last, moved, tally);
            totals.apply(entry);
            if (BetweenShards.isMove(entry.key())) {
                entry.legs().forEach(leg -> moved.add(leg.account()));
            }
            for (List<Leg> legs : List.of(entry.legs(), entry.reserved())) {
                legs.forEach(leg -> last.put(leg.account(), entry));
            }
        }
        compare(byPosition, totals, last, moved, tally);
    }

    /**
     * Compares what was read at these positions, and takes it out. Of an account that has moved a read tells what
     * happened on all shards, this journal only what happened on one: what it comes to is the same.
     */
    private static void compare(
            Map<Long, List<Operation>> due, Totals totals, Map<String, Entry> last, Set<String> moved, Tally tally) {
        due.values()
                .forEach(reads -> reads.forEach(read -> {
                    String account = read.value(Functions.ACCOUNT);
                    Balance is = totals.of(account);
                    long net = read.number(Functions.DEBITS) - read.number(Functions.CREDITS);
                    boolean same = net == is.debits() - is.credits()
                            && (moved.contains(account) || read.number(Functions.DEBITS) == is.debits())
                            && (!read.has(Functions.PENDING_DEBITS)
                                    || read.number(Functions.PENDING_DEBITS) == is.pendingDebits())
                            && (!read.has(Functions.PENDING_CREDITS)
                                    || read.number(Functions.PENDING_CREDITS) == is.pendingCredits());
                    if (!same) {
                        Entry entry = last.get(account);
                        List<String> story = new ArrayList<>();
                        if (entry != null) {
                            story.add("the last before: " + entry.describe());
                        }
                        story.add("the journal adds up to " + Totals.describe(is) + " at position "
                                + read.number(Functions.POSITION));
                        story.add(read.describe());
                        tally.violation(
                                Math.abs((is.debits() - is.credits())
                                        - (read.number(Functions.DEBITS) - read.number(Functions.CREDITS))),
                                account + " was read otherwise than the journal adds up to",
                                story);
                    }
                }));
        due.clear();
    }
}
