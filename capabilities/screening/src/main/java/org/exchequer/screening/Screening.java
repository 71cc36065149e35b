package org.exchequer.screening;

import java.util.List;

/**
 * The answer.
 *
 * @param subjectId as asked
 * @param lists which lists in which versions it was looked for in, by source
 * @param model which model weighed, for a replay
 * @param threshold from which score a hit is an alert
 * @param hits the best first, at most {@link Screener#MOST_HITS}, also some below the threshold
 */
public record Screening(String subjectId, List<ListVersion> lists, String model, double threshold, List<Hit> hits) {
    public Screening {
        lists = List.copyOf(lists);
        hits = List.copyOf(hits);
    }

    /** Whether a person must look. */
    public boolean alert() {
        return !alerts().isEmpty();
    }

    public List<Hit> alerts() {
        return hits.stream().filter(hit -> hit.score() >= threshold).toList();
    }
}
