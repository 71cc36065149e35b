package org.exchequer.lab.check.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.check.shards.Transactions.Item;
import org.exchequer.lab.check.shards.Transactions.Place;

/**
 * A transaction over several shards is posted on all of them or on none, each part once; what is posted was reserved
 * first, just so much; and a participant posts only what its coordinator has decided. Order between shards is taken
 * from the cuts.
 */
public final class TwoPhase implements ShardChecker {
    @Override
    public String name() {
        return "two-phase";
    }

    @Override
    public String invariant() {
        return "A transaction over several shards is posted on all of them or on none, each part once, after it was"
                + " reserved, and on participants after its coordinator decided.";
    }

    @Override
    public Finding check(ShardedEvidence evidence) {
        Tally tally = new Tally(name(), "transactions over several shards");
        if (!evidence.isRead()) {
            tally.unknown("not every journal was read");
        }
        CutIndex cuts = new CutIndex(evidence.cuts(), evidence.books().size());
        long committed = 0;
        for (Map.Entry<String, Map<Place, Item>> each :
                Transactions.of(evidence).byName().entrySet()) {
            tally.checked();
            Mark mark = evidence.marks().get(each.getKey());
            if (mark == null) {
                unmarked(each.getValue(), tally);
            } else {
                One one = new One(mark, each.getValue(), tally);
                one.check();
                one.inOrder(cuts);
                committed += one.isDecided() ? 1 : 0;
            }
        }
        tally.note(committed + " were posted");
        if (evidence.cuts().isEmpty()) {
            tally.unknown("no cut was taken, so order between shards is not known");
        }
        return tally.finding();
    }

    /** No hold of it was accepted anywhere. */
    private static void unmarked(Map<Place, Item> items, Tally tally) {
        items.values().forEach(item -> {
            if (!item.postings().isEmpty()) {
                tally.violation(1, "what was never reserved was posted", item.story());
            }
        });
    }

    private record One(Mark mark, Map<Place, Item> items, Tally tally) {
        void check() {
            for (Place place : Transactions.places(mark.parts())) {
                Item item = items.getOrDefault(place, new Item());
                if (item.postings().size() > 1) {
                    tell("was posted twice on shard " + place.shard(), item);
                }
                if (!item.postings().isEmpty() && !item.ends().isEmpty()) {
                    tell("was posted and given back on shard " + place.shard(), item);
                }
                item.postings().forEach(posting -> reserved(place, item, posting));
                decided(place, item);
            }
        }

        /** Whether the coordinator has posted. */
        boolean isDecided() {
            return decision() != null;
        }

        private @org.jspecify.annotations.Nullable Entry decision() {
            Item first = items.getOrDefault(new Place(mark.coordinator(), 0), new Item());
            return first.postings().isEmpty() ? null : first.postings().getFirst();
        }

        private void reserved(Place place, Item item, Entry posting) {
            if (item.hold().isEmpty()) {
                tell("was posted on shard " + place.shard() + " though nothing was reserved there", item);
                return;
            }
            Entry hold = item.hold().get();
            List<Leg> was = hold.reserved();
            boolean same = was.size() == 2 && posting.legs().size() == 2;
            for (int i = 0; same && i < 2; i++) {
                Leg held = was.get(i);
                same = posting.legs().stream()
                                .anyMatch(leg -> leg.account().equals(held.account())
                                        && leg.debit() == held.debit()
                                        && leg.amount() == held.amount())
                        && posting.reserved().stream()
                                .anyMatch(leg -> leg.account().equals(held.account())
                                        && leg.debit() == held.debit()
                                        && leg.amount() == -held.amount());
            }
            if (!same || posting.position() <= hold.position()) {
                tell("was posted on shard " + place.shard() + " otherwise than it was reserved", item);
            }
        }

        private void decided(Place place, Item item) {
            boolean posted = !item.postings().isEmpty();
            if (isDecided() && !posted) {
                String how = item.hold().isEmpty()
                        ? "but was not even reserved"
                        : item.ends().isEmpty() ? "but never completed" : "but given back";
                tell("was decided on, " + how + " on shard " + place.shard(), item);
            } else if (!isDecided() && posted) {
                tell("was posted on shard " + place.shard() + ", though its coordinator did not post it", item);
            }
        }

        void inOrder(CutIndex cuts) {
            Entry decision = decision();
            if (decision == null) {
                return;
            }
            int coordinator = mark.coordinator();
            items.forEach((place, item) -> {
                if (place.shard() == coordinator) {
                    return;
                }
                for (Entry posting : item.postings()) {
                    if (cuts.sawFirst(coordinator, decision.position(), place.shard(), posting.position())) {
                        tell("was posted on shard " + place.shard() + " before it was decided", item);
                    }
                }
                if (item.hold().isPresent()
                        && cuts.sawDecided(
                                coordinator,
                                decision.position(),
                                place.shard(),
                                item.hold().get().position())) {
                    tell("was decided before it was reserved on shard " + place.shard(), item);
                }
            });
        }

        private void tell(String what, Item item) {
            List<String> story = new ArrayList<>();
            story.add("its shards, the coordinator's first: "
                    + mark.parts().stream().map(part -> part.shard()).toList());
            items.forEach(
                    (place, each) -> each.story().forEach(line -> story.add("shard " + place.shard() + ": " + line)));
            long size = item.hold().stream()
                    .flatMap(hold -> hold.reserved().stream())
                    .mapToLong(Leg::amount)
                    .findFirst()
                    .orElse(1);
            tally.violation(size, "the transaction of key " + mark.key() + " " + what, story);
        }
    }
}
