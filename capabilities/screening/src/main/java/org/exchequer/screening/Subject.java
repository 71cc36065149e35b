package org.exchequer.screening;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Whom to look for. Only a name is needed; each other thing known speaks for or against a listed party.
 *
 * @param id the caller's own key, returned with the answer
 * @param names at least one and at most {@value #MOST_NAMES}, each of 1 to {@value #MOST_NAME_CHARS} characters with at
 *     least one letter or digit
 * @param countries ISO 3166-1 alpha-2, nationality or residence or seat
 * @param addresses free text, at most {@value #MOST_ADDRESSES}; they speak for, never against
 */
public record Subject(
        String id,
        PartyType type,
        List<String> names,
        @Nullable DateRange birth,
        SortedSet<String> countries,
        Gender gender,
        List<Identifier> identifiers,
        List<String> addresses) {
    /** An ISO 20022 name has at most 140, the longest name of a public list below 400. */
    public static final int MOST_NAME_CHARS = 512;

    public static final int MOST_NAMES = 20;
    public static final int MOST_COUNTRIES = 50;
    public static final int MOST_IDENTIFIERS = 50;
    public static final int MOST_ADDRESSES = 10;
    private static final int MOST_IDENTIFIER_CHARS = 100;

    public Subject {
        names = List.copyOf(names);
        countries = upperCase(countries);
        identifiers = List.copyOf(identifiers);
        addresses = List.copyOf(addresses);
        check(names.isEmpty(), "names", "at least one is needed");
        check(names.size() > MOST_NAMES, "names", "at most " + MOST_NAMES + ", not " + names.size());
        check(countries.size() > MOST_COUNTRIES, "countries", "at most " + MOST_COUNTRIES);
        check(identifiers.size() > MOST_IDENTIFIERS, "identifiers", "at most " + MOST_IDENTIFIERS);
        check(addresses.size() > MOST_ADDRESSES, "addresses", "at most " + MOST_ADDRESSES);
        for (String address : addresses) {
            check(address.length() > MOST_NAME_CHARS, "addresses", "at most " + MOST_NAME_CHARS + " characters each");
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String field = "names[" + i + "]";
            check(
                    name.length() > MOST_NAME_CHARS,
                    field,
                    "at most " + MOST_NAME_CHARS + " characters, not " + name.length());
            check(name.codePoints().noneMatch(Character::isLetterOrDigit), field, "needs a letter or a digit");
        }
        for (String country : countries) {
            check(!country.matches("[A-Z]{2}"), "countries", "two letters of ISO 3166-1 each");
        }
        for (Identifier identifier : identifiers) {
            check(
                    identifier.number().length() > MOST_IDENTIFIER_CHARS,
                    "identifiers",
                    "at most " + MOST_IDENTIFIER_CHARS + " characters each");
        }
    }

    /** A name and nothing else. */
    public static Subject named(String id, PartyType type, String name) {
        return new Subject(
                id, type, List.of(name), null, Sorted.copyOf(List.of()), Gender.UNKNOWN, List.of(), List.of());
    }

    public Subject born(@Nullable DateRange date) {
        return new Subject(id, type, names, date, countries, gender, identifiers, addresses);
    }

    public Subject of(Collection<String> theseCountries) {
        return new Subject(id, type, names, birth, Sorted.copyOf(theseCountries), gender, identifiers, addresses);
    }

    public Subject of(Gender thisGender) {
        return new Subject(id, type, names, birth, countries, thisGender, identifiers, addresses);
    }

    public Subject identifiedBy(List<Identifier> these) {
        return new Subject(id, type, names, birth, countries, gender, these, addresses);
    }

    public Subject at(List<String> theseAddresses) {
        return new Subject(id, type, names, birth, countries, gender, identifiers, theseAddresses);
    }

    public Subject alsoNamed(String name) {
        List<String> all = new ArrayList<>(names);
        all.add(name);
        return new Subject(id, type, all, birth, countries, gender, identifiers, addresses);
    }

    private static SortedSet<String> upperCase(Collection<String> countries) {
        return Sorted.copyOf(
                countries.stream().map(code -> code.toUpperCase(Locale.ROOT)).toList());
    }

    private static void check(boolean wrong, String field, String rule) {
        if (wrong) {
            throw new InvalidSubjectException(field, rule);
        }
    }
}
