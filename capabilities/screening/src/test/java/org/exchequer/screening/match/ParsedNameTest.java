package org.exchequer.screening.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.exchequer.screening.PartyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsedNameTest {
    private static List<String> words(String name, PartyType type) {
        return ParsedName.of(name, type).tokens().stream().map(Token::text).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Владимир ПУТИН        | vladimir putin",
                "Αλέξανδρος            | alexandros",
                "김정은                 | kim jong un",
                "박지성                 | pak ji song",
                "习近平                 | xi jin ping",
                "バラク・オバマ          | baraku obama",
                "ბარაკ ობამა           | barak obama",
                "محمد علي               | mhmd ly",
                "Ünal-Öztürk, Çağlar   | unal ozturk caglar",
                "O'Brien               | obrien",
                "Straße                | strasse",
                "J.-C. Juncker         | j c juncker",
                "ＦＵＬＬ Ｗｉｄｔｈ      | full width",
                "Mohammed Mohammed Ali | mohammed ali"
            })
    void a_persons_name_is_taken_apart(String name, String words) {
        assertThat(String.join(" ", words(name, PartyType.PERSON))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Siemens Aktiengesellschaft              | siemens     | JSC",
                "OOO Oboronnye Initsiativy               | oboronnye initsiativy | LLC",
                "ООО АЯС 2000                            | aas 2000    | LLC",
                "FABERLIC EUROPE Sp. z o.o.              | faberlic europe | LLC",
                "A.B.C. Company                          | abc         | CORP",
                "TRANSPORTES X Z, S.A. DE C.V.           | transportes xz | JSC",
                "Volkswagen Bank G.m.b.H.                | volkswagen bank | LLC",
                "Brigade Forty-Four                      | brigade 44  | ",
                "1st International Bank                  | 1 international bank | ",
                "Partners VII L.P.                       | partners 7  | LP"
            })
    void a_companys_name_is_taken_apart(String name, String words, String form) {
        ParsedName parsed = ParsedName.of(name, PartyType.ENTITY);
        assertThat(String.join(" ", words(name, PartyType.ENTITY))).isEqualTo(words);
        assertThat(parsed.forms()).isEqualTo(form == null ? java.util.Set.of() : java.util.Set.of(form));
    }

    @Test
    void kinds_are_told_apart() {
        assertThat(ParsedName.of("Mullah J. bin Omar", PartyType.PERSON).tokens())
                .extracting(Token::kind)
                .containsExactly(Token.Kind.TITLE, Token.Kind.INITIAL, Token.Kind.PARTICLE, Token.Kind.WORD);
        assertThat(ParsedName.of("XU, Bin", PartyType.PERSON).tokens())
                .extracting(Token::kind)
                .containsExactly(Token.Kind.WORD, Token.Kind.WORD);
    }

    @Test
    void a_name_of_nothing_but_titles_or_forms_still_has_words() {
        assertThat(words("Dr. Mullah", PartyType.PERSON)).containsExactly("dr", "mullah");
        assertThat(words("Limited Liability Company", PartyType.ENTITY)).isNotEmpty();
    }

    @Test
    void words_are_bounded() {
        assertThat(words("ab ".repeat(200) + "x", PartyType.ENTITY)).hasSizeLessThanOrEqualTo(ParsedName.MOST_TOKENS);
    }
}
