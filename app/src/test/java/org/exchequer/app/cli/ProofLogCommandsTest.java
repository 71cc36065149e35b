package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.app.access.LocalActs;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.SubjectKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is kept, what goes, and who is forgotten, on the command line; each act on record. */
class ProofLogCommandsTest {
    private static final int SEGMENT = 65_536;

    private record Ran(int code, String text) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Path data;

    private static Ran run(Object... arguments) {
        StringWriter text = new StringWriter();
        CommandLine line = Exchequer.commandLine(Map.of(), Clock.systemUTC(), Ticker.system())
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text));
        int code = line.execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        return new Ran(code, text.toString());
    }

    private void log(String folder, int size) {
        try (ProofLog log = ProofLog.open(ProofLog.Settings.of(data.resolve(folder), "bank.example/" + folder))) {
            for (int i = 0; i < size; i++) {
                log.append(i, new byte[] {(byte) i});
            }
        }
    }

    private String acts() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(data.resolve(LocalActs.FOLDER))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }

    @BeforeEach
    void a_data_directory() throws IOException {
        data = home.resolve("data");
        try (DataDirectory made = DataDirectory.open(data)) {
            made.folder("security");
        }
        log("prooflog/ledger", SEGMENT + 10);
        log("prooflog/access", 3);
        log("shards/s1/prooflog/ledger", 5);
    }

    @Test
    void segments_are_archived_and_purged_and_the_rest_verifies() throws IOException {
        assertThat(run("prooflog", "list", "--data", data).text())
                .containsPattern("ledger +65,546 entries signed; segments of 65,536: 2 here, 0 archived")
                .containsPattern("s1/ledger +5 entries")
                .containsPattern("access +3 entries");
        String[] rule = {"--purge-after", "3650", "--policy", "kept ten years", "--data", data.toString()};
        Ran archived = run(
                "prooflog",
                "retain",
                "ledger",
                "--archive-after",
                "0",
                rule[0],
                rule[1],
                rule[2],
                rule[3],
                rule[4],
                rule[5]);
        assertThat(archived.code()).as(archived.text()).isZero();
        assertThat(archived.text()).contains("1 segments archived, 0 purged; kept from position 0");
        Ran purged = run(
                "prooflog",
                "retain",
                "ledger",
                "--archive-after",
                "0",
                "--purge-after",
                "0",
                "--policy",
                "nothing is kept",
                "--data",
                data);
        assertThat(purged.text()).contains("1 purged; kept from position 65536");
        assertThat(run("prooflog", "list", "--data", data).text()).contains("purged 0 to 65535");
        Ran verified = run("verify", data);
        assertThat(verified.code()).as(verified.text()).isZero();
        assertThat(verified.text()).contains("by policy nothing is kept (signed)");
        assertThat(acts()).contains("prooflog retain ledger: archive after 0 days", "policy kept ten years");
    }

    @Test
    void a_wrong_rule_or_a_log_in_use_is_left_alone() {
        Object[] wrong = {
            "prooflog",
            "retain",
            "ledger",
            "--archive-after",
            "9",
            "--purge-after",
            "1",
            "--policy",
            "x",
            "--data",
            data
        };
        assertThat(run(wrong).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run(wrong).text()).contains("--archive-after 9, --purge-after 1: days must be 0 or more");
        assertThat(run(
                                "prooflog",
                                "retain",
                                "lodger",
                                "--archive-after",
                                "1",
                                "--purge-after",
                                "1",
                                "--policy",
                                "x",
                                "--data",
                                data)
                        .text())
                .contains("no proof log is called lodger");
        try (DataDirectory held = DataDirectory.open(data)) {
            assertThat(run(
                                    "prooflog",
                                    "retain",
                                    "access",
                                    "--archive-after",
                                    "1",
                                    "--purge-after",
                                    "1",
                                    "--policy",
                                    "x",
                                    "--data",
                                    held.path())
                            .code())
                    .isEqualTo(ExitCodes.IN_USE);
        }
        assertThat(data.resolve(LocalActs.FOLDER)).doesNotExist();
    }

    @Test
    void a_subject_is_erased_by_two_people_and_it_is_on_record() throws IOException {
        byte[] master = new byte[SubjectKeys.MASTER_BYTES];
        Path keys = home.resolve("keys");
        Path file = Files.writeString(home.resolve("master"), "00".repeat(master.length) + "\n");
        SubjectKeys open = SubjectKeys.open(keys, master);
        open.seal("person:7", new byte[] {1});
        open.seal("person:8", new byte[] {1});
        assertThat(run("prooflog", "subjects", "--keys", keys, "--master", file).text())
                .contains(open.name("person:7") + "  has a key", "2 subjects");
        String me = System.getProperty("user.name");
        Object[] erase = {
            "prooflog",
            "erase-subject",
            "--keys",
            keys,
            "--master",
            file,
            "--subject",
            "person:7",
            "--reason",
            "asked to be forgotten",
            "--data",
            data,
            "--approved-by",
            me
        };
        assertThat(run(erase).text()).contains("--approved-by must be somebody else");
        erase[erase.length - 1] = "a second person";
        Ran erased = run(erase);
        assertThat(erased.code()).as(erased.text()).isZero();
        assertThat(erased.text()).contains(open.name("person:7") + " is erased");
        assertThat(run(erase).text()).contains("had no key");
        assertThat(open.names()).containsEntry(open.name("person:7"), false).containsEntry(open.name("person:8"), true);
        assertThat(acts())
                .contains(open.name("person:7"), "approved by a second person: asked to be forgotten")
                .doesNotContain("person:7\"", "erase-subject person");
        erase[5] = Files.writeString(home.resolve("bad"), "zz");
        assertThat(run(erase).code()).isEqualTo(ExitCodes.NO_INPUT);
    }
}
