package org.exchequer.shards.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.junit.jupiter.api.Test;

/** Names and places that are written into journals: they may never change. */
class PlacementTest {
    private static final Currency EUR = Currency.of("EUR");

    @Test
    void the_slot_of_an_account_is_the_same_for_ever() {
        assertThat(List.of("1000.cash", "2000.cust.alice", "a", "customer.4711"))
                .extracting(Placement::slot)
                .containsExactly(983, 3358, 2090, 1452);
    }

    @Test
    void accounts_spread_evenly_over_slots() {
        int[] counts = new int[Placement.SLOTS];
        for (int i = 0; i < 409_600; i++) {
            counts[Placement.slot("customer." + i)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(50, 160);
        }
    }

    @Test
    void ids_say_their_shard() {
        assertThat(Ids.global(0, 42)).isEqualTo(42);
        long id = Ids.global(31, 123_456_789_012L);
        assertThat(Ids.shard(id)).isEqualTo(31);
        assertThat(Ids.local(id)).isEqualTo(123_456_789_012L);
        assertThat(id).isLessThan(1L << 53);
    }

    @Test
    void a_new_map_is_even_and_a_slot_that_moved_needs_a_second_look() {
        SlotMap even = SlotMap.even(3);
        for (int shard = 0; shard < 3; shard++) {
            assertThat(even.of(shard)).hasSizeBetween(1_365, 1_366);
        }
        int slot = Placement.slot("a");
        List<SlotMap.Slot> slots = new ArrayList<>();
        for (int i = 0; i < Placement.SLOTS; i++) {
            slots.add(even.slot(i));
        }
        SlotMap moved = new SlotMap(2, slots, Map.of(slot, List.of(new SlotMap.Former(2, 9))));
        assertThat(even.plainShard("a")).isEqualTo(even.shard("a"));
        assertThat(moved.plainShard("a")).isEqualTo(-1);
        assertThatThrownBy(() -> new SlotMap(1, slots.subList(1, 9), Map.of())).hasMessageContaining("4096 slots");
    }

    @Test
    void keys_and_accounts_of_its_own_are_read_back() {
        String transaction = Names.transaction("some key");
        assertThat(transaction).isEqualTo("bjsOa9KCZ9yU_rpHIptMt0nL1mhe6ChvuM2C1N6pl5A");
        assertThat(Names.part(Names.hold(transaction, 7, 12))).isEqualTo(new Names.PartKey(transaction, 7, 'h', 12));
        assertThat(Names.part(Names.complete(transaction, 31, 999, 17, true)))
                .isEqualTo(new Names.PartKey(transaction, 31, 'p', 999));
        assertThat(Names.part("some key")).isNull();
        assertThat(Names.part("~open:x")).isNull();
        assertThat(Names.complete(transaction, 31, 999, 1_999, true).length()).isLessThanOrEqualTo(128);
        assertThat(Names.shardOf(Names.transitTo(3, 12, EUR))).isEqualTo(3);
        assertThat(Names.shardOf(Names.transitFrom(12, 3, EUR))).isEqualTo(12);
        assertThat(Names.shardOf("transit:x")).isEqualTo(-1);
        // No caller's key stands for a reversal or for another attempt.
        assertThat(Names.reversal(5, 0)).isNotEqualTo(Names.transaction("reverse5 0"));
    }

    @Test
    void a_hold_carries_all_that_is_needed_to_end_it() {
        Command.Transfer transfer = new Command.Transfer(
                "k", "payer", "payee", new Money(5, EUR), new Details("ref", "corr", Map.of("a", "b")));
        Plan plan = Plan.of(transfer, 0, account -> account.equals("payer") ? 4 : 2);
        Command.Hold hold =
                (Command.Hold) plan.holds(1, java.time.Duration.ofSeconds(10)).getFirst();
        assertThat(hold.timeout()).isNull();
        assertThat(hold.debitAccount()).isEqualTo("transit:2.from.4:EUR");
        Marks marks = Marks.of(new PendingTransaction(
                1,
                hold.key(),
                java.time.Instant.EPOCH,
                hold.debitAccount(),
                hold.creditAccount(),
                hold.amount(),
                hold.amount(),
                hold.amount(),
                null,
                PendingTransaction.State.PENDING,
                hold.details(),
                null));
        assertThat(marks)
                .isEqualTo(new Marks(
                        plan.transaction(),
                        "k",
                        plan.request(),
                        List.of(new Marks.PartSize(4, 1), new Marks.PartSize(2, 1)),
                        1,
                        "payer",
                        null));
        Command.Post post = new Command.Post(
                "k",
                List.of(Leg.debit("payer", new Money(5, EUR)), Leg.credit("payee", new Money(5, EUR))),
                transfer.details());
        assertThat(Plan.of(post, 0, account -> 0).request())
                .as("both forms of one request are the same request")
                .isEqualTo(plan.request());
    }

    @Test
    void parts_balance_by_themselves_whatever_the_legs() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(7);
        for (int round = 0; round < 2_000; round++) {
            int legs = 2 + random.nextInt(8);
            List<Leg> all = new ArrayList<>();
            long sum = 0;
            for (int i = 0; i < legs; i++) {
                long amount = 1 + random.nextLong(100);
                boolean debit = random.nextBoolean();
                sum += debit ? amount : -amount;
                String account = "a" + random.nextInt(9);
                all.add(
                        debit
                                ? Leg.debit(account, new Money(amount, EUR))
                                : Leg.credit(account, new Money(amount, EUR)));
            }
            if (sum != 0) {
                Money rest = new Money(Math.abs(sum), EUR);
                all.add(sum > 0 ? Leg.credit("a0", rest) : Leg.debit("a0", rest));
            }
            Plan plan = Plan.of(new Command.Post("k" + round, all, Details.NONE), 0, account -> account.charAt(1) % 3);
            assertHubIsEmptyAndTransitMatches(plan);
        }
    }

    private static void assertHubIsEmptyAndTransitMatches(Plan plan) {
        java.util.Map<String, Long> nets = new java.util.TreeMap<>();
        plan.parts()
                .forEach(part -> part.items().forEach(item -> {
                    nets.merge(item.debit(), item.amount().minorUnits(), Long::sum);
                    nets.merge(item.credit(), -item.amount().minorUnits(), Long::sum);
                }));
        int coordinator = plan.parts().getFirst().shard();
        assertThat(nets.getOrDefault(Names.hub(coordinator, EUR), 0L)).isZero();
        for (Plan.Part part : plan.parts().subList(1, plan.parts().size())) {
            assertThat(nets.getOrDefault(Names.transitTo(coordinator, part.shard(), EUR), 0L))
                    .isEqualTo(-nets.getOrDefault(Names.transitFrom(part.shard(), coordinator, EUR), 0L));
        }
    }

    @Test
    void what_was_answered_is_compared_with_what_is_asked() {
        Command.Transfer transfer = new Command.Transfer("k", "a", "b", new Money(5, EUR), Details.NONE);
        Outcome no = new Outcome.Rejected(
                org.exchequer.ledger.api.RejectionReason.ACCOUNT_NOT_FOUND, "debitAccount", "", 3, true);
        assertThat(Bodies.again(transfer, no)).isSameAs(no);
    }
}
