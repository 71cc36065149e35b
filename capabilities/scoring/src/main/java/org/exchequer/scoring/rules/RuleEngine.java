package org.exchequer.scoring.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.exchequer.kernel.Ticker;
import org.exchequer.scoring.rules.Evaluation.Hit;

/**
 * Applies the rules by settings and lists that the caller gives: they are values, so an evaluation sees one version of
 * each, whatever changes meanwhile. Any thread may evaluate.
 *
 * <p>Conflicts: among the rules that hit, the one of the smallest priority number says what is to be done; the others
 * stay in the answer and in the score. A deny list comes right after sanctions. An allow list silences every rule that
 * is not of category {@link Category#AML}.
 */
public final class RuleEngine {
    /** The name under which a deny list hits. */
    public static final String DENY_LIST = "deny_list";

    /** Right after sanctions. */
    public static final int DENY_PRIORITY = 2;

    /** The settings with the thresholds of the moment. */
    private record Current(RuleBook book, long[][] merged, List<Long> followed, long[][] thresholds) {}

    /** What is told of each rule while it is applied. */
    private interface Watch {
        void asked(int rule, boolean known, boolean hit);

        Watch NONE = (rule, known, hit) -> {};
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
    private volatile Current current;

    /**
     * Starts with no counts and no traffic.
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
        current = merged(book);
    }

    /** What the rules say of a payment by these settings and lists; then thresholds learn from it. */
    public Evaluation evaluate(RuleBook book, Lists lists, Subject subject) {
        Current now = now(book);
        long[] before = {ticker.nanos()};
        Evaluation said = judge(book, lists, now.merged, now.followed, subject, (rule, known, hit) -> {
            Counts count = counts[rule];
            count.evaluations.increment();
            if (!known) {
                count.unknown.increment();
            }
            if (hit) {
                count.hits.increment();
            }
            long after = ticker.nanos();
            count.nanos.add(after - before[0]);
            before[0] = after;
        });
        thresholds.observe(subject);
        return said;
    }

    /**
     * What the rules say of a payment of the past; counts nothing, and no threshold learns from it.
     *
     * @param followed what the traffic asked for then, see {@link Evaluation#followed}
     * @throws IllegalArgumentException if these are not as many as parameters follow the traffic
     */
    public static Evaluation replay(RuleBook book, Lists lists, List<Long> followed, Subject subject) {
        long[] values = followed.stream().mapToLong(Long::longValue).toArray();
        long most = book.rules().stream()
                .flatMap(rule -> rule.parameters().stream())
                .filter(each -> each.adaptive() != null)
                .count();
        if (values.length != most) {
            throw new IllegalArgumentException("followed: must be " + most + " values, not " + values.length);
        }
        return judge(book, lists, book.merged(values), followed, subject, Watch.NONE);
    }

    private static Evaluation judge(
            RuleBook book, Lists lists, long[][] merged, List<Long> followed, Subject subject, Watch watch) {
        boolean allowed = lists.allows(subject) != null;
        Lists.Entry denied = lists.denies(subject);
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < merged.length; i++) {
            Rule rule = book.rules().get(i);
            if (denied != null && rule.priority() > DENY_PRIORITY) {
                hits.add(denied(denied));
                denied = null;
            }
            if (book.disabled(i) || (allowed && rule.category() != Category.AML)) {
                continue;
            }
            boolean known = rule.known(subject);
            boolean hit = known && rule.check().hits(subject, merged[i]);
            if (hit) {
                hits.add(new Hit(
                        rule.id(),
                        rule.category(),
                        rule.priority(),
                        rule.severity(),
                        rule.action(),
                        rule.explanation().of(subject, merged[i])));
            }
            watch.asked(i, known, hit);
        }
        if (denied != null) {
            hits.add(denied(denied));
        }
        return new Evaluation(
                hits,
                hits.isEmpty() ? Action.PASS : hits.getFirst().action(),
                Evaluation.score(hits),
                allowed,
                book.version(),
                followed);
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
    private Current now(RuleBook book) {
        Current seen = current;
        if (seen.book != book || seen.thresholds != thresholds.values()) {
            seen = merged(book);
            current = seen;
        }
        return seen;
    }

    private Current merged(RuleBook book) {
        long[][] moving = thresholds.values();
        long[] followed = Thresholds.followed(rules, moving);
        return new Current(
                book, book.merged(followed), Arrays.stream(followed).boxed().toList(), moving);
    }

    /** The value in force: what is set, or what follows the traffic. */
    public long threshold(RuleBook book, String rule, String parameter) {
        Current now = now(book);
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
