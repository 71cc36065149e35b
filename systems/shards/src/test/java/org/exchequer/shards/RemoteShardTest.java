package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.Channels;
import org.exchequer.ledger.edge.grpc.GrpcLedger;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.store.Directory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A shard may be in another process, behind its gRPC door. */
@Timeout(60)
class RemoteShardTest {
    private static final Currency EUR = Currency.of("EUR");

    @Test
    void a_transfer_goes_between_a_shard_here_and_one_elsewhere() throws Exception {
        try (TestLedger here = TestLedger.on(TestPostgres.freshDatabase());
                LedgerServer server = LedgerServer.start();
                GrpcLedger there = new GrpcLedger(
                        Channels.open(server.grpcUrl(), null),
                        () -> server.token(Role.OPERATOR),
                        Ticker.system(),
                        Duration.ofSeconds(20));
                Database database =
                        Database.open(here.database(), "shards", new SimpleMeterRegistry(), OpenTelemetry.noop())) {
            List<Shard> shards = List.of(new Shard(0, "here", here.api()), new Shard(1, "there", there));
            Directory directory = new Directory(database.dataSource());
            Setup.prepare(directory, shards);
            try (Routes routes = new Routes(directory, Ticker.system())) {
                ShardedLedger ledger = new ShardedLedger(shards, routes, new Faults(), Duration.ofSeconds(10));
                String one = open(ledger, routes, 0);
                String two = open(ledger, routes, 1);
                Command transfer =
                        new Command.Transfer("k", two, one, new Money(7, EUR), Details.reference("from elsewhere"));
                Outcome outcome = ledger.execute(transfer);
                assertThat(outcome).isInstanceOf(Outcome.Posted.class);
                long id = ((Outcome.Posted) outcome).transaction().id();
                assertThat(Ids.shard(id)).isEqualTo(1);
                assertThat(ledger.transaction(id)).contains(((Outcome.Posted) outcome).transaction());
                assertThat(ledger.balance(one).orElseThrow().posted().minorUnits())
                        .isEqualTo(-7);
                assertThat(GlobalInvariants.check(shards)).allMatch(GlobalInvariants.Finding::holds);
            }
        }
    }

    private static String open(Ledger ledger, Routes routes, int shard) {
        for (int i = 0; ; i++) {
            String code = "acct." + i;
            if (routes.current().shard(code) == shard) {
                AccountSpec spec = AccountSpec.posting(code, "Account", AccountType.ASSET, EUR, null);
                assertThat(ledger.execute(new Command.OpenAccount("open-" + code, spec)))
                        .isInstanceOf(Outcome.AccountChanged.class);
                return code;
            }
        }
    }
}
