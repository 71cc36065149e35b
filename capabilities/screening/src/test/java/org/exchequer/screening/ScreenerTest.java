package org.exchequer.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.exchequer.screening.ListedName.Kind;
import org.junit.jupiter.api.Test;

class ScreenerTest {
    private static final SanctionsList LIST = Made.list(
            "TEST",
            List.of(
                    Made.party(
                            "TEST",
                            "1",
                            List.of(
                                    new ListedName("PETROVSKY, Ivan Sergeyevich", Kind.PRIMARY),
                                    new ListedName("Иван Петровский", Kind.ORIGINAL_SCRIPT),
                                    new ListedName("Vanko", Kind.WEAK_ALIAS)),
                            1962),
                    Made.named("TEST", "2", "Gulnar Qasimova"),
                    Made.named("TEST", "3", "Omar Zarkawi"),
                    Made.named("TEST", "4", "Gulnar Qasimova")));
    private final Screener screener = Screener.open(List.of(LIST));

    private Screening ask(String name) {
        return screener.screen(Subject.named("q", PartyType.PERSON, name));
    }

    private static double score(Screening screening) {
        return screening.hits().isEmpty() ? 0 : screening.hits().getFirst().score();
    }

    @Test
    void a_listed_person_is_found_however_the_name_is_written() {
        for (String name : List.of(
                "Ivan Petrovsky",
                "petrovsky ivan",
                "PETROVSKIJ, IVAN",
                "Iwan Petrowski",
                "IvanPetrovsky",
                "Ivan Petr ovsky",
                "I. S. Petrovsky",
                "Mr. Ivan Sergeyevich PETROVSKY",
                "Иван Петровский",
                "\u202eIvan\u202c Petrovsky",
                "Ivаn Petrovsky")) {
            Screening answer = ask(name);
            assertThat(answer.alert()).as(name).isTrue();
            assertThat(answer.hits().getFirst().party().id()).as(name).isEqualTo("1");
        }
        for (String name : List.of("Boris Petrovsky", "Ivan Sidorenko", "Anna Maria Keller", "Petra Ivanova")) {
            assertThat(ask(name).alert()).as(name).isFalse();
        }
    }

    @Test
    void what_else_is_known_speaks_for_or_against() {
        Subject ivan = Subject.named("q", PartyType.PERSON, "Ivan Petrovsky");
        double bare = score(screener.screen(ivan));
        assertThat(score(screener.screen(ivan.born(DateRange.of(Year.of(1962))))))
                .isGreaterThan(bare);
        assertThat(score(screener.screen(ivan.born(DateRange.of(LocalDate.of(1991, 3, 4))))))
                .isLessThan(0.5);
        assertThat(score(screener.screen(ivan.of(List.of("RU"))))).isGreaterThan(bare);
        assertThat(score(screener.screen(ivan.of(List.of("BR"))))).isLessThan(bare);
        assertThat(score(screener.screen(Subject.named("q", PartyType.VESSEL, "Ivan Petrovsky"))))
                .isLessThan(bare);
        assertThat(score(screener.screen(Subject.named("q", PartyType.UNKNOWN, "Ivan Petrovsky"))))
                .isEqualTo(bare);
    }

    @Test
    void a_weak_alias_weighs_less_than_a_strong_one() {
        Hit hit = ask("Vanko").hits().getFirst();
        assertThat(hit.explanation().contributions())
                .anySatisfy(each -> assertThat(each.kind()).isEqualTo(Contribution.Kind.WEAK_ALIAS));
        assertThat(ask("Vanko").alert()).isFalse();
    }

    @Test
    void the_explanation_adds_up_to_the_score_to_the_bit_and_stays_so() {
        Screening first = ask("Iwan Petrovskij");
        Screening again = Screener.open(List.of(LIST)).screen(Subject.named("q", PartyType.PERSON, "Iwan Petrovskij"));
        assertThat(again).isEqualTo(first);
        for (Hit hit : first.hits()) {
            assertThat(hit.explanation().score()).isEqualTo(hit.score());
        }
        assertThat(first.hits().getFirst().explanation().text())
                .contains("iwan ~ ivan")
                .contains("petrovskij = petrovskij")
                .contains("score 0.");
    }

    @Test
    void equal_scores_are_ordered_by_key_and_more_evidence_comes_first() {
        assertThat(ask("Gulnar Qasimova").hits())
                .extracting(hit -> hit.party().key())
                .startsWith("TEST/2", "TEST/4");
    }

    @Test
    void an_identifier_or_address_finds_more_than_the_name_alone() {
        Subject subject = Subject.named("q", PartyType.PERSON, "Gulnar Qasim");
        double bare = score(screener.screen(subject));
        ListedParty with = new ListedParty(
                "TEST",
                "9",
                PartyType.PERSON,
                List.of(new ListedName("Gulnar Qasimova", Kind.PRIMARY)),
                new java.util.TreeSet<>(),
                List.of(),
                new java.util.TreeSet<>(),
                Gender.FEMALE,
                List.of(new Identifier("Passport", "AB 123-456")),
                List.of("12 Long Street, Springfield"));
        Screener other = Screener.open(List.of(Made.list("TEST", List.of(with))), List.of(LIST));
        Subject known = subject.identifiedBy(List.of(new Identifier("Passport", "ab123456")));
        assertThat(score(other.screen(known))).isGreaterThan(0.9).isGreaterThan(bare);
        double elsewhere = score(other.screen(subject.at(List.of("1 Short Road, Shelbyville"))));
        double there = score(other.screen(subject.at(List.of("Springfield, 12 Long Street"))));
        assertThat(there).isGreaterThan(elsewhere);
    }

    @Test
    void answers_name_the_lists_and_the_model() {
        Screening answer = ask("x");
        assertThat(answer.lists()).containsExactly(LIST.version());
        assertThat(answer.model()).startsWith("names-1-").isEqualTo(screener.model());
        assertThat(answer.threshold()).isEqualTo(Screener.threshold());
    }

    @Test
    void two_versions_of_one_source_are_refused() {
        assertThatThrownBy(() -> Screener.open(List.of(LIST, LIST))).hasMessageContaining("two versions of TEST");
    }

    @Test
    void lists_are_swapped_under_traffic_and_every_answer_is_of_one_moment() throws Exception {
        SanctionsList without = Made.list("TEST", LIST.parties().subList(1, 4));
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<List<Screening>>> traffic = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                traffic.add(pool.submit(() -> {
                    List<Screening> answers = new ArrayList<>();
                    while (!stop.get()) {
                        answers.add(ask("Ivan Petrovsky"));
                    }
                    return answers;
                }));
            }
            for (int i = 0; i < 30; i++) {
                assertThat(screener.prepare(i % 2 == 0 ? without : LIST).install())
                        .isTrue();
            }
            stop.set(true);
            for (Future<List<Screening>> each : traffic) {
                for (Screening answer : each.get()) {
                    boolean listed = answer.lists().equals(List.of(LIST.version()));
                    assertThat(answer.alert()).isEqualTo(listed);
                }
            }
        }
    }

    @Test
    void of_two_replacements_prepared_at_once_the_second_is_told_to_prepare_again() {
        Replacement one = screener.prepare(Made.list("TEST", LIST.parties().subList(1, 4)));
        Replacement other = screener.prepare(new Made(1).list("OTHER", 3));
        assertThat(one.install()).isTrue();
        assertThat(other.install()).isFalse();
        assertThat(screener.lists()).hasSize(1);
        assertThat(screener.prepare(new Made(1).list("OTHER", 3)).install()).isTrue();
        assertThat(screener.lists()).extracting(ListVersion::source).containsExactly("OTHER", "TEST");
    }
}
