package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.shards.ShardRig.eur;
import static org.exchequer.shards.ShardRig.key;
import static org.exchequer.shards.ShardRig.transfer;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Names;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What callers see of a ledger of three shards. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShardedLedgerTest {
    private ShardRig rig;
    private String cash;
    private String alice;
    private String bob;
    private String carol;

    @BeforeAll
    void start() throws SQLException {
        rig = ShardRig.of(3);
        cash = rig.cash("cash", 0);
        alice = rig.deposit("alice", 0);
        bob = rig.deposit("bob", 1);
        carol = rig.deposit("carol", 2);
        rig.expectPosted(transfer(key(), cash, alice, 1_000_00));
        rig.expectPosted(transfer(key(), cash, bob, 1_000_00));
        rig.expectPosted(transfer(key(), cash, carol, 1_000_00));
    }

    @AfterAll
    void stop() {
        rig.assertInvariantsHold();
        rig.close();
    }

    @Test
    void a_transfer_between_two_shards_is_one_transaction_to_its_caller() {
        long before = rig.posted(carol);
        Details details = new Details("invoice 7", "corr-7", Map.of("colour", "blue"));
        Command.Transfer command = new Command.Transfer(key(), bob, carol, eur(12_34), details);
        Outcome.Posted posted = rig.expectPosted(command);
        Transaction transaction = posted.transaction();
        assertThat(posted.replayed()).isFalse();
        assertThat(transaction.entries())
                .extracting(Transaction.Entry::leg)
                .containsExactly(Leg.debit(bob, eur(12_34)), Leg.credit(carol, eur(12_34)));
        assertThat(transaction.entries().get(1).balanceAfter()).isEqualTo(-(before + 12_34));
        assertThat(transaction.key()).isEqualTo(command.key());
        assertThat(transaction.details()).isEqualTo(details);
        assertThat(Ids.shard(transaction.id())).isEqualTo(1);
        assertThat(rig.posted(carol)).isEqualTo(before + 12_34);

        assertThat(rig.ledger.execute(command)).isEqualTo(new Outcome.Posted(transaction, true));
        assertThat(rig.ledger.outcome(command.key())).contains(new Outcome.Posted(transaction, true));
        assertThat(rig.ledger.transaction(transaction.id())).contains(transaction);
        assertThat(rig.ledger.byReference("invoice 7", null, 10).items()).containsExactly(transaction);
        assertThat(rig.ledger.latest(null, 1_000).items()).containsOnlyOnce(transaction);
        StatementLine line =
                rig.ledger.statement(carol, null, 1).orElseThrow().items().getFirst();
        assertThat(Ids.shard(line.transactionId())).isEqualTo(2);
        assertThat(rig.ledger.transaction(line.transactionId())).contains(transaction);
        assertThat(rig.posted(carol)).isEqualTo(before + 12_34);
    }

    @Test
    void a_transfer_on_one_shard_goes_there_as_it_is() {
        String key = key();
        Outcome.Posted posted = rig.expectPosted(transfer(key, cash, alice, 5));
        assertThat(posted.transaction().key()).isEqualTo(key);
        assertThat(rig.shard(0).outcome(key)).isPresent();
        assertThat(rig.ledger.transaction(posted.transaction().id())).contains(posted.transaction());
    }

    @Test
    void either_side_may_refuse_and_then_nothing_moves() {
        long bobs = rig.posted(bob);
        Outcome.Rejected poor = rig.expectRejected(transfer("poor", bob, carol, 99_999_999_99L));
        assertThat(poor.reason()).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(poor.field()).isEqualTo("debitAccount");

        String nobody = rig.code("nobody", 2);
        Outcome.Rejected unknown = rig.expectRejected(transfer("unknown", bob, nobody, 5));
        assertThat(unknown.reason()).isEqualTo(RejectionReason.ACCOUNT_NOT_FOUND);
        assertThat(unknown.field()).isEqualTo("creditAccount");
        Outcome again = rig.ledger.execute(transfer("unknown", bob, nobody, 5));
        assertThat(again)
                .isEqualTo(new Outcome.Rejected(
                        unknown.reason(), unknown.field(), unknown.detail(), unknown.sequence(), true));

        String yen = rig.open(AccountSpec.posting(
                rig.code("yen", 2), "yen", AccountType.ASSET, org.exchequer.kernel.Currency.of("JPY"), null));
        assertThat(rig.expectRejected(transfer(key(), bob, yen, 5)).reason())
                .isEqualTo(RejectionReason.CURRENCY_MISMATCH);
        assertThat(rig.expectRejected(transfer(key(), bob, carol, 0)).reason())
                .isEqualTo(RejectionReason.AMOUNT_NOT_POSITIVE);
        assertThat(rig.posted(bob)).isEqualTo(bobs);
        assertThat(rig.ledger.pendingOf(bob, null, 10).orElseThrow().items()).isEmpty();
    }

    @Test
    void a_key_used_for_another_transfer_of_the_same_payer_is_refused() {
        String key = key();
        rig.expectPosted(transfer(key, bob, carol, 5));
        Outcome.Rejected no = rig.expectRejected(transfer(key, bob, carol, 6));
        assertThat(no.reason()).isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
        assertThat(rig.expectRejected(new Command.Transfer(key, bob, carol, eur(5), Details.reference("x")))
                        .reason())
                .isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void a_frozen_payee_refuses_and_a_frozen_payer_too() {
        String frozen = rig.deposit("frozen", 2);
        rig.ledger.execute(new Command.ChangeAccount(key(), frozen, AccountState.FROZEN, null));
        assertThat(rig.expectRejected(transfer(key(), bob, frozen, 5)).reason())
                .isEqualTo(RejectionReason.ACCOUNT_FROZEN);
        assertThat(rig.expectRejected(transfer(key(), frozen, bob, 5)).reason())
                .isEqualTo(RejectionReason.ACCOUNT_FROZEN);
    }

    @Test
    void a_posting_over_three_shards_is_all_or_none() {
        long alices = rig.posted(alice);
        long bobs = rig.posted(bob);
        long carols = rig.posted(carol);
        List<Leg> legs = List.of(
                Leg.debit(cash, eur(600)),
                Leg.credit(alice, eur(100)),
                Leg.credit(bob, eur(200)),
                Leg.credit(carol, eur(400)),
                Leg.debit(bob, eur(100)));
        Command.Post post = new Command.Post(key(), legs, Details.reference("salaries"));
        Outcome.Posted posted = rig.expectPosted(post);
        assertThat(posted.transaction().entries())
                .extracting(Transaction.Entry::leg)
                .containsExactlyElementsOf(legs);
        assertThat(rig.posted(alice)).isEqualTo(alices + 100);
        assertThat(rig.posted(bob)).isEqualTo(bobs + 100);
        assertThat(rig.posted(carol)).isEqualTo(carols + 400);
        assertThat(rig.ledger.execute(post)).isEqualTo(new Outcome.Posted(posted.transaction(), true));
        assertThat(rig.ledger.transaction(posted.transaction().id())).contains(posted.transaction());

        List<Leg> tooMuch = List.of(
                Leg.debit(cash, eur(1)),
                Leg.credit(alice, eur(2)),
                Leg.debit(carol, eur(1_000_000_00)),
                Leg.credit(bob, eur(999_999_99)));
        Outcome.Rejected no = rig.expectRejected(new Command.Post(key(), tooMuch, Details.NONE));
        assertThat(no.reason() + " " + no.field()).isEqualTo("INSUFFICIENT_FUNDS legs[2].account");
        assertThat(rig.posted(alice)).isEqualTo(alices + 100);
        List<Leg> crooked = List.of(Leg.debit(cash, eur(1)), Leg.credit(bob, eur(2)));
        assertThat(rig.expectRejected(new Command.Post(key(), crooked, Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.UNBALANCED);
    }

    @Test
    void a_transaction_over_two_shards_is_reversed_once() {
        long before = rig.posted(carol);
        long id =
                rig.expectPosted(transfer(key(), bob, carol, 700)).transaction().id();
        Command.Reverse reverse = new Command.Reverse(key(), id, Details.reference("mistake"));
        Outcome.Posted reversed = rig.expectPosted(reverse);
        assertThat(reversed.transaction().reversalOf()).isEqualTo(id);
        assertThat(reversed.transaction().entries())
                .extracting(Transaction.Entry::leg)
                .containsExactly(Leg.credit(bob, eur(700)), Leg.debit(carol, eur(700)));
        assertThat(rig.posted(carol)).isEqualTo(before);
        assertThat(rig.ledger.execute(reverse)).isEqualTo(new Outcome.Posted(reversed.transaction(), true));
        assertThat(rig.expectRejected(new Command.Reverse(key(), id, Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.ALREADY_REVERSED);
        assertThat(rig.expectRejected(new Command.Reverse(
                                key(), reversed.transaction().id(), Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.NOT_REVERSIBLE);
        assertThat(rig.ledger.reversalsOf(id))
                .containsExactly(reversed.transaction().id());
    }

    @Test
    void a_reversal_that_was_refused_may_be_tried_again_with_a_new_key() {
        String spender = rig.deposit("spender", 2);
        long id = rig.expectPosted(transfer(key(), bob, spender, 300))
                .transaction()
                .id();
        String spent = rig.expectPosted(transfer(key(), spender, carol, 300))
                .transaction()
                .key();
        Command.Reverse poor = new Command.Reverse(key(), id, Details.NONE);
        assertThat(rig.expectRejected(poor).reason()).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(spent).isNotEmpty();
        rig.expectPosted(transfer(key(), bob, spender, 300));
        assertThat(rig.expectRejected(poor).reason()).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(rig.expectPosted(new Command.Reverse(key(), id, Details.NONE))
                        .transaction()
                        .reversalOf())
                .isEqualTo(id);
    }

    @Test
    void holds_live_on_one_shard_and_ids_say_on_which() {
        String shop = rig.deposit("shop", 1);
        Outcome held =
                rig.ledger.execute(new Command.Hold(key(), bob, shop, eur(50), null, Details.reference("hotel")));
        PendingTransaction pending = ((Outcome.Held) held).pending();
        assertThat(Ids.shard(pending.id())).isEqualTo(1);
        assertThat(rig.ledger.pending(pending.id())).contains(pending);
        assertThat(rig.ledger.pending(true, "hotel", null, 10).items()).containsExactly(pending);
        Outcome.Posted posted =
                rig.expectPosted(new Command.PostPending(key(), pending.id(), null, false, Details.NONE));
        assertThat(posted.transaction().origin().pendingId()).isEqualTo(pending.id());
        assertThat(rig.ledger.postingsOf(pending.id()))
                .containsExactly(posted.transaction().id());
        Outcome.Rejected hold = rig.expectRejected(new Command.Hold(key(), bob, carol, eur(5), null, Details.NONE));
        assertThat(hold.reason()).isEqualTo(RejectionReason.NOT_ACROSS_SHARDS);
        assertThat(hold.field()).isEqualTo("creditAccount");
        int bobs = rig.map().shard(bob);
        int carols = rig.map().shard(carol);
        String apart = bob + " is on shard s" + bobs + " and " + carol + " on s" + carols + "; ";
        assertThat(hold.detail()).isEqualTo(apart + "a hold must be on one");
        Outcome.Rejected adjustment = rig.expectRejected(new Command.ProposeAdjustment(
                key(), List.of(Leg.debit(bob, eur(5)), Leg.credit(carol, eur(5))), "why", "mary", Details.NONE));
        assertThat(adjustment.reason()).isEqualTo(RejectionReason.NOT_ACROSS_SHARDS);
        assertThat(adjustment.field()).isEqualTo("legs[1].account");
        assertThat(adjustment.detail()).isEqualTo(apart + "an adjustment must be on one");
    }

    @Test
    void what_is_the_ledgers_own_is_nobodys_elses() {
        assertThat(rig.expectRejected(transfer("~mine", bob, carol, 5)).reason())
                .isEqualTo(RejectionReason.RESERVED_NAME);
        rig.expectPosted(transfer(key(), bob, carol, 5));
        assertThat(rig.expectRejected(transfer(key(), bob, Names.transitTo(1, 2, ShardRig.EUR), 5))
                        .reason())
                .isEqualTo(RejectionReason.RESERVED_NAME);
        // Not even by the number of a part's hold.
        rig.faults.arm("shards.decide.before", point -> {
            throw new IllegalStateException("the node dies here");
        });
        assertThat(rig.ledger.execute(transfer("half", bob, carol, 5))).isInstanceOf(Outcome.Unknown.class);
        rig.faults.disarmAll();
        long part = rig.shard(2)
                .pendingOf(Names.transitFrom(2, 1, ShardRig.EUR), null, 10)
                .orElseThrow()
                .items()
                .getFirst()
                .id();
        long id = Ids.global(2, part);
        assertThat(rig.expectRejected(new Command.PostPending(key(), id, null, false, Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.RESERVED_NAME);
        assertThat(rig.expectRejected(new Command.VoidPending(key(), id, Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.RESERVED_NAME);
        rig.expectPosted(transfer("half", bob, carol, 5));
    }

    @Test
    void linked_batches_stay_on_one_shard() {
        List<Outcome> there = rig.ledger
                .submitLinked(List.of(transfer(key(), cash, alice, 7), transfer(key(), alice, cash, 7)))
                .join();
        assertThat(there).allMatch(Outcome.Posted.class::isInstance);
        List<Outcome> over = rig.ledger
                .submitLinked(List.of(transfer(key(), cash, alice, 7), transfer(key(), bob, carol, 7)))
                .join();
        assertThat(over)
                .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
                .containsExactly(RejectionReason.LINKED_ITEM_FAILED, RejectionReason.NOT_ACROSS_SHARDS);
    }

    @Test
    void summary_accounts_are_wherever_their_children_are_and_reports_add_up() {
        rig.open(AccountSpec.summary("chart", "Chart", AccountType.ASSET, null));
        rig.open(AccountSpec.summary("chart.sub", "Sub", AccountType.ASSET, "chart"));
        long sum = 0;
        for (int shard = 0; shard < 3; shard++) {
            String child = rig.open(AccountSpec.posting(
                    rig.code("child" + shard, shard), "child", AccountType.ASSET, ShardRig.EUR, "chart.sub"));
            rig.expectPosted(transfer(key(), child, carol, 10 + shard));
            sum += 10 + shard;
        }
        assertThat(rig.ledger.rollUp("chart", AsOf.NOW).orElseThrow())
                .singleElement()
                .satisfies(rollup -> assertThat(rollup.balance()).isEqualTo(33));
        assertThat(sum).isEqualTo(33);
        assertThat(rig.ledger.trialBalance().ties()).isTrue();
        assertThat(rig.ledger.balanceSheet(AsOf.NOW).ties()).isTrue();
        assertThat(rig.ledger.accounts("chart", null, 100).items()).hasSize(2);
        Page<org.exchequer.ledger.api.Account> first = rig.ledger.accounts("", null, 3);
        assertThat(first.items()).hasSize(3);
        assertThat(rig.ledger.accounts("", first.next(), 1_000).items())
                .extracting(org.exchequer.ledger.api.Account::code)
                .isSorted()
                .doesNotContainAnyElementsOf(first.items().stream()
                        .map(org.exchequer.ledger.api.Account::code)
                        .toList());
        assertThat(rig.expectRejected(new Command.ChangeAccount(key(), "chart.sub", AccountState.CLOSED, null))
                        .reason())
                .isEqualTo(RejectionReason.NOT_ACROSS_SHARDS);
    }

    @Test
    void a_day_is_closed_on_all_shards() {
        LocalDate day = LocalDate.of(2020, 1, 1);
        Command.CloseDay close = new Command.CloseDay(key(), day, "tester");
        assertThat(rig.ledger.execute(close)).isInstanceOf(Outcome.DayClosed.class);
        for (int shard = 0; shard < 3; shard++) {
            assertThat(rig.shard(shard).closes(null, 1).items().getFirst().day())
                    .isEqualTo(day);
        }
        assertThat(rig.expectRejected(new Command.Transfer(key(), bob, carol, eur(5), Details.NONE.valued(day)))
                        .reason())
                .isEqualTo(RejectionReason.VALUE_DATE_CLOSED);
    }

    @Test
    void many_at_once_conserve_money_and_page_without_gaps() {
        List<String> accounts = List.of(alice, bob, carol);
        long before = accounts.stream().mapToLong(rig::posted).sum();
        List<CompletableFuture<Outcome>> answers = IntStream.range(0, 3_000)
                .mapToObj(i -> rig.ledger.submit(
                        transfer(key(), accounts.get(i % 3), accounts.get((i + 1 + i % 2) % 3), 1 + i % 7)))
                .toList();
        assertThat(answers.stream().map(CompletableFuture::join)).allMatch(Outcome.Posted.class::isInstance);
        assertThat(accounts.stream().mapToLong(rig::posted).sum()).isEqualTo(before);
        rig.resolver.look();
        assertThat(rig.resolver.inDoubt()).isEmpty();
        int seen = 0;
        String cursor = null;
        do {
            Page<Transaction> page = rig.ledger.latest(cursor, 500);
            seen += page.items().size();
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).isGreaterThan(3_000);
        rig.assertInvariantsHold();
    }
}
