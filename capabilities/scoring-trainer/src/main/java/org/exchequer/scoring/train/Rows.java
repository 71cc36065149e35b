package org.exchequer.scoring.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.FeatureSettings;
import org.exchequer.scoring.generator.Label;
import org.exchequer.scoring.generator.Scenario;
import org.exchequer.scoring.generator.Typology;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.stream.PaymentStream;
import org.jspecify.annotations.Nullable;

/**
 * Payments of a made-up country with what was known of each when it was made, in the order of time.
 *
 * @param history to learn from
 * @param later the last fifth of the time, to be judged on
 * @param typologies of {@code later}: what kind of fraud each is, null for harmless ones
 * @param thinned one harmless payment of so many is among them; 1 for all. Ranks, and so AUC and recall at a share of
 *     false positives, do not depend on it
 */
public record Rows(List<Example> history, List<Example> later, List<@Nullable Typology> typologies, int thinned) {
    /** Fewest payments to ask for. */
    public static final int LEAST_EVENTS = 20_000;

    /** Most, so that they fit in memory at about a kilobyte each. */
    public static final int MOST_EVENTS = 2_000_000;

    private static final int DAYS = 75;
    /** In which the windows of features fill, and nothing is learned. */
    private static final int WARM_UP_DAYS = 15;

    private static final int LATER_FROM_DAY = 63;
    private static final long DAY_MILLIS = 86_400_000;
    private static final double INWARD_A_DAY = 0.053;
    private static final double ALL_A_DAY = 1.81;
    /** Fewer have too few frauds to learn from when all their payments are seen. */
    private static final int ACCOUNTS_SEEN_WHOLE = 20_000;

    public Rows {
        history = List.copyOf(history);
        later = List.copyOf(later);
        typologies = Collections.unmodifiableList(new ArrayList<>(typologies));
    }

    /**
     * Makes about so many.
     *
     * @param seed the same gives the same rows
     * @param events {@link #LEAST_EVENTS} to {@link #MOST_EVENTS}
     */
    public static Rows make(long seed, int events, Sight sight) {
        if (events < LEAST_EVENTS || events > MOST_EVENTS) {
            throw new TrainingException("events: must be " + LEAST_EVENTS + " to " + MOST_EVENTS);
        }
        boolean whole = sight == Sight.EVERYTHING;
        int learned = DAYS - WARM_UP_DAYS;
        int accounts = whole ? ACCOUNTS_SEEN_WHOLE : (int) (events / (INWARD_A_DAY * learned));
        int thinned = whole ? (int) Math.max(1, Math.round(accounts * ALL_A_DAY * learned / events)) : 1;
        Collector collector = new Collector(sight, accounts, thinned);
        Scenario.generate(seed, accounts, DAYS, collector::event, collector::label);
        collector.settle();
        return collector.rows();
    }

    /** Collects rows. The label of a payment is told after it, when its features are made already. */
    private static final class Collector {
        private final PaymentStream stream;
        private final Sight sight;
        private final int thinned;
        private final List<Example> history = new ArrayList<>();
        private final List<Example> later = new ArrayList<>();
        private final List<@Nullable Typology> typologies = new ArrayList<>();
        private long firstDay = Long.MIN_VALUE;
        private long id;
        private long day;
        private @Nullable Sample sample;
        private @Nullable Typology typology;

        Collector(Sight sight, int accounts, int thinned) {
            FeatureSettings usual = FeatureSettings.standard();
            int keys = Math.max(usual.accounts(), accounts * 2);
            this.stream = new PaymentStream(new FeatureSettings(
                    usual.reportingMinor(), usual.smallMinor(), keys, keys, keys, usual.tables(), usual.graph()));
            this.sight = sight;
            this.thinned = thinned;
        }

        void event(Event event) {
            settle();
            id = event.id();
            long today = Math.floorDiv(event.timeMillis(), DAY_MILLIS);
            firstDay = firstDay == Long.MIN_VALUE ? today : firstDay;
            day = today - firstDay;
            sample = sight.of(event).map(seen -> stream.apply(seen).sample()).orElse(null);
        }

        void label(Label label) {
            if (label.event() == id) {
                typology = label.typology();
            }
        }

        /** Keeps the payment before, once its label could have come. Which harmless ones depends on numbers alone. */
        void settle() {
            Sample made = sample;
            Typology kind = typology;
            sample = null;
            typology = null;
            if (made == null || day < WARM_UP_DAYS || (kind == null && id % thinned != 0)) {
                return;
            }
            Example example = new Example(made, kind != null);
            if (day < LATER_FROM_DAY) {
                history.add(example);
            } else {
                later.add(example);
                typologies.add(kind);
            }
        }

        Rows rows() {
            return new Rows(history, later, typologies, thinned);
        }
    }
}
