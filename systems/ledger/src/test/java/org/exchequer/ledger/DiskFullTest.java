package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.PrivatePostgres;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL on a file system of its own that is then filled. Needs the right to mount one. */
class DiskFullTest {
    private final Path disk = TestFolders.create("disk");
    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=256m,mode=0755", "tmpfs", disk.toString()) == 0;
        Assumptions.assumeTrue(mounted, "this user may not mount a file system");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isZero();
        }
        TestFolders.delete(disk);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    @Timeout(300)
    void a_full_disk_refuses_clearly_and_the_ledger_goes_on_when_there_is_room() throws IOException {
        Path folder = Files.createDirectory(disk.resolve("postgres"));
        try (PrivatePostgres postgres = PrivatePostgres.in(folder);
                TestLedger ledger = TestLedger.on(postgres.address())) {
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            ledger.expectPosted(transfer("before", "cash", "capital", 1));

            Path filler = disk.resolve("filler");
            fill(filler);
            List<Outcome> outcomes = new ArrayList<>();
            while (outcomes.isEmpty() || outcomes.getLast() instanceof Outcome.Posted) {
                outcomes.add(ledger.api().execute(transfer("key-" + outcomes.size(), "cash", "capital", 1)));
            }
            // Where it runs out decides: a table that cannot grow is refused, a lost write-ahead log leaves it open.
            assertThat(outcomes.getLast())
                    .satisfiesAnyOf(
                            outcome -> assertThat(outcome)
                                    .isInstanceOfSatisfying(
                                            Outcome.Refused.class,
                                            refused -> assertThat(refused.cause())
                                                    .isEqualTo(Outcome.Refused.Cause.STORAGE)),
                            outcome -> assertThat(outcome).isInstanceOf(Outcome.Unknown.class));

            Files.delete(filler);
            int last = outcomes.size() - 1;
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ledger.api().execute(transfer("key-" + last, "cash", "capital", 1))
                            instanceof Outcome.Posted);
            assertThat(ledger.posted("cash")).isEqualTo(outcomes.size() + 1L);
            ledger.assertInvariantsHold();
        }
    }

    /** Takes all room but what a few hundred transfers need. */
    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[64 * 1024];
        try (var out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(filler).getUsableSpace() > 2L * block.length) {
                out.write(block);
            }
        }
    }
}
