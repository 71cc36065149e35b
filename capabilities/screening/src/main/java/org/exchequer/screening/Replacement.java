package org.exchequer.screening;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.exchequer.screening.match.ParsedName;

/**
 * A new version of a list, indexed and ready, beside the one in force: it can be compared with it, past decisions
 * and stored customers can be asked again, and then it is put in force.
 */
public final class Replacement {
    private final Screener screener;
    private final Snapshot before;
    private final Snapshot after;
    private final ListChange change;
    private final Candidates touched;

    Replacement(Screener screener, Snapshot before, Snapshot after, ListChange change, Candidates touched) {
        this.screener = screener;
        this.before = before;
        this.after = after;
        this.change = change;
        this.touched = touched;
    }

    /** How many were looked at, how many of them had to be screened again, and how many then differed. */
    public record Report(long decisions, long screened, long different) {}

    public ListChange change() {
        return change;
    }

    /** As {@link Screener#screen} will answer once this is in force. */
    public Screening screen(Subject subject) {
        return screener.screen(after, subject);
    }

    /**
     * From now on the new version answers; questions under way finish with the old one.
     *
     * @return false if another list was replaced meanwhile: then nothing happened, and this must be prepared again
     */
    public boolean install() {
        return screener.install(before, after);
    }

    /**
     * Whether the change could alter the answer to this subject. Every listed name is found or not whatever else is
     * listed, so a subject that no added, removed or changed name comes near to has the same candidates, and the
     * same answer.
     */
    public boolean couldDiffer(Subject subject) {
        for (String name : subject.names()) {
            if (touched.any(ParsedName.of(name, Snapshot.indexType(subject.type())))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asks past decisions again, only those that could differ: those given under the lists and the model in force
     * and near nothing that changed are counted and left out. Equal to asking all again.
     *
     * @param differing gets each that alerts on other parties than it did
     */
    public Report rescreen(Iterable<Decision> decisions, Consumer<Difference> differing) {
        return rescreen(decisions, differing, false);
    }

    /** Asks all again, whether or not they could differ. */
    public Report rescreenAll(Iterable<Decision> decisions, Consumer<Difference> differing) {
        return rescreen(decisions, differing, true);
    }

    private Report rescreen(Iterable<Decision> decisions, Consumer<Difference> differing, boolean all) {
        List<ListVersion> versions = before.versions();
        long count = 0;
        long screened = 0;
        long different = 0;
        for (Decision decision : decisions) {
            count++;
            boolean current = decision.screening().lists().equals(versions)
                    && decision.screening().model().equals(screener.model());
            if (!all && current && !couldDiffer(decision.subject())) {
                continue;
            }
            screened++;
            Screening now = screen(decision.subject());
            SortedSet<String> was = keys(decision.screening());
            SortedSet<String> is = keys(now);
            if (!was.equals(is)) {
                different++;
                differing.accept(new Difference(decision, now, minus(is, was), minus(was, is)));
            }
        }
        return new Report(count, screened, different);
    }

    private static SortedSet<String> keys(Screening screening) {
        SortedSet<String> keys = new TreeSet<>();
        screening.alerts().forEach(hit -> keys.add(hit.party().key()));
        return keys;
    }

    private static SortedSet<String> minus(SortedSet<String> all, SortedSet<String> less) {
        SortedSet<String> rest = new TreeSet<>(all);
        rest.removeAll(less);
        return rest;
    }

    static List<ParsedName> names(List<ListedParty> parties) {
        List<ParsedName> names = new ArrayList<>();
        for (ListedParty party : parties) {
            for (ListedName name : party.names()) {
                names.add(ParsedName.of(name.text(), party.type()));
            }
        }
        return names;
    }
}
