package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.shards.ShardRig.eur;
import static org.exchequer.shards.ShardRig.key;
import static org.exchequer.shards.ShardRig.transfer;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.shards.api.Shards.Move;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.jobs.Mover;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a ledger of two shards shows is what a ledger of one would: before accounts move, after, and back. */
@Timeout(120)
class OneLedgerTest {
    private static final int SLOTS = 16;
    private static final Duration MOVED = Duration.ofSeconds(60);

    private ShardRig rig;
    private Mover mover;
    private String near = "";
    private String far = "";
    private Transaction within;
    private Transaction across;

    @BeforeEach
    void start() throws SQLException {
        rig = ShardRig.of(2);
        mover = new Mover(rig.shards, rig.directory, rig.routes, rig.faults, Ticker.system());
        rig.resolver.start();
        rig.open(AccountSpec.summary("top", "Top", AccountType.LIABILITY, null));
        near = rig.open(AccountSpec.posting(moving("near"), "Near", AccountType.LIABILITY, ShardRig.EUR, "top"));
        far = rig.open(AccountSpec.posting(rig.code("far", 1), "Far", AccountType.LIABILITY, ShardRig.EUR, "top"));
        String cash = rig.cash("cash", 0);
        within = rig.expectPosted(transfer(key(), cash, near, 700_00)).transaction();
        across = rig.expectPosted(transfer(key(), near, far, 200_00)).transaction();
        rig.expectPosted(transfer(key(), far, near, 50_00));
    }

    @AfterEach
    void stop() {
        rig.assertInvariantsHold();
        mover.close();
        rig.close();
    }

    /** A code in the slots of shard 0 that a move takes first. */
    private String moving(String name) {
        List<Integer> of = rig.map().of(0);
        List<Integer> taken = of.subList(of.size() - SLOTS, of.size());
        return IntStream.range(0, 1_000_000)
                .mapToObj(i -> name + "." + i)
                .filter(code -> taken.contains(Placement.slot(code)))
                .findFirst()
                .orElseThrow();
    }

    private void move(int from, int to) {
        mover.begin(from, to, SLOTS);
        Awaitility.await().atMost(MOVED).pollInterval(Duration.ofMillis(20)).until(() -> {
            Move last = mover.last();
            return last != null && !last.running() && last.moved() == SLOTS && last.from() == from;
        });
    }

    /** Everything that reports and lists say, without positions of journals. */
    private record Shown(
            List<Balance> rows,
            List<TrialBalance.Total> totals,
            List<BalanceSheet.Sheet> sheets,
            List<Account> accounts,
            List<Rollup> top,
            List<DayBalance> history,
            List<StatementLine> lines,
            List<Transaction> latest,
            List<Balance> dated) {}

    private Shown shown() {
        Ledger ledger = rig.ledger;
        var today = ledger.businessDate();
        return new Shown(
                rows(ledger.trialBalance()),
                ledger.trialBalance().totals(),
                ledger.balanceSheet(AsOf.NOW).sheets(),
                all(cursor -> ledger.accounts("", cursor, 2)),
                ledger.rollUp("top", AsOf.NOW).orElseThrow(),
                ledger.history(near, today.minusDays(5), today).orElseThrow(),
                all(cursor -> ledger.statement(near, cursor, 2).orElseThrow()),
                all(cursor -> ledger.latest(cursor, 2)),
                rows(ledger.trialBalance(AsOf.value(today))));
    }

    private static List<Balance> rows(TrialBalance balance) {
        return balance.rows().stream()
                .map(row -> new Balance(
                        row.account(),
                        row.currency(),
                        row.normalSide(),
                        row.debits(),
                        row.credits(),
                        row.pendingDebits(),
                        row.pendingCredits(),
                        row.posted(),
                        row.available(),
                        0))
                .toList();
    }

    @FunctionalInterface
    private interface Pages<T> {
        Page<T> after(@org.jspecify.annotations.Nullable String cursor);
    }

    private static <T> List<T> all(Pages<T> pages) {
        List<T> items = new ArrayList<>();
        Page<T> page = pages.after(null);
        items.addAll(page.items());
        while (page.next() != null) {
            assertThat(page.items()).as("a page that another follows").hasSize(2);
            page = pages.after(page.next());
            items.addAll(page.items());
        }
        return items;
    }

    @Test
    void a_move_is_no_movement() {
        Shown before = shown();
        assertThat(before.rows()).extracting(Balance::account).containsExactly(rig.code("cash", 0), far, near);
        assertThat(before.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.debits()).isEqualTo(950_00).isEqualTo(total.credits()));
        assertThat(before.latest()).hasSize(3);
        assertThat(before.lines()).hasSize(3);
        assertThat(before.top())
                .singleElement()
                .satisfies(top -> assertThat(top.accounts()).isEqualTo(2));

        move(0, 1);
        assertThat(rig.map().shard(near)).isEqualTo(1);
        assertThat(shown()).isEqualTo(before);
        Balance balance = rig.ledger.balance(near).orElseThrow();
        assertThat(balance.debits()).isEqualTo(200_00);
        assertThat(balance.credits()).isEqualTo(750_00);
        assertThat(balance.posted()).isEqualTo(eur(550_00));
        assertThat(rig.ledger.pending(false, null, null, 100).items())
                .noneMatch(hold -> BetweenShards.isMove(hold.key()));

        move(1, 0);
        assertThat(rig.map().shard(near)).isZero();
        assertThat(shown()).isEqualTo(before);
        rig.expectPosted(transfer(key(), near, far, 1_00));
        assertThat(rig.ledger.balance(near).orElseThrow().debits()).isEqualTo(201_00);
    }

    @Test
    void another_node_knows_what_was_moved_before_it_started() throws SQLException {
        Shown before = shown();
        move(0, 1);
        try (Routes routes = new Routes(rig.directory, Ticker.system())) {
            ShardedLedger other = new ShardedLedger(rig.shards, routes, rig.faults, rig.limit);
            assertThat(rows(other.trialBalance())).isEqualTo(before.rows());
        }
    }

    @Test
    void half_of_a_move_is_shown_when_asked_for_and_not_reversed() {
        move(0, 1);
        long carried = rig.shard(1).latest(null, 100).items().stream()
                .filter(posting -> BetweenShards.isMove(posting.key()))
                .map(posting -> Ids.global(1, posting.id()))
                .findFirst()
                .orElseThrow();
        assertThat(rig.ledger.transaction(carried)).isPresent();
        Outcome.Rejected no = rig.expectRejected(new Command.Reverse(key(), carried, Details.NONE));
        assertThat(no.reason()).isEqualTo(RejectionReason.NOT_REVERSIBLE);
        assertThat(no.field()).isEqualTo("transactionId");
        assertThat(no.detail()).contains("carried an account to another shard");
    }

    @Test
    void what_is_in_transit_is_one_line() {
        // Decided, and not completed: the account it goes to was frozen in between.
        rig.faults.arm("shards.complete.before", name -> {
            rig.faults.disarmAll();
            throw new IllegalStateException("the node dies at " + name);
        });
        rig.resolver.close();
        assertThat(rig.ledger.execute(transfer(key(), near, far, 3_00))).isInstanceOf(Outcome.Unknown.class);
        TrialBalance trial = rig.ledger.trialBalance();
        assertThat(trial.ties()).isTrue();
        assertThat(trial.rows())
                .filteredOn(row -> row.account().startsWith("transit:"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.account()).isEqualTo("transit:EUR");
                    assertThat(row.debits()).isZero();
                    assertThat(row.credits()).isEqualTo(3_00);
                });
        BalanceSheet.Sheet sheet = rig.ledger.balanceSheet(AsOf.NOW).sheets().getFirst();
        assertThat(sheet.assets())
                .filteredOn(line -> line.account().startsWith("transit:"))
                .singleElement()
                .satisfies(line -> assertThat(line.amount()).isEqualTo(-3_00));
        assertThat(rig.ledger.accounts("", null, 100).items())
                .noneMatch(account -> BetweenShards.isAccount(account.code()));
        assertThat(rig.ledger.accounts("transit:", null, 100).items()).isNotEmpty();
    }

    @Test
    void a_transaction_has_an_entry_to_prove_on_each_shard() {
        assertThat(rig.ledger.parts(within.id())).containsExactly(within.id());
        List<Long> parts = rig.ledger.parts(across.id());
        assertThat(parts).hasSize(2).first().isEqualTo(across.id());
        assertThat(parts).extracting(Ids::shard).containsExactly(0, 1);
        assertThat(rig.ledger.parts(parts.getLast())).isEqualTo(parts);
        assertThat(rig.ledger.parts(Ids.global(7, 1))).containsExactly(Ids.global(7, 1));
    }
}
