package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.shards.ShardRig.eur;
import static org.exchequer.shards.ShardRig.key;
import static org.exchequer.shards.ShardRig.transfer;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.api.Shards.Move;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.jobs.Mover;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots that move from one shard to another, while their accounts are posted to. */
@Timeout(120)
class MoveTest {
    private static final Duration MOVED = Duration.ofSeconds(60);

    private ShardRig rig;
    private Mover mover;

    @BeforeEach
    void start() throws SQLException {
        rig = ShardRig.of(2);
        mover = mover(rig.faults);
        rig.resolver.start();
    }

    @AfterEach
    void stop() {
        rig.assertInvariantsHold();
        mover.close();
        rig.close();
    }

    private Mover mover(Faults faults) {
        return new Mover(rig.shards, rig.directory, rig.routes, faults, Ticker.system());
    }

    private Move move(int from, int to, int slots) {
        mover.begin(from, to, slots);
        Awaitility.await().atMost(MOVED).pollInterval(Duration.ofMillis(20)).until(() -> {
            Move last = mover.last();
            return last != null && !last.running();
        });
        return java.util.Objects.requireNonNull(mover.last());
    }

    /** A code in the slots that a move of so many takes first. */
    private String code(String name, int slots) {
        List<Integer> of = rig.map().of(0);
        List<Integer> taken = of.subList(of.size() - slots, of.size());
        return IntStream.range(0, 1_000_000)
                .mapToObj(i -> name + "." + i)
                .filter(code -> taken.contains(Placement.slot(code)))
                .findFirst()
                .orElseThrow();
    }

    private String account(String name, AccountSpec like) {
        return rig.open(new AccountSpec(
                code(name, 16),
                like.name(),
                like.type(),
                like.normalSide(),
                like.currency(),
                like.parent(),
                like.rule(),
                like.overdraftLimit(),
                like.bounds(),
                Map.of("owner", name)));
    }

    private static AccountSpec posting(AccountType type) {
        return AccountSpec.posting("any", "Any", type, ShardRig.EUR, null);
    }

    @Test
    void accounts_are_afterwards_what_they_were() {
        rig.open(AccountSpec.summary("top", "Top", AccountType.LIABILITY, null));
        String cash = rig.cash("cash", 1);
        String rich = account(
                "rich",
                AccountSpec.posting("any", "Rich", AccountType.LIABILITY, ShardRig.EUR, "top")
                        .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 50_00)
                        .bounded(new Bounds(10L, 1_000_000_00L)));
        String overdrawn = account(
                "overdrawn", posting(AccountType.LIABILITY).limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 100_00));
        String asset = account("asset", posting(AccountType.ASSET));
        String frozen = account("frozen", posting(AccountType.LIABILITY));
        String closed = account("closed", posting(AccountType.LIABILITY));
        String empty = account("empty", posting(AccountType.EXPENSE));
        rig.expectPosted(transfer(key(), cash, rich, 700_00));
        rig.expectPosted(transfer(key(), overdrawn, cash, 99_00));
        rig.expectPosted(transfer(key(), asset, cash, 5_00));
        rig.expectPosted(transfer(key(), cash, frozen, 7_00));
        rig.ledger.execute(new Command.ChangeAccount(key(), frozen, AccountState.DEBIT_FROZEN, null));
        rig.ledger.execute(new Command.ChangeAccount(key(), closed, AccountState.CLOSED, null));
        List<String> codes = List.of(rich, overdrawn, asset, frozen, closed, empty);
        List<Account> before = codes.stream()
                .map(code -> rig.ledger.account(code).orElseThrow())
                .toList();
        List<Balance> balances = codes.stream()
                .map(code -> rig.ledger.balance(code).orElseThrow())
                .toList();
        long lines = rig.ledger.statement(rich, null, 100).orElseThrow().items().size();

        Move moved = move(0, 1, 16);
        assertThat(moved.error()).isNull();
        assertThat(moved.moved()).isEqualTo(16);
        System.out.println("16 slots, " + moved.accounts() + " accounts, longest pause " + moved.longestPause());
        assertWhatTheyWere(codes, before, balances);
        assertThat(rig.map().shard(rich)).isEqualTo(1);

        Page<StatementLine> newest = rig.ledger.statement(rich, null, 100).orElseThrow();
        assertThat(newest.items()).hasSize((int) lines);
        assertThat(newest.next()).isNull();
        assertThat(rig.ledger
                        .balance(rich, AsOf.booking(rig.ledger.businessDate()))
                        .orElseThrow()
                        .posted())
                .isEqualTo(eur(700_00));
        assertThat(rig.ledger.rollUp("top", AsOf.NOW).orElseThrow().getFirst().balance())
                .isEqualTo(700_00);
        assertThat(rig.ledger.trialBalance().ties()).isTrue();

        // And back: what was left behind is taken up again.
        rig.expectPosted(transfer(key(), cash, rich, 1_00));
        assertThat(move(1, 0, 16).error()).isNull();
        assertThat(rig.map().shard(rich)).isZero();
        rig.expectPosted(transfer(key(), rich, cash, 1_00));
        assertWhatTheyWere(codes, before, balances);
        assertThat(rig.map().of(1)).hasSize(Placement.SLOTS / 2);
    }

    private void assertWhatTheyWere(List<String> codes, List<Account> before, List<Balance> balances) {
        for (int i = 0; i < codes.size(); i++) {
            Account after = rig.ledger.account(codes.get(i)).orElseThrow();
            assertThat(after).isEqualTo(before.get(i));
            assertThat(rig.ledger.accounts(codes.get(i), null, 1).items()).containsExactly(after);
            Balance balance = rig.ledger.balance(codes.get(i)).orElseThrow();
            assertThat(balance.posted()).isEqualTo(balances.get(i).posted());
            assertThat(balance.available()).isEqualTo(balances.get(i).available());
        }
    }

    @Test
    void keys_are_answered_as_before() {
        String cash = rig.cash("cash", 1);
        String one = account("one", posting(AccountType.LIABILITY));
        String two = account("two", posting(AccountType.LIABILITY));
        String rule =
                account("poor", posting(AccountType.LIABILITY).limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
        List<Command> commands = List.of(
                transfer("within", one, two, 5),
                transfer("out", one, cash, 6),
                transfer("in", cash, one, 7),
                transfer("no", rule, cash, 8),
                transfer("never", rule, one, 8),
                new Command.Post(
                        "post",
                        List.of(
                                org.exchequer.ledger.api.Leg.debit(cash, eur(3)),
                                org.exchequer.ledger.api.Leg.credit(one, eur(1)),
                                org.exchequer.ledger.api.Leg.credit(two, eur(2))),
                        Details.NONE));
        List<Outcome> first = commands.stream().map(rig.ledger::execute).toList();
        long balance = rig.posted(one);
        move(0, 1, 16);
        for (int i = 0; i < commands.size(); i++) {
            Outcome again = rig.ledger.execute(commands.get(i));
            switch (first.get(i)) {
                case Outcome.Posted posted ->
                    assertThat(again).isEqualTo(new Outcome.Posted(posted.transaction(), true));
                case Outcome.Rejected no ->
                    assertThat(((Outcome.Rejected) again).reason()).isEqualTo(no.reason());
                default -> throw new AssertionError(first.get(i));
            }
            assertThat(rig.ledger.outcome(commands.get(i).key())).isPresent();
        }
        assertThat(rig.expectRejected(transfer("within", one, two, 6)).reason())
                .isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
        assertThat(rig.expectRejected(transfer("never", rule, one, 9)).reason())
                .isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
        assertThat(rig.posted(one)).isEqualTo(balance);
        long id = ((Outcome.Posted) first.getFirst()).transaction().id();
        assertThat(rig.expectPosted(new Command.Reverse(key(), id, Details.NONE))
                        .transaction()
                        .reversalOf())
                .isEqualTo(id);
        assertThat(rig.expectRejected(new Command.Reverse(key(), id, Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.ALREADY_REVERSED);
        assertThat(rig.posted(one)).isEqualTo(balance + 5);
    }

    @Test
    void a_node_with_an_old_map_finds_its_way() throws SQLException {
        String cash = rig.cash("cash", 1);
        String one = account("one", posting(AccountType.LIABILITY));
        rig.expectPosted(transfer(key(), cash, one, 100));
        try (Routes old = new Routes(rig.directory, () -> 0)) {
            ShardedLedger stale = new ShardedLedger(rig.shards, old, new Faults(), rig.limit);
            move(0, 1, 16);
            Outcome outcome = stale.execute(transfer("stale", one, cash, 40));
            assertThat(outcome).isInstanceOf(Outcome.Posted.class);
            assertThat(stale.execute(transfer("stale", one, cash, 40)))
                    .isEqualTo(new Outcome.Posted(((Outcome.Posted) outcome).transaction(), true));
            assertThat(stale.balance(one).orElseThrow().posted()).isEqualTo(eur(60));
        }
    }

    @Test
    void a_slot_with_a_hold_stays_until_it_has_ended() {
        String one = account("one", posting(AccountType.LIABILITY));
        String two = account("two", posting(AccountType.LIABILITY));
        PendingTransaction hold = ((Outcome.Held)
                        rig.ledger.execute(new Command.Hold(key(), one, two, eur(5), null, Details.NONE)))
                .pending();
        Move kept = move(0, 1, 16);
        assertThat(kept.skipped()).isBetween(1, 2);
        assertThat(rig.map().shard(one)).isZero();
        rig.expectPosted(new Command.PostPending(key(), hold.id(), null, false, Details.NONE));
        rig.expectPosted(transfer(key(), two, one, 5));
        assertThat(move(0, 1, 16).skipped()).isZero();
        rig.expectPosted(transfer(key(), two, one, 5));
    }

    /** Its accounts are on one shard when it is asked for again. */
    @Test
    void a_reversal_is_answered_with_all_its_legs_after_a_move() {
        String cash = rig.cash("cash", 1);
        String moved = account("moved", posting(AccountType.LIABILITY));
        Outcome.Posted original = rig.expectPosted(transfer(key(), cash, moved, 5_00));
        Command reversal = new Command.Reverse(key(), original.transaction().id(), null, Details.NONE);
        Outcome.Posted first = rig.expectPosted(reversal);
        assertThat(first.transaction().entries()).hasSize(2);
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        Outcome.Posted again = rig.expectPosted(reversal);
        assertThat(again.transaction()).isEqualTo(first.transaction());
        assertThat(again.replayed()).isTrue();
    }

    /** Nothing was reserved on the account that moved, and it moved to another shard of the same transaction. */
    @Test
    void a_transaction_that_cannot_go_on_as_it_began_is_answered_as_it_ended() throws SQLException {
        List<DatabaseAddress> databases =
                List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        mover.close();
        rig.close();
        rig = ShardRig.on(databases);
        mover = mover(rig.faults);
        int last = rig.map().of(1).getLast();
        String taken = IntStream.range(0, 1_000_000)
                .mapToObj(i -> "taken." + i)
                .filter(code -> Placement.slot(code) == last)
                .findFirst()
                .orElseThrow();
        rig.open(AccountSpec.posting(taken, "Taken", AccountType.ASSET, ShardRig.EUR, null));
        String payer = rig.cash("payer", 0);
        String other = rig.cash("other", 2);
        Command posting = new Command.Post(
                key(),
                List.of(
                        new Leg(payer, Side.CREDIT, eur(3_00)),
                        new Leg(taken, Side.DEBIT, eur(1_00)),
                        new Leg(other, Side.DEBIT, eur(2_00))),
                Details.NONE);
        rig.faults.arm("shards.reserve.coordinator.after", name -> {
            rig.faults.disarmAll();
            throw new IllegalStateException("the node dies at " + name);
        });
        assertThat(rig.ledger.execute(posting)).isInstanceOf(Outcome.Unknown.class);
        mover.begin(1, 2, 1);
        Awaitility.await().atMost(MOVED).until(() -> rig.map().slot(last).shard() == 2);
        rig.resolver.start();
        Awaitility.await()
                .atMost(MOVED)
                .untilAsserted(() -> assertThat(rig.ledger.execute(posting))
                        .isInstanceOfSatisfying(
                                Outcome.Rejected.class,
                                no -> assertThat(no.reason()).isEqualTo(RejectionReason.IN_DOUBT_TIMEOUT)));
        rig.expectPosted(transfer(key(), taken, other, 5));
        for (int shard = 0; shard < 2; shard++) {
            rig.expectPosted(transfer(key(), rig.cash("left", shard), rig.cash("right", shard), 5));
        }
        assertThat(rig.posted(taken)).isEqualTo(5);
    }

    /** The first of a coordinator's two holds is rejected because of the second. */
    @Test
    void a_posting_of_many_legs_is_refused_for_the_same_reason_after_a_move() {
        String cash = rig.cash("cash", 1);
        String moved = account("moved", posting(AccountType.LIABILITY));
        rig.expectPosted(transfer(key(), cash, moved, 5_00));
        Command posting = new Command.Post(
                key(),
                List.of(
                        new Leg(moved, Side.CREDIT, eur(1_00)),
                        new Leg(rig.code("nowhere", 0), Side.CREDIT, eur(2_00)),
                        new Leg(cash, Side.DEBIT, eur(3_00))),
                Details.NONE);
        Outcome.Rejected first = rig.expectRejected(posting);
        assertThat(first.reason()).isEqualTo(RejectionReason.ACCOUNT_NOT_FOUND);
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        Outcome.Rejected again = rig.expectRejected(posting);
        assertThat(again.reason()).isEqualTo(first.reason());
        assertThat(again.sequence()).isEqualTo(first.sequence());
        assertThat(again.detail()).isEqualTo(first.detail());
        assertThat(rig.ledger.outcome(posting.key()))
                .hasValueSatisfying(told -> assertThat(told)
                        .isInstanceOfSatisfying(
                                Outcome.Rejected.class,
                                no -> assertThat(no.reason()).isEqualTo(first.reason())));
    }

    /** Of the accounts of one command, one has moved away from the shard that rejects it for the other. */
    @Test
    void a_rejection_is_the_answer_for_ever_wherever_its_accounts_have_been() {
        String cash = rig.cash("cash", 1);
        String moved = account("moved", posting(AccountType.LIABILITY));
        rig.expectPosted(transfer(key(), cash, moved, 5_00));
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        Command nowhere = transfer(key(), moved, rig.code("nowhere", 0), 1_00);
        Outcome.Rejected first = rig.expectRejected(nowhere);
        assertThat(first.reason()).isEqualTo(RejectionReason.ACCOUNT_NOT_FOUND);
        assertThat(rig.expectRejected(nowhere).sequence())
                .isEqualTo(first.sequence())
                .isPositive();

        assertThat(move(1, 0, 16).moved()).isEqualTo(16);
        Command back = transfer(key(), cash, code("gone", 16), 1_00);
        Outcome.Rejected after = rig.expectRejected(back);
        assertThat(rig.expectRejected(back).sequence())
                .isEqualTo(after.sequence())
                .isPositive();
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        assertThat(rig.expectRejected(back).sequence()).isEqualTo(after.sequence());
        assertThat(rig.expectRejected(nowhere).sequence()).isEqualTo(first.sequence());
    }

    /** Of many legs, one is on another shard by now: what the shard that it has left says of the others stays. */
    @Test
    void a_posting_of_many_legs_is_refused_once_though_an_account_has_left_its_coordinator() {
        String moved = account("moved", posting(AccountType.LIABILITY));
        String stays = rig.cash("stays", 0);
        rig.expectPosted(transfer(key(), stays, moved, 5_00));
        rig.expectPosted(transfer(key(), rig.cash("cash", 1), moved, 5_00));
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        Command posting = new Command.Post(
                key(),
                List.of(
                        new Leg(stays, Side.DEBIT, eur(3_00)),
                        new Leg(rig.code("nowhere", 0), Side.CREDIT, eur(2_00)),
                        new Leg(moved, Side.CREDIT, eur(1_00))),
                Details.NONE);
        Outcome.Rejected first = rig.expectRejected(posting);
        assertThat(first.reason()).isEqualTo(RejectionReason.ACCOUNT_NOT_FOUND);
        assertThat(first.field()).isEqualTo("legs[1].account");
        Outcome.Rejected again = rig.expectRejected(posting);
        assertThat(again.sequence()).isEqualTo(first.sequence()).isPositive();
        assertThat(again.field()).isEqualTo(first.field());
        assertThat(again.detail()).isEqualTo(first.detail());
    }

    /** Nor is it refused anew when who asks again cannot go through all the steps, and only reads how it ended. */
    @Test
    void what_a_participant_refused_stays_refused_when_asked_while_a_shard_does_not_answer() {
        String moved = account("moved", posting(AccountType.LIABILITY));
        String stays = rig.cash("stays", 0);
        rig.expectPosted(transfer(key(), rig.cash("cash", 1), moved, 5_00));
        assertThat(move(0, 1, 16).moved()).isEqualTo(16);
        assertThat(move(1, 0, 16).moved()).isEqualTo(16);
        Command posting = new Command.Post(
                key(),
                List.of(
                        new Leg(stays, Side.DEBIT, eur(3_00)),
                        new Leg(rig.code("nowhere", 1), Side.CREDIT, eur(2_00)),
                        new Leg(moved, Side.CREDIT, eur(1_00))),
                Details.NONE);
        Outcome.Rejected first = rig.expectRejected(posting);
        assertThat(first.reason()).isEqualTo(RejectionReason.ACCOUNT_NOT_FOUND);
        assertThat(first.field()).isEqualTo("legs[1].account");
        rig.faults.arm("shards.rollback.before", name -> {
            throw new IllegalStateException("the driver cannot go on at " + name);
        });
        Outcome.Rejected again = rig.expectRejected(posting);
        rig.faults.disarmAll();
        assertThat(again.sequence()).isEqualTo(first.sequence()).isPositive();
        assertThat(again.field()).isEqualTo(first.field());
        assertThat(rig.expectRejected(posting).sequence()).isEqualTo(first.sequence());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shards.move.announced",
                "shards.move.begun",
                "shards.move.frozen",
                "shards.move.held",
                "shards.move.left",
                "shards.move.arrived"
            })
    void a_move_whose_node_dies_is_taken_up_by_another(String point) {
        String cash = rig.cash("cash", 1);
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String code = account("a" + i, posting(AccountType.LIABILITY));
            rig.expectPosted(transfer(key(), cash, code, 100 + i));
            codes.add(code);
        }
        AtomicBoolean died = new AtomicBoolean();
        rig.faults.arm(point, name -> {
            rig.faults.disarmAll();
            died.set(true);
            throw new IllegalStateException("the mover dies at " + name);
        });
        mover.begin(0, 1, 16);
        Awaitility.await().atMost(MOVED).untilTrue(died);
        mover.close();
        mover = mover(new Faults());
        Awaitility.await()
                .atMost(MOVED)
                .until(() ->
                        rig.routes.refresh().count(org.exchequer.shards.core.SlotMap.State.SETTLED) == Placement.SLOTS
                                && rig.routes.current().of(1).size() == Placement.SLOTS / 2 + 16);
        for (int i = 0; i < 5; i++) {
            assertThat(rig.posted(codes.get(i))).isEqualTo(100 + i);
            rig.expectPosted(transfer(key(), codes.get(i), cash, 1));
        }
    }

    @Test
    void accounts_that_are_posted_to_move_without_a_cent_lost_and_with_a_bounded_pause() throws Exception {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            codes.add(account("m" + i, posting(AccountType.LIABILITY)));
        }
        for (int i = 0; i < 10; i++) {
            codes.add(rig.open(
                    AccountSpec.posting(rig.code("s" + i, 1), "Stays", AccountType.LIABILITY, ShardRig.EUR, null)));
        }
        AtomicBoolean stop = new AtomicBoolean();
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        List<Throwable> trouble = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 12; caller++) {
            callers.add(Thread.ofVirtual().start(() -> {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                while (!stop.get()) {
                    String debit = codes.get(random.nextInt(codes.size()));
                    String credit = codes.get(random.nextInt(codes.size()));
                    if (debit.equals(credit)) {
                        continue;
                    }
                    long amount = 1 + random.nextLong(9);
                    Outcome outcome = rig.ledger.execute(transfer(key(), debit, credit, amount));
                    if (outcome instanceof Outcome.Posted) {
                        acknowledged.merge(debit, -amount, Long::sum);
                        acknowledged.merge(credit, amount, Long::sum);
                    } else {
                        synchronized (trouble) {
                            trouble.add(new AssertionError(outcome));
                        }
                    }
                    long before = rig.ledger.balance(debit).orElseThrow().asOfSequence();
                    assertThat(before).isPositive();
                }
            }));
        }
        Move moved = move(0, 1, 16);
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        System.out.println("under load: " + moved);
        assertThat(moved.error()).isNull();
        assertThat(trouble).isEmpty();
        assertThat(moved.moved()).isPositive();
        assertThat(moved.longestPause()).isLessThan(Duration.ofSeconds(5));
        for (String code : codes) {
            assertThat(rig.posted(code)).as(code).isEqualTo(acknowledged.getOrDefault(code, 0L));
        }
    }
}
