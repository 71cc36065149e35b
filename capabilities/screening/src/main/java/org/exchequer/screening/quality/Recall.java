package org.exchequer.screening.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.exchequer.screening.ListedName;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.Screener;
import org.exchequer.screening.Screening;
import org.exchequer.screening.Subject;

/**
 * How many of the listed persons are found under mangled names.
 *
 * @param asked whose clean name a list has
 * @param found for whom the party of the clean name alerted, not just anybody
 * @param missed the mangled names of the others
 */
public record Recall(int asked, int found, List<String> missed) {
    public Recall {
        missed = List.copyOf(missed);
    }

    public double share() {
        return (double) found / asked;
    }

    /** @param clean in the order of {@code mangled} */
    public static Recall of(
            Screener screener, Collection<SanctionsList> lists, List<Subject> mangled, List<Subject> clean) {
        Map<String, Set<String>> keys = new HashMap<>();
        for (SanctionsList list : lists) {
            for (ListedParty party : list.parties()) {
                for (ListedName name : party.names()) {
                    keys.computeIfAbsent(key(name.text()), each -> new HashSet<>())
                            .add(party.key());
                }
            }
        }
        int asked = 0;
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < mangled.size(); i++) {
            Set<String> expected = keys.getOrDefault(key(clean.get(i).names().getFirst()), Set.of());
            if (!expected.isEmpty()) {
                asked++;
                Screening answer = screener.screen(mangled.get(i));
                if (answer.alerts().stream()
                        .noneMatch(hit -> expected.contains(hit.party().key()))) {
                    missed.add(mangled.get(i).names().getFirst());
                }
            }
        }
        return new Recall(asked, asked - missed.size(), missed);
    }

    private static String key(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }
}
