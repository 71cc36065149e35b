package org.exchequer.scoring.rules;

import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Feature;
import org.exchequer.scoring.features.Party;

/** What rules look at: a payment, its features, and what screening found. */
public final class Subject {
    private final Event event;
    private final float[] vector;
    private final boolean sanctioned;
    private final boolean exposed;
    private final long payerBank;
    private final long payeeBank;

    /**
     * Takes them together.
     *
     * @param event the payment
     * @param vector its features, in the order of {@link Feature#all}; not copied
     * @param sanctioned whether screening found anyone named in the payment on a sanctions list
     * @param exposed whether screening found a politically exposed person
     */
    public Subject(Event event, float[] vector, boolean sanctioned, boolean exposed) {
        this(event, vector, sanctioned, exposed, Party.UNKNOWN, Party.UNKNOWN);
    }

    /**
     * The same with banks.
     *
     * @param payerBank number of the payer's bank as lists have it, 0 when it is not known
     * @param payeeBank of the payee's bank
     */
    public Subject(Event event, float[] vector, boolean sanctioned, boolean exposed, long payerBank, long payeeBank) {
        if (vector.length != Feature.all().size()) {
            throw new IllegalArgumentException(
                    "vector must have " + Feature.all().size() + " numbers, not " + vector.length);
        }
        this.event = event;
        this.vector = vector;
        this.sanctioned = sanctioned;
        this.exposed = exposed;
        this.payerBank = payerBank;
        this.payeeBank = payeeBank;
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

    long payerBank() {
        return payerBank;
    }

    long payeeBank() {
        return payeeBank;
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
