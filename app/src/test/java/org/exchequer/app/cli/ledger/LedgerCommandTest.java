package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.exchequer.app.cli.ledger.Shell.Done;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerCommandTest {
    private final LedgerServer server = LedgerServer.start();
    private final Shell shell = Shell.operator(server);

    @BeforeAll
    void open() {
        done("account", "open", "1", "--name", "Assets", "--type", "asset");
        done("account", "open", "1:cash", "--name", "Cash", "--type", "ASSET", "--currency", "EUR", "--parent", "1");
        done(
                "account",
                "open",
                "alice",
                "--name",
                "Alice",
                "--type",
                "LIABILITY",
                "--currency",
                "EUR",
                "--rule",
                "DEBITS_MAY_NOT_EXCEED_CREDITS",
                "--limit",
                "20",
                "--metadata",
                "branch=north");
        done("account", "open", "bob", "--name", "Bob", "--type", "LIABILITY", "--currency", "EUR");
    }

    @AfterAll
    void close() throws Exception {
        server.close();
    }

    private Done done(String... arguments) {
        Done done = shell.ledger(arguments);
        assertThat(done.exitCode()).as(done.err()).isZero();
        return done;
    }

    @Test
    void posts_and_shows_the_balance_and_the_statement() {
        Done posted = done(
                "post",
                "--debit",
                "1:cash",
                "--credit",
                "alice",
                "--amount",
                "10.50",
                "--currency",
                "EUR",
                "--reference",
                "invoice 1",
                "--key",
                "cli-1");
        assertThat(posted.out()).contains("key cli-1").containsPattern("alice +10.50  EUR");
        assertThat(done(
                                "post",
                                "--debit",
                                "1:cash",
                                "--credit",
                                "alice",
                                "--amount",
                                "10.50",
                                "--currency",
                                "EUR",
                                "--reference",
                                "invoice 1",
                                "--key",
                                "cli-1")
                        .out())
                .contains("first answer again");
        assertThat(done("balance", "alice").out()).containsPattern("alice +0.00 +10.50 +10.50  Cr +30.50  EUR");
        assertThat(done("balance", "alice", "--json").json().path("posted").asString())
                .isEqualTo("10.50");
        assertThat(done("statement", "alice").out()).contains("invoice 1");
        assertThat(done("transaction", "--key", "cli-1").out()).contains("invoice 1");
        assertThat(done("transaction", "--reference", "invoice 1", "--json")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(done("trial-balance").out()).containsPattern("EUR +[0-9.]+ +[0-9.]+  yes");
    }

    @Test
    void posts_many_legs_and_reverses_them_once() {
        Done posted = done(
                "post",
                "--leg",
                "debit:1:cash:3.00:EUR",
                "--leg",
                "credit:bob:1.00:EUR",
                "--leg",
                "credit:alice:2.00:EUR",
                "--metadata",
                "batch=7",
                "--json");
        String id = posted.json().path("id").asString();
        assertThat(done("reverse", id, "--reason", "test").out()).contains("reversal of " + id);
        Done again = shell.ledger("reverse", id);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("ALREADY_REVERSED").doesNotContain("\tat ");
        assertThat(done("transaction", id).out()).contains("reversed by");
    }

    @Test
    void lists_freezes_limits_and_closes_accounts() {
        done(
                "account",
                "open",
                "zoe",
                "--name",
                "Zoë",
                "--type",
                "LIABILITY",
                "--currency",
                "JPY",
                "--rule",
                "DEBITS_MAY_NOT_EXCEED_CREDITS");
        assertThat(shell.ledger("account", "limit", "zoe", "5000", "JPY").err()).contains("APPROVAL_REQUIRED");
        assertThat(done("account", "limit", "zoe", "0", "JPY").out()).contains("0 JPY");
        done("account", "freeze", "zoe");
        assertThat(done("account", "list", "--prefix", "zoe").out()).contains("frozen");
        assertThat(shell.ledger("account", "unfreeze", "zoe").err()).contains("APPROVAL_REQUIRED");
        done("account", "close", "zoe");
        assertThat(done("account", "show", "zoe").out()).contains("CLOSED");
        assertThat(shell.ledger("account", "unfreeze", "zoe").err()).contains("STATE_CHANGE_NOT_ALLOWED");
        assertThat(done("account", "list", "--limit", "1").out()).contains("there are more");
        assertThat(done("account", "list", "--json").json().path("items").size())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void says_what_is_wrong_with_the_command_line() {
        assertThat(shell.ledger().exitCode()).isEqualTo(64);
        assertThat(shell.ledger("account").exitCode()).isEqualTo(64);
        assertThat(shell.ledger("post", "--debit", "1:cash").err()).contains("--credit");
        assertThat(shell.ledger("post", "--leg", "cash:1").err()).contains("SIDE:CODE:AMOUNT:CURRENCY");
        Done amount =
                shell.ledger("post", "--debit", "1:cash", "--credit", "bob", "--amount", "1.005", "--currency", "EUR");
        assertThat(amount.exitCode()).isEqualTo(64);
        assertThat(amount.err()).contains("amount").contains("2 decimals");
        assertThat(shell.ledger("account", "list", "--limit", "0").exitCode()).isEqualTo(64);
        assertThat(shell.ledger("post", "--help").out()).contains("--leg");
    }

    @Test
    void says_why_the_ledger_refused() {
        Done refused =
                shell.ledger("post", "--debit", "alice", "--credit", "bob", "--amount", "999", "--currency", "EUR");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("INSUFFICIENT_FUNDS");
        assertThat(shell.ledger("balance", "nobody").exitCode()).isEqualTo(1);
        Done some = shell.ledger("balance", "alice", "nobody");
        assertThat(some.exitCode()).isEqualTo(1);
        assertThat(some.out()).contains("alice");
        assertThat(shell.ledger("transaction", "--key", "nothing").exitCode()).isEqualTo(1);
    }

    @Test
    void says_when_no_server_or_no_authority_is_there(@TempDir java.nio.file.Path empty) {
        assertThat(new Shell(Map.of("EXCHEQUER_URL", "http://127.0.0.1:1", "EXCHEQUER_TOKEN", "t"))
                        .ledger("trial-balance")
                        .exitCode())
                .isEqualTo(69);
        Shell nothing = new Shell(Map.of());
        assertThat(nothing.ledger("trial-balance", "--data", empty.toString()).exitCode())
                .isEqualTo(69);
        assertThat(nothing.ledger("trial-balance", "--url", server.url()).exitCode())
                .isEqualTo(64);
        assertThat(nothing.ledger("trial-balance", "--url", "ftp://x", "--token", "t")
                        .exitCode())
                .isEqualTo(64);
        assertThat(nothing.ledger("trial-balance", "--url", server.url(), "--token", "bad")
                        .exitCode())
                .isEqualTo(77);
        assertThat(nothing.ledger(
                                "account",
                                "freeze",
                                "bob",
                                "--url",
                                server.url(),
                                "--token",
                                server.token(Role.AUDITOR))
                        .exitCode())
                .isEqualTo(77);
    }
}
