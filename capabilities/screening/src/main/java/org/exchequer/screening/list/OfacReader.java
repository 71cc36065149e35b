package org.exchequer.screening.list;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.Gender;
import org.exchequer.screening.Identifier;
import org.exchequer.screening.ListedName.Kind;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.jspecify.annotations.Nullable;

/**
 * OFAC's delimited files, of the SDN list ({@code sdn.csv}, {@code alt.csv}, {@code add.csv}) and of the
 * consolidated one ({@code cons_prim.csv}, {@code cons_alt.csv}, {@code cons_add.csv}): no header, {@code -0-} for
 * nothing, an end-of-file character (0x1A) at the end. What has no column of its own stands in the remarks, parts
 * ended by semicolons: dates of birth, gender, nationality, documents and the weak aliases. Source: OFAC, "Data file
 * formats" (dat_spec.txt).
 */
public final class OfacReader {
    private static final int NAME = 1;
    private static final int TYPE = 2;
    private static final int PROGRAM = 3;
    private static final int FLAG = 9;
    private static final int REMARKS = 11;
    private static final Pattern WEAK_ALIAS = Pattern.compile("(?:alt\\. )?[afn]\\.k\\.a\\. '(.+)'");
    private static final Pattern DOCUMENT =
            Pattern.compile("(?:alt\\. )?(Passport|National ID No\\.|Cedula No\\.|Tax ID No\\.|Registration ID"
                    + "|Registration Number|NIT #|Company Number|SSN|Vessel Registration Identification IMO"
                    + "|Identification Number|R\\.F\\.C\\.|C\\.U\\.R\\.P\\.|RUC #|Driver's License No\\.)"
                    + " ([^ (]+).*");

    private OfacReader() {}

    /**
     * @param source the name of the list, for example {@code OFAC-SDN}
     * @param published the date of publication, which the files do not carry
     * @throws ListFormatException if a row has too few columns, an alias or address belongs to nobody, or a bound is
     *     passed
     */
    public static SanctionsList read(
            String source, @Nullable LocalDate published, byte[] primary, byte[] aliases, byte[] addresses)
            throws ListFormatException {
        Map<String, PartyDraft> drafts = new LinkedHashMap<>();
        for (CSVRecord row : rows(source, primary, REMARKS + 1)) {
            PartyDraft draft = new PartyDraft(source, row.get(0).strip(), type(row.get(TYPE)));
            draft.name(row.get(NAME), Kind.PRIMARY);
            for (String program : value(row.get(PROGRAM)).split("\\] \\[")) {
                draft.programs.add(program.replaceAll("[\\[\\]]", ""));
            }
            draft.programs.remove("");
            draft.country(value(row.get(FLAG)));
            remarks(draft, value(row.get(REMARKS)));
            if (drafts.put(draft.id, draft) != null) {
                throw new ListFormatException(source, "row " + row.getRecordNumber(), "number " + draft.id + " again");
            }
        }
        for (CSVRecord row : rows(source, aliases, 4)) {
            Kind kind = value(row.get(2)).equals("aka") ? Kind.STRONG_ALIAS : Kind.FORMER_OR_NEW;
            owner(source, drafts, row).name(row.get(3), kind);
        }
        for (CSVRecord row : rows(source, addresses, 5)) {
            PartyDraft draft = owner(source, drafts, row);
            draft.addressOf(List.of(value(row.get(2)), value(row.get(3)), value(row.get(4))));
            draft.country(value(row.get(4)));
        }
        List<ListedParty> parties = new ArrayList<>(drafts.size());
        for (PartyDraft draft : drafts.values()) {
            parties.add(draft.party());
        }
        return Published.list(source, published, List.of(primary, aliases, addresses), parties);
    }

    private static PartyDraft owner(String source, Map<String, PartyDraft> drafts, CSVRecord row)
            throws ListFormatException {
        PartyDraft draft = drafts.get(row.get(0).strip());
        if (draft == null) {
            throw new ListFormatException(
                    source,
                    "row " + row.getRecordNumber(),
                    "no party has number " + row.get(0).strip());
        }
        return draft;
    }

    private static List<CSVRecord> rows(String source, byte[] bytes, int columns) throws ListFormatException {
        String text = Published.text(source, bytes).replace("\u001a", "");
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setIgnoreEmptyLines(true)
                .setTrailingData(true)
                .get();
        List<CSVRecord> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(text, format)) {
            for (CSVRecord row : parser) {
                if (row.size() == 1 && row.get(0).isBlank()) {
                    continue;
                }
                if (row.size() < columns) {
                    throw new ListFormatException(
                            source, "row " + row.getRecordNumber(), "needs " + columns + " columns, has " + row.size());
                }
                if (row.stream().anyMatch(value -> value.length() > Published.MOST_FIELD_CHARS)) {
                    throw new ListFormatException(source, "row " + row.getRecordNumber(), "a field is too long");
                }
                rows.add(row);
                if (rows.size() > Published.MOST_PARTIES) {
                    throw new ListFormatException(source, "whole file", "at most " + Published.MOST_PARTIES + " rows");
                }
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new ListFormatException(source, "after row " + rows.size(), "is no CSV", e);
        } catch (ListFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new ListFormatException(source, "after row " + rows.size(), "cannot be read", e);
        }
        return rows;
    }

    private static String value(String field) {
        String value = field.strip();
        return value.equals("-0-") ? "" : value;
    }

    private static PartyType type(String field) {
        return switch (value(field).toLowerCase(Locale.ROOT)) {
            case "individual" -> PartyType.PERSON;
            case "vessel" -> PartyType.VESSEL;
            case "aircraft" -> PartyType.AIRCRAFT;
            default -> PartyType.ENTITY;
        };
    }

    private static void remarks(PartyDraft draft, String remarks) throws ListFormatException {
        for (String part : remarks.split(";")) {
            String remark = part.strip();
            if (remark.endsWith(".") && !remark.endsWith("..")) {
                remark = remark.substring(0, remark.length() - 1);
            }
            Matcher alias = WEAK_ALIAS.matcher(remark);
            if (alias.matches()) {
                draft.name(alias.group(1), Kind.WEAK_ALIAS);
            }
            Matcher document = DOCUMENT.matcher(remark);
            if (document.matches()) {
                draft.identifiers.add(new Identifier(document.group(1), document.group(2)));
            }
            after(remark, "DOB ", date -> {
                DateRange range = Dates.parse(date);
                if (range != null) {
                    draft.births.add(range);
                }
            });
            after(remark, "nationality ", draft::country);
            after(remark, "citizen ", draft::country);
            after(remark, "POB ", place -> draft.country(place.substring(place.lastIndexOf(',') + 1)));
            after(remark, "Gender ", gender -> draft.gender = gender(gender));
        }
    }

    private static void after(String remark, String start, Consumer<String> then) {
        String plain = remark.startsWith("alt. ") ? remark.substring(5) : remark;
        if (plain.startsWith(start)) {
            then.accept(plain.substring(start.length()));
        }
    }

    static Gender gender(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "male" -> Gender.MALE;
            case "female" -> Gender.FEMALE;
            default -> Gender.UNKNOWN;
        };
    }
}
