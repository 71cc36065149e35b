package org.exchequer.screening;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.exchequer.screening.match.IndexTerms;
import org.exchequer.screening.match.NameModel;
import org.exchequer.screening.match.ParsedName;
import org.jspecify.annotations.Nullable;

/** All lists in the versions of one moment, indexed: never changed, only replaced. */
final class Snapshot {
    private static final double BAND = 0.02;
    private static final double ROUNDING = 1e-6;

    private record Entry(ListedParty party, ListedName name, ParsedName parsed) {}

    private final SortedMap<String, SanctionsList> lists;
    private final List<Entry> entries;
    private final Candidates candidates;
    private final NameModel model;

    private Snapshot(
            SortedMap<String, SanctionsList> lists, List<Entry> entries, Candidates candidates, NameModel model) {
        this.lists = lists;
        this.entries = entries;
        this.candidates = candidates;
        this.model = model;
    }

    /**
     * In the order of sources, parties and names, so that the same lists are the same index.
     *
     * @param known names that need not be taken apart again
     */
    static Snapshot of(
            SortedMap<String, SanctionsList> lists,
            NameModel model,
            IndexTerms terms,
            Map<ListedName, ParsedName> known) {
        List<Entry> entries = new ArrayList<>();
        for (SanctionsList list : lists.values()) {
            for (ListedParty party : list.parties()) {
                for (ListedName name : party.names()) {
                    ParsedName parsed = known.get(name);
                    entries.add(
                            new Entry(party, name, parsed == null ? ParsedName.of(name.text(), party.type()) : parsed));
                }
            }
        }
        Candidates candidates =
                Candidates.of(entries.stream().map(Entry::parsed).toList(), terms);
        return new Snapshot(new TreeMap<>(lists), List.copyOf(entries), candidates, model);
    }

    /** Its names taken apart, by identity: those of a list that stays need not be taken apart for the next moment. */
    Map<ListedName, ParsedName> parsed() {
        Map<ListedName, ParsedName> parsed = new IdentityHashMap<>();
        entries.forEach(entry -> parsed.put(entry.name(), entry.parsed()));
        return parsed;
    }

    SortedMap<String, SanctionsList> lists() {
        return lists;
    }

    List<ListVersion> versions() {
        return lists.values().stream().map(SanctionsList::version).toList();
    }

    /** Hits from this score on, the best first. */
    List<Hit> hits(Subject subject, double from, int mostCandidates, int mostHits) {
        double least = StrictMath.log(from / (1 - from)) - Evidence.most(subject) - ROUNDING;
        Map<String, Hit> best = new HashMap<>();
        for (String name : subject.names()) {
            Asked asked = new Asked(name, subject.type());
            for (int number : candidates.find(asked.forIndex(), mostCandidates)) {
                Entry entry = entries.get(number);
                if (model.points(asked.as(entry.party().type()), entry.parsed()) < least) {
                    continue;
                }
                Hit hit = compare(subject, asked, entry);
                best.merge(entry.party().key(), hit, (one, other) -> other.score() > one.score() ? other : one);
            }
        }
        List<Hit> hits = new ArrayList<>(
                best.values().stream().filter(hit -> hit.score() >= from).toList());
        hits.sort(Comparator.comparingDouble(Hit::score)
                .reversed()
                .thenComparing(hit -> hit.party().key()));
        breakTies(hits);
        return hits.subList(0, Math.min(mostHits, hits.size()));
    }

    /** How a subject's name is read for the index where its kind is not known. */
    static PartyType indexType(PartyType type) {
        return type == PartyType.UNKNOWN ? PartyType.ENTITY : type;
    }

    private Hit compare(Subject subject, Asked asked, Entry entry) {
        List<Contribution> reasons =
                new ArrayList<>(model.explain(asked.as(entry.party().type()), entry.parsed()));
        Contribution weak = Evidence.ofName(entry.name());
        if (weak != null) {
            reasons.add(weak);
        }
        reasons.addAll(Evidence.of(subject, entry.party()));
        Explanation explanation = new Explanation(asked.name(), entry.name(), reasons);
        return new Hit(entry.party(), explanation.score(), explanation);
    }

    /**
     * Among scores that are as good as equal to the best, what a person would look at first: more evidence beside the
     * name, then a better kind of name, then the shorter listed name, then the key.
     */
    private static void breakTies(List<Hit> hits) {
        if (hits.isEmpty()) {
            return;
        }
        double top = hits.getFirst().score() - BAND;
        int end = 0;
        while (end < hits.size() && hits.get(end).score() >= top) {
            end++;
        }
        hits.subList(0, end)
                .sort(Comparator.comparingDouble(Snapshot::beside)
                        .reversed()
                        .thenComparing(hit -> hit.explanation().listedName().kind())
                        .thenComparingInt(
                                hit -> hit.explanation().listedName().text().length())
                        .thenComparing(hit -> hit.party().key()));
    }

    private static double beside(Hit hit) {
        double points = 0;
        for (Contribution each : hit.explanation().contributions()) {
            points += switch (each.kind()) {
                case BIRTH_DATE, COUNTRY, GENDER, IDENTIFIER, ADDRESS, TYPE -> each.points();
                case BASE, WORDS, ALONE, CONTRADICTION, THIN, NUMBER, FORM, ORDER, INITIAL, SCRIPT, WEAK_ALIAS -> 0;
            };
        }
        return points;
    }

    /** A subject's name, read as what it is, or where that is not known as what the listed party is. */
    private static final class Asked {
        private final String name;
        private final PartyType type;
        private @Nullable ParsedName person;
        private @Nullable ParsedName thing;

        Asked(String name, PartyType type) {
            this.name = name;
            this.type = type;
        }

        String name() {
            return name;
        }

        ParsedName forIndex() {
            return as(indexType(type));
        }

        ParsedName as(PartyType listed) {
            PartyType effective = type == PartyType.UNKNOWN ? listed : type;
            if (effective == PartyType.PERSON) {
                person = person == null ? ParsedName.of(name, PartyType.PERSON) : person;
                return person;
            }
            thing = thing == null ? ParsedName.of(name, effective) : thing;
            return thing;
        }
    }
}
