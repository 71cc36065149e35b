package org.exchequer.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.api.StepOutcome;
import org.exchequer.reconciliation.api.StepOutcome.Why;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconciliationsTest {
    private final Bed bed = new Bed();

    @AfterEach
    void close() {
        bed.close();
    }

    private List<TrackedBreak> live() {
        return bed.api().breaks(BreakFilter.LIVE, null, 100).items();
    }

    private TrackedBreak tracked(long id) {
        return bed.api().tracked(id).orElseThrow();
    }

    private static BreakStep made(StepOutcome outcome) {
        assertThat(outcome).isInstanceOf(StepOutcome.Made.class);
        BreakStep step = ((StepOutcome.Made) outcome).step();
        assertThat(step.result()).isNotNull();
        return step;
    }

    private static void impossible(StepOutcome outcome, Why why) {
        assertThat(outcome).isInstanceOf(StepOutcome.NotPossible.class);
        assertThat(((StepOutcome.NotPossible) outcome).why()).isEqualTo(why);
    }

    /** A fee that only the bank knows. */
    private TrackedBreak fee() {
        bed.run(Bed.theirs(bed.today(), -300, "FEE"));
        return live().getLast();
    }

    @Test
    void a_later_statement_settles_some_breaks_and_continues_others() {
        LocalDate today = bed.today();
        bed.receive(1_000, "INV-1");
        bed.receive(2_000, "INV-2");
        Run first = bed.run(Bed.theirs(today.minusDays(2), 555, "UNKNOWN"));
        assertThat(first.newBreaks()).isEqualTo(3);
        TrackedBreak unknown = live().stream()
                .filter(each -> each.type() == BreakType.MISSING_HERE)
                .findFirst()
                .orElseThrow();
        assertThat(unknown.ageDays(today)).isEqualTo(2);
        made(bed.api().assign(Bed.request("mary"), unknown.id(), "john"));

        Run second = bed.run(Bed.theirs(today, 1_000, "INV-1"));
        assertThat(second.newBreaks()).isZero();
        assertThat(second.continuedBreaks()).isEqualTo(2);
        assertThat(second.settledBreaks()).isEqualTo(1);
        assertThat(live())
                .extracting(TrackedBreak::type)
                .containsExactly(BreakType.MISSING_HERE, BreakType.MISSING_THERE);
        TrackedBreak still = tracked(unknown.id());
        assertThat(still.owner()).isEqualTo("john");
        assertThat(still.lastRun()).isEqualTo(second.id());
        assertThat(bed.api()
                        .breaks(new BreakFilter(first.id(), null, false, null, null, null), null, 10)
                        .items())
                .extracting(TrackedBreak::status)
                .containsExactly(BreakStatus.OPEN, BreakStatus.MATCHED, BreakStatus.OPEN);

        // The first statement once more: what was settled stays settled.
        Run again = bed.run(Bed.theirs(today.minusDays(2), 555, "UNKNOWN"));
        assertThat(again.newBreaks()).isZero();
        assertThat(again.continuedBreaks()).isEqualTo(2);
    }

    @Test
    void a_break_whose_line_is_in_another_break_now_is_replaced_and_its_owner_stays() {
        bed.receive(1_000, "INV-1");
        bed.run();
        made(bed.api().assign(Bed.request("mary"), live().getFirst().id(), "john"));
        Run second = bed.run(Bed.theirs(bed.today(), 1_200, "INV-1"));
        assertThat(second.settledBreaks()).isEqualTo(1);
        assertThat(live()).hasSize(1);
        assertThat(live().getFirst().type()).isEqualTo(BreakType.AMOUNT);
        assertThat(live().getFirst().owner()).isEqualTo("john");
    }

    @Test
    void an_adjustment_needs_four_eyes_and_is_no_break_of_the_next_run() {
        TrackedBreak fee = fee();
        Request asked = Bed.request("mary");
        BreakStep proposed = made(bed.api().proposeAdjustment(asked, fee.id(), "fees", "bank charges"));
        assertThat(bed.api().proposeAdjustment(asked, fee.id(), "fees", "bank charges"))
                .isEqualTo(new StepOutcome.Made(proposed, true));
        impossible(bed.api().decide(Bed.request("Mary"), fee.id(), true), Why.APPROVER_IS_AUTHOR);
        impossible(bed.api().proposeClosing(Bed.request("john"), fee.id(), "why"), Why.ALREADY_PROPOSED);
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.PROPOSED);

        BreakStep approved = made(bed.api().decide(Bed.request("john"), fee.id(), true));
        TrackedBreak settled = tracked(fee.id());
        assertThat(settled.status()).isEqualTo(BreakStatus.ADJUSTED);
        assertThat(approved.result()).isNotNull();
        assertThat(settled.transactionId()).isNotNull();
        assertThat(bed.ledger().balance("nostro").orElseThrow().posted()).isEqualTo(TestLedger.eur(-300));
        assertThat(bed.ledger().adjustments(false, null, 10).items())
                .extracting(Adjustment::author)
                .containsExactly("mary");
        impossible(bed.api().decide(Bed.request("john"), fee.id(), true), Why.BREAK_SETTLED);

        Run next = bed.run(Bed.theirs(bed.today(), -300, "FEE"));
        assertThat(next.newBreaks()).isZero();
        assertThat(live()).isEmpty();
        assertThat(bed.module().checkInvariants()).allMatch(InvariantResult::holds);
    }

    @Test
    void a_reason_closes_a_break_with_four_eyes() {
        TrackedBreak fee = fee();
        impossible(bed.api().decide(Bed.request("john"), fee.id(), true), Why.NOTHING_PROPOSED);
        made(bed.api().proposeClosing(Bed.request("mary"), fee.id(), "the bank took it back"));
        made(bed.api().decide(Bed.request("mary"), fee.id(), false));
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.OPEN);
        made(bed.api().proposeClosing(Bed.request("mary"), fee.id(), "the bank took it back"));
        made(bed.api().decide(Bed.request("john"), fee.id(), true));
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.CLOSED);
        assertThat(bed.run(Bed.theirs(bed.today(), -300, "FEE")).newBreaks()).isZero();
        assertThat(bed.api().steps(fee.id())).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {Resolution.RECORDED, Resolution.ANSWERED})
    void a_crash_within_a_step_posts_nothing_twice(String point) {
        TrackedBreak fee = fee();
        Request asked = Bed.request("mary");
        die(point, () -> bed.api().proposeAdjustment(asked, fee.id(), "fees", "bank charges"));
        await().untilAsserted(() -> assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.PROPOSED));
        assertThat(bed.ledger().adjustments(true, null, 10).items()).hasSize(1);
        assertThat(bed.api().proposeAdjustment(asked, fee.id(), "fees", "bank charges"))
                .isInstanceOfSatisfying(
                        StepOutcome.Made.class,
                        made -> assertThat(made.replayed()).isTrue());

        Request approval = Bed.request("john");
        die(point, () -> bed.api().decide(approval, fee.id(), true));
        made(bed.api().decide(approval, fee.id(), true));
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.ADJUSTED);
        assertThat(bed.ledger().balance("nostro").orElseThrow().posted()).isEqualTo(TestLedger.eur(-300));
        assertThat(bed.module().checkInvariants()).allMatch(InvariantResult::holds);
    }

    private void die(String point, Runnable step) {
        bed.faults.arm(point, at -> {
            throw new IllegalStateException("died at " + at);
        });
        assertThatThrownBy(step::run).hasMessage("died at " + point);
        bed.faults.disarmAll();
        bed.restart();
    }

    @Test
    void what_is_in_transit_between_shards_is_reconciled_with_nobody() {
        RunRequest usual = bed.asking(Bed.request("mary"), bed.today(), bed.today());
        RunRequest own = new RunRequest(
                usual.request(),
                "transit:0.to.1:EUR",
                usual.theirAccount(),
                usual.statementSha256(),
                usual.lines(),
                usual.opening(),
                usual.closing(),
                usual.from(),
                usual.to(),
                usual.tolerance(),
                usual.windowDays(),
                usual.byAmount());
        assertThatThrownBy(() -> bed.api().run(own))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo("account"))
                .hasMessageStartingWith("must not be one in transit between shards");
    }

    @Test
    void what_the_ledger_decides_or_rejects_is_followed() {
        TrackedBreak fee = fee();
        BreakStep rejected =
                made(bed.api().proposeAdjustment(Bed.request("mary"), fee.id(), "nowhere", "bank charges"));
        assertThat(rejected.result()).isNotNull();
        assertThat(rejected.result().done()).isFalse();
        assertThat(rejected.result().detail()).startsWith("ACCOUNT_NOT_FOUND");
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.OPEN);
        assertThatThrownBy(() -> bed.api().proposeAdjustment(Bed.request("mary"), fee.id(), "not a code", "why"))
                .isInstanceOf(FieldError.class);

        made(bed.api().proposeAdjustment(Bed.request("mary"), fee.id(), "fees", "bank charges"));
        TrackedBreak.Proposal proposal = tracked(fee.id()).proposal();
        assertThat(proposal).isNotNull();
        assertThat(proposal.adjustmentId()).isNotNull();
        bed.ledger().execute(new Command.DecideAdjustment("direct", proposal.adjustmentId(), true, "ann"));
        assertThat(tracked(fee.id()).status()).isEqualTo(BreakStatus.ADJUSTED);
        assertThat(bed.api().steps(fee.id()).getLast().by()).isEqualTo("ann");
        assertThat(bed.run(Bed.theirs(bed.today(), -300, "FEE")).newBreaks()).isZero();
    }

    @Test
    void a_run_is_made_once_per_key() {
        bed.receive(1_000, "INV-1");
        Request request = Bed.request("mary", "once");
        RunOutcome first = bed.api().run(bed.asking(request, bed.today(), bed.today()));
        RunOutcome second = bed.api().run(bed.asking(request, bed.today(), bed.today()));
        assertThat(((RunOutcome.Recorded) second).run()).isEqualTo(((RunOutcome.Recorded) first).run());
        assertThat(((RunOutcome.Recorded) second).replayed()).isTrue();
        Request other = new Request("mary", "once", new byte[1]);
        assertThat(bed.api().run(bed.asking(other, bed.today(), bed.today()))).isEqualTo(new RunOutcome.KeyReused());
        assertThat(bed.api().runs(null, null, 10).items()).hasSize(1);
        impossible(bed.api().assign(Bed.request("mary"), 99, "john"), Why.BREAK_NOT_FOUND);
        made(bed.api().assign(request, live().getFirst().id(), "john"));
        impossible(bed.api().assign(other, live().getFirst().id(), "ann"), Why.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void requests_that_come_many_times_at_once_are_done_once() {
        bed.receive(1_000, "INV-1");
        Request run = Bed.request("mary", "run-at-once");
        List<RunOutcome> runs = atOnce(() -> bed.api().run(bed.asking(run, bed.today(), bed.today())));
        assertThat(runs)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(RunOutcome.Recorded.class))
                .filteredOn(outcome -> outcome instanceof RunOutcome.Recorded recorded && !recorded.replayed())
                .hasSize(1);
        long id = live().getFirst().id();
        Request step = Bed.request("mary", "step-at-once");
        List<StepOutcome> steps = atOnce(() -> bed.api().assign(step, id, "john"));
        assertThat(steps)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(StepOutcome.Made.class))
                .filteredOn(outcome -> outcome instanceof StepOutcome.Made made && !made.replayed())
                .hasSize(1);
    }

    private static <T> List<T> atOnce(Supplier<T> request) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<T>> all = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(request, callers))
                    .toList();
            return all.stream().map(CompletableFuture::join).toList();
        }
    }

    @Test
    void candidates_come_nearest_first() {
        bed.receive(1_000, "INV-1");
        bed.receive(5_000, "INV-2");
        bed.run(Bed.theirs(bed.today(), 4_900, "TYPO-2"));
        TrackedBreak theirs =
                live().stream().filter(each -> each.ours() == null).findFirst().orElseThrow();
        assertThat(bed.api().candidates(theirs))
                .extracting(each -> each.difference().minorUnits())
                .containsExactly(-5_000L, -1_000L);
    }

    @Test
    void facts_cannot_be_changed_and_a_contradiction_is_found() throws Exception {
        TrackedBreak fee = fee();
        try (Connection connection = TestPostgres.connect(bed.ledger.database());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO reconciliation.settled_line SELECT account, false, their_id, id FROM"
                    + " reconciliation.break WHERE id = " + fee.id());
            assertThat(statement
                            .executeQuery("SELECT 1 FROM information_schema.role_table_grants WHERE table_schema ="
                                    + " 'reconciliation' AND privilege_type IN ('UPDATE', 'DELETE')"
                                    + " AND grantee LIKE '%\\_reconciliation' AND table_name NOT IN ('break_state')")
                            .next())
                    .isFalse();
        }
        assertThat(bed.module().checkInvariants()).anyMatch(result -> !result.holds());
    }
}
