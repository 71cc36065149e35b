package org.exchequer.screening.list;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.Gender;
import org.exchequer.screening.Identifier;
import org.exchequer.screening.ListedName;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.PartyType;
import org.jspecify.annotations.Nullable;

/** A party while its file or files are read. */
final class PartyDraft {
    final String source;
    final String id;
    final Set<String> programs = new TreeSet<>();
    final Set<DateRange> births = new LinkedHashSet<>();
    final Set<Identifier> identifiers = new LinkedHashSet<>();
    final Set<String> addresses = new LinkedHashSet<>();
    PartyType type;
    Gender gender = Gender.UNKNOWN;
    private final Set<String> countries = new TreeSet<>();
    private final List<ListedName> names = new ArrayList<>();
    private final Set<String> texts = new LinkedHashSet<>();

    PartyDraft(String source, String id, PartyType type) {
        this.source = source;
        this.id = id;
        this.type = type;
    }

    /** The first is the primary name; one that says the same again, or nothing that could match, is dropped. */
    void name(String text, ListedName.Kind kind) throws ListFormatException {
        String name = text.strip().replaceAll("\\s+", " ");
        if (name.length() > Published.MOST_NAME_CHARS) {
            throw new ListFormatException(
                    source, "party " + id, "a name of at most " + Published.MOST_NAME_CHARS + " characters");
        }
        if (name.codePoints().anyMatch(Character::isLetterOrDigit) && texts.add(name)) {
            if (names.size() == Published.MOST_NAMES) {
                throw new ListFormatException(source, "party " + id, "at most " + Published.MOST_NAMES + " names");
            }
            names.add(new ListedName(name, kind));
        }
    }

    void country(@Nullable String nameOrCode) {
        String code = nameOrCode == null ? null : Countries.code(nameOrCode);
        if (code != null) {
            countries.add(code);
        }
    }

    void addressOf(Collection<String> parts) {
        String address = String.join(
                ", ",
                parts.stream()
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList());
        if (!address.isEmpty()) {
            addresses.add(address);
        }
    }

    ListedParty party() throws ListFormatException {
        if (names.isEmpty()) {
            throw new ListFormatException(source, "party " + id, "needs a name");
        }
        return new ListedParty(
                source,
                id,
                type,
                names,
                new TreeSet<>(programs),
                List.copyOf(births),
                new TreeSet<>(countries),
                gender,
                List.copyOf(identifiers),
                List.copyOf(addresses));
    }
}
