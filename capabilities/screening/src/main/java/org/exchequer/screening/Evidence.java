package org.exchequer.screening;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.exchequer.screening.Contribution.Kind;
import org.exchequer.screening.match.ParsedName;
import org.exchequer.screening.match.Token;
import org.jspecify.annotations.Nullable;

/**
 * What beside the name speaks for or against: policy, not fitted, since no public data say how often listed dates
 * are wrong. Points are log-odds: 0.7 doubles the odds, 2.3 makes them ten times as high.
 */
final class Evidence {
    private static final double SAME_DAY = 2.5;
    private static final double SAME_DAY_SWAPPED = 1.5;
    private static final double SAME_YEAR = 1.0;
    private static final double POSSIBLE = 0.4;
    private static final double NEAR = -0.3;
    private static final double YEARS_OFF = -2.5;
    private static final double GENERATION_OFF = -4.0;
    private static final int NEAR_YEARS = 1;
    private static final int APPROXIMATE_YEARS = 3;
    private static final int GENERATION_YEARS = 10;
    private static final double SAME_COUNTRY = 0.7;
    private static final double NO_COUNTRY = -1.0;
    private static final double OTHER_GENDER = -2.0;
    private static final double SAME_GENDER = 0.1;
    private static final double OTHER_TYPE = -2.5;
    private static final double SAME_IDENTIFIER = 6.0;
    private static final int SHORTEST_ADDRESS_WORD = 4;
    private static final Set<String> ANY_ADDRESS = Set.of(
            "street",
            "road",
            "avenue",
            "lane",
            "square",
            "district",
            "city",
            "province",
            "village",
            "building",
            "floor",
            "house",
            "apartment",
            "suite",
            "office",
            "calle",
            "carrera",
            "ulitsa",
            "strasse",
            "north",
            "south",
            "east",
            "west",
            "area",
            "region",
            "republic",
            "town",
            "block");
    private static final double SAME_ADDRESS = 1.0;
    private static final double SAME_PLACE = 0.3;
    private static final double WEAK_ALIAS = -1.5;

    private Evidence() {}

    /** No more points than this can speak for the subject's being any listed party. */
    static double most(Subject subject) {
        return (subject.birth() == null ? 0 : SAME_DAY)
                + (subject.countries().isEmpty() ? 0 : SAME_COUNTRY)
                + (subject.gender() == Gender.UNKNOWN ? 0 : SAME_GENDER)
                + (subject.identifiers().isEmpty() ? 0 : SAME_IDENTIFIER)
                + (subject.addresses().isEmpty() ? 0 : SAME_ADDRESS);
    }

    static List<Contribution> of(Subject subject, ListedParty party) {
        List<Contribution> reasons = new ArrayList<>();
        type(reasons, subject.type(), party.type());
        DateRange birth = subject.birth();
        if (birth != null && !party.births().isEmpty()) {
            reasons.add(birth(birth, party.births()));
        }
        countries(reasons, subject.countries(), party.countries());
        if (subject.gender() != Gender.UNKNOWN && party.gender() != Gender.UNKNOWN) {
            boolean same = subject.gender() == party.gender();
            String text = same ? "same gender" : subject.gender() + " asked, " + party.gender() + " listed";
            reasons.add(new Contribution(Kind.GENDER, text, same ? SAME_GENDER : OTHER_GENDER));
        }
        identifiers(reasons, subject, party);
        addresses(reasons, subject.addresses(), party.addresses());
        return reasons;
    }

    static @Nullable Contribution ofName(ListedName name) {
        return name.kind() == ListedName.Kind.WEAK_ALIAS
                ? new Contribution(Kind.WEAK_ALIAS, "its publisher calls the alias weak", WEAK_ALIAS)
                : null;
    }

    /**
     * A company may own a ship of its name, and lists do not always know what they name, so other kinds stay possible.
     */
    private static void type(List<Contribution> reasons, PartyType asked, PartyType listed) {
        if (asked != PartyType.UNKNOWN && asked != listed) {
            reasons.add(new Contribution(Kind.TYPE, asked + " asked, " + listed + " listed", OTHER_TYPE));
        }
    }

    /** The listed date that speaks most for it: lists give several where the truth is not known. */
    private static Contribution birth(DateRange asked, List<DateRange> listed) {
        Contribution best = birth(asked, listed.getFirst());
        for (DateRange date : listed) {
            Contribution each = birth(asked, date);
            best = each.points() > best.points() ? each : best;
        }
        return best;
    }

    private static Contribution birth(DateRange asked, DateRange listed) {
        String both = "born " + asked + ", listed " + listed;
        int years = asked.yearsApart(listed);
        boolean unsure = asked.approximate() || listed.approximate();
        double points;
        if (asked.exact() && asked.equals(listed)) {
            points = SAME_DAY;
        } else if (asked.exact() && listed.exact() && swapped(asked.from(), listed.from())) {
            points = SAME_DAY_SWAPPED;
        } else if (years == 0 && asked.overlaps(listed)) {
            points = unsure || asked.years() > 1 || listed.years() > 1 ? POSSIBLE : SAME_YEAR;
        } else if (years <= (unsure ? APPROXIMATE_YEARS : NEAR_YEARS)) {
            points = NEAR;
        } else {
            points = years >= GENERATION_YEARS ? GENERATION_OFF : YEARS_OFF;
        }
        return new Contribution(Kind.BIRTH_DATE, both, points);
    }

    /** Day and month in the other order: half the world writes them so. */
    private static boolean swapped(LocalDate one, LocalDate other) {
        return one.getYear() == other.getYear()
                && one.getMonthValue() == other.getDayOfMonth()
                && one.getDayOfMonth() == other.getMonthValue();
    }

    private static void countries(List<Contribution> reasons, Set<String> asked, Set<String> listed) {
        if (asked.isEmpty() || listed.isEmpty()) {
            return;
        }
        Set<String> both = new TreeSet<>(asked);
        both.retainAll(listed);
        if (both.isEmpty()) {
            reasons.add(new Contribution(
                    Kind.COUNTRY,
                    String.join(" ", asked) + " asked, " + String.join(" ", listed) + " listed",
                    NO_COUNTRY));
        } else {
            reasons.add(new Contribution(Kind.COUNTRY, String.join(" ", both), SAME_COUNTRY));
        }
    }

    private static void identifiers(List<Contribution> reasons, Subject subject, ListedParty party) {
        Set<String> listed =
                party.identifiers().stream().map(Identifier::key).collect(Collectors.toCollection(TreeSet::new));
        for (Identifier identifier : subject.identifiers()) {
            // Shorter numbers are shared by chance.
            if (identifier.key().length() >= 5 && listed.contains(identifier.key())) {
                reasons.add(new Contribution(Kind.IDENTIFIER, "same " + identifier.kind(), SAME_IDENTIFIER));
                return;
            }
        }
    }

    /** One word that both have may be the town; two are more. Lists' addresses are too old to speak against anybody. */
    private static void addresses(List<Contribution> reasons, List<String> asked, List<String> listed) {
        if (asked.isEmpty() || listed.isEmpty()) {
            return;
        }
        Set<String> both = words(asked);
        both.retainAll(words(listed));
        if (!both.isEmpty()) {
            double points = both.size() == 1 ? SAME_PLACE : SAME_ADDRESS;
            reasons.add(new Contribution(Kind.ADDRESS, String.join(" ", both), points));
        }
    }

    private static Set<String> words(List<String> addresses) {
        Set<String> words = new TreeSet<>();
        for (String address : addresses) {
            for (Token token : ParsedName.of(address, PartyType.UNKNOWN).tokens()) {
                boolean says = token.text().length() >= SHORTEST_ADDRESS_WORD || token.kind() == Token.Kind.NUMBER;
                if (says && !ANY_ADDRESS.contains(token.text())) {
                    words.add(token.text());
                }
            }
        }
        return words;
    }
}
