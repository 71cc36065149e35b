package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.backup.ArchivedBefore;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A ledger leaves its database as text, arrives in a data directory, is backed up, restored, and is still the same. */
@Timeout(180)
class BackupCommandTest {
    @TempDir
    private Path folder;

    private record Done(int code, String out, String err) {}

    private static Done run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Done(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void aLedgerSurvivesTheWholeJourney() throws Exception {
        String journal = path("journal.ndjson.gz");
        export(journal);

        // Its name needs quoting wherever it is written down.
        Map<String, String> archived = Map.of("EXCHEQUER_WAL_ARCHIVE", path("the bank's archive"));
        Done imported = run(archived, "ledger", "import-journal", journal, "--data", path("one"));
        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("Imported").contains("3 entries");
        Done again = run(archived, "ledger", "import-journal", journal, "--data", path("one"));
        assertThat(again.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(again.err()).contains("is not empty: it has 3 journal entries");

        ArchivedBefore.in(folder.resolve("one/postgresql"));
        Done inside = run(archived, "backup", "--to", path("one/backups/1"), "--data", path("one"));
        assertThat(inside.code()).isEqualTo(ExitCodes.CANNOT_CREATE);
        assertThat(inside.err()).contains("cannot lie inside the data directory");
        assertThat(folder.resolve("one/backups")).doesNotExist();
        Done backup = run(archived, "backup", "--to", path("backup"), "--data", path("one"));
        assertThat(backup.code()).as(backup.err()).isZero();
        assertThat(backup.out())
                .contains("is complete")
                .contains("restored as of 20")
                .contains("bank's archive");
        try (Stream<Path> archive = Files.walk(folder.resolve("the bank's archive"))) {
            assertThat(archive.map(Path::toString)).anyMatch(file -> file.endsWith(".kept"));
        }

        Done restored = run(Map.of(), "restore", "--from", path("backup"), "--to", "latest", "--data", path("two"));
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(restored.out()).contains("pages verified");
        Done exported = run(Map.of(), "ledger", "export-journal", "--to", path("second.gz"), "--data", path("two"));
        assertThat(exported.code()).as(exported.err()).isZero();
        assertThat(folder.resolve("second.gz")).hasSameBinaryContentAs(Path.of(journal));

        Done ended = run(archived, "backup", "--end-archiving", "--data", path("one"));
        assertThat(ended.code()).as(ended.err()).isZero();
        try (Stream<Path> archive = Files.walk(folder.resolve("the bank's archive"))) {
            assertThat(archive.filter(Files::isRegularFile)
                            .map(Path::getFileName)
                            .map(Path::toString))
                    .noneMatch(file -> file.matches("[0-9A-F]{24}.*"));
        }
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        assertThat(run(Map.of(), "backup").code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run(Map.of(), "backup", "--to", path("b"), "--keep", "0").err())
                .contains("--keep must be from 1");
        Done nothing = run(Map.of(), "backup", "--to", path("b"), "--data", path("none"));
        assertThat(nothing.code()).isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(folder.resolve("none")).doesNotExist();
        Done external = run(Map.of("EXCHEQUER_DATABASE_URL", "postgresql://u:secret@h/d"), "backup", "--to", path("b"));
        assertThat(external.code()).isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(external.err()).contains("its own tools").doesNotContain("secret");

        Done time = run(Map.of(), "restore", "--from", path("b"), "--to", "noon", "--data", path("d"));
        assertThat(time.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(time.err()).contains("--to must be latest, backup, or a time");
        Done noBackup = run(Map.of(), "restore", "--from", path("b"), "--to", "latest", "--data", path("d"));
        assertThat(noBackup.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(noBackup.err()).contains("holds no complete backup");
        assertThat(run(Map.of(), "restore", "--from", path("b"), "--to", "latest")
                        .code())
                .as("the usual data directory is nothing to restore into by accident")
                .isEqualTo(ExitCodes.USAGE);

        Files.writeString(folder.resolve("broken.gz"), "no journal");
        Done broken = run(Map.of(), "ledger", "import-journal", path("broken.gz"), "--data", path("d"));
        assertThat(broken.code()).as(broken.err()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(folder.resolve("d")).doesNotExist();
        Done noFile = run(Map.of(), "ledger", "import-journal", path("none.gz"), "--data", path("d"));
        assertThat(noFile.code()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(folder.resolve("d")).doesNotExist();
        Files.writeString(folder.resolve("taken"), "");
        Done taken = run(Map.of(), "ledger", "export-journal", "--to", path("taken"), "--data", path("d"));
        assertThat(taken.code()).isEqualTo(ExitCodes.CANNOT_CREATE);
        try (DataDirectory held = DataDirectory.open(folder.resolve("held"))) {
            Done noDatabase = run(
                    Map.of(), "backup", "--to", path("b"), "--data", held.path().toString());
            assertThat(noDatabase.code()).isEqualTo(ExitCodes.UNAVAILABLE);
            assertThat(noDatabase.err()).contains("has a database elsewhere");
        }
    }

    private void export(String journal) {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger ledger = TestLedger.on(database)) {
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            ledger.expectPosted(TestLedger.transfer(TestLedger.key(), "cash", "capital", 42));
            String url = database.jdbcUrl()
                    .replace(
                            "jdbc:postgresql://",
                            "postgresql://" + database.user() + ":"
                                    + URLEncoder.encode(database.password(), StandardCharsets.UTF_8) + "@");
            Done exported = run(Map.of("EXCHEQUER_DATABASE_URL", url), "ledger", "export-journal", "--to", journal);
            assertThat(exported.code()).as(exported.err()).isZero();
            assertThat(exported.out()).contains("3 entries").contains("last hash");
        }
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
