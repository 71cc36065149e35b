package org.exchequer.app.cli.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.exchequer.app.cli.ledger.Shell.Done;
import org.exchequer.ledger.edge.csv.BerkaGenerator;
import org.exchequer.ledger.testing.LedgerServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ImportCommandTest {
    private final LedgerServer server = LedgerServer.start();
    private final Shell shell = Shell.operator(server);

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void a_csv_file_is_posted_in_its_order_and_its_bad_rows_are_listed() throws IOException {
        shell.ledger("account", "open", "cash", "--name", "C", "--type", "ASSET", "--currency", "EUR");
        shell.ledger(
                "account",
                "open",
                "alice",
                "--name",
                "A",
                "--type",
                "LIABILITY",
                "--currency",
                "EUR",
                "--rule",
                "DEBITS_MAY_NOT_EXCEED_CREDITS");
        StringBuilder rows = new StringBuilder("key,debit,credit,amount,currency,reference\n");
        // Each withdrawal is covered by the deposit in the row before it, and by nothing else.
        for (int i = 0; i < 600; i++) {
            rows.append("in-").append(i).append(",cash,alice,5.00,EUR,salary\n");
            rows.append("out-").append(i).append(",alice,cash,5.00,EUR,\n");
        }
        rows.append("bad-1,alice,cash,0.01,EUR,\nbad-2,cash,alice,0.001,EUR,\n");
        rows.append("bad-3,cash,nobody,1,EUR,\nin-0,cash,alice,7,EUR,\n");
        Path file = Files.writeString(folder.resolve("moves.csv"), rows);
        Path errors = folder.resolve("errors.csv");

        JsonNode first = run(1, file, errors);
        assertThat(counts(first)).isEqualTo("1204 read, 1200 posted, 0 replayed, 3 rejected, 1 unreadable");
        assertThat(Files.readString(errors, UTF_8).lines())
                .satisfiesExactly(
                        header -> assertThat(header)
                                .isEqualTo("error.line,error.key,error.code,error.field,error.detail,"
                                        + "key,debit,credit,amount,currency,reference,error.row"),
                        line -> assertThat(line)
                                .startsWith("1202,bad-1,INSUFFICIENT_FUNDS,debitAccount,")
                                .endsWith(",bad-1,alice,cash,0.01,EUR,,"),
                        line -> assertThat(line)
                                .startsWith("1203,bad-2,UNREADABLE,amount,")
                                .endsWith(",bad-2,cash,alice,0.001,EUR,,"),
                        line -> assertThat(line).startsWith("1204,bad-3,ACCOUNT_NOT_FOUND,creditAccount,"),
                        line -> assertThat(line).startsWith("1205,in-0,IDEMPOTENCY_KEY_REUSED,"));

        assertThat(counts(run(1, file, errors)))
                .isEqualTo("1204 read, 0 posted, 1200 replayed, 3 rejected, 1 unreadable");
    }

    @Test
    void a_corrected_error_file_is_imported_itself() throws IOException {
        for (String line : List.of("cash --type ASSET", "alice --type LIABILITY")) {
            shell.ledger(("account open " + line + " --name N --currency EUR").split(" "));
        }
        Path file = Files.writeString(folder.resolve("moves.csv"), """
                currency,key,debit,credit,amount,reference
                EUR,k1,cash,alice,1.001,"a, b"
                EUR,k2,cash,alcie,2,
                EUR,k3,cash
                """);
        Path errors = folder.resolve("errors.csv");
        assertThat(counts(run(1, file, errors))).isEqualTo("3 read, 0 posted, 0 replayed, 1 rejected, 2 unreadable");
        Path again = folder.resolve("again.csv");
        assertThat(counts(run(1, errors, again))).isEqualTo("3 read, 0 posted, 0 replayed, 1 rejected, 2 unreadable");
        String listed = Files.readString(again, UTF_8);
        assertThat(listed).contains("4,k3,UNREADABLE,row,").contains(",,,,,,,\"EUR,k3,cash\"");
        // A rejected row stays rejected under its key, so it gets another; one that was unreadable never used its own.
        Path corrected = Files.writeString(
                folder.resolve("corrected.csv"),
                listed.replace("1.001", "1.01")
                        .replace("EUR,k2,cash,alcie", "EUR,k2b,cash,alice")
                        .replace("\"EUR,k3,cash\"", "\"EUR,k3,cash,alice,4,\""));
        assertThat(counts(run(0, corrected, folder.resolve("errors2.csv"))))
                .isEqualTo("3 read, 3 posted, 0 replayed, 0 rejected, 0 unreadable");
        assertThat(shell.ledger("import", file.toString(), "--errors", file.toString())
                        .exitCode())
                .isEqualTo(64);
    }

    @Test
    void a_check_tells_what_is_wrong_and_posts_nothing() throws IOException {
        for (String line : List.of("cash --type ASSET", "alice --type LIABILITY", "ice --type LIABILITY")) {
            shell.ledger(("account open " + line + " --name N --currency EUR").split(" "));
        }
        shell.ledger("account", "open", "top", "--name", "T", "--type", "ASSET");
        shell.ledger("account", "freeze", "ice");
        shell.ledger("close-day", "2025-12-31");
        Path file = Files.writeString(folder.resolve("moves.csv"), """
                key,debit,credit,amount,currency,legs,valueDate
                k1,cash,alice,5,EUR,,
                k1,cash,alice,5,EUR,,
                k1,cash,alice,6,EUR,,
                k2,cash,nobody,5,EUR,,
                k3,top,alice,5,EUR,,
                k4,cash,alice,5,USD,,
                k5,cash,cash,5,EUR,,
                k6,cash,alice,0,EUR,,
                k7,cash,ice,5,EUR,,
                k8,cash,alice,5,EUR,,2025-12-31
                k9,,,,,DEBIT:cash:1:EUR CREDIT:alice:2:EUR,
                k10,,,,,DEBIT:cash:1:EUR CREDIT:alice:1:EUR,
                k11,cash,alice,five,EUR,,
                """);
        Path errors = folder.resolve("errors.csv");
        long sequence = server.ledger().lastSequence();
        Done done = shell.ledger("import", file.toString(), "--check", "--errors", errors.toString(), "--json");
        assertThat(done.exitCode()).as(done.err()).isEqualTo(1);
        assertThat(done.json().toString())
                .isEqualTo("{\"read\":13,\"faulty\":9,\"unreadable\":1,\"accountsToOpen\":0,\"complete\":false}");
        assertThat(Files.readString(errors, UTF_8).lines().skip(1).map(line -> line.split(",")[2]))
                .containsExactly(
                        "IDEMPOTENCY_KEY_REUSED",
                        "ACCOUNT_NOT_FOUND",
                        "ACCOUNT_IS_SUMMARY",
                        "CURRENCY_MISMATCH",
                        "SAME_ACCOUNT",
                        "AMOUNT_NOT_POSITIVE",
                        "ACCOUNT_FROZEN",
                        "VALUE_DATE_CLOSED",
                        "UNBALANCED",
                        "UNREADABLE");
        assertThat(server.ledger().lastSequence()).isEqualTo(sequence);

        Path berka = Files.write(folder.resolve("trans.asc"), BerkaGenerator.file(42, 300, 6));
        Done whole = shell.ledger("import", berka.toString(), "--check");
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.out())
                .contains("300 rows read: 0 faulty, 0 unreadable")
                .contains("nothing posted");
        assertThat(server.ledger().lastSequence()).isEqualTo(sequence);
    }

    @Test
    void personal_labels_in_clear_are_refused_by_check_import_and_command() throws IOException {
        for (String line : List.of("cash --type ASSET", "alice --type LIABILITY")) {
            shell.ledger(("account open " + line + " --name N --currency EUR").split(" "));
        }
        Path file = Files.writeString(folder.resolve("moves.csv"), """
                key,debit,credit,amount,currency,metadata.Personal.phone,metadata.subject,metadata.personal.mail
                k1,cash,alice,1,EUR,555,cust-1,
                k2,cash,alice,2,EUR,,,a@example.org
                k3,cash,alice,3,EUR,,cust-1,a@example.org
                """);
        Path errors = folder.resolve("errors.csv");
        assertThat(shell.ledger("import", file.toString(), "--check", "--errors", errors.toString())
                        .exitCode())
                .isEqualTo(1);
        List<String> listed = Files.readString(errors, UTF_8).lines().skip(1).toList();
        assertThat(listed)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("2,k1,NOT_SEALABLE,metadata.Personal.phone,"),
                        line -> assertThat(line).startsWith("3,k2,NOT_SEALABLE,metadata.personal.mail,"));
        assertThat(counts(run(1, file, errors))).isEqualTo("3 read, 1 posted, 0 replayed, 2 rejected, 0 unreadable");
        assertThat(Files.readString(errors, UTF_8).lines().skip(1).toList()).isEqualTo(listed);
        Done typed = shell.ledger(
                "post --debit cash --credit alice --amount 1 --currency EUR --metadata PERSONAL.phone=5".split(" "));
        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err()).contains("metadata.PERSONAL.phone must begin with personal. in small letters");
    }

    @Test
    void accounts_are_checked_with_the_rows_before_them() throws IOException {
        shell.ledger("account", "open", "taken", "--name", "T", "--type", "ASSET", "--currency", "EUR");
        String header = "code,name,type,normalSide,currency,parent,rule,overdraftLimit,minimumBalance,maximumBalance,"
                + "metadata,state\n";
        Path file = Files.writeString(folder.resolve("accounts.csv"), header + """
                9,Nine,ASSET,,,,,,,,,
                9.a,A,ASSET,,EUR,9,,,,,,
                9.b,B,LIABILITY,,EUR,9,,,,,,
                9.c,C,ASSET,,EUR,8,,,,,,
                9.a.d,D,ASSET,,EUR,9.a,,,,,,
                taken,T,ASSET,,EUR,,,,,,,
                """);
        Path errors = folder.resolve("errors.csv");
        Done done = shell.ledger(
                "import", file.toString(), "--format", "accounts", "--check", "--errors", errors.toString(), "--json");
        assertThat(done.json().path("accountsToOpen").asInt()).as(done.err()).isEqualTo(2);
        assertThat(Files.readString(errors, UTF_8).lines().skip(1).map(line -> line.split(",")[2]))
                .containsExactly(
                        "TYPE_DIFFERS_FROM_PARENT", "PARENT_NOT_FOUND", "PARENT_NOT_SUMMARY", "ACCOUNT_EXISTS");
    }

    @Test
    void accounts_that_lacked_their_parent_are_opened_once_it_is_there_and_only_once() throws IOException {
        String header = "code,name,type,normalSide,currency,parent,rule,overdraftLimit,minimumBalance,maximumBalance,"
                + "metadata,state\n";
        String mine = "9.m,M,ASSET,,,9,,,,,,\n9.m.a,A,ASSET,,EUR,9.m,,,,,,\n";
        Path file = Files.writeString(folder.resolve("mine.csv"), header + mine);
        Path errors = folder.resolve("errors.csv");
        for (int i = 0; i < 2; i++) {
            assertThat(counts(accounts(1, file, errors)))
                    .isEqualTo("2 read, 0 posted, 0 replayed, 2 rejected, 0 unreadable");
        }
        Path all = Files.writeString(folder.resolve("all.csv"), header + "9,Nine,ASSET,,,,,,,,,\n" + mine);
        assertThat(counts(accounts(0, all, errors)))
                .isEqualTo("3 read, 3 posted, 0 replayed, 0 rejected, 0 unreadable");
        long sequence = server.ledger().lastSequence();
        assertThat(counts(accounts(0, file, errors)))
                .isEqualTo("2 read, 0 posted, 2 replayed, 0 rejected, 0 unreadable");
        assertThat(shell.ledger("import", all.toString(), "--format", "accounts", "--check")
                        .out())
                .contains("3 rows read: 0 faulty");
        assertThat(server.ledger().lastSequence()).isEqualTo(sequence);
        Path corrected = Files.writeString(folder.resolve("corrected.csv"), header + "9.b,B,INCOME,,,9,,,,,,\n");
        accounts(1, corrected, errors);
        Files.writeString(corrected, Files.readString(errors).replace("INCOME", "ASSET"));
        assertThat(counts(accounts(0, corrected, folder.resolve("errors2.csv"))))
                .startsWith("1 read, 1 posted");
    }

    private JsonNode accounts(int exitCode, Path file, Path errors) {
        Done done = shell.ledger(
                "import", file.toString(), "--format", "accounts", "--errors", errors.toString(), "--json");
        assertThat(done.exitCode()).as(done.out() + done.err()).isEqualTo(exitCode);
        return done.json();
    }

    @Test
    void exported_transfers_and_posts_are_found_again_where_they_are() throws IOException {
        for (String line : List.of("cash --type ASSET", "alice --type LIABILITY", "bob --type LIABILITY")) {
            shell.ledger(("account open " + line + " --name N --currency EUR").split(" "));
        }
        Path file = Files.writeString(folder.resolve("moves.csv"), """
                key,debit,credit,amount,currency,legs,reference,valueDate
                k1,cash,alice,5,EUR,,r1,
                k2,cash,alice,5,EUR,,,2026-01-31
                k3,,,,,DEBIT:cash:3:EUR CREDIT:alice:1:EUR CREDIT:bob:2:EUR,,
                """);
        Path errors = folder.resolve("errors.csv");
        run(0, file, errors);
        long first = server.ledger().latest(null, 3).items().getLast().id();
        shell.ledger("reverse", Long.toString(first), "--key", "k4");
        Path exported = folder.resolve("exported.csv");
        assertThat(shell.ledger("export", "--what", "transactions", "--to", exported.toString())
                        .exitCode())
                .isZero();
        assertThat(counts(run(1, exported, errors)))
                .isEqualTo("4 read, 0 posted, 3 replayed, 1 rejected, 0 unreadable");
        assertThat(Files.readString(errors)).contains("k4,IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void a_file_of_berka_s_shape_is_posted_once_however_often_it_is_imported() throws IOException {
        Path file = Files.write(folder.resolve("trans.asc"), BerkaGenerator.file(42, 3_000, 60));
        JsonNode first = run(0, file, folder.resolve("errors.csv"));
        assertThat(counts(first)).isEqualTo("3000 read, 3000 posted, 0 replayed, 0 rejected, 0 unreadable");
        long sequence = server.ledger().lastSequence();
        JsonNode second = run(0, file, folder.resolve("errors.csv"));
        assertThat(counts(second)).isEqualTo("3000 read, 0 posted, 3000 replayed, 0 rejected, 0 unreadable");
        assertThat(second.path("ledgerTotals")).isEqualTo(first.path("ledgerTotals"));
        assertThat(second.path("accountsOpened").asInt()).isZero();
        assertThat(server.ledger().lastSequence()).isEqualTo(sequence);
        assertThat(folder.resolve("errors.csv")).doesNotExist();
    }

    @Test
    void totals_that_differ_from_the_file_s_fail_the_import() throws IOException {
        Path file = Files.write(folder.resolve("trans.asc"), BerkaGenerator.file(1, 50, 5));
        run(0, file, folder.resolve("errors.csv"));
        shell.ledger(
                "post",
                "--debit",
                "berka.cust.1",
                "--credit",
                "berka.expense.interest",
                "--amount",
                "0.01",
                "--currency",
                "CZK");
        run(1, file, folder.resolve("errors.csv"));
    }

    @Test
    void a_file_that_is_not_there_or_of_another_format_is_refused() throws IOException {
        Done missing = shell.ledger("import", folder.resolve("nothing.csv").toString());
        assertThat(missing.exitCode()).isEqualTo(66);
        Path file = Files.writeString(folder.resolve("x.csv"), "a;b;c\n1;2;3\n");
        Done other = shell.ledger(
                "import",
                file.toString(),
                "--errors",
                folder.resolve("errors.csv").toString());
        assertThat(other.exitCode()).isEqualTo(66);
        assertThat(other.err())
                .contains("a;b;c is one column: this format separates values by ','")
                .doesNotContain("\tat ");
    }

    @Test
    void the_real_berka_file_ties_with_its_totals_twice() {
        Path data = Path.of(Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                .orElse(System.getProperty("exchequer.home", ".") + "/../shared/data"));
        Path file = data.resolve("berka/trans.asc");
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
        Path errors = folder.resolve("errors.csv");
        JsonNode first = run(0, file, errors);
        assertThat(counts(first)).isEqualTo("49103 read, 49102 posted, 0 replayed, 0 rejected, 1 unreadable");
        assertThat(first.path("cut").asBoolean()).isTrue();
        assertThat(first.path("ledgerTotals").path("PRIJEM").asString()).isEqualTo("177366296.30 CZK");
        assertThat(first.path("ledgerTotals").path("VYDAJ").asString()).isEqualTo("130131632.50 CZK");
        assertThat(first.path("ledgerTotals").path("VYBER").asString()).isEqualTo("7988521.00 CZK");
        long sequence = server.ledger().lastSequence();
        assertThat(counts(run(0, file, errors)))
                .isEqualTo("49103 read, 0 posted, 49102 replayed, 0 rejected, 1 unreadable");
        assertThat(server.ledger().lastSequence()).isEqualTo(sequence);
        assertThat(server.ledger().trialBalance().ties()).isTrue();
    }

    private JsonNode run(int exitCode, Path file, Path errors) {
        Done done = shell.ledger("import", file.toString(), "--errors", errors.toString(), "--json");
        assertThat(done.exitCode()).as(done.out() + done.err()).isEqualTo(exitCode);
        assertThat(done.json().path("ties").asBoolean()).isTrue();
        return done.json();
    }

    private static String counts(JsonNode result) {
        return "%s read, %s posted, %s replayed, %s rejected, %s unreadable"
                .formatted(
                        result.path("read").asString(),
                        result.path("posted").asString(),
                        result.path("replayed").asString(),
                        result.path("rejected").asString(),
                        result.path("unreadable").asString());
    }
}
