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
            assertThat(run(operator, "erase", "cust-ada").code()).isEqualTo(ExitCodes.NO_PERMISSION);
            Map<String, String> admin =
                    Map.of("EXCHEQUER_URL", server.url(), "EXCHEQUER_TOKEN", server.token(Role.ADMIN));
            assertThat(run(admin, "erase", "cust-ida").text()).contains("SUBJECT_NOT_FOUND");
            assertThat(run(admin, "erase", "cust-ada")).isEqualTo(new Ran(0, "cust-ada is erased.\n"));

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
