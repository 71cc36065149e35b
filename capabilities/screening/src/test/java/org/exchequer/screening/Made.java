package org.exchequer.screening;

import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.exchequer.screening.ListedName.Kind;

/** Made-up lists and subjects from a seed. */
public final class Made {
    private static final String[] SYLLABLES = {
        "ka", "ro", "mi", "shev", "nov", "al", "ben", "dar", "gul", "han", "is", "jo", "kov", "la", "med", "nur", "or",
        "pe", "qa", "rus", "sam", "tar", "um", "vich", "wa", "yas", "za", "li", "mo", "ta"
    };

    private final Random random;

    public Made(long seed) {
        this.random = new Random(seed);
    }

    public String word() {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return word.toString();
    }

    public String name() {
        StringBuilder name = new StringBuilder(word());
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            name.append(' ').append(word());
        }
        return name.toString();
    }

    public ListedParty party(String source, int id) {
        List<ListedName> names = new ArrayList<>(List.of(new ListedName(name(), Kind.PRIMARY)));
        for (int i = 0; i < random.nextInt(3); i++) {
            names.add(new ListedName(name(), random.nextInt(4) == 0 ? Kind.WEAK_ALIAS : Kind.STRONG_ALIAS));
        }
        return party(source, Integer.toString(id), names, 1940 + random.nextInt(60));
    }

    public static ListedParty party(String source, String id, List<ListedName> names, int born) {
        return new ListedParty(
                source,
                id,
                PartyType.PERSON,
                names,
                new TreeSet<>(List.of("TEST")),
                List.of(DateRange.of(Year.of(born))),
                new TreeSet<>(List.of("RU")),
                Gender.UNKNOWN,
                List.of(),
                List.of());
    }

    public static ListedParty named(String source, String id, String name) {
        return party(source, id, List.of(new ListedName(name, Kind.PRIMARY)), 1960);
    }

    public static SanctionsList list(String source, List<ListedParty> parties) {
        byte[] hash = new byte[32];
        new Random(parties.hashCode()).nextBytes(hash);
        ListVersion version =
                new ListVersion(source, LocalDate.of(2026, 1, 1), HexFormat.of().formatHex(hash), parties.size());
        return new SanctionsList(version, parties);
    }

    public SanctionsList list(String source, int parties) {
        List<ListedParty> all = new ArrayList<>();
        for (int id = 0; id < parties; id++) {
            all.add(party(source, id));
        }
        return list(source, all);
    }

    /** A name from the list, with a slip in it, or a name of nobody. */
    public Subject subject(String id, SanctionsList list) {
        String name = name();
        if (random.nextInt(3) > 0) {
            ListedParty party = list.parties().get(random.nextInt(list.parties().size()));
            name = party.names().get(random.nextInt(party.names().size())).text();
        }
        if (random.nextBoolean()) {
            int at = random.nextInt(name.length());
            name = name.substring(0, at) + name.substring(Math.min(name.length(), at + 1)) + "a";
        }
        Subject subject = Subject.named(id, PartyType.PERSON, name);
        return random.nextBoolean() ? subject : subject.born(DateRange.of(Year.of(1940 + random.nextInt(60))));
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }
}
