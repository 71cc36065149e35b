package org.exchequer.scoring.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What shall be trained.
 *
 * @param name of the ensemble
 * @param version of it
 * @param trained when and on what, for people
 * @param groups of features, each of which gets boosted trees of its own: e.g. {@code transaction}, {@code network},
 *     {@code entity}
 * @param trees how they are trained
 * @param behaviour how the network over histories is trained; with 0 epochs there is none
 * @param usual the features by which the anomaly forest tells the unusual; with none there is no forest
 */
public record Plan(
        String name,
        int version,
        String trained,
        Map<String, List<String>> groups,
        BoostedTrees.Settings trees,
        GruTrainer.Settings behaviour,
        List<String> usual) {
    public Plan {
        groups = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        usual = List.copyOf(usual);
        if (groups.isEmpty()) {
            throw new TrainingException("plan: needs a group of features");
        }
    }
}
