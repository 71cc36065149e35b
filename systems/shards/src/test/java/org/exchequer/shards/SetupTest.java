package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.core.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which ledgers may become one. */
@Timeout(60)
class SetupTest {
    @Test
    void databases_in_another_order_are_refused() throws Exception {
        List<DatabaseAddress> databases = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        try (ShardRig rig = ShardRig.on(databases)) {
            assertThat(rig.map().of(0)).hasSize(Placement.SLOTS / 2);
        }
        assertThatThrownBy(() -> ShardRig.on(databases.reversed())).hasMessageContaining("in the order");
        try (ShardRig again = ShardRig.on(databases)) {
            assertThat(again.map().of(1)).hasSize(Placement.SLOTS / 2);
        }
        assertThatThrownBy(() -> ShardRig.on(databases.subList(0, 1))).hasMessageContaining("2 shards");
    }

    @Test
    void a_ledger_with_accounts_becomes_the_first_shard_and_keeps_them() throws Exception {
        List<DatabaseAddress> databases = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        try (TestLedger whole = TestLedger.on(databases.getFirst())) {
            whole.open("cash", AccountType.ASSET);
            whole.open("capital", AccountType.EQUITY);
            whole.expectPosted(TestLedger.transfer("before", "cash", "capital", 5));
        }
        try (ShardRig rig = ShardRig.on(databases)) {
            assertThat(rig.map().of(0)).hasSize(Placement.SLOTS);
            assertThat(rig.posted("cash")).isEqualTo(5);
            assertThat(rig.expectPosted(TestLedger.transfer("before", "cash", "capital", 5))
                            .replayed())
                    .isTrue();
        }
    }

    @Test
    void a_shard_of_another_ledger_is_refused() throws Exception {
        List<DatabaseAddress> one = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        List<DatabaseAddress> other = List.of(TestPostgres.freshDatabase(), TestPostgres.freshDatabase());
        ShardRig.on(one).close();
        ShardRig.on(other).close();
        assertThatThrownBy(() -> ShardRig.on(List.of(one.getFirst(), other.getLast())))
                .hasMessageContaining("another ledger");
    }
}
