package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.shards.ShardChecker;
import org.exchequer.lab.check.shards.ShardedEvidence;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.check.shards.ShardedEvidence.PartSize;
import org.exchequer.lab.scenario.RunReport.Planted;

/**
 * Bugs of a ledger over several shards, planted in copies of a run's own evidence. What is changed in a journal leaves
 * its positions without a gap, so that only what the bug is about can give it away.
 */
public final class PlantedShardBugs {
    private static final String NOBODY = "n".repeat(43);

    private PlantedShardBugs() {}

    /** Makes the bug; empty where the evidence has no place for it. */
    @FunctionalInterface
    private interface Planting {
        Optional<ShardedEvidence> in(ShardedEvidence evidence);
    }

    /** All of them. */
    public enum Bug {
        ONE_SIDED("A transfer over two shards was decided on and never completed.", PlantedShardBugs::oneSided),
        DOUBLE_COMPLETION("A participant posted its part twice.", PlantedShardBugs::doubleCompletion),
        LOST_DECISION("A coordinator gave back what its participant had posted.", PlantedShardBugs::lostDecision),
        UNCOUNTED_HOLD("What a coordinator reserved was not counted.", PlantedShardBugs::uncountedHold),
        EARLY_COMPLETION(
                "A participant posted before its coordinator decided: money was there twice.",
                PlantedShardBugs::earlyCompletion),
        ORPHANED_HOLD("A hold was left behind of which its coordinator knows nothing.", PlantedShardBugs::orphan),
        TWO_HOMES("An account was booked on a shard that it had left.", PlantedShardBugs::twoHomes),
        KEY_ON_TWO_SHARDS("One key took effect on two shards.", PlantedShardBugs::twoEffects);

        private final String sentence;
        private final Planting planting;

        Bug(String sentence, Planting planting) {
            this.sentence = sentence;
            this.planting = planting;
        }

        /** What was changed. */
        public String sentence() {
            return sentence;
        }

        /** A copy with the bug; empty where the evidence has no place for it. */
        public Optional<ShardedEvidence> plant(ShardedEvidence evidence) {
            return planting.in(evidence);
        }
    }

    /**
     * Plants each bug in a copy.
     *
     * @param checkers whether they find it; one that finds something in the evidence as it is cannot tell
     */
    static List<Planted> plant(ShardedEvidence evidence, List<ShardChecker> checkers) {
        List<Planted> planted = new ArrayList<>();
        for (Bug bug : Bug.values()) {
            bug.plant(evidence).ifPresent(broken -> {
                List<String> caughtBy = new ArrayList<>();
                for (ShardChecker checker : checkers) {
                    // Others find these as well, and it takes its time.
                    if (!checker.name().equals("linearizability")
                            && checker.check(broken).verdict() == Verdict.INVALID) {
                        caughtBy.add(checker.name());
                    }
                }
                planted.add(new Planted(bug.sentence(), caughtBy));
            });
        }
        return planted;
    }

    /** A transfer between two shards that was posted: where its steps stand. */
    private record Over(int coordinator, int participant, Entry hold, Entry decision, Entry completion) {}

    /** The last one of the first shard's journal, and of the second's, and so on. */
    private static Optional<Over> over(ShardedEvidence evidence) {
        Map<String, Entry> steps = new HashMap<>();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            evidence.journal(shard).stream()
                    .filter(entry -> entry.rejection() == null && entry.key().startsWith("~2pc:"))
                    .forEach(entry -> steps.put(entry.key(), entry));
        }
        Optional<Over> last = Optional.empty();
        for (int shard = 0; shard < evidence.books().size(); shard++) {
            for (Entry entry : evidence.journal(shard)) {
                last = entry.key().endsWith(":p0")
                        ? over(evidence, entry, steps).or(() -> Optional.empty())
                        : last;
                if (last.isPresent()
                        && entry.position() > evidence.journal(shard).size() / 2) {
                    return last;
                }
            }
        }
        return last;
    }

    private static Optional<Over> over(ShardedEvidence evidence, Entry decision, Map<String, Entry> steps) {
        String name = decision.key().split(":", 3)[1];
        Mark mark = evidence.marks().get(name);
        if (mark == null || mark.parts().size() != 2 || mark.parts().stream().anyMatch(part -> part.holds() != 1)) {
            return Optional.empty();
        }
        int participant = mark.parts().getLast().shard();
        Entry hold = steps.get("~2pc:" + name + ":" + mark.coordinator() + ":h0");
        Entry completion = steps.get("~2pc:" + name + ":" + participant + ":p0.0");
        return hold == null || completion == null || decision.rejection() != null
                ? Optional.empty()
                : Optional.of(new Over(mark.coordinator(), participant, hold, decision, completion));
    }

    private static ShardedEvidence replaced(ShardedEvidence evidence, int shard, Entry old, Entry by) {
        List<Entry> journal = new ArrayList<>(evidence.journal(shard));
        journal.replaceAll(entry -> entry.position() == old.position() ? by : entry);
        return evidence.withJournal(shard, journal);
    }

    private static ShardedEvidence appended(ShardedEvidence evidence, int shard, Entry entry) {
        List<Entry> journal = new ArrayList<>(evidence.journal(shard));
        journal.add(at(entry, entry.key(), journal.getLast().position() + 1));
        return evidence.withJournal(shard, journal);
    }

    private static Entry at(Entry entry, String key, long position) {
        return new Entry(position, key, entry.kind(), entry.rejection(), entry.legs(), entry.reserved());
    }

    /** An entry that says nothing, so that positions have no gap. */
    private static Entry blank(long position) {
        return new Entry(position, "blank " + position, "change", null, List.of(), List.of());
    }

    private static Optional<ShardedEvidence> oneSided(ShardedEvidence evidence) {
        return over(evidence)
                .map(over -> replaced(
                        evidence,
                        over.participant(),
                        over.completion(),
                        blank(over.completion().position())));
    }

    private static Optional<ShardedEvidence> doubleCompletion(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            Entry first = over.completion();
            String again = first.key().substring(0, first.key().length() - 1) + "1";
            return appended(
                    evidence,
                    over.participant(),
                    new Entry(0, again, first.kind(), null, first.legs(), first.reserved()));
        });
    }

    private static Optional<ShardedEvidence> lostDecision(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            Entry posted = over.decision();
            String key = posted.key().replace(":p0", ":v0");
            Entry back = new Entry(posted.position(), key, "void", null, List.of(), posted.reserved());
            return replaced(evidence, over.coordinator(), posted, back);
        });
    }

    private static Optional<ShardedEvidence> uncountedHold(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            Entry hold = over.hold();
            Entry nothing = new Entry(hold.position(), hold.key(), hold.kind(), null, List.of(), List.of());
            return replaced(evidence, over.coordinator(), hold, nothing);
        });
    }

    /** The decision comes after everything else in its journal. */
    private static Optional<ShardedEvidence> earlyCompletion(ShardedEvidence evidence) {
        return over(evidence)
                .map(over -> appended(
                        replaced(
                                evidence,
                                over.coordinator(),
                                over.decision(),
                                blank(over.decision().position())),
                        over.coordinator(),
                        over.decision()));
    }

    private static Optional<ShardedEvidence> orphan(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            List<Leg> legs = over.completion().legs();
            String key = "~2pc:" + NOBODY + ":" + over.participant() + ":h0";
            ShardedEvidence held =
                    appended(evidence, over.participant(), new Entry(0, key, "hold", null, List.of(), legs));
            Map<String, Mark> marks = new HashMap<>(evidence.marks());
            List<PartSize> parts = List.of(new PartSize(over.coordinator(), 1), new PartSize(over.participant(), 1));
            marks.put(NOBODY, new Mark("nobody's", parts, null));
            return new ShardedEvidence(held.history(), held.books(), Map.copyOf(marks), held.cuts(), held.healing());
        });
    }

    /** It leaves, and then something is booked on it. */
    private static Optional<ShardedEvidence> twoHomes(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            String account = over.hold().reserved().stream()
                    .map(Leg::account)
                    .filter(code -> !code.startsWith("transit:"))
                    .findFirst()
                    .orElseThrow();
            String key = "~mv:1000000:" + over.participant() + ":" + account + ":leave";
            ShardedEvidence left =
                    appended(evidence, over.coordinator(), new Entry(0, key, "move", null, List.of(), List.of()));
            return appended(
                    left,
                    over.coordinator(),
                    new Entry(0, "late", "move", null, over.decision().legs(), List.of()));
        });
    }

    private static Optional<ShardedEvidence> twoEffects(ShardedEvidence evidence) {
        return over(evidence).map(over -> {
            Mark mark = evidence.marks().get(over.decision().key().split(":", 3)[1]);
            String key = java.util.Objects.requireNonNull(mark).key();
            return appended(
                    evidence,
                    over.participant(),
                    new Entry(0, key, "transfer", null, over.completion().legs(), List.of()));
        });
    }
}
