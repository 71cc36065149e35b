package org.exchequer.inward;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Rules;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.Party;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.Screener;
import org.exchequer.screening.Subject;
import org.jspecify.annotations.Nullable;

/** Sanctions screening of both parties. Nothing that anybody configures or orders leaves it out. */
final class Screening {
    private static final String LISTED = "RR04";

    private final Screener screener;

    Screening(Screener screener) {
        this.screener = screener;
    }

    /** The hit, if there is one. */
    Optional<Outcome> screen(Instruction instruction) {
        return screen(instruction, "debtorName", instruction.debtor())
                .or(() -> screen(instruction, "creditorName", instruction.creditor()));
    }

    private Optional<Outcome> screen(Instruction instruction, String part, @Nullable Party party) {
        String name = party == null ? null : party.name();
        if (party == null || name == null || name.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return Optional.empty();
        }
        SortedSet<String> countries = new TreeSet<>();
        String country = party.country();
        if (country != null && country.matches("[A-Za-z]{2}")) {
            countries.add(country.toUpperCase(Locale.ROOT));
        }
        Subject subject = Subject.named(part, PartyType.UNKNOWN, name)
                .of(countries)
                .born(party.birthDate() == null ? null : DateRange.of(party.birthDate()));
        return screener.screen(subject).alert()
                ? Optional.of(new Outcome.Listed(new Finding(
                        LISTED, Rules.path(instruction.type(), part), "must not be a party on a sanctions list")))
                : Optional.empty();
    }
}
