package org.exchequer.scoring.model;

import java.util.Arrays;
import java.util.Map;

/** The features of one payment: a number each, {@code NaN} where it is missing. Immutable. */
public final class Vector {
    private final Schema schema;
    private final float[] values;

    private Vector(Schema schema, float[] values) {
        this.schema = schema;
        this.values = values;
    }

    /**
     * @param values in the schema's order, finite or {@code NaN} for missing; copied
     * @throws InvalidSampleException naming the feature and the rule
     */
    public static Vector of(Schema schema, float[] values) {
        if (values.length != schema.size()) {
            throw new InvalidSampleException("vector: must have the " + schema.size() + " features of schema " + schema
                    + ", not " + values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (Float.isInfinite(values[i])) {
                throw new InvalidSampleException("feature \"" + schema.name(i) + "\": must be finite or missing");
            }
        }
        return new Vector(schema, values.clone());
    }

    /**
     * Features by name; those not named are missing.
     *
     * @throws InvalidSampleException naming the feature and the rule
     */
    public static Vector of(Schema schema, Map<String, Float> values) {
        float[] all = new float[schema.size()];
        Arrays.fill(all, Float.NaN);
        values.forEach((name, value) -> {
            if (!schema.has(name)) {
                throw new InvalidSampleException("feature \"" + name + "\": is not in schema " + schema);
            }
            all[schema.place(name)] = value;
        });
        return of(schema, all);
    }

    public Schema schema() {
        return schema;
    }

    /** {@code NaN} if missing. */
    public float at(int place) {
        return values[place];
    }

    public float at(String name) {
        return values[schema.place(name)];
    }

    public boolean missing(int place) {
        return Float.isNaN(values[place]);
    }

    public int missing() {
        int count = 0;
        for (float value : values) {
            count += Float.isNaN(value) ? 1 : 0;
        }
        return count;
    }

    /** The same with one feature changed. */
    public Vector with(int place, float value) {
        float[] changed = values.clone();
        changed[place] = value;
        return of(schema, changed);
    }

    public float[] toArray() {
        return values.clone();
    }

    /** Not copied: for the models, which only read. */
    float[] values() {
        return values;
    }

    /** Equal schemas and equal bits: what scores the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && vector.schema.equals(schema) && Arrays.equals(vector.values, values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return schema + " " + Arrays.toString(values);
    }
}
