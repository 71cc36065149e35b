package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultRecord;

/** What a good verdict of a run says nothing about: what its scenario never does, and what this run did not come to. */
final class NotTested {
    private static final int MOST_NAMED = 6;

    private static final String LOAD =
            "Clients ask by REST, in one currency: the other doors and other currencies are not loaded.";

    private NotTested() {}

    /**
     * @param usual what the scenario does from this seed in its usual length
     * @param schedule what was planned for this run
     * @param faults what came of it
     * @param shed operations left out because too many were under way
     */
    static List<String> of(
            Scenario scenario, List<Fault> usual, List<Fault> schedule, List<FaultRecord> faults, long shed) {
        List<String> lines = new ArrayList<>(scenario.notTested());
        if (scenario.setting().guest() != Scenario.Guest.INWARD) {
            lines.add(LOAD);
        }
        Set<String> missing = names(usual);
        missing.removeAll(names(schedule));
        if (!missing.isEmpty()) {
            lines.add("In its usual length of %s the scenario does more than this run did. Left out: %s."
                    .formatted(length(scenario.seconds()), some(missing)));
        }
        Set<String> toothless = new LinkedHashSet<>();
        faults.stream()
                .filter(fault -> !fault.bit())
                .forEach(fault -> toothless.add(fault.fault().describe()));
        if (!toothless.isEmpty()) {
            long count = faults.stream().filter(fault -> !fault.bit()).count();
            lines.add("%d of %d faults left no evidence that they bit, so nothing was survived there: %s."
                    .formatted(count, faults.size(), some(toothless)));
        }
        if (shed > 0) {
            lines.add("%,d operations were not asked, because too many were under way.".formatted(shed));
        }
        return List.copyOf(lines);
    }

    private static Set<String> names(List<Fault> faults) {
        Set<String> names = new LinkedHashSet<>();
        faults.forEach(fault -> names.add(fault.describe()));
        return names;
    }

    private static String some(Set<String> names) {
        List<String> all = List.copyOf(names);
        return String.join("; ", all.subList(0, Math.min(MOST_NAMED, all.size())))
                + (all.size() > MOST_NAMED ? "; and " + (all.size() - MOST_NAMED) + " more" : "");
    }

    private static String length(int seconds) {
        return seconds >= 120 ? seconds / 60 + " min" : seconds + " s";
    }
}
