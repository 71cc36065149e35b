package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.Folders;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code verify} and {@code witness} as a user types them. */
class ProofCommandsTest {
    private record Ran(int code, String text) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    private Path log() {
        return data.resolve("prooflog/ledger");
    }

    private static Ran run(Object... arguments) {
        StringWriter text = new StringWriter();
        CommandLine line = Exchequer.commandLine(Map.of(), Clock.systemUTC(), Ticker.system())
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text));
        int code = line.execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        return new Ran(code, text.toString());
    }

    private void grow(int size) throws IOException {
        try (ProofLog log = ProofLog.open(ProofLog.Settings.of(log(), "bank.example/ledger"))) {
            for (long i = log.size(); i < size; i++) {
                log.append(i, ("entry " + i).getBytes(StandardCharsets.UTF_8));
            }
            log.commit();
            log.publish();
            if (size > 3 && log.prove(3) instanceof ProofLog.Proof.Included proof) {
                Files.writeString(data.resolve("3.tlog-proof"), proof.bundle().render());
            }
        }
    }

    @BeforeEach
    void a_log() throws IOException {
        grow(10);
    }

    @Test
    void a_data_directory_or_a_log_is_verified() throws IOException {
        assertThat(run("verify", data).text()).startsWith("ledger: OK: 10 entries");
        assertThat(run("verify", log()).text()).startsWith("OK: 10 entries");
        assertThat(run("verify", log()).code()).isZero();
        Path segment = log().resolve("entries/0000000000");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
        Ran ran = run("verify", data);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.text()).startsWith("ledger: FAILED at position 9: ");
    }

    @Test
    void a_log_that_was_removed_is_missed() throws IOException {
        String key;
        try (ProofLog access = ProofLog.open(ProofLog.Settings.in(data, "access", "bank.example/access"))) {
            key = access.key().vkey();
        }
        assertThat(run("verify", data).code()).isZero();
        Folders.delete(data.resolve("prooflog/access"));
        Ran ran = run("verify", data);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.text())
                .contains("access: FAILED: the log with the key " + key + " is gone", "ledger: OK: 10 entries");
        Folders.delete(data.resolve("prooflog"));
        assertThat(run("verify", data).code()).isEqualTo(1);
    }

    @Test
    void the_logs_of_a_part_that_was_removed_are_missed() throws IOException {
        String key;
        ProofLog.Settings part =
                ProofLog.Settings.in(data, Path.of("shards", "s1"), "ledger", "bank.example/s1/ledger");
        try (ProofLog shard = ProofLog.open(part)) {
            key = shard.key().vkey();
        }
        assertThat(run("verify", data).text()).contains("s1/ledger: OK: 0 entries");
        Folders.delete(data.resolve("shards"));
        Ran ran = run("verify", data);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.text()).contains("s1/ledger: FAILED: the log with the key " + key + " is gone");
        assertThatThrownBy(() -> ProofLog.open(part))
                .isInstanceOf(ProofLogException.class)
                .hasMessageContaining("is gone");
    }

    @Test
    void what_is_known_of_one_log_is_held_against_that_one() throws IOException {
        try (ProofLog access = ProofLog.open(ProofLog.Settings.in(data, "access", "bank.example/access"))) {
            assertThat(access.size()).isZero();
        }
        Path eyes = data.resolve("witness");
        run("witness", "--log", log(), "--data", eyes, "--once");
        Path kept = Files.copy(log().resolve("checkpoint"), data.resolve("kept"));
        Ran ran = run("verify", data, "--witness", eyes, "--checkpoint", kept, "--key", log().resolve("log.vkey"));
        assertThat(ran.text())
                .contains(
                        "access: --witness " + eyes + " is about another log",
                        "access: OK: 0 entries",
                        "ledger: 1 checkpoints cosigned");
        assertThat(ran.code()).as(ran.text()).isZero();

        Folders.delete(log());
        grow(10); // the same entries, under another key
        ran = run("verify", data, "--witness", eyes);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.text()).contains("access: OK: 0 entries", "ledger: FAILED");
        Folders.delete(log());
        ran = run("verify", data, "--witness", eyes);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.text()).contains("is about the log bank.example/ledger, which is not here");
    }

    @Test
    void a_log_that_is_being_written_to_is_not_judged() {
        try (ProofLog log = ProofLog.open(ProofLog.Settings.of(log(), "bank.example/ledger"))) {
            assertThat(log.size()).isEqualTo(10);
            Ran ran = run("verify", data);
            assertThat(ran.code()).isEqualTo(ExitCodes.IN_USE);
            assertThat(ran.text()).contains("is being written to");
        }
    }

    @Test
    void a_bundle_is_verified() throws IOException {
        Path bundle = data.resolve("3.tlog-proof");
        assertThat(run("verify", "--bundle", bundle, "--data", data).text()).startsWith("OK: entry 3 ");
        assertThat(run("verify", "--bundle", bundle, "--key", log().resolve("log.vkey"))
                        .code())
                .isZero();
        Path other = data.resolve("other");
        for (String name : List.of("bank.example/ledger", "bank.example/access")) {
            try (ProofLog log = ProofLog.open(ProofLog.Settings.of(other.resolve(name), name))) {
                assertThat(log.size()).isZero();
            }
            Ran wrongKey = run(
                    "verify", "--bundle", bundle, "--key", other.resolve(name).resolve("log.vkey"));
            assertThat(wrongKey.code()).isEqualTo(1);
            assertThat(wrongKey.text()).startsWith("FAILED: the key is not the one that signed: ");
        }
        Path key = log().resolve("log.vkey");
        assertThat(run("verify", "--bundle", key, "--key", key).text())
                .isEqualTo("FAILED: " + key + " is not a proof bundle" + System.lineSeparator());
        assertThat(run("verify", "--bundle", bundle, "--data", log()).code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run("verify", "--bundle", bundle, data, "--data", data).code())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(run("verify", "--bundle", data.resolve("none"), "--data", data)
                        .code())
                .isEqualTo(ExitCodes.NO_INPUT);
    }

    @Test
    void what_cannot_be_looked_at_is_no_verdict() {
        assertThat(run("verify", "--data", data).text()).startsWith("ledger: OK: 10 entries");
        assertThat(run("verify", "--data", data.resolve("nowhere")).code()).isEqualTo(ExitCodes.UNAVAILABLE);
        assertThat(run("verify", data.resolve("entries")).code()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(run("verify", data, "--key", data.resolve("none")).code()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(run("verify", data, "--witness", data).code()).isEqualTo(ExitCodes.NO_INPUT);
        Path pack = data.resolve("prooflog");
        assertThat(run("verify", "--pack", pack, "--key", "nonsense").text()).contains("there is no file nonsense");
        Ran wrong = run("verify", "--nonsense");
        assertThat(wrong.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(run("verify", "--help").code()).isZero();
    }

    @Test
    void a_witness_cosigns_and_the_verifier_believes_it() throws IOException {
        Path eyes = data.resolve("witness");
        Ran first = run("witness", "--log", log(), "--data", eyes, "--once");
        assertThat(first.code()).isZero();
        assertThat(first.text()).contains("cosigned 10 entries");
        grow(20);
        assertThat(run("witness", "--log", log(), "--data", eyes, "--once").text())
                .contains("cosigned 20 entries");
        assertThat(run("verify", log(), "--witness", eyes).text()).contains("2 checkpoints cosigned");
        Files.writeString(log().resolve("checkpoint"), "nothing");
        Ran refused = run("witness", "--log", log(), "--data", eyes, "--once");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).contains("REFUSED");
        Ran nowhere = run("witness", "--log", data.resolve("nowhere"), "--data", data.resolve("w3"), "--once");
        assertThat(nowhere.code()).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(nowhere.text()).contains("there is no directory " + data.resolve("nowhere"));
        assertThat(run("witness", "--log", "http://127.0.0.1:1/x", "--data", data.resolve("w2"), "--once")
                        .code())
                .isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void a_bundle_carries_what_a_witness_cosigned_and_the_verifier_looks_at_it() throws IOException {
        Path eyes = data.resolve("witness");
        Path bundle = data.resolve("3.tlog-proof");
        assertThat(run("verify", "--bundle", bundle, "--data", data, "--witness", data.resolve("none"))
                        .code())
                .isEqualTo(ExitCodes.NO_INPUT);
        assertThat(run("witness", "--log", log(), "--data", eyes, "--once", "--deposit", log().resolve("cosigned"))
                        .code())
                .isZero();
        Ran without = run("verify", "--bundle", bundle, "--data", data, "--witness", eyes);
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.text()).contains("is not cosigned by exchequer-witness");
        grow(20); // the bundle is under the checkpoint of 10 that was cosigned, not under the newest
        Ran with = run("verify", "--bundle", bundle, "--data", data, "--witness", eyes);
        assertThat(with.code()).as(with.text()).isZero();
        assertThat(with.text()).contains("in the log of 10 entries", "cosigned by exchequer-witness at 2");
        String vkey = Files.readString(eyes.resolve("witness.vkey")).strip();
        assertThat(run("verify", "--bundle", bundle, "--data", data, "--witness", vkey)
                        .code())
                .isZero();
        run("witness", "--log", log(), "--data", data.resolve("others"), "--once", "--name", "another");
        assertThat(run("verify", "--bundle", bundle, "--data", data, "--witness", data.resolve("others"))
                        .text())
                .contains("is not cosigned by another");
        for (String odd : List.of("nothing", Files.readString(data.resolve("others/witness.vkey")))) {
            Files.writeString(log().resolve("cosigned"), odd);
            grow(21);
            assertThat(run("verify", "--bundle", bundle, "--data", data).text()).contains("in the log of 21 entries");
        }
        assertThat(run("verify", data).code()).isZero();
    }
}
