package org.exchequer.scoring.model;

import java.util.Arrays;
import java.util.List;

/**
 * What an account did before, oldest first: a row of numbers for each event, {@code NaN} where one is missing.
 * Immutable.
 */
public final class Sequence {
    /** Older events are cut off: 32 of a customer's say what the model uses, and bound its time. */
    public static final int MOST_EVENTS = 32;

    private final Schema schema;
    private final float[] values;

    private Sequence(Schema schema, float[] values) {
        this.schema = schema;
        this.values = values;
    }

    public static Sequence empty(Schema schema) {
        return new Sequence(schema, new float[0]);
    }

    /**
     * @param schema of one event
     * @param events oldest first; of more than {@value #MOST_EVENTS} the newest are kept
     * @throws InvalidSampleException naming the feature and the rule
     */
    public static Sequence of(Schema schema, List<float[]> events) {
        List<float[]> kept = events.subList(Math.max(0, events.size() - MOST_EVENTS), events.size());
        float[] values = new float[kept.size() * schema.size()];
        for (int i = 0; i < kept.size(); i++) {
            float[] event = Vector.of(schema, kept.get(i)).values();
            System.arraycopy(event, 0, values, i * schema.size(), schema.size());
        }
        return new Sequence(schema, values);
    }

    public Schema schema() {
        return schema;
    }

    public int length() {
        return values.length / schema.size();
    }

    public float at(int event, int place) {
        return values[event * schema.size() + place];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequence sequence
                && sequence.schema.equals(schema)
                && Arrays.equals(sequence.values, values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return schema + " " + length() + " events";
    }
}
