package org.exchequer.scoring.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.rules.Evaluation.Hit;
import org.exchequer.scoring.rules.RuleBook.Outcome;

/**
 * Applies the rules. Any thread may evaluate while another changes the settings: each evaluation sees one version.
 *
 * <p>Conflicts: among the rules that hit, the one of the smallest priority number says what is to be done; the others
 * stay in the answer and in the score. A deny list comes right after sanctions. An allow list silences every rule that
 * is not of category {@link Category#AML}.
 */
public final class RuleEngine {
    /** Versions that can be gone back to. */
    public static final int KEPT_VERSIONS = 100;

    /** The name under which a deny list hits. */
    public static final String DENY_LIST = "deny_list";

    /** Right after sanctions. */
    public static final int DENY_PRIORITY = 2;

    /** The settings and the lists together, so that no evaluation sees one of each time. */
    private static final class Current {
        final RuleBook book;
        final Lists lists;
        final long[][] merged;
        final long[][] thresholds;

        Current(RuleBook book, Lists lists, long[][] merged, long[][] thresholds) {
            this.book = book;
            this.lists = lists;
            this.merged = merged;
            this.thresholds = thresholds;
        }
    }

    private static final class Counts {
        final LongAdder evaluations = new LongAdder();
        final LongAdder unknown = new LongAdder();
        final LongAdder hits = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    /**
     * How a rule does.
     *
     * @param rule its id
     * @param evaluations times it was asked
     * @param unknown times a feature it looks at was not known, so that it did not hit
     * @param hits times it hit
     * @param nanos time it took in all, in nanoseconds
     */
    public record Statistics(String rule, long evaluations, long unknown, long hits, long nanos) {}

    private final List<Rule> rules;
    private final Ticker ticker;
    private final Thresholds thresholds;
    private final Counts[] counts;
    private final Deque<RuleBook> earlier = new ArrayDeque<>();
    private volatile Current current;

    /**
     * Starts with the rules' standard values and no lists.
     *
     * @param rules in order of priority, as {@link Rules#all}
     * @param ticker measures what each rule takes
     */
    public RuleEngine(List<Rule> rules, Ticker ticker) {
        RuleBook book = RuleBook.standard(rules);
        this.rules = book.rules();
        this.ticker = ticker;
        thresholds = new Thresholds(this.rules);
        counts = new Counts[this.rules.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new Counts();
        }
        current = merged(book, Lists.NONE, thresholds.values());
    }

    /** What the rules say of a payment; then thresholds learn from it. */
    public Evaluation evaluate(Subject subject) {
        Current now = now();
        boolean allowed = now.lists.allows(subject.event()) != null;
        Lists.Entry denied = now.lists.denies(subject.event());
        List<Hit> hits = new ArrayList<>();
        long before = ticker.nanos();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (denied != null && rule.priority() > DENY_PRIORITY) {
                hits.add(denied(denied));
                denied = null;
            }
            if (now.book.disabled(i) || (allowed && rule.category() != Category.AML)) {
                continue;
            }
            boolean hit = asked(i, rule, subject, now.merged[i]);
            if (hit) {
                hits.add(new Hit(
                        rule.id(),
                        rule.category(),
                        rule.priority(),
                        rule.severity(),
                        rule.action(),
                        rule.explanation().of(subject, now.merged[i])));
            }
            long after = ticker.nanos();
            counts[i].nanos.add(after - before);
            before = after;
        }
        if (denied != null) {
            hits.add(denied(denied));
        }
        thresholds.observe(subject);
        return new Evaluation(
                List.copyOf(hits),
                hits.isEmpty() ? Action.PASS : hits.getFirst().action(),
                Evaluation.score(hits),
                allowed,
                now.book.version());
    }

    private boolean asked(int place, Rule rule, Subject subject, long[] values) {
        counts[place].evaluations.increment();
        if (!rule.known(subject)) {
            counts[place].unknown.increment();
            return false;
        }
        if (!rule.check().hits(subject, values)) {
            return false;
        }
        counts[place].hits.increment();
        return true;
    }

    private static Hit denied(Lists.Entry entry) {
        return new Hit(
                DENY_LIST,
                Category.RELATIONSHIP,
                DENY_PRIORITY,
                Rule.MOST_SEVERITY,
                Action.BLOCK,
                "The deny list names this " + entry.kind().name().toLowerCase(Locale.ROOT) + ": " + entry.reason());
    }

    /** The settings with the thresholds of the moment, put together anew when either has changed. */
    @SuppressWarnings("ReferenceEquality")
    private Current now() {
        Current seen = current;
        return seen.thresholds == thresholds.values() ? seen : refreshed();
    }

    private synchronized Current refreshed() {
        current = merged(current.book, current.lists, thresholds.values());
        return current;
    }

    private Current merged(RuleBook book, Lists lists, long[][] moving) {
        long[][] merged = new long[rules.size()][];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = book.values(i).clone();
            for (int place = 0; place < merged[i].length; place++) {
                if (Thresholds.follows(rules.get(i), place) && !book.fixed(i, place)) {
                    merged[i][place] = moving[i][place];
                }
            }
        }
        return new Current(book, lists, merged, moving);
    }

    /**
     * Changes settings under traffic: all of it or nothing.
     *
     * @param expected version the change was made for; if another came between, it is refused
     * @param settings values to set
     * @param switches rules to switch on or off
     */
    public synchronized Outcome change(long expected, List<RuleBook.Setting> settings, Map<String, Boolean> switches) {
        RuleBook book = current.book;
        if (book.version() != expected) {
            return new Outcome.Refused(List.of(
                    "version " + expected + " was changed already; the settings are now version " + book.version()));
        }
        Outcome outcome = book.with(settings, switches);
        if (outcome instanceof Outcome.Changed(RuleBook next)) {
            install(next);
        }
        return outcome;
    }

    /** Goes back to the settings of an earlier version, as a new one. */
    public synchronized Outcome rollback(long version) {
        for (RuleBook book : earlier) {
            if (book.version() == version) {
                RuleBook again = book.as(current.book.version() + 1);
                install(again);
                return new Outcome.Changed(again);
            }
        }
        return new Outcome.Refused(List.of("version " + version + " is not among the last " + KEPT_VERSIONS));
    }

    private void install(RuleBook next) {
        earlier.addFirst(current.book);
        if (earlier.size() > KEPT_VERSIONS) {
            earlier.removeLast();
        }
        current = merged(next, current.lists, thresholds.values());
    }

    /** Swaps the lists under traffic. */
    public synchronized void lists(Lists lists) {
        current = merged(current.book, lists, thresholds.values());
    }

    /** The settings of the moment. */
    public RuleBook book() {
        return current.book;
    }

    /** The value in force: what is set, or what follows the traffic. */
    public long threshold(String rule, String parameter) {
        Current now = now();
        for (int i = 0; i < rules.size(); i++) {
            for (int place = 0; place < now.merged[i].length; place++) {
                if (rules.get(i).id().equals(rule)
                        && rules.get(i).parameters().get(place).name().equals(parameter)) {
                    return now.merged[i][place];
                }
            }
        }
        throw new IllegalArgumentException(rule + "." + parameter + ": there is no such parameter");
    }

    /** Tells what became of a hit, so that thresholds that follow the traffic follow reviewers too. */
    public void feedback(String rule, boolean fraud) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).id().equals(rule)) {
                thresholds.feedback(i, fraud);
                return;
            }
        }
        throw new IllegalArgumentException(rule + ": there is no such rule");
    }

    /** How each rule does, in order of priority. */
    public List<Statistics> statistics() {
        List<Statistics> all = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            all.add(new Statistics(
                    rules.get(i).id(),
                    counts[i].evaluations.sum(),
                    counts[i].unknown.sum(),
                    counts[i].hits.sum(),
                    counts[i].nanos.sum()));
        }
        return all;
    }
}
