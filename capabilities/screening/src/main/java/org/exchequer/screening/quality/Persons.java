package org.exchequer.screening.quality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.exchequer.screening.Gender;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.Subject;
import org.exchequer.screening.list.Countries;
import org.exchequer.screening.list.Dates;

/** Files of persons as OpenSanctions' checks have them: {@code full_name, gender, date_of_birth, nationality}. */
public final class Persons {
    private Persons() {}

    /** Each row a subject, its number from 0 the id; a date that is none, as in mangled files, is not told. */
    public static List<Subject> read(Path file) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        List<Subject> subjects = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
            for (CSVRecord row : parser) {
                String country = Countries.code(row.get("nationality"));
                subjects.add(Subject.named(Integer.toString(subjects.size()), PartyType.PERSON, row.get("full_name"))
                        .born(Dates.parse(row.get("date_of_birth")))
                        .of(country == null ? List.of() : List.of(country))
                        .of(gender(row.get("gender"))));
            }
        }
        return subjects;
    }

    /** The same persons of whom only the name is known. */
    public static List<Subject> namesOnly(List<Subject> subjects) {
        return subjects.stream()
                .map(subject -> Subject.named(
                        subject.id(), subject.type(), subject.names().getFirst()))
                .toList();
    }

    private static Gender gender(String text) {
        return switch (text) {
            case "male" -> Gender.MALE;
            case "female" -> Gender.FEMALE;
            default -> Gender.UNKNOWN;
        };
    }
}
