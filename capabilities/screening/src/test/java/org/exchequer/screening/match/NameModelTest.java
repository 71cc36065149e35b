package org.exchequer.screening.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.exchequer.screening.Contribution;
import org.exchequer.screening.PartyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameModelTest {
    /** Everything but the base counts one against. */
    private static final NameModel MODEL = new NameModel(ones(), TokenWeights.even());

    private static double[] ones() {
        double[] ones = new double[Feature.values().length];
        Arrays.fill(ones, -1);
        ones[0] = 3;
        return ones;
    }

    private static List<Contribution> explain(String one, String other, PartyType type) {
        return MODEL.explain(ParsedName.of(one, type), ParsedName.of(other, type));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Friedrich Buchenberg | FridrichBuchenberg      | friedrich+buchenberg ~ fridrichbuchenberg",
                "Nikolai Patr ushev   | Nikolai Patrushev       | patr+ushev = patrushev",
                "Abd al-Rahman Hasan  | Abdurrahman Hasan       | abd+al+rahman ~ abdurrahman",
                "Hans J Friedrich     | Hans Joachim Friedrich  | j ~ joachim 0.75",
                "Ted Smith            | Theodore Smith          | ted ~ theodore 0.97",
                "bin Salman Mohammed  | Muhammad bin Salman     | mohammed ~ muhammad 0.97",
                "I9or Sech1n          | Igor Sechin             | i9or ~ igor 0.90",
                "محمود عباس            | Mahmoud Abbas           | mhmwd ~ mahmoud 0.9",
                "Vladimir Putin       | Vladimir V. Putin       | only listed: v"
            })
    void words_that_stand_for_each_other_are_named(String one, String other, String expected) {
        assertThat(explain(one, other, PartyType.PERSON))
                .extracting(Contribution::text)
                .anySatisfy(text -> assertThat(text).startsWith(expected));
    }

    @Test
    void an_initial_stands_for_a_word_only_where_no_other_word_of_its_name_is_left() {
        assertThat(explain("Daniel B. Maffei", "BARRERA BARRERA, Daniel", PartyType.PERSON))
                .extracting(Contribution::text)
                .contains("only asked: b", "only asked: maffei", "only listed: barrera");
        assertThat(explain("J.-M. Barroso", "Jose-Manuel Barroso", PartyType.PERSON))
                .extracting(Contribution::text)
                .contains("j ~ jose 0.75", "m ~ manuel 0.75");
    }

    @Test
    void an_acronym_stands_for_a_bodys_name() {
        assertThat(explain("PLA", "People's Liberation Army", PartyType.ENTITY))
                .extracting(Contribution::text)
                .contains("pla ~ peoples+liberation+army 0.80");
    }

    @Test
    void points_add_up_to_the_weighed_features() {
        for (String[] pair : new String[][] {
            {"Octavian Scholz", "Olaf Scholz"},
            {"JÚLIO NA NHASSE", "JÚLIO NHATE"},
            {"A B C D", "D C B A"},
            {"Siemens AG 7", "Siemens GmbH"},
            {"金正恩", "Kim"}
        }) {
            for (PartyType type : PartyType.values()) {
                double[] features = MODEL.features(ParsedName.of(pair[0], type), ParsedName.of(pair[1], type));
                double weighed = 0;
                for (int i = 0; i < features.length; i++) {
                    weighed += ones()[i] * features[i];
                }
                double points = 0;
                for (Contribution each : explain(pair[0], pair[1], type)) {
                    points += each.points();
                }
                assertThat(points).isCloseTo(weighed, org.assertj.core.api.Assertions.within(1e-9));
            }
        }
    }

    @Test
    void both_directions_are_weighed_alike() {
        for (String[] pair : new String[][] {
            {"Osama bin Laden", "Usāma bin Muhammad ibn Awad ibn Lādin"}, {"Goodwill Company", "Good Will Company"}
        }) {
            for (PartyType type : PartyType.values()) {
                double[] there = MODEL.features(ParsedName.of(pair[0], type), ParsedName.of(pair[1], type));
                double[] back = MODEL.features(ParsedName.of(pair[1], type), ParsedName.of(pair[0], type));
                assertThat(there).containsExactly(back, org.assertj.core.api.Assertions.within(1e-9));
            }
        }
    }

    @Test
    void a_common_word_says_less_than_a_rare_one() {
        List<ParsedName> names = List.of(
                ParsedName.of("Ali Rare", PartyType.PERSON),
                ParsedName.of("Ali One", PartyType.PERSON),
                ParsedName.of("Ali Two", PartyType.PERSON));
        TokenWeights weights = TokenWeights.of(names);
        assertThat(weights.of("ali")).isLessThan(weights.of("rare"));
        assertThat(weights.of("rare")).isLessThanOrEqualTo(weights.of("unheard"));
        assertThat(weights.of("unheard")).isEqualTo(1);
    }
}
