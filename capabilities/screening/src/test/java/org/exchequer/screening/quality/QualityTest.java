package org.exchequer.screening.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.screening.Contribution;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.Screener;
import org.exchequer.screening.Subject;
import org.exchequer.screening.match.NameModel;
import org.exchequer.screening.match.ParsedName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bars of quality on public data; skipped where the folder of {@code EXCHEQUER_CONFORMANCE_DATA} is missing. */
class QualityTest {
    private static final Path DATA = Path.of(Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
            .orElse(Path.of(System.getProperty("exchequer.home", "."), "../shared/data")
                    .toString()));
    private static List<SanctionsList> lists = List.of();
    private static Screener screener = Screener.open(List.of());

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(Files.isDirectory(DATA.resolve("sanctions")), "needs " + DATA + "/sanctions");
        lists = PublicData.lists(DATA);
        screener = Screener.open(lists);
    }

    @Test
    void whole_public_lists_are_read() {
        assertThat(lists).extracting(list -> list.parties().size()).containsExactly(8_976, 442, 1_003);
        assertThat(lists.stream()
                        .flatMap(list -> list.parties().stream())
                        .filter(party -> !party.births().isEmpty()))
                .hasSizeGreaterThan(5_000);
    }

    @Test
    void pairs_are_told_apart_on_pairs_that_were_not_fitted_to() throws IOException {
        List<LabelledPair> pairs = LabelledPair.read(DATA.resolve("names/name_bench_half.csv"));
        CrossValidation.Result result = CrossValidation.run(pairs, screener.weights());
        assertThat(result.heldOutF1()).isGreaterThanOrEqualTo(0.82);
        assertThat(result.heldOutF1AtThreshold()).isGreaterThanOrEqualTo(0.82);
        assertThat(result.levenshteinF1()).isLessThan(result.heldOutF1());
        assertThat(result.threshold()).isEqualTo(Screener.threshold());
        assertThat(result.coefficients())
                .as("what is built in is what is fitted")
                .containsExactly(Screener.coefficients(), org.assertj.core.api.Assertions.within(0.01));
    }

    @Test
    void names_in_other_scripts_are_found() throws IOException {
        int found = 0;
        List<String> rows = new ArrayList<>();
        for (String row : Files.readAllLines(DATA.resolve("names/watchman_cross_script_pairs.csv"))) {
            if (!row.isBlank() && !row.startsWith("#")) {
                String[] fields = row.split(",");
                rows.add(row);
                found += score(fields[0], fields[1], PartyType.PERSON) >= Screener.threshold() ? 1 : 0;
            }
        }
        assertThat(rows).hasSize(22);
        assertThat(found).isGreaterThanOrEqualTo(17);
    }

    @Test
    void false_friends_stay_apart() {
        for (PartyType type : PartyType.values()) {
            assertThat(score("BELLETECH CORP", "11420 CORP.", type)).isLessThan(0.6);
            assertThat(score("emma daniels", "EMMA LLC", type)).isLessThan(0.6);
        }
    }

    private static double score(String one, String other, PartyType type) {
        double sum = 0;
        for (Contribution each : new NameModel(Screener.coefficients(), screener.weights())
                .explain(ParsedName.of(one, type), ParsedName.of(other, type))) {
            sum += each.points();
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    @Test
    void mangled_listed_names_are_found_and_harmless_ones_left_alone() throws IOException {
        List<Subject> clean = Persons.read(DATA.resolve("names/un_positives_untreated_half.csv"));
        List<Subject> mangled = Persons.read(DATA.resolve("names/un_positives_treated_half.csv"));
        assertThat(Recall.of(screener, lists, mangled, clean).share()).isGreaterThanOrEqualTo(0.995);

        List<Subject> harmless = new ArrayList<>();
        for (String file : List.of("negatives_global_25k.csv", "negatives_us_25k.csv")) {
            List<Subject> all = Persons.read(DATA.resolve("names/" + file));
            // A twentieth here, for time; bench screening asks all.
            for (int i = 5; i < all.size(); i += 20) {
                harmless.add(all.get(i));
            }
        }
        assertThat(harmless).hasSize(2_500);
        assertThat(harmless.parallelStream()
                        .filter(each -> screener.screen(each).alert()))
                .hasSizeLessThanOrEqualTo(2);
    }
}
