package org.exchequer.lab.check;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what a checker looks at, and keeps the first, worst and last violation. */
public final class Tally {
    private final String checker;
    private final String unit;
    private long checked;
    private long violations;
    private long worstMeasure;
    private @Nullable Violation first;
    private @Nullable Violation worst;
    private @Nullable Violation last;
    private String note = "";
    private boolean incomplete;

    public Tally(String checker, String unit) {
        this.checker = checker;
        this.unit = unit;
    }

    public void checked() {
        checked++;
    }

    /** @param measure how grave: the larger the worse; 0 or more */
    public void violation(long measure, String summary, List<String> story) {
        violations++;
        Violation violation = new Violation(summary, story);
        if (first == null) {
            first = violation;
        }
        if (worst == null || measure > worstMeasure) {
            worst = violation;
            worstMeasure = measure;
        }
        last = violation;
    }

    /** Something could not be checked: without a violation the verdict is UNKNOWN. */
    public void unknown(String why) {
        incomplete = true;
        note(why);
    }

    public void note(String text) {
        note = note.isEmpty() || note.contains(text) ? (note.isEmpty() ? text : note) : note + "; " + text;
    }

    public Finding finding() {
        Verdict verdict = violations > 0 ? Verdict.INVALID : incomplete ? Verdict.UNKNOWN : Verdict.VALID;
        return new Finding(
                checker,
                verdict,
                checked,
                unit,
                violations,
                Optional.ofNullable(first),
                Optional.ofNullable(worst),
                Optional.ofNullable(last),
                note);
    }
}
