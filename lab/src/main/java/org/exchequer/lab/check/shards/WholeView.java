package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.check.shards.Transactions.Item;
import org.exchequer.lab.check.shards.Transactions.Place;
import org.exchequer.lab.history.Functions;

/**
 * The journals put together as callers know the ledger: a transaction over several shards is one entry under its
 * caller's key, at its coordinator's place, with the legs of all its postings but those in transit. Positions are ids.
 */
final class WholeView {
    /** Rejections that a shard gives of accounts which have moved away: the command is decided elsewhere, too. */
    private static final Set<String> ELSEWHERE = Set.of("ACCOUNT_FROZEN", "ACCOUNT_NOT_FOUND");

    private static final int POSITION_BITS = 48;

    private WholeView() {}

    static Evidence of(ShardedEvidence evidence) {
        List<Entry> journal = new ArrayList<>();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            for (Entry entry : evidence.journal(shard)) {
                boolean own =
                        entry.key().startsWith("~") || Keys.expired(entry.key()).isPresent();
                boolean elsewhere = entry.rejection() != null && ELSEWHERE.contains(entry.rejection());
                if (!own && !elsewhere) {
                    journal.add(new Entry(
                            id(shard, entry.position()),
                            entry.key(),
                            entry.kind(),
                            entry.rejection(),
                            entry.legs(),
                            entry.reserved()));
                }
            }
        }
        Transactions.of(evidence).byName().forEach((name, items) -> {
            Mark mark = evidence.marks().get(name);
            if (mark != null) {
                add(mark, items, journal);
            }
        });
        return Evidence.of(evidence.history()).withJournal(journal);
    }

    private static void add(Mark mark, Map<Place, Item> items, List<Entry> journal) {
        Item first = items.get(new Place(mark.coordinator(), 0));
        if (first == null || first.postings().isEmpty()) {
            return;
        }
        List<Leg> legs = new ArrayList<>();
        for (Item item : items.values()) {
            for (Entry posting : item.postings()) {
                posting.legs().stream()
                        .filter(leg -> !Keys.isTransit(leg.account()))
                        .forEach(legs::add);
            }
        }
        String kind =
                mark.reverses() != null ? Functions.REVERSE : legs.size() == 2 ? Functions.TRANSFER : Functions.POSTING;
        long position = first.postings().getFirst().position();
        journal.add(new Entry(id(mark.coordinator(), position), mark.key(), kind, null, legs, List.of()));
    }

    private static long id(int shard, long position) {
        return (long) shard << POSITION_BITS | position;
    }
}
