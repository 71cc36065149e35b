package org.exchequer.screening;

import java.util.List;
import java.util.Locale;

/**
 * Why a score is what it is.
 *
 * @param subjectName which of the subject's names
 * @param listedName which of the party's
 * @param contributions in the order in which they are added
 */
public record Explanation(String subjectName, ListedName listedName, List<Contribution> contributions) {
    public Explanation {
        contributions = List.copyOf(contributions);
    }

    /** The score again, from the contributions alone: the same to the bit. */
    public double score() {
        double sum = 0;
        for (Contribution contribution : contributions) {
            sum += contribution.points();
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    /** A line for each contribution that has points, for a person to read. */
    public String text() {
        StringBuilder text = new StringBuilder(subjectName + " / " + listedName.text() + "\n");
        for (Contribution each : contributions) {
            text.append(String.format(Locale.ROOT, "%+7.2f  %s: %s%n", each.points(), each.kind(), each.text()));
        }
        return text.append(String.format(Locale.ROOT, "  score %.4f%n", score()))
                .toString();
    }
}
