package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.shards.Keys.Part;
import org.exchequer.lab.check.shards.ShardedEvidence.PartSize;

/** What the journals hold of each transaction over several shards. */
final class Transactions {
    private final Map<String, Map<Place, Item>> byName = new TreeMap<>();

    /** One hold's place: a shard, and which of the transaction's there. */
    record Place(int shard, int item) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return shard != other.shard ? Integer.compare(shard, other.shard) : Integer.compare(item, other.item);
        }
    }

    /** What became of one hold. Rejected steps are left out, but for that of the hold. */
    static final class Item {
        private final List<Entry> holds = new ArrayList<>();
        private final List<Entry> postings = new ArrayList<>();
        private final List<Entry> ends = new ArrayList<>();

        /** The hold, where it was accepted. */
        Optional<Entry> hold() {
            return holds.stream().filter(entry -> entry.rejection() == null).findFirst();
        }

        /** How often it was posted, and where. */
        List<Entry> postings() {
            return postings;
        }

        /** How often it was given back, voided or expired, and where. */
        List<Entry> ends() {
            return ends;
        }

        boolean isOpen() {
            return hold().isPresent() && postings.isEmpty() && ends.isEmpty();
        }

        /** In the order of the journal. */
        List<String> story() {
            List<String> story = new ArrayList<>();
            for (List<Entry> entries : List.of(holds, postings, ends)) {
                entries.forEach(entry -> story.add(entry.describe()));
            }
            return story;
        }
    }

    static Transactions of(ShardedEvidence evidence) {
        Transactions all = new Transactions();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            Map<Long, Item> byHold = new HashMap<>();
            for (Entry entry : evidence.journal(shard)) {
                all.add(shard, entry, byHold);
            }
        }
        return all;
    }

    private void add(int shard, Entry entry, Map<Long, Item> byHold) {
        Optional<Part> named = Keys.part(entry.key());
        if (named.isEmpty()) {
            Item expired = byHold.get(Keys.expired(entry.key()).orElse(-1L));
            if (expired != null && entry.rejection() == null) {
                expired.ends.add(entry);
            }
            return;
        }
        Part part = named.get();
        Item item = byName.computeIfAbsent(part.transaction(), any -> new TreeMap<>())
                .computeIfAbsent(new Place(shard, part.item()), any -> new Item());
        if (part.step() == 'h') {
            item.holds.add(entry);
            byHold.put(entry.position(), item);
        } else if (entry.rejection() == null) {
            (part.step() == 'p' ? item.postings : item.ends).add(entry);
        }
    }

    /** By name, then by place. */
    Map<String, Map<Place, Item>> byName() {
        return byName;
    }

    /** All places that a transaction ought to have, by what its holds say. */
    static List<Place> places(List<PartSize> parts) {
        List<Place> places = new ArrayList<>();
        for (PartSize part : parts) {
            for (int item = 0; item < part.holds(); item++) {
                places.add(new Place(part.shard(), item));
            }
        }
        return places;
    }
}
