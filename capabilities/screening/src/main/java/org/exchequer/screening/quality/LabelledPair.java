package org.exchequer.screening.quality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.exchequer.screening.PartyType;

/** Two names, and what a person said of them. */
public record LabelledPair(PartyType type, String one, String other, boolean match) {
    /** A CSV with the columns {@code schema, name1, name2, is_match}, as OpenSanctions keeps its checks. */
    public static List<LabelledPair> read(Path file) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        List<LabelledPair> pairs = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
            for (CSVRecord row : parser) {
                pairs.add(new LabelledPair(
                        type(row.get("schema")),
                        row.get("name1"),
                        row.get("name2"),
                        Boolean.parseBoolean(row.get("is_match"))));
            }
        }
        return pairs;
    }

    private static PartyType type(String schema) {
        return switch (schema) {
            case "Person" -> PartyType.PERSON;
            case "Vessel" -> PartyType.VESSEL;
            case "Airplane" -> PartyType.AIRCRAFT;
            default -> PartyType.ENTITY;
        };
    }
}
