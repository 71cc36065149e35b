package org.exchequer.lab.sim.ledger;

import java.util.Locale;

/** Faults that can be built into the simulated ledger, to see that the checkers find them. */
public enum Bug {
    /** None: the ledger as it is. */
    NONE,
    /** The writer does not look whether a key was answered before. */
    SKIP_DEDUPE,
    /** The database appends a batch again when it is sent again. */
    DOUBLE_APPLY,
    /** The writer answers before the database has the batch. */
    COMMIT_BEFORE_WRITE,
    /** A crash of the database leaves a torn entry: its first leg without the second. */
    LOST_HALF_LEG,
    /** Whoever has accounts in memory answers reads, writer or not. */
    STALE_READ;

    /** Its name on the command line, e.g. {@code skip-dedupe}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The bug with this name.
     *
     * @throws IllegalArgumentException naming the bugs there are
     */
    public static Bug of(String label) {
        for (Bug bug : values()) {
            if (bug.label().equals(label)) {
                return bug;
            }
        }
        throw new IllegalArgumentException("no bug is called " + label + "; there are "
                + String.join(
                        ", ", java.util.Arrays.stream(values()).map(Bug::label).toList()));
    }
}
