package org.exchequer.lab.check;

import java.util.Optional;

/**
 * What a checker found.
 *
 * @param checker its name
 * @param checked how many things it looked at
 * @param unit what it counts, plural, e.g. {@code journal entries}
 * @param violations how many of them break the invariant
 * @param first the first violation, in the order of the evidence
 * @param worst the gravest by the checker's own measure, mostly the largest amount
 * @param last the last violation
 * @param note what else a reader needs to know: missing evidence, what was not looked at; empty for nothing
 */
public record Finding(
        String checker,
        Verdict verdict,
        long checked,
        String unit,
        long violations,
        Optional<Violation> first,
        Optional<Violation> worst,
        Optional<Violation> last,
        String note) {
    public Finding {
        if ((verdict == Verdict.INVALID) != (violations > 0) || first.isPresent() != (violations > 0)) {
            throw new IllegalArgumentException(checker + ": " + verdict + " with " + violations + " violations");
        }
    }

    /** A finding without evidence to look at. */
    public static Finding unknown(String checker, String unit, String note) {
        return new Finding(
                checker, Verdict.UNKNOWN, 0, unit, 0, Optional.empty(), Optional.empty(), Optional.empty(), note);
    }

    /** One line for people, e.g. {@code conservation: VALID, 1200 journal entries checked}. */
    public String describe() {
        return checker + ": " + verdict + ", " + checked + " " + unit + " checked"
                + (violations > 0 ? ", " + violations + " violations" : "")
                + (note.isEmpty() ? "" : " (" + note + ")");
    }
}
