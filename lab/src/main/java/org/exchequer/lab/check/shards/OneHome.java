package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;

/**
 * An account is served by one shard at a time: nothing is booked for callers where it has left or has not arrived, no
 * balance is read there, and what was once read of its new home is not followed by a read of an earlier one. An account
 * that moves at zero leaves no trace of when it left, and counts as at home on both until it moves again.
 */
public final class OneHome implements ShardChecker {
    @Override
    public String name() {
        return "one-home";
    }

    @Override
    public String invariant() {
        return "An account is served by one shard at a time: nothing is booked or read where it has left.";
    }

    /**
     * A time on a shard.
     *
     * @param stay which of the account's, rising; negative when it is not at home there
     */
    private record Stay(long stay) {}

    /** Of one account on one shard: its comings and goings by position. */
    private static final class Stays {
        private final TreeMap<Long, Stay> byPosition = new TreeMap<>();

        Optional<Stay> at(long position) {
            return Optional.ofNullable(byPosition.floorEntry(position)).map(Map.Entry::getValue);
        }
    }

    /** An account on a shard. */
    private record Place(int shard, String account) {}

    @Override
    public Finding check(ShardedEvidence evidence) {
        Tally tally = new Tally(name(), "bookings and reads");
        if (!evidence.isRead()) {
            tally.unknown("not every journal was read");
        }
        Map<Place, Stays> stays = new HashMap<>();
        long moves = 0;
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            for (Entry entry : evidence.journal(shard)) {
                moves += learn(shard, entry, stays);
            }
        }
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            for (Entry entry : evidence.journal(shard)) {
                booked(shard, entry, stays, tally);
            }
        }
        read(evidence, stays, tally);
        tally.note(moves + " accounts arrived on another shard");
        return tally.finding();
    }

    private static long learn(int shard, Entry entry, Map<Place, Stays> stays) {
        if (entry.rejection() != null) {
            return 0;
        }
        Keys.Move move = Keys.move(entry.key()).orElse(null);
        if (move == null) {
            return 0;
        }
        Stays known = stays.computeIfAbsent(new Place(shard, move.account()), any -> new Stays());
        boolean arrives = move.step().equals("arrive");
        // What carries something has not arrived before that has.
        if (arrives || move.step().equals("leave") || move.step().equals("hold")) {
            known.byPosition.put(entry.position(), new Stay(arrives ? move.announced() : -1));
        }
        return arrives ? 1 : 0;
    }

    private static void booked(int shard, Entry entry, Map<Place, Stays> stays, Tally tally) {
        if (Keys.move(entry.key()).isPresent()) {
            return;
        }
        List<Leg> legs = new ArrayList<>(entry.legs());
        legs.addAll(entry.reserved());
        for (Leg leg : legs) {
            Stays known = stays.get(new Place(shard, leg.account()));
            tally.checked();
            if (known != null
                    && known.at(entry.position())
                            .filter(stay -> stay.stay() < 0)
                            .isPresent()) {
                tally.violation(
                        Math.abs(leg.amount()),
                        leg.account() + " was booked on shard " + shard + ", where it was not at home",
                        List.of(entry.describe()));
            }
        }
    }

    /** The latest stay that an answer had told by an event, and the answer. */
    private record Told(long at, long stay, Operation by) {}

    private static void read(ShardedEvidence evidence, Map<Place, Stays> stays, Tally tally) {
        Map<String, List<Told>> told = new HashMap<>();
        List<Operation> reads = evidence.history().operations().stream()
                .filter(operation -> operation.function().equals(Functions.READ)
                        && operation.is(Event.Type.OK)
                        && operation.has(Functions.POSITION))
                .sorted(Comparator.comparingLong(Operation::returnedAt))
                .toList();
        for (Operation read : reads) {
            tally.checked();
            String account = read.value(Functions.ACCOUNT);
            long stay = stay(read, account, stays);
            if (stay < 0) {
                tally.violation(1, account + " was read where it was not at home", List.of(read.describe()));
            }
            List<Told> before = told.computeIfAbsent(account, any -> new ArrayList<>());
            if (before.isEmpty() || before.getLast().stay() < stay) {
                before.add(new Told(read.returnedAt(), stay, read));
            }
        }
        for (Operation read : reads) {
            String account = read.value(Functions.ACCOUNT);
            long stay = stay(read, account, stays);
            told.getOrDefault(account, List.of()).stream()
                    .filter(later -> later.stay() > Math.max(stay, 0)
                            && later.at() < read.invoke().index())
                    .findFirst()
                    .ifPresent(later -> tally.violation(
                            1,
                            account + " was read at a former home after it had been read at a later one",
                            List.of(later.by().describe(), read.describe())));
        }
    }

    private static long stay(Operation read, String account, Map<Place, Stays> stays) {
        long id = read.number(Functions.POSITION);
        Stays known = stays.get(new Place(Evidence.shard(id), account));
        return known == null
                ? 0
                : known.at(Evidence.position(id)).map(Stay::stay).orElse(0L);
    }
}
