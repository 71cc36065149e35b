package org.exchequer.screening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a name is, the answer is an answer or the one documented refusal, soon. */
class BadInputTest {
    private static final Screener SCREENER = Screener.open(List.of(new Made(5).list("TEST", 2_000)));

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "---", "\u202e\u202c", "😀🎉", "\u0000", "''", ",,,"})
    void a_name_without_a_letter_is_refused(String name) {
        assertThatThrownBy(() -> Subject.named("1", PartyType.PERSON, name))
                .isInstanceOf(InvalidSubjectException.class)
                .hasMessage("names[0]: needs a letter or a digit");
    }

    @Test
    void bounds_are_named() {
        assertThatThrownBy(() -> Subject.named("1", PartyType.PERSON, "a".repeat(10_000)))
                .isInstanceOf(InvalidSubjectException.class)
                .hasMessage("names[0]: at most 512 characters, not 10000");
        Subject subject = Subject.named("1", PartyType.PERSON, "Ann Lee");
        assertThatThrownBy(() -> subject.of(List.of("Germany"))).hasMessageStartingWith("countries: ");
        assertThatThrownBy(() -> {
                    Subject many = subject;
                    for (int i = 0; i < 20; i++) {
                        many = many.alsoNamed("Name " + i);
                    }
                })
                .hasMessageStartingWith("names: at most ");
        assertThatThrownBy(() -> subject.identifiedBy(List.of(new Identifier("Passport", "9".repeat(101)))))
                .hasMessageStartingWith("identifiers: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ivan\u0000Petrov\u0007",
                "\u202eпутин\u202c Vladimir محمد 金正恩 김",
                "😀 Ivan 🎉 Petrov",
                "a\u0301\u0302\u0303\u0304",
                "\uD83D lonely",
                "ﷺ ﷺ ﷺ",
                "1",
                "ltd",
                "gmbh & co kg",
                "al al al al",
                "Dr.",
                "..a..",
                "ー 々",
                "𝕴𝖛𝖆𝖓 ⅣⅤ ①",
                "ß ŉ ǆ"
            })
    void strange_names_are_answered(String name) {
        for (PartyType type : PartyType.values()) {
            Screening answer = SCREENER.screen(Subject.named("1", type, name));
            assertThat(answer.hits()).allSatisfy(hit -> assertThat(hit.score()).isBetween(0.0, 1.0));
        }
    }

    @Test
    void any_run_of_characters_is_answered_or_refused() {
        Random random = new Random(11);
        for (int i = 0; i < 400; i++) {
            StringBuilder name = new StringBuilder();
            for (int c = 0; c < 1 + random.nextInt(60); c++) {
                name.appendCodePoint(random.nextInt(4) == 0 ? random.nextInt(0x20000) : 32 + random.nextInt(0x600));
            }
            PartyType type = PartyType.values()[i % PartyType.values().length];
            try {
                assertThat(SCREENER.screen(Subject.named("1", type, name.toString())))
                        .isNotNull();
            } catch (InvalidSubjectException refused) {
                assertThat(refused.field()).isEqualTo("names[0]");
            }
        }
    }

    @Test
    void the_worst_subject_takes_bounded_time() {
        List<Subject> worst = new ArrayList<>();
        for (String unit :
                List.of("karo mish ", "a b c d e ", "ﷺ", "김", "kakakakakakakaka ", "محمد ", "aaaaaaaaaaaaaaa", "al-")) {
            String name = unit.repeat(Subject.MOST_NAME_CHARS / unit.length());
            Subject subject = Subject.named("1", PartyType.UNKNOWN, name);
            for (int i = 1; i < Subject.MOST_NAMES; i++) {
                subject = subject.alsoNamed(name.substring(i));
            }
            worst.add(subject);
        }
        for (Subject subject : worst) {
            long began = System.nanoTime();
            SCREENER.screen(subject);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as(subject.names().getFirst().substring(0, 10))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }
}
