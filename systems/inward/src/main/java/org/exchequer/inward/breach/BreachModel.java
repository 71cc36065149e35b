package org.exchequer.inward.breach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Vector;

/** Boosted trees with a calibration, as {@code exchequer inward train-breach} makes them. Immutable. */
public final class BreachModel {
    private static final String SHIPPED = "breach.model";
    private static final Sequence NONE = Sequence.empty(Schema.of("no-history-1", List.of("nothing")));

    private final Ensemble ensemble;

    private BreachModel(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** @throws IllegalArgumentException if it was trained on other features */
    public static BreachModel of(Ensemble ensemble) {
        if (!ensemble.parts().features().equals(Moment.SCHEMA)) {
            throw new IllegalArgumentException("model " + ensemble.id() + ": must be of features " + Moment.SCHEMA
                    + ", is of " + ensemble.parts().features());
        }
        return new BreachModel(ensemble);
    }

    /** The one that comes with the program. */
    public static BreachModel shipped() {
        try (InputStream in = Objects.requireNonNull(BreachModel.class.getResourceAsStream(SHIPPED))) {
            return of(Ensemble.read(in.readAllBytes()));
        } catch (ModelFormatException e) {
            throw new IllegalStateException("the shipped model of breaches cannot be read", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the shipped model of breaches cannot be read", e);
        }
    }

    /** Features as what a model is asked with. */
    public static Sample sample(float[] features) {
        return new Sample(Vector.of(Moment.SCHEMA, features), NONE);
    }

    /** How likely the payment misses its time within the next two stages, 0 to 1: {@link Step#missedAfter}. */
    public double probability(Moment moment) {
        return ensemble.probability(sample(moment.features()));
    }

    public Ensemble ensemble() {
        return ensemble;
    }
}
