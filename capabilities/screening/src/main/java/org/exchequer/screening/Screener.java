package org.exchequer.screening;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.exchequer.screening.match.IndexTerms;
import org.exchequer.screening.match.NameModel;
import org.exchequer.screening.match.ParsedName;
import org.exchequer.screening.match.TokenWeights;

/**
 * Looks for subjects in lists. Safe for any number of threads; a list is replaced under traffic, and every answer
 * comes from the lists of one moment, which it names.
 *
 * <pre>{@code
 * Screener screener = Screener.open(List.of(UnReader.read("UN", bytes)));
 * Screening answer = screener.screen(Subject.named("payment-7/debtor", PartyType.PERSON, "Eric BADEGE"));
 * if (answer.alert()) { ... answer.hits().getFirst().explanation().text() ... }
 * }</pre>
 */
public final class Screener {
    /** More hits than this tell a person nothing more. */
    public static final int MOST_HITS = 25;

    /** Listed names that a subject is compared with. */
    private static final int MOST_CANDIDATES = 160;

    private static final int LEAST_CANDIDATES = 40;

    /** Hits below this score are not reported. */
    private static final double LEAST_SCORE = 0.3;

    private final TokenWeights weights;
    private final NameModel names;
    private final IndexTerms terms;
    private final String model;
    private volatile Snapshot current;

    private Screener(TokenWeights weights, NameModel names, IndexTerms terms, String model, Snapshot snapshot) {
        this.weights = weights;
        this.names = names;
        this.terms = terms;
        this.model = model;
        this.current = snapshot;
    }

    /** With word weights from these lists, which stay as they are when a list is replaced: see {@link TokenWeights}. */
    public static Screener open(Collection<SanctionsList> lists) {
        return open(lists, lists);
    }

    /**
     * With word weights from other lists than it starts with: those of an earlier start, so that it gives the same
     * scores and the same {@link Screening#model()}.
     *
     * @param lists at most one version of each source
     */
    public static Screener open(Collection<SanctionsList> lists, Collection<SanctionsList> weighedBy) {
        Map<ListedName, ParsedName> parsed = new IdentityHashMap<>();
        List<ParsedName> weighed = new ArrayList<>();
        sorted(weighedBy).values().forEach(list -> {
            for (ListedParty party : list.parties()) {
                for (ListedName name : party.names()) {
                    ParsedName one = ParsedName.of(name.text(), party.type());
                    parsed.put(name, one);
                    weighed.add(one);
                }
            }
        });
        TokenWeights weights = TokenWeights.of(weighed);
        NameModel names = new NameModel(Model.coefficients(), weights);
        IndexTerms terms = new IndexTerms(weights);
        Snapshot first = Snapshot.of(sorted(lists), names, terms, parsed);
        return new Screener(weights, names, terms, Model.VERSION + "-" + digest(sorted(weighedBy)), first);
    }

    /** The word weights of its scores: of use where names are compared without a list. */
    public TokenWeights weights() {
        return weights;
    }

    /** Which coefficients and which word weights: an answer of the same model and lists is the same to the bit. */
    public String model() {
        return model;
    }

    /** The lists in force, by source. */
    public List<ListVersion> lists() {
        return current.versions();
    }

    /** From which score on a hit is an alert. */
    public static double threshold() {
        return Model.THRESHOLD;
    }

    /** One for each feature of the name model, for whoever measures it. */
    public static double[] coefficients() {
        return Model.coefficients();
    }

    public Screening screen(Subject subject) {
        return screen(current, subject);
    }

    /** Indexes a version of a list beside those in force, which takes seconds; nothing else waits for it. */
    public Replacement prepare(SanctionsList list) {
        Snapshot before = current;
        SortedMap<String, SanctionsList> lists = new TreeMap<>(before.lists());
        ListChange change = ListChange.between(lists.put(list.version().source(), list), list);
        Snapshot after = Snapshot.of(lists, names, terms, before.parsed());
        Candidates touched = Candidates.of(Replacement.names(change.touched()), terms);
        return new Replacement(this, before, after, change, touched);
    }

    Screening screen(Snapshot snapshot, Subject subject) {
        int candidates =
                Math.max(LEAST_CANDIDATES, MOST_CANDIDATES / subject.names().size());
        return new Screening(
                subject.id(),
                snapshot.versions(),
                model,
                Model.THRESHOLD,
                snapshot.hits(subject, LEAST_SCORE, candidates, MOST_HITS));
    }

    synchronized boolean install(Snapshot before, Snapshot after) {
        if (current != before) {
            return false;
        }
        current = after;
        return true;
    }

    private static SortedMap<String, SanctionsList> sorted(Collection<SanctionsList> lists) {
        SortedMap<String, SanctionsList> bySource = new TreeMap<>();
        for (SanctionsList list : lists) {
            if (bySource.put(list.version().source(), list) != null) {
                throw new IllegalArgumentException(
                        "lists: two versions of " + list.version().source());
            }
        }
        return bySource;
    }

    private static String digest(SortedMap<String, SanctionsList> lists) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lists.values().forEach(list -> digest.update(list.version().sha256().getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
