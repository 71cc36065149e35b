package org.exchequer.screening.list;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.Identifier;
import org.exchequer.screening.ListedName.Kind;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.jspecify.annotations.Nullable;

/**
 * A CSV that any list can be brought into (EU, HMT, PEPs, one's own): UTF-8, this header, and a bar between several
 * values of one field.
 *
 * <pre>{@code
 * id,type,name,aliases,weak_aliases,programs,birth_dates,countries,gender,identifiers,addresses
 * 13,PERSON,Ivan Petrov,Petroff Ivan|Иван Петров,Vanya,UKR,1962-05-07|circa 1963,RU|BY,male,Passport:7301234,Moscow
 * }</pre>
 *
 * Only {@code id}, {@code type} and {@code name} need values; a date that cannot be read is an error here, since
 * whoever makes the file can make it right.
 */
public final class NeutralReader {
    private static final List<String> HEADER = List.of(
            "id",
            "type",
            "name",
            "aliases",
            "weak_aliases",
            "programs",
            "birth_dates",
            "countries",
            "gender",
            "identifiers",
            "addresses");

    private NeutralReader() {}

    /** @throws ListFormatException naming the row, the column and the rule */
    public static SanctionsList read(String source, @Nullable LocalDate published, byte[] bytes)
            throws ListFormatException {
        List<ListedParty> parties = new ArrayList<>();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser parser = CSVParser.parse(Published.text(source, bytes), format)) {
            if (!parser.getHeaderNames().equals(HEADER)) {
                throw new ListFormatException(source, "row 1", "the header must be " + String.join(",", HEADER));
            }
            for (CSVRecord row : parser) {
                if (parties.size() == Published.MOST_PARTIES) {
                    throw new ListFormatException(
                            source, "whole file", "at most " + Published.MOST_PARTIES + " parties");
                }
                parties.add(party(source, row));
            }
        } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
            throw new ListFormatException(source, "row " + (parties.size() + 2), "is no CSV, or an id stands twice", e);
        } catch (ListFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new ListFormatException(source, "row " + (parties.size() + 2), "is no CSV", e);
        }
        return Published.list(source, published, List.of(bytes), parties);
    }

    private static ListedParty party(String source, CSVRecord row) throws ListFormatException {
        if (row.size() != HEADER.size()) {
            throw wrong(source, row, "whole row", "needs " + HEADER.size() + " columns, has " + row.size());
        }
        String id = row.get("id").strip();
        if (id.isEmpty()) {
            throw wrong(source, row, "id", "must not be empty");
        }
        PartyDraft draft = new PartyDraft(source, id, type(source, row));
        draft.name(row.get("name"), Kind.PRIMARY);
        for (String alias : values(row, "aliases")) {
            draft.name(alias, Kind.STRONG_ALIAS);
        }
        for (String alias : values(row, "weak_aliases")) {
            draft.name(alias, Kind.WEAK_ALIAS);
        }
        draft.programs.addAll(values(row, "programs"));
        for (String date : values(row, "birth_dates")) {
            DateRange range = Dates.parse(date);
            if (range == null) {
                throw wrong(source, row, "birth_dates", "a date is 1962-05-07, 1962-05, 1962, or circa one of them");
            }
            draft.births.add(range);
        }
        values(row, "countries").forEach(draft::country);
        draft.gender = OfacReader.gender(row.get("gender"));
        for (String identifier : values(row, "identifiers")) {
            int colon = identifier.indexOf(':');
            if (colon < 1) {
                throw wrong(source, row, "identifiers", "an identifier is its kind, a colon, its number");
            }
            draft.identifiers.add(new Identifier(identifier.substring(0, colon), identifier.substring(colon + 1)));
        }
        draft.addresses.addAll(values(row, "addresses"));
        return draft.party();
    }

    private static PartyType type(String source, CSVRecord row) throws ListFormatException {
        return switch (row.get("type").strip().toUpperCase(Locale.ROOT)) {
            case "PERSON" -> PartyType.PERSON;
            case "ENTITY" -> PartyType.ENTITY;
            case "VESSEL" -> PartyType.VESSEL;
            case "AIRCRAFT" -> PartyType.AIRCRAFT;
            default -> throw wrong(source, row, "type", "is PERSON, ENTITY, VESSEL or AIRCRAFT");
        };
    }

    private static List<String> values(CSVRecord row, String column) throws ListFormatException {
        String field = row.get(column);
        if (field.length() > Published.MOST_FIELD_CHARS) {
            throw new ListFormatException(column, "row " + row.getRecordNumber(), "is too long");
        }
        return List.of(field.split("\\|")).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static ListFormatException wrong(String source, CSVRecord row, String column, String rule) {
        return new ListFormatException(source, "row " + (row.getRecordNumber() + 1) + ", " + column, rule);
    }
}
