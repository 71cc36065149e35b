package org.exchequer.screening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Asking only whom a change could touch again, against asking all. */
class RescreeningTest {
    @RepeatedTest(5)
    void asking_those_who_could_differ_finds_what_asking_all_finds(RepetitionInfo repetition) {
        Made made = new Made(repetition.getCurrentRepetition());
        SanctionsList before = made.list("A", 400);
        Screener screener = Screener.open(List.of(before, made.list("B", 50)));
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Subject subject = made.subject(Integer.toString(i), before);
            decisions.add(new Decision(subject, screener.screen(subject)));
        }
        Replacement replacement = screener.prepare(changed(made, before));

        List<Difference> some = new ArrayList<>();
        List<Difference> all = new ArrayList<>();
        Replacement.Report report = replacement.rescreen(decisions, some::add);
        Replacement.Report full = replacement.rescreenAll(decisions, all::add);

        assertThat(some).isEqualTo(all);
        assertThat(report.different()).isEqualTo(full.different()).isEqualTo(some.size());
        assertThat(full.screened()).isEqualTo(100);
        assertThat(report.screened()).isLessThan(100);
        for (Decision decision : decisions) {
            if (!replacement.couldDiffer(decision.subject())) {
                assertThat(replacement.screen(decision.subject()).hits())
                        .isEqualTo(decision.screening().hits());
            }
        }
        assertThat(replacement.install()).isTrue();
        for (Decision decision : decisions) {
            assertThat(screener.screen(decision.subject())).isEqualTo(replacement.screen(decision.subject()));
        }
    }

    /** A few parties gone, a few new, a few with another name. */
    private static SanctionsList changed(Made made, SanctionsList before) {
        List<ListedParty> parties = new ArrayList<>(before.parties());
        for (int i = 0; i < 5; i++) {
            parties.remove(made.below(parties.size()));
            int at = made.below(parties.size());
            ListedParty old = parties.get(at);
            parties.set(at, Made.party("A", old.id(), made.party("A", 0).names(), 1970));
            parties.add(made.party("A", 1_000 + i));
        }
        return Made.list("A", parties);
    }

    @Test
    void a_decision_of_other_lists_is_always_asked_again() {
        Made made = new Made(3);
        SanctionsList list = made.list("A", 20);
        Screener screener = Screener.open(List.of(list));
        Subject nobody = Subject.named("1", PartyType.PERSON, "Xyqq Wwbb");
        Screening answer = screener.screen(nobody);
        Screening elsewhere = new Screening("1", List.of(), answer.model(), answer.threshold(), List.of());
        Replacement replacement = screener.prepare(Made.list("A", list.parties().subList(0, 19)));
        List<Difference> none = new ArrayList<>();
        assertThat(replacement
                        .rescreen(List.of(new Decision(nobody, answer), new Decision(nobody, elsewhere)), none::add)
                        .screened())
                .isEqualTo(1);
        assertThat(none).isEmpty();
    }

    @Test
    void a_change_tells_added_removed_and_changed_parties() {
        ListedParty kept = Made.named("A", "1", "Kept Person");
        ListedParty old = Made.named("A", "2", "Old Name");
        ListedParty renamed = Made.named("A", "2", "New Name");
        ListedParty gone = Made.named("A", "3", "Gone Person");
        ListedParty fresh = Made.named("A", "4", "Fresh Person");
        SanctionsList before = Made.list("A", List.of(kept, old, gone));
        ListChange change = ListChange.between(before, Made.list("A", List.of(kept, renamed, fresh)));
        assertThat(change.added()).containsExactly(fresh);
        assertThat(change.removed()).containsExactly(gone);
        assertThat(change.changed()).containsExactly(new ListChange.Changed(old, renamed));
        assertThat(ListChange.between(before, before).isEmpty()).isTrue();
        assertThat(ListChange.between(null, before).added()).hasSize(3);
    }

    @Test
    void a_difference_says_who_appeared_and_who_is_gone() {
        SanctionsList before = Made.list("A", List.of(Made.named("A", "1", "Zoltan Kereszty")));
        Screener screener = Screener.open(List.of(before));
        Subject subject = Subject.named("c", PartyType.PERSON, "Zoltan Kereszty");
        Decision decision = new Decision(subject, screener.screen(subject));
        Replacement replacement = screener.prepare(Made.list("A", List.of(Made.named("A", "2", "Zoltan Keresztyi"))));
        List<Difference> differences = new ArrayList<>();
        replacement.rescreen(List.of(decision), differences::add);
        assertThat(differences).singleElement().satisfies(difference -> {
            assertThat(difference.appeared()).containsExactly("A/2");
            assertThat(difference.gone()).containsExactly("A/1");
        });
    }
}
