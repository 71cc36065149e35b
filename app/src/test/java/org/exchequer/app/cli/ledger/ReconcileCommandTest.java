package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
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
    void reads_each_format_and_says_which_bytes_it_read() throws Exception {
        books();
        LocalDate today = server.ledger().businessDate();
        String entry = """
                <Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
                <BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%3$s</Dt></ValDt>
                <NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs></TxDtls></NtryDtls>
                </Ntry>""";
        String camt = """
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr/>
                <Stmt><Acct><Id><IBAN>DE02100100100006820101</IBAN></Id></Acct>%s%s%s</Stmt>
                </BkToCstmrStmt></Document>
                """.formatted(
                        entry.formatted("10.50", "CRDT", today, "INV-7"),
                        entry.formatted("50.00", "CRDT", today, "FILE-1"),
                        entry.formatted("3.00", "DBIT", today, "FEE"));
        String day = DateTimeFormatter.ofPattern("yyMMdd", Locale.ROOT).format(today);
        String mt940 = """
                :20:1
                :25:DE02
                :28C:1/1
                :60F:C%1$sEUR0,
                :61:%1$sC10,50NTRFINV-7
                :61:%1$sC50,NTRFFILE-1
                :61:%1$sD3,NTRFFEE
                :62F:C%1$sEUR57,50
                """.formatted(day);
        Path xml = Files.writeString(folder.resolve("bank.xml"), camt);
        Path swift = Files.writeString(folder.resolve("bank.sta"), mt940);
        for (Path file : new Path[] {xml, swift}) {
            Done done = reconcile(file, "--json", "--format", file == xml ? "camt053" : "mt940");
            assertThat(done.exitCode()).as(done.err() + done.out()).isZero();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            assertThat(done.out()).contains(HexFormat.of().formatHex(hash));
        }
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
