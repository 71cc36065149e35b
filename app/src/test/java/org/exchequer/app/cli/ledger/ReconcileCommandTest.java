package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.exchequer.app.cli.ledger.Shell.Done;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.testing.LedgerServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcileCommandTest {
    private final LedgerServer server = LedgerServer.start();
    private final Shell shell = Shell.operator(server);

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private void transfer(String key, String debit, String credit, long cents, String reference) {
        server.ledger()
                .execute(
                        new Command.Transfer(key, debit, credit, Money.of(cents, "EUR"), Details.reference(reference)));
    }

    private Path books() throws IOException {
        shell.ledger("account", "open", "nostro", "--name", "Nostro", "--type", "ASSET", "--currency", "EUR");
        shell.ledger("account", "open", "sales", "--name", "Sales", "--type", "INCOME", "--currency", "EUR");
        transfer("1", "nostro", "sales", 1_050, "INV-7");
        transfer("2", "nostro", "sales", 2_000, "FILE-1");
        transfer("3", "nostro", "sales", 3_000, "FILE-1");
        transfer("4", "sales", "nostro", 300, "FEE");
        LocalDate today = server.ledger().businessDate();
        return Files.writeString(
                folder.resolve("bank.csv"),
                "date,amount,reference\n%1$s,10.50,INV-7\n%1$s,50,FILE-1\n%1$s,-3,FEE\n".formatted(today));
    }

    private Done reconcile(Path file, String... more) {
        return shell.ledger(Stream.concat(Stream.of("reconcile", "nostro", file.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void exits_with_0_when_all_lines_match() throws IOException {
        Done done = reconcile(books());
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains("no breaks").contains("reference, several of ours");
    }

    @Test
    void exits_with_1_and_writes_the_same_report_each_time() throws IOException {
        Path file = books();
        transfer("5", "nostro", "sales", 777, "LATE");
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Done done = reconcile(file, "--out", first.toString(), "--json");
        assertThat(done.exitCode()).as(done.err()).isEqualTo(1);
        assertThat(done.json().path("breaks").path(0).path("type").asString()).isEqualTo("MISSING_THERE");
        assertThat(reconcile(file, "--out", second.toString()).exitCode()).isEqualTo(1);
        for (String name : new String[] {"reconciliation.json", "breaks.csv", "matches.csv", "summary.txt"}) {
            assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
        }
        assertThat(first.resolve("breaks.csv")).content().contains(",7.77,LATE,");
    }

    @Test
    void says_what_is_wrong() throws IOException {
        Path file = books();
        assertThat(reconcile(folder.resolve("none.csv")).exitCode()).isEqualTo(66);
        Done bad = reconcile(Files.writeString(folder.resolve("bad.csv"), "date,amount\n2026-01-01,x\n"));
        assertThat(bad.exitCode()).isEqualTo(66);
        assertThat(bad.err()).contains("line 2: amount must be a decimal number");
        assertThat(reconcile(file, "--format", "mt940").exitCode()).isEqualTo(66);
        assertThat(reconcile(file, "--tolerance", "0.001").exitCode()).isEqualTo(64);
        assertThat(reconcile(file, "--days", "400").err()).contains(": --days: must be 0 to 366");
        assertThat(reconcile(file, "--tolerance", "-1").err()).contains(": --tolerance: must be 0 or more");
        assertThat(reconcile(file, "--from", "2999-01-01").err())
                .contains("--from 2999-01-01: the statement ends before");
        assertThat(reconcile(file, "--to", "1999-01-01").err()).contains("--to 1999-01-01: the statement begins after");
        assertThat(reconcile(file, "--from", "2026-02-01", "--to", "2026-01-01").exitCode())
                .isEqualTo(64);
        assertThat(shell.ledger("reconcile", "nobody", file.toString()).exitCode())
                .isEqualTo(1);
    }
}
