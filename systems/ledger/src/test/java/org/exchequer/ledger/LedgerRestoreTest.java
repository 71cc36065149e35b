package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.store.HashChain;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.backup.ArchivedBefore;
import org.exchequer.platform.backup.ClusterBackup;
import org.exchequer.platform.backup.ClusterRestore;
import org.exchequer.platform.backup.ClusterRestore.Request;
import org.exchequer.platform.backup.WalArchive;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.testing.TestFolders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The books go back to a second, and on from there. */
@Timeout(120)
class LedgerRestoreTest {
    private static final Ticker TICKER = Ticker.system();

    private record Books(TrialBalance trialBalance, HashChain.Verified chain) {}

    @Test
    void the_books_are_restored_as_they_were_at_a_time_under_load() throws Exception {
        Path folder = TestFolders.create("restore");
        Path source = folder.resolve("source");
        Path backup = folder.resolve("backup");
        Books then;
        Books end;
        Instant time;
        DataDirectory.open(source).close();
        ArchivedBefore.in(source.resolve("postgresql"));
        try (DataDirectory data = DataDirectory.open(source);
                EmbeddedPostgres postgres = start(data.path());
                TestLedger ledger = TestLedger.on(postgres.address())) {
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            List<CompletableFuture<Outcome>> during = post(ledger, 5_000);
            ClusterBackup.take(
                    new ClusterBackup.Source(postgres.address(), data.folder("postgresql"), data.nodeId()),
                    backup,
                    7,
                    new Faults(),
                    TICKER,
                    System.out::println);
            during.forEach(CompletableFuture::join);
            post(ledger, 3_000).forEach(CompletableFuture::join);
            then = books(ledger);
            // The database's transactions are dated by this machine's clock too.
            time = Clock.systemUTC().instant();
            post(ledger, 2_000).forEach(CompletableFuture::join);
            end = books(ledger);
            // No clean stop: what no archive has yet is in the killed server's log.
            postgres.closeAtOnce();
        }
        assertThat(restored(backup, time, folder.resolve("then")))
                .usingRecursiveComparison()
                .isEqualTo(then);
        assertThat(restored(backup, null, folder.resolve("end")))
                .usingRecursiveComparison()
                .isEqualTo(end);
        TestFolders.delete(folder);
    }

    private static Books restored(Path backup, @Nullable Instant to, Path target) throws Exception {
        ClusterRestore.restore(new Request(backup, null, to, target), new Faults(), TICKER, System.out::println);
        try (DataDirectory data = DataDirectory.open(target);
                EmbeddedPostgres postgres = start(data.path());
                TestLedger ledger = TestLedger.on(postgres.address())) {
            Books restored = books(ledger);
            ledger.assertInvariantsHold();
            // And it goes on.
            ledger.expectPosted(transfer(key(), "cash", "capital", 1));
            return restored;
        }
    }

    private static EmbeddedPostgres start(Path data) {
        return EmbeddedPostgres.start(data.resolve("postgresql"), WalArchive.in(data), TICKER, System.out::println);
    }

    private static List<CompletableFuture<Outcome>> post(TestLedger ledger, int transfers) {
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        for (int i = 0; i < transfers; i++) {
            answers.add(ledger.api().submit(transfer(key(), "cash", "capital", 1 + i % 7)));
        }
        return answers;
    }

    private static Books books(TestLedger ledger) throws Exception {
        try (Connection connection = ledger.connect()) {
            HashChain.Verified chain = HashChain.verify(connection, HashChain.beginning(), Long.MAX_VALUE);
            assertThat(chain.violation()).isNull();
            return new Books(ledger.api().trialBalance(), chain);
        }
    }
}
