package org.exchequer.inward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.list.ListFormatException;
import org.exchequer.screening.list.NeutralReader;

/** Sanctions lists for tests. */
final class Lists {
    private Lists() {}

    static List<SanctionsList> of(String... names) {
        StringBuilder csv = new StringBuilder(
                "id,type,name,aliases,weak_aliases,programs,birth_dates,countries,gender," + "identifiers,addresses\n");
        for (int i = 0; i < names.length; i++) {
            csv.append(i).append(",PERSON,").append(names[i]).append(",,,,,,,,\n");
        }
        try {
            return List.of(NeutralReader.read("TEST", null, csv.toString().getBytes(UTF_8)));
        } catch (ListFormatException e) {
            throw new AssertionError(e);
        }
    }
}
