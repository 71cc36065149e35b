package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.testing.SettableClock;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds, linked batches, dates, closing, adjustments, bounds and reports, on PostgreSQL. */
@Timeout(120)
class LedgerFeatureTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 10);

    private final SettableClock clock = new SettableClock(NOON);
    private DatabaseAddress database;
    private TestLedger ledger;

    @BeforeEach
    void open() {
        database = TestPostgres.freshDatabase();
        ledger = TestLedger.on(database, clock);
        ledger.open("cash", AccountType.ASSET);
        ledger.open("capital", AccountType.EQUITY);
        ledger.openDeposit("alice", 0);
        ledger.openDeposit("bob", 0);
        ledger.expectPosted(transfer(key(), "cash", "alice", 100_00));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static Command.Hold hold(String debit, String credit, long cents) {
        return new Command.Hold(key(), debit, credit, eur(cents), null, Details.NONE);
    }

    private PendingTransaction held(Command.Hold command) {
        Outcome outcome = ledger.api().execute(command);
        assertThat(outcome).isInstanceOf(Outcome.Held.class);
        return ((Outcome.Held) outcome).pending();
    }

    private static Command.PostPending post(PendingTransaction hold, @Nullable Long cents, boolean keepRest) {
        return new Command.PostPending(key(), hold.id(), cents == null ? null : eur(cents), keepRest, Details.NONE);
    }

    private RejectionReason rejected(Command command) {
        return ledger.expectRejected(command).reason();
    }

    private Balance balance(String account) {
        return ledger.api().balance(account).orElseThrow();
    }

    @Test
    void a_hold_counts_against_the_limit_and_moves_nothing() {
        PendingTransaction hold = held(hold("alice", "bob", 60_00));
        assertThat(hold.remaining()).isEqualTo(eur(60_00));
        assertThat(balance("alice").posted()).isEqualTo(eur(100_00));
        assertThat(balance("alice").available()).isEqualTo(eur(40_00));
        assertThat(balance("alice").pendingDebits()).isEqualTo(60_00);
        assertThat(balance("bob").pendingCredits()).isEqualTo(60_00);
        assertThat(balance("bob").available()).isEqualTo(eur(0));
        assertThat(rejected(transfer(key(), "alice", "bob", 40_01))).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(rejected(hold("alice", "bob", 40_01))).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        // What is reserved to arrive cannot be spent yet.
        assertThat(rejected(transfer(key(), "bob", "cash", 1))).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(ledger.api().pendingOf("bob", null, 10).orElseThrow().items())
                .containsExactly(ledger.api().pending(hold.id()).orElseThrow());
        ledger.assertInvariantsHold();
    }

    @Test
    void a_hold_is_posted_in_parts_and_the_rest_is_released() {
        PendingTransaction hold = held(hold("alice", "bob", 60_00));
        Transaction first = ledger.expectPosted(post(hold, 10_00L, true)).transaction();
        assertThat(first.origin().pendingId()).isEqualTo(hold.id());
        assertThat(balance("alice").pendingDebits()).isEqualTo(50_00);
        assertThat(rejected(post(hold, 50_01L, false))).isEqualTo(RejectionReason.EXCEEDS_PENDING_AMOUNT);
        ledger.expectPosted(post(hold, 20_00L, false));
        assertThat(balance("alice").posted()).isEqualTo(eur(70_00));
        assertThat(balance("alice").available()).isEqualTo(eur(70_00));
        assertThat(balance("bob").posted()).isEqualTo(eur(30_00));
        assertThat(rejected(post(hold, null, false))).isEqualTo(RejectionReason.PENDING_ALREADY_POSTED);
        assertThat(rejected(new Command.VoidPending(key(), hold.id(), Details.NONE)))
                .isEqualTo(RejectionReason.PENDING_ALREADY_POSTED);
        PendingTransaction ended = ledger.api().pending(hold.id()).orElseThrow();
        assertThat(ended.state()).isEqualTo(PendingTransaction.State.POSTED);
        assertThat(ended.posted()).isEqualTo(eur(30_00));
        assertThat(ended.remaining()).isEqualTo(eur(0));
        ledger.assertInvariantsHold();
    }

    @Test
    void what_was_posted_of_a_hold_is_found_by_the_reference_of_the_hold() {
        PendingTransaction hold = held(new Command.Hold(
                key(), "alice", "bob", eur(5_00), null, new Details("auth 77", "case 5", java.util.Map.of())));
        Transaction posted = ledger.expectPosted(new Command.PostPending(
                        key(), hold.id(), null, false, new Details("capture 77", "case 5", java.util.Map.of())))
                .transaction();
        for (String reference : List.of("auth 77", "capture 77", "case 5")) {
            assertThat(ledger.api().byReference(reference, null, 10).items()).containsExactly(posted);
        }
    }

    @Test
    void a_summary_account_cannot_be_frozen() {
        ledger.expectChanged(
                new Command.OpenAccount(key(), AccountSpec.summary("group", "Group", AccountType.LIABILITY, null)));
        assertThat(rejected(new Command.ChangeAccount(key(), "group", AccountState.FROZEN, null)))
                .isEqualTo(RejectionReason.ACCOUNT_IS_SUMMARY);
        ledger.expectChanged(new Command.ChangeAccount(key(), "group", AccountState.CLOSED, null));
    }

    @Test
    void a_voided_hold_cannot_be_posted() {
        PendingTransaction hold = held(hold("alice", "bob", 60_00));
        Outcome released = ledger.api().execute(new Command.VoidPending("void", hold.id(), Details.NONE));
        assertThat(released).isEqualTo(new Outcome.Released(hold.id(), eur(60_00), hold.id() + 1, false));
        assertThat(balance("alice").available()).isEqualTo(eur(100_00));
        assertThat(rejected(post(hold, null, false))).isEqualTo(RejectionReason.PENDING_ALREADY_VOIDED);
        assertThat(rejected(new Command.Reverse(key(), hold.id(), Details.NONE)))
                .isEqualTo(RejectionReason.NOT_REVERSIBLE);
        assertThat(rejected(new Command.VoidPending(key(), 1, Details.NONE))).isEqualTo(RejectionReason.NOT_PENDING);
    }

    @Test
    void a_hold_expires_by_the_clock_while_nobody_asks() {
        PendingTransaction hold =
                held(new Command.Hold(key(), "alice", "bob", eur(60_00), Duration.ofSeconds(30), Details.NONE));
        assertThat(hold.expiresAt()).isEqualTo(NOON.plusSeconds(30));
        clock.set(NOON.plusSeconds(29));
        assertThat(balance("alice").available()).isEqualTo(eur(40_00));
        clock.set(NOON.plusSeconds(30));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> eur(100_00).equals(balance("alice").available()));
        assertThat(rejected(post(hold, null, false))).isEqualTo(RejectionReason.PENDING_EXPIRED);
        assertThat(ledger.api().pending(hold.id()).orElseThrow().state()).isEqualTo(PendingTransaction.State.EXPIRED);
        ledger.assertInvariantsHold();
    }

    @Test
    void posting_voiding_and_posting_again_at_once_apply_once() {
        for (int round = 0; round < 20; round++) {
            PendingTransaction hold = held(hold("alice", "bob", 1_00));
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            IntStream.range(0, 8).parallel().forEach(i -> {
                Command command =
                        i % 2 == 0 ? post(hold, null, false) : new Command.VoidPending(key(), hold.id(), Details.NONE);
                synchronized (answers) {
                    answers.add(ledger.api().submit(command));
                }
            });
            long applied = answers.stream()
                    .map(CompletableFuture::join)
                    .filter(outcome -> !(outcome instanceof Outcome.Rejected))
                    .count();
            assertThat(applied).isEqualTo(1);
        }
        assertThat(balance("alice").pendingDebits()).isZero();
        assertThat(balance("bob").pendingCredits()).isZero();
        ledger.assertInvariantsHold();
    }

    @Test
    void a_refund_never_exceeds_what_was_posted() {
        PendingTransaction hold = held(hold("alice", "bob", 10_00));
        long id = ledger.expectPosted(post(hold, null, false)).transaction().id();
        Transaction part = ledger.expectPosted(new Command.Reverse(key(), id, eur(4_00), Details.NONE))
                .transaction();
        assertThat(part.reversalOf()).isEqualTo(id);
        assertThat(rejected(new Command.Reverse(key(), id, eur(6_01), Details.NONE)))
                .isEqualTo(RejectionReason.EXCEEDS_REVERSIBLE_AMOUNT);
        assertThat(rejected(new Command.Reverse(key(), id, Money.of(1, "USD"), Details.NONE)))
                .isEqualTo(RejectionReason.CURRENCY_MISMATCH);
        Transaction rest = ledger.expectPosted(new Command.Reverse(key(), id, Details.NONE))
                .transaction();
        assertThat(rest.entries().getFirst().leg().amount()).isEqualTo(eur(6_00));
        assertThat(rejected(new Command.Reverse(key(), id, eur(1), Details.NONE)))
                .isEqualTo(RejectionReason.ALREADY_REVERSED);
        assertThat(ledger.api().reversalsOf(id)).containsExactly(part.id(), rest.id());
        assertThat(balance("bob").posted()).isEqualTo(eur(0));
    }

    @Test
    void a_linked_batch_with_one_bad_item_does_nothing() {
        List<Command> commands = List.of(
                transfer("l1", "alice", "bob", 30_00),
                transfer("l2", "alice", "bob", 80_00),
                transfer("l3", "cash", "bob", 1_00));
        List<Outcome> outcomes = ledger.api().submitLinked(commands).join();
        assertThat(outcomes)
                .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
                .containsExactly(
                        RejectionReason.LINKED_ITEM_FAILED,
                        RejectionReason.INSUFFICIENT_FUNDS,
                        RejectionReason.LINKED_ITEM_FAILED);
        assertThat(balance("alice").posted()).isEqualTo(eur(100_00));
        assertThat(balance("bob").posted()).isEqualTo(eur(0));
        // Each keeps its answer, alone or together.
        assertThat(ledger.api().submitLinked(commands).join())
                .extracting(outcome -> ((Outcome.Rejected) outcome).replayed())
                .containsOnly(true);
        assertThat(rejected(commands.getFirst())).isEqualTo(RejectionReason.LINKED_ITEM_FAILED);
    }

    @Test
    void a_linked_batch_opens_an_account_and_uses_it() {
        List<Command> commands = List.of(
                new Command.OpenAccount(
                        "open-carol",
                        AccountSpec.posting("carol", "Carol", AccountType.LIABILITY, eur(0).currency(), null)),
                transfer("fund-carol", "alice", "carol", 25_00),
                new Command.Hold("hold-carol", "carol", "bob", eur(5_00), null, Details.NONE));
        List<Outcome> outcomes = ledger.api().submitLinked(commands).join();
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.AccountChanged.class);
        Transaction funded = ((Outcome.Posted) outcomes.get(1)).transaction();
        assertThat(funded.origin().linkedTo()).isEqualTo(funded.id() - 1);
        assertThat(((Outcome.Held) outcomes.get(2)).pending().linkedTo()).isEqualTo(funded.id() - 1);
        assertThat(balance("carol").available()).isEqualTo(eur(20_00));
        List<Outcome> again = ledger.api().submitLinked(commands).join();
        assertThat(((Outcome.Posted) again.get(1)).transaction()).isEqualTo(funded);
        assertThat(((Outcome.Posted) again.get(1)).replayed()).isTrue();
        // Some of the keys together with new ones are no repetition.
        assertThat(ledger.api()
                        .submitLinked(List.of(commands.get(1), transfer("new", "alice", "bob", 1)))
                        .join()
                        .get(1))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        no -> assertThat(no.reason()).isEqualTo(RejectionReason.LINKED_ITEM_FAILED));
        assertThatThrownBy(() -> ledger.api().submitLinked(List.of(commands.get(1), commands.get(1))))
                .isInstanceOf(FieldError.class)
                .hasMessageContaining("occurs twice");
    }

    @Test
    void balances_are_known_as_of_any_date_by_booking_and_by_value() {
        Details back = Details.NONE.valued(TODAY.minusDays(9));
        ledger.expectPosted(new Command.Transfer(key(), "cash", "alice", eur(10_00), back));
        clock.set(NOON.plus(Duration.ofDays(2)));
        ledger.expectPosted(transfer(key(), "alice", "bob", 30_00));
        ledger.expectPosted(
                new Command.Transfer(key(), "alice", "bob", eur(5_00), Details.NONE.valued(TODAY.plusDays(20))));

        assertThat(posted("alice", AsOf.booking(TODAY.minusDays(1)))).isZero();
        assertThat(posted("alice", AsOf.booking(TODAY))).isEqualTo(110_00);
        assertThat(posted("alice", AsOf.booking(TODAY.plusDays(2)))).isEqualTo(75_00);
        assertThat(posted("alice", AsOf.value(TODAY.minusDays(9)))).isEqualTo(10_00);
        assertThat(posted("alice", AsOf.value(TODAY))).isEqualTo(110_00);
        assertThat(posted("alice", AsOf.value(TODAY.plusDays(2)))).isEqualTo(80_00);
        assertThat(posted("alice", AsOf.value(TODAY.plusDays(20)))).isEqualTo(75_00);
        assertThat(posted("alice", AsOf.NOW)).isEqualTo(75_00);
        StatementLine newest =
                ledger.api().statement("alice", null, 1).orElseThrow().items().getFirst();
        assertThat(newest.bookingDate()).isEqualTo(TODAY.plusDays(2));
        assertThat(newest.valueDate()).isEqualTo(TODAY.plusDays(20));
        assertThat(ledger.api()
                        .history("alice", TODAY.minusDays(1), TODAY.plusDays(30))
                        .orElseThrow())
                .containsExactly(
                        new DayBalance(TODAY, 0, 110_00, eur(110_00)),
                        new DayBalance(TODAY.plusDays(2), 35_00, 0, eur(75_00)));
        for (AsOf asOf : List.of(AsOf.booking(TODAY), AsOf.value(TODAY.plusDays(5)), AsOf.NOW)) {
            assertThat(ledger.api().trialBalance(asOf).ties()).isTrue();
            assertThat(ledger.api().balanceSheet(asOf).ties()).isTrue();
        }
    }

    private long posted(String account, AsOf asOf) {
        return ledger.api().balance(account, asOf).orElseThrow().posted().minorUnits();
    }

    @Test
    void a_closed_day_takes_no_booking_and_no_value_date() {
        Outcome closed = ledger.api().execute(new Command.CloseDay("close", TODAY, "olga"));
        DayClose close = ((Outcome.DayClosed) closed).close();
        assertThat(close.day()).isEqualTo(TODAY);
        assertThat(ledger.api().closes(null, 5).items()).containsExactly(close);
        assertThat(ledger.api().businessDate()).isEqualTo(TODAY.plusDays(1));

        Transaction later =
                ledger.expectPosted(transfer(key(), "alice", "bob", 30_00)).transaction();
        assertThat(later.bookedAt()).isEqualTo(NOON);
        assertThat(later.bookingDate()).isEqualTo(TODAY.plusDays(1));
        assertThat(later.valueDate()).isEqualTo(TODAY.plusDays(1));
        assertThat(ledger.api().transaction(later.id())).contains(later);
        Outcome.Rejected no =
                ledger.expectRejected(new Command.Transfer(key(), "alice", "bob", eur(1), Details.NONE.valued(TODAY)));
        assertThat(no.reason()).isEqualTo(RejectionReason.VALUE_DATE_CLOSED);
        assertThat(no.field()).isEqualTo("valueDate");
        assertThat(rejected(new Command.CloseDay(key(), TODAY.minusDays(3), "olga")))
                .isEqualTo(RejectionReason.DAY_ALREADY_CLOSED);
        assertThat(rejected(new Command.CloseDay(key(), TODAY.plusDays(1), "olga")))
                .isEqualTo(RejectionReason.DAY_NOT_REACHED);

        assertThat(posted("alice", AsOf.booking(TODAY))).isEqualTo(100_00);
        assertThat(posted("alice", AsOf.booking(TODAY.plusDays(1)))).isEqualTo(70_00);
        // The trial balance of a closed day comes from its snapshot; of a later one from the snapshot and what
        // followed.
        assertThat(ledger.api().trialBalance(AsOf.booking(TODAY)).rows())
                .extracting(Balance::account, row -> row.posted().minorUnits())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("alice", 100_00L),
                        org.assertj.core.groups.Tuple.tuple("cash", 100_00L));
        clock.set(NOON.plus(Duration.ofDays(1)));
        ledger.api().execute(new Command.CloseDay(key(), TODAY.plusDays(1), "olga"));
        assertThat(ledger.api().trialBalance(AsOf.booking(TODAY.plusDays(1))).rows())
                .extracting(Balance::account, row -> row.posted().minorUnits())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("alice", 70_00L),
                        org.assertj.core.groups.Tuple.tuple("bob", 30_00L),
                        org.assertj.core.groups.Tuple.tuple("cash", 100_00L));
        assertThat(ledger.api().execute(new Command.CloseDay("close", TODAY, "olga")))
                .isEqualTo(new Outcome.DayClosed(close, true));
        ledger.assertInvariantsHold();
    }

    @Test
    void an_adjustment_needs_a_second_person() {
        List<Leg> legs = List.of(Leg.debit("alice", eur(7_00)), Leg.credit("bob", eur(7_00)));
        Command propose =
                new Command.ProposeAdjustment("adjust", legs, "misposted", "ann", Details.reference("case 9"));
        Adjustment proposed = ((Outcome.Proposed) ledger.api().execute(propose)).adjustment();
        assertThat(balance("bob").posted()).isEqualTo(eur(0));
        assertThat(ledger.api().adjustments(true, null, 10).items()).containsExactly(proposed);
        long id = proposed.id();
        assertThat(rejected(new Command.DecideAdjustment(key(), id, true, "ann")))
                .isEqualTo(RejectionReason.APPROVER_IS_AUTHOR);
        Transaction posted = ledger.expectPosted(new Command.DecideAdjustment("approve", id, true, "ben"))
                .transaction();
        assertThat(posted.origin().adjustmentId()).isEqualTo(id);
        assertThat(posted.details().reference()).isEqualTo("case 9");
        assertThat(balance("bob").posted()).isEqualTo(eur(7_00));
        assertThat(rejected(new Command.DecideAdjustment(key(), id, false, "ben")))
                .isEqualTo(RejectionReason.ADJUSTMENT_ALREADY_DECIDED);
        assertThat(ledger.api().adjustment(id))
                .contains(proposed.approved(new Adjustment.Decision("ben", posted.bookedAt(), posted.id())));
        assertThat(rejected(new Command.DecideAdjustment(key(), 1, true, "ben")))
                .isEqualTo(RejectionReason.ADJUSTMENT_NOT_FOUND);
        assertThat(ledger.api().execute(propose)).isEqualTo(new Outcome.Proposed(proposed, true));
        ledger.assertInvariantsHold();
    }

    @Test
    void what_loosens_an_account_takes_a_second_person() {
        AccountChange raise = new AccountChange("alice", AccountState.OPEN, 500_00L, null, Currency.of("EUR"));
        ledger.expectChanged(new Command.ChangeAccount(key(), "alice", AccountState.FROZEN, null));
        assertThat(rejected(new Command.ChangeAccount(key(), raise, true)))
                .isEqualTo(RejectionReason.APPROVAL_REQUIRED);
        Command propose = new Command.ProposeAdjustment("raise", raise, "asked by the branch", "ann", Details.NONE);
        Adjustment proposed = ((Outcome.Proposed) ledger.api().execute(propose)).adjustment();
        assertThat(proposed.change()).isEqualTo(raise);
        assertThat(rejected(new Command.DecideAdjustment(key(), proposed.id(), true, "Ann")))
                .isEqualTo(RejectionReason.APPROVER_IS_AUTHOR);
        Command approve = new Command.DecideAdjustment("approve", proposed.id(), true, "ben");
        Outcome changed = ledger.api().execute(approve);
        Account alice = ((Outcome.AccountChanged) changed).account();
        assertThat(alice.spec().overdraftLimit()).isEqualTo(500_00L);
        assertThat(alice.state()).isEqualTo(AccountState.OPEN);
        assertThat(ledger.api().account("alice")).contains(alice);
        Adjustment decided = ledger.api().adjustment(proposed.id()).orElseThrow();
        assertThat(decided.state()).isEqualTo(Adjustment.State.APPROVED);
        assertThat(decided.transactionId()).isNull();
        long sequence = ((Outcome.AccountChanged) changed).sequence();
        assertThat(ledger.api().outcome("approve")).contains(new Outcome.AccountChanged(alice, sequence, true));
        ledger.assertInvariantsHold();
    }

    @Test
    void two_people_open_a_closed_account_again() {
        ledger.expectChanged(new Command.ChangeAccount(key(), "bob", AccountState.CLOSED, null));
        AccountChange reopen = new AccountChange("bob", AccountState.OPEN, null, null, null);
        assertThat(rejected(new Command.ChangeAccount(key(), reopen, false)))
                .isEqualTo(RejectionReason.STATE_CHANGE_NOT_ALLOWED);
        Outcome proposed = ledger.api()
                .execute(new Command.ProposeAdjustment(key(), reopen, "closed by mistake", "ann", Details.NONE));
        long id = ((Outcome.Proposed) proposed).adjustment().id();
        ledger.expectChanged(new Command.DecideAdjustment(key(), id, true, "ben"));
        ledger.expectPosted(transfer(key(), "cash", "bob", 1_00));
    }

    @Test
    void a_limit_in_another_currency_is_none_of_this_account() {
        AccountChange yen = new AccountChange("alice", null, 500L, null, Currency.of("JPY"));
        assertThat(rejected(new Command.ChangeAccount(key(), yen, false))).isEqualTo(RejectionReason.CURRENCY_MISMATCH);
        assertThat(rejected(new Command.ProposeAdjustment(key(), yen, "more", "ann", Details.NONE)))
                .isEqualTo(RejectionReason.CURRENCY_MISMATCH);
    }

    @Test
    void bounds_and_freezes_hold_per_side() {
        ledger.expectChanged(new Command.ChangeAccount(key(), "alice", null, null, new Bounds(20_00L, 150_00L)));
        assertThat(balance("alice").available()).isEqualTo(eur(80_00));
        assertThat(rejected(transfer(key(), "alice", "bob", 80_01))).isEqualTo(RejectionReason.BELOW_MINIMUM_BALANCE);
        held(hold("cash", "alice", 30_00));
        assertThat(rejected(transfer(key(), "cash", "alice", 20_01))).isEqualTo(RejectionReason.ABOVE_MAXIMUM_BALANCE);
        assertThat(rejected(new Command.ChangeAccount(key(), "alice", null, null, new Bounds(null, 129_00L))))
                .isEqualTo(RejectionReason.LIMIT_BELOW_BALANCE);
        ledger.expectChanged(new Command.ChangeAccount(key(), "alice", AccountState.DEBIT_FROZEN, null));
        assertThat(rejected(transfer(key(), "alice", "bob", 1))).isEqualTo(RejectionReason.ACCOUNT_FROZEN);
        ledger.expectPosted(transfer(key(), "cash", "alice", 1_00));
        ledger.expectChanged(new Command.ChangeAccount(key(), "alice", AccountState.CREDIT_FROZEN, null));
        assertThat(rejected(transfer(key(), "cash", "alice", 1))).isEqualTo(RejectionReason.ACCOUNT_FROZEN);
        ledger.expectPosted(transfer(key(), "alice", "bob", 1_00));
        assertThat(ledger.api().account("alice").orElseThrow().spec().bounds()).isEqualTo(new Bounds(20_00L, 150_00L));
    }

    @Test
    void a_key_cannot_be_chosen_to_stand_in_the_way_of_an_expiry() {
        PendingTransaction hold =
                held(new Command.Hold(key(), "alice", "bob", eur(60_00), Duration.ofSeconds(30), Details.NONE));
        // The digest that the expiry is filed under, sent as a key of one's own, in every variant of a UUID.
        UUID digest = Digest.ofKey("expire " + hold.id());
        for (int bits = 0; bits < 8; bits++) {
            long low = (digest.getLeastSignificantBits() & ~(7L << 61)) | ((long) bits << 61);
            ledger.expectPosted(
                    transfer(new UUID(digest.getMostSignificantBits(), low).toString(), "alice", "bob", 1_00));
        }
        clock.set(NOON.plusSeconds(30));
        await().atMost(Duration.ofSeconds(20)).until(() -> balance("alice").pendingDebits() == 0);
        ledger.assertInvariantsHold();
    }

    @Test
    void invariants_hold_in_a_currency_that_has_holds_only() {
        Currency yen = Currency.of("JPY");
        for (String code : List.of("yen.a", "yen.b")) {
            ledger.expectChanged(
                    new Command.OpenAccount(key(), AccountSpec.posting(code, code, AccountType.ASSET, yen, null)));
        }
        held(new Command.Hold(key(), "yen.a", "yen.b", new Money(5, yen), null, Details.NONE));
        ledger.assertInvariantsHold();
        assertThat(ledger.api().trialBalance().rows())
                .extracting(Balance::account)
                .doesNotContain("yen.a", "yen.b");
    }

    @Test
    void approvals_of_very_large_adjustments_are_spread_over_batches() {
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            legs.add(Leg.debit("cash", eur(1)));
            legs.add(Leg.credit("capital", eur(1)));
        }
        List<Long> ids = IntStream.range(0, 100)
                .mapToObj(i ->
                        ledger.api().submit(new Command.ProposeAdjustment("p" + i, legs, "large", "ann", Details.NONE)))
                .toList()
                .stream()
                .map(answer -> ((Outcome.Proposed) answer.join()).adjustment().id())
                .toList();
        List<CompletableFuture<Outcome>> answers = ids.stream()
                .map(id -> ledger.api().submit(new Command.DecideAdjustment("d" + id, id, true, "ben")))
                .toList();
        assertThat(answers.stream().map(CompletableFuture::join)).allMatch(Outcome.Posted.class::isInstance);
        assertThat(balance("capital").posted()).isEqualTo(eur(100 * 500));
        ledger.assertInvariantsHold();
    }

    @Test
    void an_account_with_holds_is_not_closed() {
        PendingTransaction hold = held(hold("cash", "bob", 30_00));
        assertThat(rejected(new Command.ChangeAccount(key(), "bob", AccountState.CLOSED, null)))
                .isEqualTo(RejectionReason.PENDING_OPEN);
        ledger.api().execute(new Command.VoidPending(key(), hold.id(), Details.NONE));
        ledger.expectChanged(new Command.ChangeAccount(key(), "bob", AccountState.CLOSED, null));
    }

    @Test
    void statements_add_up_and_roll_up() {
        AccountSpec income = AccountSpec.summary("4000", "Income", AccountType.INCOME, null);
        ledger.expectChanged(new Command.OpenAccount(key(), income));
        Currency btc = Currency.of("BTC/8");
        for (String code : List.of("4000.fees", "4000.interest")) {
            ledger.expectChanged(new Command.OpenAccount(
                    key(), AccountSpec.posting(code, code, AccountType.INCOME, eur(0).currency(), "4000")));
        }
        ledger.expectChanged(new Command.OpenAccount(
                key(), AccountSpec.posting("4000.btc", "Mining", AccountType.INCOME, btc, "4000")));
        ledger.expectChanged(
                new Command.OpenAccount(key(), AccountSpec.posting("wallet", "Wallet", AccountType.ASSET, btc, null)));
        ledger.open("rent", AccountType.EXPENSE);
        ledger.expectPosted(transfer(key(), "alice", "4000.fees", 3_00));
        ledger.expectPosted(transfer(key(), "alice", "4000.interest", 2_00));
        ledger.expectPosted(transfer(key(), "rent", "cash", 1_50));
        ledger.expectPosted(
                new Command.Transfer(key(), "wallet", "4000.btc", new Money(12_345_678, btc), Details.NONE));

        assertThat(ledger.api().rollUp("4000", AsOf.NOW).orElseThrow())
                .containsExactly(
                        new Rollup(
                                btc,
                                1,
                                BigInteger.ZERO,
                                BigInteger.valueOf(12_345_678),
                                BigInteger.valueOf(12_345_678)),
                        new Rollup(
                                eur(0).currency(),
                                2,
                                BigInteger.ZERO,
                                BigInteger.valueOf(500),
                                BigInteger.valueOf(500)));
        BalanceSheet sheet = ledger.api().balanceSheet(AsOf.NOW);
        BalanceSheet.Sheet euro = sheet.sheets().getLast();
        assertThat(euro.totalAssets()).isEqualTo(98_50);
        assertThat(euro.totalLiabilities()).isEqualTo(95_00);
        assertThat(euro.result()).isEqualTo(3_50);
        assertThat(sheet.ties()).isTrue();
        IncomeStatement statement = ledger.api().incomeStatement(TODAY, TODAY, AsOf.Basis.VALUE);
        assertThat(statement.statements().getLast().totalIncome()).isEqualTo(5_00);
        assertThat(statement.statements().getLast().totalExpenses()).isEqualTo(1_50);
        assertThat(ledger.api()
                        .incomeStatement(TODAY.plusDays(1), TODAY.plusDays(2), AsOf.Basis.BOOKING)
                        .statements())
                .isEmpty();
    }

    @Test
    void a_restarted_ledger_knows_its_holds_adjustments_and_closed_days() {
        PendingTransaction hold = held(
                new Command.Hold("h", "alice", "bob", eur(60_00), Duration.ofMinutes(10), Details.reference("auth 1")));
        ledger.expectPosted(post(hold, 5_00L, true));
        List<Leg> legs = List.of(Leg.debit("alice", eur(7_00)), Leg.credit("bob", eur(7_00)));
        Outcome proposed =
                ledger.api().execute(new Command.ProposeAdjustment("p", legs, "misposted", "ann", Details.NONE));
        ledger.api().execute(new Command.CloseDay("c", TODAY.minusDays(1), "olga"));
        // Half of it behind the projection, half in the tail.
        ledger.api().trialBalance();
        ledger.close();
        ledger = TestLedger.on(database, clock);

        assertThat(balance("alice").available()).isEqualTo(eur(40_00));
        assertThat(ledger.api()
                        .execute(new Command.Hold(
                                "h", "alice", "bob", eur(60_00), Duration.ofMinutes(10), Details.reference("auth 1"))))
                .isEqualTo(new Outcome.Held(hold, true));
        assertThat(ledger.api().execute(new Command.ProposeAdjustment("p", legs, "misposted", "ann", Details.NONE)))
                .isEqualTo(new Outcome.Proposed(((Outcome.Proposed) proposed).adjustment(), true));
        assertThat(rejected(
                        new Command.Transfer(key(), "alice", "bob", eur(1), Details.NONE.valued(TODAY.minusDays(1)))))
                .isEqualTo(RejectionReason.VALUE_DATE_CLOSED);
        ledger.expectPosted(new Command.DecideAdjustment(
                key(), ((Outcome.Proposed) proposed).adjustment().id(), true, "ben"));
        clock.set(NOON.plus(Duration.ofMinutes(10)));
        await().atMost(Duration.ofSeconds(20)).until(() -> balance("alice").pendingDebits() == 0);
        assertThat(balance("alice").posted()).isEqualTo(eur(88_00));
        ledger.assertInvariantsHold();
    }
}
