package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.Role;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SubjectCommandsTest {
    private record Ran(int code, String text) {}

    private static Ran run(Map<String, String> environment, Object... arguments) {
        StringWriter text = new StringWriter();
        CommandLine line = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system())
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text));
        String[] words = new String[arguments.length + 1];
        words[0] = "subject";
        for (int i = 0; i < arguments.length; i++) {
            words[i + 1] = String.valueOf(arguments[i]);
        }
        return new Ran(line.execute(words), text.toString());
    }

    private static String url(DatabaseAddress database) {
        return database.jdbcUrl()
                + (database.jdbcUrl().contains("?") ? "&" : "?")
                + "user=" + URLEncoder.encode(database.user(), StandardCharsets.UTF_8)
                + "&password=" + URLEncoder.encode(database.password(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> with(Map<String, String> some, String name, String value) {
        Map<String, String> all = new HashMap<>(some);
        all.put(name, value);
        return all;
    }

    @Test
    void a_person_is_erased_and_all_keys_are_wrapped_anew(@TempDir Path data) throws Exception {
        DatabaseAddress database;
        byte[] fresh = new byte[MasterKey.BYTES];
        fresh[0] = 1;
        try (LedgerServer server = LedgerServer.start()) {
            database = server.database();
            for (String person : new String[] {"ada", "ben"}) {
                server.ledger()
                        .execute(new Command.OpenAccount(
                                person,
                                new AccountSpec(
                                        person,
                                        person + " in person",
                                        AccountType.LIABILITY,
                                        AccountType.LIABILITY.normalSide(),
                                        TestLedger.EUR,
                                        null,
                                        BalanceRule.NONE,
                                        0,
                                        Map.of("subject", "cust-" + person))));
            }
            Map<String, String> operator =
                    Map.of("EXCHEQUER_URL", server.url(), "EXCHEQUER_TOKEN", server.token(Role.OPERATOR));
            assertThat(run(operator, "erase", "cust-ada", "--reason", "77").code())
                    .isEqualTo(ExitCodes.NO_PERMISSION);
            Map<String, String> admin =
                    Map.of("EXCHEQUER_URL", server.url(), "EXCHEQUER_TOKEN", server.token(Role.ADMIN));
            Map<String, String> second = with(admin, "EXCHEQUER_TOKEN", server.token("second", Role.ADMIN));
            assertThat(run(admin, "erase", "cust-ada").code()).isEqualTo(ExitCodes.USAGE);
            assertThat(run(admin, "erase", "cust-ida", "--reason", "77").text()).contains("SUBJECT_NOT_FOUND");
            Ran proposed = run(admin, "erase", "cust-ada", "--reason", "77");
            assertThat(proposed.text())
                    .startsWith("erasure 1 of cust-ada is proposed: 77 (tester, ")
                    .contains("exchequer subject approve cust-ada 1");
            assertThat(run(admin, "approve", "cust-ada", "1").text()).contains("APPROVER_IS_AUTHOR");
            assertThat(run(admin, "show", "cust-ada").text()).startsWith("cust-ada: erasure proposed\nerasure 1 of");
            assertThat(run(admin, "list", "--open").text())
                    .startsWith("sealed: 1, erasure proposed: 1, erased: 0\nerasure 1 of cust-ada")
                    .doesNotContain("in person");
            assertThat(run(second, "approve", "cust-ada", "1")).isEqualTo(new Ran(0, "cust-ada is erased.\n"));
            assertThat(run(second, "approve", "cust-ada", "1")).isEqualTo(new Ran(0, "cust-ada is erased.\n"));
            String id = run(admin, "erase", "cust-ben", "--reason", "78").text().split(" ")[1];
            assertThat(run(second, "reject", "cust-ben", id, "--reason", "no such request")
                            .text())
                    .contains("of cust-ben is rejected by second")
                    .contains("because no such request: 78");
            assertThat(run(admin, "list").text()).startsWith("sealed: 1, erasure proposed: 0, erased: 1\n");

            Map<String, String> environment = Map.of(
                    "EXCHEQUER_DATABASE_URL",
                    url(database),
                    "EXCHEQUER_MASTER_KEY",
                    Base64.getEncoder().encodeToString(new byte[MasterKey.BYTES]));
            assertThat(run(environment, "rewrap", "--data", data).code()).isEqualTo(ExitCodes.IN_USE);
            server.stopLedger();
            assertThat(run(environment, "rewrap", "--data", data).text()).contains("EXCHEQUER_NEW_MASTER_KEY");
            Map<String, String> both = with(
                    environment, "EXCHEQUER_NEW_MASTER_KEY", Base64.getEncoder().encodeToString(fresh));
            Ran wrapped = run(both, "rewrap", "--data", data);
            assertThat(wrapped.code()).as(wrapped.text()).isZero();
            assertThat(wrapped.text()).startsWith("Wrapped 1 keys");
            assertThat(run(both, "rewrap", "--data", data).code()).isEqualTo(ExitCodes.CONFIG);
        }
        try (TestLedger ledger = TestLedger.on(database, "b", MasterKeys.given(MasterKey.of(fresh)))) {
            assertThat(ledger.api().accounts("", null, 5).items())
                    .extracting(account -> account.spec().name())
                    .containsExactly("(erased)", "ben in person");
        }
    }
}
