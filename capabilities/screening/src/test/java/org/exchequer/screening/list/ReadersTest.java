package org.exchequer.screening.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Year;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.Gender;
import org.exchequer.screening.Identifier;
import org.exchequer.screening.ListedName;
import org.exchequer.screening.ListedName.Kind;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadersTest {
    private static final String SDN = """
            36,"AERO MADE UP",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'AMU'."
            37,"NOBODY, John","individual","SDNTK] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\
            "DOB 04 Sep 1978; alt. DOB circa 1979; POB Paris, France; nationality Slovenia; Gender Male; \
            Passport P01104005 (Slovenia)."
            38,"SEA THING","vessel","CUBA",-0- ,"CL2",-0- ,"1","2","Cuba","Owner",-0-
            \u001a""";
    private static final String ALT = """
            36,1,"aka","AERO OF NOWHERE",-0-
            37,2,"fka","NOONE, Jon",-0-
            """;
    private static final String ADD = """
            36,1,"Street 1","Havana","Cuba",-0-
            37,2,-0- ,-0- ,-0- ,-0-
            """;
    private static final String UN = """
            <?xml version="1.0" encoding="UTF-8"?>
            <CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL>
              <FIRST_NAME>JOHN</FIRST_NAME><SECOND_NAME>MADEUP</SECOND_NAME>
              <UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TEi.001</REFERENCE_NUMBER><GENDER>Female</GENDER>
              <NAME_ORIGINAL_SCRIPT>جون</NAME_ORIGINAL_SCRIPT>
              <NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
              <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Jonny; The Eagle</ALIAS_NAME></INDIVIDUAL_ALIAS>
              <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jon Madup</ALIAS_NAME></INDIVIDUAL_ALIAS>
              <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE>
              <YEAR>1966</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
              <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE>
              <FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
              <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>
              <NUMBER>AB 1</NUMBER></INDIVIDUAL_DOCUMENT>
            </INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>MADE UP CO</FIRST_NAME>
              <UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TEe.001</REFERENCE_NUMBER>
              <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Co</ALIAS_NAME></ENTITY_ALIAS>
              <ENTITY_ADDRESS><CITY>Kigali</CITY><COUNTRY>Rwanda</COUNTRY></ENTITY_ADDRESS>
            </ENTITY></ENTITIES></CONSOLIDATED_LIST>
            """;
    private static final String HEADER =
            "id,type,name,aliases,weak_aliases,programs,birth_dates,countries,gender,identifiers,addresses\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SanctionsList ofac(String sdn, String alt, String add) throws ListFormatException {
        return OfacReader.read("OFAC", LocalDate.of(2021, 7, 1), bytes(sdn), bytes(alt), bytes(add));
    }

    @Test
    void ofac_files_become_parties() throws ListFormatException {
        SanctionsList list = ofac(SDN, ALT, ADD);
        assertThat(list.parties()).hasSize(3);
        assertThat(list.version().sha256()).hasSize(64);
        ListedParty company = list.parties().get(0);
        assertThat(company.type()).isEqualTo(PartyType.ENTITY);
        assertThat(company.names())
                .containsExactly(
                        new ListedName("AERO MADE UP", Kind.PRIMARY),
                        new ListedName("AMU", Kind.WEAK_ALIAS),
                        new ListedName("AERO OF NOWHERE", Kind.STRONG_ALIAS));
        assertThat(company.countries()).containsExactly("CU");
        assertThat(company.addresses()).containsExactly("Street 1, Havana, Cuba");
        ListedParty person = list.parties().get(1);
        assertThat(person.births())
                .containsExactly(
                        DateRange.of(LocalDate.of(1978, 9, 4)),
                        DateRange.of(Year.of(1979)).circa());
        assertThat(person.countries()).containsExactly("FR", "SI");
        assertThat(person.gender()).isEqualTo(Gender.MALE);
        assertThat(person.programs()).containsExactly("SDGT", "SDNTK");
        assertThat(person.identifiers()).containsExactly(new Identifier("Passport", "P01104005"));
        assertThat(list.parties().get(2).type()).isEqualTo(PartyType.VESSEL);
        assertThat(list.parties().get(2).countries()).containsExactly("CU");
    }

    @Test
    void wrong_ofac_files_are_refused_with_the_row() {
        assertThatThrownBy(() -> ofac(SDN, "99,1,\"aka\",\"X Y\",-0- \n", ADD))
                .hasMessage("OFAC, row 1: no party has number 99");
        assertThatThrownBy(() -> ofac("36,\"A\"\n", ALT, ADD)).hasMessage("OFAC, row 1: needs 12 columns, has 2");
        assertThatThrownBy(() -> ofac("", "", "")).hasMessageContaining("an empty list is not loaded");
        assertThatThrownBy(() -> ofac(SDN + SDN, ALT, ADD)).hasMessageContaining("number 36 again");
        assertThatThrownBy(() -> ofac("36,\"never ends", ALT, ADD)).isInstanceOf(ListFormatException.class);
    }

    @Test
    void the_un_list_becomes_parties() throws ListFormatException {
        SanctionsList list = UnReader.read("UN", bytes(UN));
        assertThat(list.version().published()).isEqualTo(LocalDate.of(2026, 2, 27));
        ListedParty person = list.parties().getFirst();
        assertThat(person.names())
                .extracting(ListedName::text, ListedName::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("JOHN MADEUP", Kind.PRIMARY),
                        org.assertj.core.groups.Tuple.tuple("جون", Kind.ORIGINAL_SCRIPT),
                        org.assertj.core.groups.Tuple.tuple("Jonny", Kind.WEAK_ALIAS),
                        org.assertj.core.groups.Tuple.tuple("The Eagle", Kind.WEAK_ALIAS),
                        org.assertj.core.groups.Tuple.tuple("Jon Madup", Kind.STRONG_ALIAS));
        assertThat(person.births())
                .containsExactly(
                        DateRange.of(Year.of(1966)).circa(),
                        DateRange.of(Year.of(1960)).to(DateRange.of(Year.of(1962))));
        assertThat(person.countries()).containsExactly("KP");
        assertThat(person.gender()).isEqualTo(Gender.FEMALE);
        ListedParty company = list.parties().getLast();
        assertThat(company.type()).isEqualTo(PartyType.ENTITY);
        assertThat(company.names().getLast().kind()).isEqualTo(Kind.FORMER_OR_NEW);
        assertThat(company.countries()).containsExactly("RW");
    }

    @Test
    void hostile_xml_is_refused() {
        String bomb = """
                <!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
                <CONSOLIDATED_LIST>&c;</CONSOLIDATED_LIST>""";
        String thief = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><CONSOLIDATED_LIST/>";
        assertThatThrownBy(() -> UnReader.read("UN", bytes(bomb))).hasMessageContaining("document type");
        assertThatThrownBy(() -> UnReader.read("UN", bytes(thief))).hasMessageContaining("document type");
        String deep = "<CONSOLIDATED_LIST><INDIVIDUAL>" + "<A>".repeat(100_000);
        assertThatThrownBy(() -> UnReader.read("UN", bytes(deep))).hasMessageContaining("deeper than");
        String wide = "<CONSOLIDATED_LIST><INDIVIDUAL><A>" + "x".repeat(200_000);
        assertThatThrownBy(() -> UnReader.read("UN", bytes(wide))).isInstanceOf(ListFormatException.class);
        assertThatThrownBy(() -> UnReader.read("UN", bytes("<CONSOLIDATED_LIST><INDIVIDUAL>")))
                .hasMessageContaining("not well-formed");
        assertThatThrownBy(() -> UnReader.read("UN", bytes("<CONSOLIDATED_LIST/>")))
                .hasMessageContaining("names nobody");
        assertThatThrownBy(() -> UnReader.read("UN", bytes(UN.replace("TEe.001", "TEi.001"))))
                .hasMessageContaining("stands twice");
    }

    @Test
    void the_plain_csv_becomes_parties() throws ListFormatException {
        SanctionsList list = NeutralReader.read(
                "EU",
                null,
                bytes(HEADER + "13,PERSON,Ivan Petrov,Petroff Ivan|Иван Петров,Vanya,UKR,1962-05-07|circa 1963,"
                        + "RU|Belarus,male,Passport:7301234,\"Moscow, Street 1\"\n14,vessel,SEA,,,,,,,,\n"));
        ListedParty person = list.parties().getFirst();
        assertThat(person.names()).hasSize(4);
        assertThat(person.countries()).containsExactly("BY", "RU");
        assertThat(person.births()).hasSize(2);
        assertThat(person.identifiers()).containsExactly(new Identifier("Passport", "7301234"));
        assertThat(person.addresses()).containsExactly("Moscow, Street 1");
        assertThat(list.parties().getLast().type()).isEqualTo(PartyType.VESSEL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,ROBOT,X Y,,,,,,,,        | type: is PERSON",
                ",PERSON,X Y,,,,,,,,        | id: must not be empty",
                "1,PERSON,...,,,,,,,,       | needs a name",
                "1,PERSON,X Y,,,,yesterday,,,, | birth_dates: a date is",
                "1,PERSON,X Y,,,,,,,123,    | identifiers: an identifier is",
                "1,PERSON                   | needs 11 columns"
            })
    void a_wrong_row_is_named(String row, String rule) {
        assertThatThrownBy(() -> NeutralReader.read("EU", null, bytes(HEADER + row + "\n")))
                .isInstanceOf(ListFormatException.class)
                .hasMessageContaining(rule.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b\n", "id,type\n1,PERSON\n"})
    void another_header_is_refused(String file) {
        assertThatThrownBy(() -> NeutralReader.read("EU", null, bytes(file))).isInstanceOf(ListFormatException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1978,1978-01-01..1978-12-31",
        "Sep 1978,1978-09-01..1978-09-30",
        "04 Sep 1978,1978-09-04",
        "1978-09,1978-09-01..1978-09-30",
        "circa 1960-1963,circa 1960-01-01..1963-12-31",
        "1960 to 1962,1960-01-01..1962-12-31",
        "01 Jan 1960 to 02 Feb 1961,1960-01-01..1961-02-02"
    })
    void dates_are_read_to_their_precision(String text, String range) {
        assertThat(Dates.parse(text)).hasToString(range);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1962 to 1960", "99 Xyz 1960", "31 Feb", "to", "circa", "99999"})
    void what_is_no_date_is_none(String text) {
        assertThat(Dates.parse(text)).isNull();
    }

    @Test
    void a_folder_is_read_by_the_names_of_its_files(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("sdn.csv"), SDN);
        Files.writeString(folder.resolve("alt.csv"), ALT);
        Files.writeString(folder.resolve("add.csv"), ADD);
        Files.writeString(folder.resolve("un.xml"), UN);
        Files.writeString(folder.resolve("own.csv"), HEADER + "1,PERSON,Somebody Made Up,,,,,,,,\n");
        Files.writeString(folder.resolve("README"), "left alone");
        assertThat(ListFolder.read(folder))
                .extracting(list -> list.version().source())
                .containsExactly("own", "OFAC SDN", "un");

        Files.delete(folder.resolve("alt.csv"));
        assertThatThrownBy(() -> ListFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("alt.csv is missing beside the list that it belongs to");
    }
}
