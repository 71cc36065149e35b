package org.exchequer.screening;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One list in one version: what a reader of {@code org.exchequer.screening.list} makes of a publisher's bytes. */
public record SanctionsList(ListVersion version, List<ListedParty> parties) {
    public SanctionsList {
        parties = List.copyOf(parties);
        Set<String> seen = new HashSet<>();
        for (ListedParty party : parties) {
            if (!seen.add(party.id())) {
                throw new IllegalArgumentException("parties: " + party.key() + " stands twice in " + version.source());
            }
            if (!party.list().equals(version.source())) {
                throw new IllegalArgumentException("parties: " + party.key() + " in a list of " + version.source());
            }
        }
    }
}
