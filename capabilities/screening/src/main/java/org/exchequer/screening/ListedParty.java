package org.exchequer.screening;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * A party that a list names, whole and unchanging; equal if everything the list says is equal.
 *
 * @param list the source that names it, for example {@code OFAC-SDN}
 * @param id the source's own number of it, for example {@code 36} or {@code CDi.001}
 * @param names at least one, the primary first
 * @param programs the sanctions programmes, for example {@code UKRAINE-EO13661}
 * @param births each a possible date of birth
 * @param countries ISO 3166-1 alpha-2: nationality, birth, address; without distinction, since lists mix them
 * @param addresses as the list writes them
 */
public record ListedParty(
        String list,
        String id,
        PartyType type,
        List<ListedName> names,
        SortedSet<String> programs,
        List<DateRange> births,
        SortedSet<String> countries,
        Gender gender,
        List<Identifier> identifiers,
        List<String> addresses) {
    public ListedParty {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(gender, "gender");
        names = List.copyOf(names);
        programs = Sorted.copyOf(programs);
        births = List.copyOf(births);
        countries = Sorted.copyOf(countries);
        identifiers = List.copyOf(identifiers);
        addresses = List.copyOf(addresses);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: party " + id + " of " + list + " has none");
        }
    }

    /** Unique over all lists: {@code OFAC-SDN/36}. */
    public String key() {
        return list + "/" + id;
    }

    public String primaryName() {
        return names.getFirst().text();
    }
}
