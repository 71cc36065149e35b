package org.exchequer.scoring.registry;

import java.util.List;
import java.util.Optional;
import org.exchequer.scoring.model.Ensemble;

/**
 * What serves at one moment. Immutable: whoever holds one gets answers of one assignment, also while another is put in
 * force.
 *
 * @param generation of the assignment
 * @param champion serves whoever is not served by the candidate
 * @param previous champion before
 * @param candidate serves a share of the keys
 * @param shadows score along, and decide nothing
 */
public record Serving(
        long generation,
        Ensemble champion,
        Optional<Ensemble> previous,
        Optional<Candidate> candidate,
        List<Ensemble> shadows) {

    /**
     * A model on trial.
     *
     * @param canary whether its share grows in steps until it is champion; else a challenger, whose share stays
     * @param percent of the keys
     * @param steps of the share, in percent
     */
    public record Candidate(Ensemble ensemble, boolean canary, int percent, List<Integer> steps) {}

    public Serving {
        shadows = List.copyOf(shadows);
    }

    /** The model for a key, e.g. an account: always the same one for as long as the assignment stays. */
    public Ensemble route(String key) {
        if (candidate.isPresent()) {
            Candidate trial = candidate.get();
            if (Split.bucket(trial.ensemble().id(), key) < trial.percent()) {
                return trial.ensemble();
            }
        }
        return champion;
    }
}
