package org.exchequer.scoring.rules;

import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Feature;

/** What rules look at: a payment, its features, and what screening found. */
public final class Subject {
    private final Event event;
    private final float[] vector;
    private final boolean sanctioned;
    private final boolean exposed;

    /**
     * Takes them together.
     *
     * @param event the payment
     * @param vector its features, in the order of {@link Feature#all}; not copied
     * @param sanctioned whether screening found anyone named in the payment on a sanctions list
     * @param exposed whether screening found a politically exposed person
     */
    public Subject(Event event, float[] vector, boolean sanctioned, boolean exposed) {
        if (vector.length != Feature.all().size()) {
            throw new IllegalArgumentException(
                    "vector must have " + Feature.all().size() + " numbers, not " + vector.length);
        }
        this.event = event;
        this.vector = vector;
        this.sanctioned = sanctioned;
        this.exposed = exposed;
    }

    public Event event() {
        return event;
    }

    /** Whether screening found anyone on a sanctions list. */
    public boolean sanctioned() {
        return sanctioned;
    }

    /** Whether screening found a politically exposed person. */
    public boolean exposed() {
        return exposed;
    }

    float of(Feature feature) {
        return feature.in(vector);
    }

    /** A whole number; only of features that are known. */
    long whole(Feature feature) {
        return (long) feature.in(vector);
    }

    long thousandths(Feature feature) {
        return Math.round(feature.in(vector) * 1_000.0);
    }
}
