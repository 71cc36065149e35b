package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.testing.SettableClock;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.TestPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists by cursor, what refers to what, and answers as of a date, on PostgreSQL. */
@Timeout(120)
class LedgerListsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 10);

    private final SettableClock clock = new SettableClock(NOON);
    private TestLedger ledger;
    private Ledger api;

    @BeforeEach
    void open() {
        ledger = TestLedger.on(TestPostgres.freshDatabase(), clock);
        api = ledger.api();
        ledger.open("cash", AccountType.ASSET);
        ledger.openDeposit("alice", 0);
        ledger.openDeposit("bob", 0);
        ledger.expectPosted(transfer(key(), "cash", "alice", 100_00));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private PendingTransaction hold(String reference, @Nullable String correlationId) {
        Command hold = new Command.Hold(
                key(), "alice", "bob", eur(1_00), null, new Details(reference, correlationId, java.util.Map.of()));
        return ((Outcome.Held) api.execute(hold)).pending();
    }

    private Adjustment propose(Details details) {
        List<Leg> legs = List.of(Leg.debit("alice", eur(1_00)), Leg.credit("bob", eur(1_00)));
        Command propose = new Command.ProposeAdjustment(key(), legs, "misposted", "ann", details);
        return ((Outcome.Proposed) api.execute(propose)).adjustment();
    }

    /** All items, two to a page; no page is empty but the only one. */
    private static <T> List<T> all(Function<@Nullable String, Page<T>> pages) {
        return all(2, pages);
    }

    private static <T> List<T> all(int limit, Function<@Nullable String, Page<T>> pages) {
        List<T> items = new ArrayList<>();
        String cursor = null;
        do {
            Page<T> page = pages.apply(cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.next() == null || page.items().size() == limit).isTrue();
            items.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return items;
    }

    @Test
    void holds_of_the_whole_ledger_by_state_and_by_reference() {
        PendingTransaction one = hold("auth", null);
        PendingTransaction two = hold("other", "auth");
        PendingTransaction three = hold("auth", "auth");
        ledger.expectPosted(new Command.PostPending(key(), two.id(), null, false, Details.NONE));
        ledger.expectPosted(new Command.PostPending(key(), three.id(), eur(40), true, Details.NONE));

        assertThat(all(cursor -> api.pending(false, null, cursor, 2)))
                .extracting(PendingTransaction::id)
                .containsExactly(three.id(), two.id(), one.id());
        assertThat(all(cursor -> api.pending(true, null, cursor, 2)))
                .extracting(PendingTransaction::id, PendingTransaction::remaining)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(three.id(), eur(60)),
                        org.assertj.core.groups.Tuple.tuple(one.id(), eur(1_00)));
        assertThat(all(cursor -> api.pending(false, "auth", cursor, 2)))
                .extracting(PendingTransaction::id)
                .containsExactly(three.id(), two.id(), one.id());
        assertThat(api.pending(true, "other", null, 2).items()).isEmpty();
        assertThat(api.pending(false, "nobody", null, 2)).isEqualTo(new Page<>(List.of(), null));
        assertThatThrownBy(() -> api.pending(false, null, "first", 2))
                .isInstanceOfSatisfying(
                        FieldError.class, error -> assertThat(error.field()).isEqualTo("cursor"));
    }

    @Test
    void a_hold_knows_what_was_posted_of_it() {
        PendingTransaction hold = hold("auth", null);
        Transaction first = ledger.expectPosted(new Command.PostPending(key(), hold.id(), eur(30), true, Details.NONE))
                .transaction();
        Transaction second = ledger.expectPosted(new Command.PostPending(key(), hold.id(), eur(20), true, Details.NONE))
                .transaction();
        api.execute(new Command.VoidPending(key(), hold.id(), Details.NONE));
        assertThat(api.postingsOf(hold.id())).containsExactly(first.id(), second.id());
        assertThat(api.postingsOf(first.id())).isEmpty();
        assertThat(api.reversalsOf(hold.id())).isEmpty();
    }

    @Test
    void a_linked_batch_is_found_from_its_beginning() {
        List<Outcome> outcomes = api.submitLinked(List.of(
                        new Command.OpenAccount(
                                key(),
                                AccountSpec.posting("carol", "Carol", AccountType.LIABILITY, eur(0).currency(), null)),
                        transfer(key(), "alice", "carol", 5_00),
                        new Command.Hold(key(), "alice", "carol", eur(1_00), null, Details.NONE)))
                .join();
        ledger.expectPosted(transfer(key(), "alice", "bob", 1));
        Transaction member = ((Outcome.Posted) outcomes.get(1)).transaction();
        long first = java.util.Objects.requireNonNull(member.origin().linkedTo());
        List<Outcome> found = api.linked(first);
        assertThat(found).hasSize(3);
        assertThat(((Outcome.Posted) found.get(1)).transaction()).isEqualTo(member);
        assertThat(((Outcome.Held) found.get(2)).pending().linkedTo()).isEqualTo(first);
        assertThat(api.linked(member.id())).isEmpty();
        assertThat(api.linked(1)).isEmpty();
    }

    @Test
    void transactions_adjustments_and_closings_page_by_cursor() {
        List<Transaction> posted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            posted.add(ledger.expectPosted(new Command.Transfer(
                            key(), "alice", "bob", eur(1), Details.reference(i == 1 ? "else" : "rent")))
                    .transaction());
        }
        assertThat(all(cursor -> api.byReference("rent", cursor, 2)))
                .containsExactly(posted.get(0), posted.get(2), posted.get(3), posted.get(4));
        assertThat(all(cursor -> api.latest(cursor, 2)).subList(0, 5)).isEqualTo(posted.reversed());

        Adjustment one = propose(Details.NONE);
        Adjustment two = propose(Details.NONE);
        Adjustment three = propose(Details.NONE);
        Command reject = new Command.DecideAdjustment("reject", two.id(), false, "ben", "no receipt");
        long rejection = ((Outcome.Dismissed) api.execute(reject)).sequence();
        assertThat(api.execute(reject)).isEqualTo(new Outcome.Dismissed(two.id(), rejection, true));
        assertThat(ledger.expectRejected(
                                new Command.DecideAdjustment("reject", two.id(), false, "ben", "another reason"))
                        .reason())
                .isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
        Adjustment rejected = two.rejected(new Adjustment.Decision("ben", NOON, rejection, "no receipt"));
        assertThat(all(cursor -> api.adjustments(false, cursor, 2))).containsExactly(three, rejected, one);
        assertThat(all(cursor -> api.adjustments(true, cursor, 2))).containsExactly(three, one);

        for (int i = 3; i > 0; i--) {
            api.execute(new Command.CloseDay(key(), TODAY.minusDays(i), "olga"));
        }
        assertThat(all(cursor -> api.closes(cursor, 2)))
                .extracting(DayClose::day)
                .containsExactly(TODAY.minusDays(1), TODAY.minusDays(2), TODAY.minusDays(3));
        assertThatThrownBy(() -> api.closes("17", 2)).isInstanceOf(FieldError.class);
        assertThatThrownBy(() -> api.adjustments(false, "2026-03-01", 2)).isInstanceOf(FieldError.class);
    }

    @Test
    void a_statement_of_a_period_is_that_part_of_the_whole() {
        for (int day = 1; day <= 6; day++) {
            clock.set(NOON.plus(Duration.ofDays(day)));
            for (int i = 0; i < 40; i++) {
                ledger.expectPosted(transfer(key(), "alice", "bob", 1));
            }
            if (day == 3) {
                // What is booked from now on belongs to a day that the clock has not reached.
                api.execute(new Command.CloseDay(key(), TODAY.plusDays(3), "olga"));
                ledger.expectPosted(transfer(key(), "alice", "bob", 2));
            }
        }
        List<StatementLine> whole =
                all(100, cursor -> api.statement("alice", cursor, 100).orElseThrow());
        assertThat(whole).hasSize(242);
        for (int from = -1; from <= 8; from++) {
            for (int to = from; to <= 8; to++) {
                Period period = new Period(TODAY.plusDays(from), TODAY.plusDays(to));
                List<StatementLine> part = whole.stream()
                        .filter(line ->
                                !period.beginsAfter(line.bookingDate()) && !period.endsBefore(line.bookingDate()))
                        .toList();
                assertThat(all(
                                33,
                                cursor -> api.statement("alice", period, cursor, 33)
                                        .orElseThrow()))
                        .as(period.toString())
                        .isEqualTo(part);
            }
        }
        assertThat(api.statement("alice", new Period(null, TODAY), null, 10)
                        .orElseThrow()
                        .items())
                .hasSize(1);
        assertThat(api.statement("nobody", Period.ALL, null, 10)).isEmpty();
        assertThatThrownBy(() -> new Period(TODAY, TODAY.minusDays(1))).isInstanceOf(FieldError.class);
    }

    @Test
    void as_of_a_date_nothing_is_said_about_what_is_available() {
        hold("auth", null);
        assertThat(api.balance("alice").orElseThrow().available()).isEqualTo(eur(99_00));
        assertThat(api.trialBalance().rows())
                .allSatisfy(row -> assertThat(row.available()).isNotNull());
        for (AsOf asOf : List.of(AsOf.booking(TODAY), AsOf.value(TODAY))) {
            Balance dated = api.balance("alice", asOf).orElseThrow();
            assertThat(dated.posted()).isEqualTo(eur(100_00));
            assertThat(dated.available()).isNull();
            assertThat(dated.pendingDebits()).isZero();
            assertThat(api.trialBalance(asOf).rows())
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row.available()).isNull());
        }
    }

    @Test
    void an_adjustment_valued_in_a_day_closed_meanwhile_can_only_be_rejected() {
        Adjustment proposed = propose(Details.NONE.valued(TODAY));
        clock.set(NOON.plus(Duration.ofDays(1)));
        api.execute(new Command.CloseDay(key(), TODAY, "olga"));
        Outcome.Rejected refused =
                ledger.expectRejected(new Command.DecideAdjustment(key(), proposed.id(), true, "ben"));
        assertThat(refused.reason()).isEqualTo(RejectionReason.VALUE_DATE_CLOSED);
        assertThat(refused.field()).isEqualTo("adjustmentId");
        assertThat(refused.detail())
                .isEqualTo("adjustment " + proposed.id() + " cannot be approved any more, only rejected: its value"
                        + " date 2026-03-10 lies in a closed day; closed through 2026-03-10");
        assertThat(api.execute(new Command.DecideAdjustment(key(), proposed.id(), false, "ben")))
                .isInstanceOf(Outcome.Dismissed.class);
    }

    @Test
    void a_summary_account_has_no_lines_and_no_holds() {
        ledger.expectChanged(
                new Command.OpenAccount(key(), AccountSpec.summary("top", "Top", AccountType.ASSET, null)));
        assertThat(api.statement("top", null, 2)).isEmpty();
        assertThat(api.pendingOf("top", null, 2)).isEmpty();
        assertThat(api.balance("top")).isEmpty();
        assertThat(api.history("top", TODAY, TODAY)).isEmpty();
    }
}
