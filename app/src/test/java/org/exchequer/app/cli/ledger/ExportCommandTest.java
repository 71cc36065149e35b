package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.exchequer.app.cli.ledger.Shell.Done;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.LedgerServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private final LedgerServer server = LedgerServer.start();
    private final Shell shell = Shell.operator(server);

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void what_is_exported_makes_the_same_books_in_an_empty_ledger() throws Exception {
        fill();
        for (String what : List.of("accounts", "transactions", "trial-balance")) {
            export(what);
        }
        export("statement", "--account", "0.group.alice");
        assertThat(Files.readAllLines(folder.resolve("accounts.csv")).get(1)).startsWith("zz,");
        assertThat(Files.readAllLines(folder.resolve("transactions.csv"))).hasSize(1 + 1_105);
        assertThat(Files.readAllLines(folder.resolve("statement.csv"))).hasSize(1 + 1_106);
        try (LedgerServer empty = LedgerServer.start()) {
            Shell other = Shell.operator(empty);
            imported(other, "accounts.csv", "--format", "accounts");
            imported(other, "transactions.csv");
            assertThat(balances(empty)).isEqualTo(balances(server));
            Done again = imported(other, "transactions.csv", "--json");
            assertThat(again.json().path("replayed").asInt()).isEqualTo(1_105);
        }
    }

    @Test
    void a_folder_that_is_missing_is_named() {
        Path file = folder.resolve("nowhere").resolve("x.csv");
        Done done = shell.ledger("export", "--what", "accounts", "--to", file.toString());
        assertThat(done.exitCode()).isEqualTo(73);
        assertThat(done.err()).contains("there is no folder " + file.getParent());
    }

    private void fill() {
        shell.ledger("account", "open", "zz", "--name", "Top, \"all\"", "--type", "LIABILITY");
        shell.ledger("account", "open", "0.group", "--name", "Group", "--type", "LIABILITY", "--parent", "zz");
        shell.ledger("account", "open", "cash", "--name", "Cash", "--type", "ASSET", "--currency", "EUR");
        shell.ledger(("account open 0.group.alice --name Alice --type LIABILITY --currency EUR --parent 0.group"
                        + " --rule DEBITS_MAY_NOT_EXCEED_CREDITS --limit 2 --maximum 9999 --metadata k=v")
                .split(" "));
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        for (int i = 0; i < 1_100; i++) {
            sent.add(server.ledger()
                    .submit(new Command.Transfer(
                            "t" + i, "cash", "0.group.alice", Money.of(i + 1, "EUR"), Details.reference("r, " + i))));
        }
        assertThat(sent).allMatch(outcome -> outcome.join() instanceof Outcome.Posted);
        Money cent = Money.of(1, "EUR");
        post(new Command.Post(
                "post",
                List.of(
                        Leg.debit("cash", Money.of(2, "EUR")),
                        Leg.credit("0.group.alice", cent),
                        Leg.credit("0.group.alice", cent)),
                new Details(null, "c", java.time.LocalDate.of(2026, 1, 31), Map.of("label", "a \"b\", ü"))));
        Outcome.Posted first = post(new Command.Post(
                "swapped", List.of(Leg.credit("0.group.alice", cent), Leg.debit("cash", cent)), Details.NONE));
        post(new Command.Reverse("undo", first.transaction().id(), Details.NONE));
        Outcome hold =
                server.ledger().execute(new Command.Hold("hold", "0.group.alice", "cash", cent, null, Details.NONE));
        post(new Command.PostPending("capture", ((Outcome.Held) hold).pending().id(), null, false, Details.NONE));
        post(new Command.Transfer("last", "0.group.alice", "cash", cent, Details.NONE));
    }

    private Outcome.Posted post(Command command) {
        return (Outcome.Posted) server.ledger().execute(command);
    }

    private static List<Object> balances(LedgerServer server) {
        return server.ledger().trialBalance().rows().stream()
                .<Object>map(row -> List.of(row.account(), row.debits(), row.credits(), row.available()))
                .toList();
    }

    private Done export(String what, String... more) {
        String[] arguments = {
            "export", "--what", what, "--to", folder.resolve(what + ".csv").toString()
        };
        String[] all = java.util.stream.Stream.of(arguments, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        Done done = shell.ledger(all);
        assertThat(done.exitCode()).as(done.err()).isZero();
        return done;
    }

    private Done imported(Shell into, String file, String... more) {
        String[] arguments = {
            "import",
            folder.resolve(file).toString(),
            "--errors",
            folder.resolve("errors.csv").toString()
        };
        Done done = into.ledger(java.util.stream.Stream.of(arguments, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new));
        assertThat(done.exitCode()).as(done.out() + done.err()).isZero();
        return done;
    }

    @Test
    void a_wrong_wish_is_named_and_no_file_is_replaced_unasked() throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), "mine");
        assertThat(shell.ledger("export", "--what", "accounts", "--to", file.toString())
                        .err())
                .contains("--overwrite");
        assertThat(file).hasContent("mine");
        assertThat(shell.ledger("export", "--what", "accounts", "--overwrite", "--to", file.toString())
                        .exitCode())
                .isZero();
        String to = folder.resolve("y.csv").toString();
        assertThat(shell.ledger("export", "--what", "everything", "--to", to).err())
                .contains("--what");
        assertThat(shell.ledger("export", "--what", "statement", "--to", to).err())
                .contains("--account");
        assertThat(shell.ledger("export", "--what", "statement", "--account", "nobody", "--to", to)
                        .exitCode())
                .isEqualTo(1);
        assertThat(shell.ledger("export", "--what", "accounts", "--value-date", "2026-01-01", "--to", to)
                        .err())
                .contains("trial-balance");
        assertThat(shell.ledger("export", "--what", "accounts", "--to", "/nowhere/at/all.csv")
                        .exitCode())
                .isEqualTo(73);
        assertThat(folder.resolve("y.csv")).doesNotExist();
    }
}
