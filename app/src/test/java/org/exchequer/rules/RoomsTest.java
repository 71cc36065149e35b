package org.exchequer.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.exchequer.rules.violations.core.CoreThatReadsTheDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may know which. */
class RoomsTest {
    /** Systems that exist; a new one is added here and in {@code app/Systems.java}. */
    private static final List<String> SYSTEMS =
            List.of("ledger", "shards", "reconciliation", "regtech", "inward", "exchange");

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.exchequer");

    private static final ArchRule CORE_IS_PURE = noClasses()
            .that()
            .resideInAnyPackage("org.exchequer.*.core..", "org.exchequer.kernel..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "java.io..",
                    "java.nio.file..",
                    "java.net..",
                    "org.postgresql..",
                    "org.apache.kafka..",
                    "org.springframework..",
                    "io.micrometer..",
                    "org.slf4j..",
                    "org.exchequer.platform..",
                    "org.exchequer.*.store..",
                    "org.exchequer.*.edge..",
                    "org.exchequer.*.jobs.."))
            .because("decisions are pure: what is pure can be replayed, simulated and checked against a twin");

    static Stream<ArchRule> rules() {
        Stream<ArchRule> fixed = Stream.of(
                CORE_IS_PURE,
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "org.exchequer.app..", "org.exchequer.platform..", "org.exchequer.*.edge..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.springframework.."))
                        .because("Spring is the host, not the house"),
                noClasses()
                        .that()
                        .resideInAPackage("org.exchequer.kernel..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.exchequer..")
                                .and(resideInAnyPackage("org.exchequer.kernel..")
                                        .as("itself")
                                        .negate()))
                        .because("everything stands on the kernel, which stands on the JDK alone"),
                noClasses()
                        .that()
                        .resideInAPackage("org.exchequer.platform..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.exchequer..")
                                .and(resideInAnyPackage("org.exchequer.kernel..", "org.exchequer.platform..")
                                        .as("itself")
                                        .negate()))
                        .because("systems stand on the platform, not the other way round"),
                noClasses()
                        .that()
                        .resideInAPackage("org.exchequer.*.api..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                "org.exchequer.*.core..",
                                "org.exchequer.*.store..",
                                "org.exchequer.*.edge..",
                                "org.exchequer.*.jobs.."))
                        .because("an interface does not know what is behind it"),
                noClasses()
                        .that()
                        .resideInAPackage("org.exchequer.*.store..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.exchequer.*.edge..", "org.exchequer.*.jobs..")),
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("jakarta.persistence..", "org.hibernate.."))
                        .because("SQL is written as SQL"),
                noClasses()
                        .should()
                        .beAnnotatedWith("org.springframework.stereotype.Component")
                        .orShould()
                        .beAnnotatedWith("org.springframework.stereotype.Service")
                        .orShould()
                        .beAnnotatedWith("org.springframework.stereotype.Repository")
                        .because("objects are made by plain constructors"),
                com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields()
                        .should()
                        .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                        .because("objects are made by plain constructors"));
        return Stream.concat(fixed, SYSTEMS.stream().map(RoomsTest::onlyTheApiIsSeen));
    }

    private static ArchRule onlyTheApiIsSeen(String system) {
        String root = "org.exchequer." + system;
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + "..", "org.exchequer.app..", "org.exchequer.bench..")
                .should()
                .dependOnClassesThat(describe(
                        "the inside of " + system,
                        (JavaClass c) -> (c.getPackageName() + ".").startsWith(root + ".")
                                && !(c.getPackageName() + ".").startsWith(root + ".api.")))
                .because("a system sees of another only its api package");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(PROJECT);
    }

    @Test
    void the_classes_were_found() {
        assertThat(PROJECT.contain("org.exchequer.ledger.core.Decider")).isTrue();
        assertThat(PROJECT.contain("org.exchequer.console.edge.package-info")).isTrue();
        assertThat(PROJECT.size()).isGreaterThan(100);
    }

    @Test
    void a_violation_is_caught() {
        JavaClasses planted = new ClassFileImporter().importClasses(CoreThatReadsTheDatabase.class);
        assertThat(classes().should().bePublic().evaluate(planted).hasViolation())
                .isFalse();
        assertThat(noClasses()
                        .that()
                        .resideInAPackage("..core..")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("java.sql.."))
                        .evaluate(planted)
                        .hasViolation())
                .isTrue();
    }
}
