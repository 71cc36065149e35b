package org.exchequer.scoring.generator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.PaymentType;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private static final ArchRule HIDDEN = noClasses()
            .that()
            .resideOutsideOfPackage("org.exchequer.scoring.generator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.exchequer.scoring.generator..")
            .because("what finds fraud must not know how it is made");

    private record Made(List<Event> events, List<Label> labels) {
        static Made of(long seed, int accounts, int days) {
            Made made = new Made(new ArrayList<>(), new ArrayList<>());
            Scenario.generate(seed, accounts, days, made.events::add, made.labels::add);
            return made;
        }
    }

    @Test
    void the_same_seed_makes_the_same_payments_and_another_others() {
        Made one = Made.of(7, 500, 10);
        assertThat(Made.of(7, 500, 10)).isEqualTo(one);
        assertThat(Made.of(8, 500, 10).events().subList(0, 10))
                .isNotEqualTo(one.events().subList(0, 10));
    }

    @Test
    void payments_come_in_order_of_time_and_are_numbered() {
        long id = 0;
        long time = 0;
        for (Event event : Made.of(7, 2_000, 20).events()) {
            assertThat(event.id()).isEqualTo(++id);
            assertThat(event.timeMillis()).isGreaterThanOrEqualTo(time);
            time = event.timeMillis();
        }
        assertThat(id).isGreaterThan(20 * 2_000);
    }

    @Test
    void every_typology_occurs_and_fraud_is_rare() {
        Made made = Made.of(3, 20_000, 30);
        Map<Typology, Set<Integer>> cases = new HashMap<>();
        Set<Long> labelled = new HashSet<>();
        for (Label label : made.labels()) {
            cases.computeIfAbsent(label.typology(), any -> new HashSet<>()).add(label.caseNumber());
            assertThat(labelled.add(label.event())).isTrue();
        }
        assertThat(cases.keySet()).isEqualTo(EnumSet.allOf(Typology.class));
        assertThat((double) labelled.size() / made.events().size()).isBetween(0.001, 0.02);
        long standing = made.events().stream()
                .filter(event -> event.type() == PaymentType.STANDING_ORDER)
                .count();
        assertThat(standing).isGreaterThan(15_000);
    }

    @Test
    void detectors_cannot_see_the_generator() {
        JavaClasses main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.exchequer.scoring");
        HIDDEN.check(onlyDetectors(main));
        assertThat(main.contain(Scenario.class)).isTrue();
    }

    /** Commands that train models may start the generator; features, graph, rules and models may not see it. */
    private static JavaClasses onlyDetectors(JavaClasses main) {
        String rooms = "features|graph|rules|bounded|model|stream|explain|registry";
        return main.that(com.tngtech.archunit.base.DescribedPredicate.describe(
                "features, graph, rules, models and what serves them",
                each -> each.getPackageName().matches("org\\.exchequer\\.scoring\\.(" + rooms + ")(\\..*)?")));
    }

    @Test
    void a_detector_that_looks_is_caught() {
        JavaClasses planted =
                new ClassFileImporter().importClasses(org.exchequer.scoring.rules.RuleThatKnowsTheGenerator.class);
        assertThat(HIDDEN.evaluate(planted).hasViolation()).isTrue();
    }

    @Test
    void sizes_out_of_range_are_named() {
        assertThatThrownBy(() -> Made.of(1, 99, 1)).hasMessageContaining("accounts must be from 100");
        assertThatThrownBy(() -> Made.of(1, 100, 0)).hasMessageContaining("days must be from 1");
    }
}
