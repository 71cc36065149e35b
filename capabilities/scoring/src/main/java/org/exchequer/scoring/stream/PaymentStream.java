package org.exchequer.scoring.stream;

import java.util.List;
import org.exchequer.scoring.bounded.Keyed;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Feature;
import org.exchequer.scoring.features.FeatureEngine;
import org.exchequer.scoring.features.FeatureSettings;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Vector;

/**
 * What a model is given of each payment: the features at that moment, and what the payer's account did before.
 * Training and service both go through here, so that a model never meets numbers that were made in another way.
 *
 * <p>Not safe for several threads: one at a time feeds it, in the order of arrival.
 */
public final class PaymentStream {
    /** Of {@link Feature#all}, in their order. */
    public static final Schema FEATURES = Schema.of("payments-" + Feature.VERSION, Feature.names());

    /**
     * One earlier event of an account: logarithm of the amount in minor units; logarithm of one more than the minutes
     * since the event before (NaN for the first); 1 for money that left, −1 for money that came; 1 for a direct
     * debit.
     */
    public static final Schema EVENTS =
            Schema.of("account-events-1", List.of("amount_log", "gap_log", "direction", "collected"));

    /**
     * A payment as models and rules see it.
     *
     * @param vector the features, in the order of {@link Feature#all}; not copied
     * @param sample the same for models, with the history
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Seen(float[] vector, Sample sample) {}

    private final FeatureEngine engine;
    private final Keyed<Past> pasts;

    public PaymentStream(FeatureSettings settings) {
        this.engine = new FeatureEngine(settings);
        this.pasts = new Keyed<>(settings.accounts(), Past::new);
    }

    /** What is known of a payment now; then it is remembered. */
    public Seen apply(Event event) {
        float[] vector = engine.apply(event);
        Past payer = pasts.touch(event.debtor().account());
        Sequence history = payer.sequence();
        payer.add(event, 1);
        if (event.creditor().account() != event.debtor().account()) {
            pasts.touch(event.creditor().account()).add(event, -1);
        }
        return new Seen(vector, new Sample(Vector.of(FEATURES, vector), history));
    }

    /** What is kept and what had to go. */
    public FeatureEngine.Usage usage() {
        return engine.usage();
    }
}
