package org.exchequer.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Reconciled.Break;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconciledRunsTest {
    private static final String ACCOUNT = "lab.c001";
    private static final int LINES = 40;
    private static final int PAGE = 7;

    private final List<Long> lines = new ArrayList<>();
    private final List<Entry> journal = new ArrayList<>();

    ReconciledRunsTest() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 1; i <= LINES; i++) {
            boolean in = random.nextInt(3) > 0;
            // Few different amounts, so that many lines look alike.
            long amount = 1 + random.nextInt(9);
            lines.add(in ? amount : -amount);
            journal.add(new Entry(
                    i,
                    "k" + i,
                    "transfer",
                    null,
                    List.of(
                            new Leg(in ? "lab.c002" : ACCOUNT, true, amount, "EUR", null),
                            new Leg(in ? ACCOUNT : "lab.c002", false, amount, "EUR", null)),
                    List.of()));
        }
    }

    /** What a program answers that sees these lines of the account, whichever they are, and matches them well. */
    private static Reconciled answer(List<Long> seen, List<Long> statement, long known, @Nullable String trouble) {
        List<Long> theirs = new ArrayList<>(statement);
        List<Break> breaks = new ArrayList<>();
        long matches = 0;
        for (Long each : seen) {
            if (theirs.remove(each)) {
                matches++;
            } else {
                breaks.add(new Break(true, each));
            }
        }
        theirs.forEach(each -> breaks.add(new Break(false, each)));
        long sum = seen.stream().mapToLong(Long::longValue).sum();
        return new Reconciled(ACCOUNT, statement, known, seen.size(), sum, matches, breaks, trouble, null);
    }

    private Finding check(Reconciled... runs) {
        return ReconciledRuns.check(journal, List.of(runs));
    }

    private List<Long> statement() {
        List<Long> statement = new ArrayList<>(lines.subList(0, 20));
        statement.remove(3);
        statement.set(10, 77_000L);
        statement.add(-88_000L);
        return statement;
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 33, LINES})
    void an_account_as_it_was_at_any_instant_since_is_right(int seen) {
        Finding finding = check(answer(lines.subList(0, seen), statement(), 20, null));
        assertThat(finding.verdict()).as(finding.toString()).isEqualTo(Verdict.VALID);
        assertThat(finding.checked()).isEqualTo(1);
    }

    @Test
    void an_account_as_it_was_before_is_not() {
        assertThat(check(answer(lines.subList(0, 19), statement(), 20, null)).verdict())
                .isEqualTo(Verdict.INVALID);
    }

    /** Newest first, page by page; so many lines are posted between two pages, and the next is found by counting. */
    private List<Long> pagedByCounting(int posted) {
        List<Long> seen = new ArrayList<>();
        int have = 20;
        for (int offset = 0; offset < have; offset += PAGE) {
            for (int i = have - offset - 1; i >= Math.max(0, have - offset - PAGE); i--) {
                seen.add(lines.get(i));
            }
            have += posted;
        }
        return seen;
    }

    @Test
    void lines_that_moved_while_pages_were_counted_are_found_out() {
        assertThat(check(answer(pagedByCounting(0), statement(), 20, null)).verdict())
                .isEqualTo(Verdict.VALID);
        Finding finding = check(answer(pagedByCounting(2), statement(), 20, null));
        assertThat(finding.verdict()).isEqualTo(Verdict.INVALID);
        assertThat(finding.first().orElseThrow().summary()).contains(ACCOUNT);
    }

    @Test
    void a_line_in_no_break_or_in_two_is_found_out() {
        Reconciled right = answer(lines.subList(0, 30), statement(), 20, null);
        List<Break> fewer = right.breaks().subList(1, right.breaks().size());
        List<Break> more = new ArrayList<>(right.breaks());
        more.add(right.breaks().getFirst());
        for (List<Break> breaks : List.of(fewer, more)) {
            Reconciled wrong = new Reconciled(
                    ACCOUNT, right.statement(), 20, right.ours(), right.sum(), right.matches(), breaks, null, null);
            assertThat(check(right, wrong).violations()).isEqualTo(1);
        }
        Reconciled miscounted = new Reconciled(
                ACCOUNT,
                right.statement(),
                20,
                right.ours(),
                right.sum(),
                right.matches() + 1,
                right.breaks(),
                null,
                null);
        assertThat(check(miscounted).verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void a_refusal_is_a_violation_and_no_answer_is_unknown() {
        assertThat(check(answer(lines, statement(), 20, "refused")).verdict()).isEqualTo(Verdict.INVALID);
        Reconciled unanswered =
                new Reconciled(ACCOUNT, statement(), 20, 0, 0, 0, List.of(), null, "it was not answered");
        assertThat(check(answer(lines, statement(), 20, null), unanswered).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(check().verdict()).isEqualTo(Verdict.UNKNOWN);
    }
}
