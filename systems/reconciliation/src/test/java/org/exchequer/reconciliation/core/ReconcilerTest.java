package org.exchequer.reconciliation.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliation.Break;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliation.Match;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.api.Rule.Shape;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 10);
    private static final Rule EXACT = new Rule("exact", Shape.ONE_TO_ONE, true, 0, 0);
    private static final Rule NEAR = new Rule("near", Shape.ONE_TO_ONE, true, 5, 3);
    private static final Rule SUM = new Rule("sum", Shape.MANY_TO_ONE, true, 1, 2);
    private static final Rule INSTALMENTS = new Rule("instalments", Shape.ONE_TO_MANY, true, 0, 30);
    private static final Rule AMOUNT = new Rule("amount and date", Shape.ONE_TO_ONE, false, 2, 1);

    private static Line line(String id, int day, long amount, String reference) {
        return new Line(id, DAY.plusDays(day), amount, reference);
    }

    private static Reconciliation reconcile(List<Line> ours, List<Line> theirs, Rule... rules) {
        return Reconciler.reconcile(ours, theirs, List.of(rules));
    }

    @Test
    void the_nearest_amount_goes_before_the_nearest_date() {
        Line ours = line("o", 0, 100, "R");
        Line sameDay = line("a", 0, 103, "R");
        Line sameAmount = line("b", 2, 100, "R");
        assertThat(reconcile(List.of(ours), List.of(sameDay, sameAmount), NEAR).matches())
                .containsExactly(new Match(NEAR, List.of(ours), List.of(sameAmount)));
    }

    @Test
    void several_of_ours_are_one_of_theirs() {
        List<Line> ours = List.of(line("1", 0, 40, "FILE-1"), line("2", 1, 60, "FILE-1"), line("3", 1, 7, "FILE-2"));
        List<Line> theirs = List.of(line("9", 1, 101, "FILE-1"));
        Reconciliation result = reconcile(ours, theirs, EXACT, SUM);
        assertThat(result.matches())
                .containsExactly(new Match(SUM, List.of(ours.get(0), ours.get(1)), List.of(theirs.getFirst())));
        assertThat(result.matches().getFirst().difference()).isEqualTo(1);
        assertThat(result.breaks())
                .containsExactly(new Break(BreakType.MISSING_THERE, List.of(ours.get(2)), List.of()));
    }

    @Test
    void every_break_has_its_name() {
        List<Line> ours = List.of(
                line("1", 0, 100, "paid"),
                line("2", 0, 100, "paid"),
                line("3", 0, 200, "other amount"),
                line("4", 0, 300, "other day"),
                line("5", 0, 400, "ours"));
        List<Line> theirs = List.of(
                line("a", 0, 100, "paid"),
                line("b", 0, 250, "other amount"),
                line("c", 9, 300, "other day"),
                line("d", 0, 500, ""));
        Reconciliation result = reconcile(ours, theirs, EXACT);
        assertThat(result.matches()).hasSize(1);
        assertThat(result.breaks())
                .containsExactly(
                        new Break(BreakType.DUPLICATE, List.of(ours.get(1)), List.of()),
                        new Break(BreakType.AMOUNT, List.of(ours.get(2)), List.of(theirs.get(1))),
                        new Break(BreakType.DATE, List.of(ours.get(3)), List.of(theirs.get(2))),
                        new Break(BreakType.MISSING_THERE, List.of(ours.get(4)), List.of()),
                        new Break(BreakType.MISSING_HERE, List.of(), List.of(theirs.get(3))));
        assertThat(result.breaks().get(2).since()).isEqualTo(DAY);
        assertThat(result.breaks().get(1).difference()).isEqualTo(50);
    }

    @Test
    void amounts_at_the_end_of_the_range_do_not_overflow() {
        Line ours = line("o", 0, Long.MAX_VALUE, "");
        Line theirs = line("t", 0, Long.MIN_VALUE, "");
        Rule any = new Rule("any", Shape.ONE_TO_ONE, false, Long.MAX_VALUE, 0);
        assertThat(reconcile(List.of(ours), List.of(theirs), any).matches()).isEmpty();
        assertThat(reconcile(List.of(theirs), List.of(ours), any).matches()).isEmpty();
        assertThat(reconcile(List.of(ours), List.of(line("u", 0, Long.MAX_VALUE, "")), any)
                        .matches())
                .hasSize(1);
    }

    @Test
    void says_which_field_is_wrong() {
        assertThatThrownBy(() -> new Rule("sum", Shape.MANY_TO_ONE, false, 0, 0))
                .hasMessageStartingWith("sameReference: must be true");
        assertThatThrownBy(() -> new Rule("r", Shape.ONE_TO_ONE, true, -1, 0)).hasMessageStartingWith("tolerance:");
        assertThatThrownBy(() -> reconcile(List.of(line("x", 0, 1, ""), line("x", 1, 2, "")), List.of(), EXACT))
                .hasMessage("ours: two lines have the id x");
    }

    @Test
    void agrees_with_the_naive_matcher_on_seeded_lines_in_any_order() {
        Set<BreakType> met = EnumSet.noneOf(BreakType.class);
        int matches = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<Line> ours = lines(random, "o");
            List<Line> theirs = lines(random, "t");
            List<Rule> rules = rules(random);
            Reconciliation result = Reconciler.reconcile(ours, theirs, rules);
            NaiveReconciler naive = new NaiveReconciler(ours, theirs);
            assertThat(result.matches()).as("seed %d", seed).isEqualTo(naive.matches(rules));
            assertThat(result.breaks().stream().flatMap(each -> each.ours().stream()))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(naive.ours);
            assertThat(result.breaks().stream().flatMap(each -> each.theirs().stream()))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(naive.theirs);
            Collections.shuffle(ours, random);
            Collections.shuffle(theirs, random);
            assertThat(Reconciler.reconcile(ours, theirs, rules))
                    .as("seed %d", seed)
                    .isEqualTo(result);
            result.breaks().forEach(each -> met.add(each.type()));
            matches += result.matches().size();
        }
        assertThat(met).isEqualTo(EnumSet.allOf(BreakType.class));
        assertThat(matches).isGreaterThan(10_000);
    }

    private static List<Line> lines(Random random, String side) {
        List<Line> lines = new ArrayList<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            String reference = random.nextInt(4) == 0 ? "" : "R" + random.nextInt(6);
            lines.add(line(side + i, random.nextInt(6), random.nextInt(12) - 4, reference));
        }
        return lines;
    }

    private static List<Rule> rules(Random random) {
        List<Rule> rules = new ArrayList<>(List.of(EXACT, NEAR, SUM, INSTALMENTS, AMOUNT));
        Collections.shuffle(rules, random);
        return rules.subList(0, 1 + random.nextInt(rules.size()));
    }
}
