package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
    private static final String NAME = "witness.example/w1";
    private static final Instant START = Instant.parse("2026-03-01T12:59:50Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path log() {
        return folder.resolve("log");
    }

    private Witness witness(Instant now) {
        try {
            NoteKey key = NoteKey.parse(Files.readString(log().resolve("log.vkey")));
            return Witness.open(folder.resolve("witness"), NAME, key, Clock.fixed(now, ZoneOffset.UTC));
        } catch (IOException | MalformedNoteException e) {
            throw new AssertionError(e);
        }
    }

    private Witness.Seen look(Instant now) throws IOException {
        return witness(now).look(new DirectorySource(log()));
    }

    private void grow(long size) {
        try (ProofLog log = Scratch.open(log())) {
            Scratch.append(log, log.size(), size);
        }
    }

    @Test
    void what_goes_on_is_cosigned_once() throws Exception {
        for (int size : new int[] {1, 2, 256, 300, 1_000}) {
            grow(size);
            Witness.Seen seen = look(START);
            assertThat(seen).isInstanceOf(Witness.Seen.Cosigned.class);
            Witness.Seen.Cosigned cosigned = (Witness.Seen.Cosigned) seen;
            assertThat(cosigned.checkpoint().size()).isEqualTo(size);
            assertThat(witness(START).key().signedAt(cosigned.note())).hasValue(START);
            assertThat(look(START)).isEqualTo(new Witness.Seen.NothingNew(size));
        }
        assertThat(Scratch.verify(log(), "--witness", folder.resolve("witness")).text())
                .contains("5 checkpoints cosigned by " + NAME);
    }

    @Test
    void a_shorter_log_is_a_rollback_and_other_entries_are_a_fork() throws IOException {
        grow(100);
        Path old = folder.resolve("old");
        Scratch.copy(log(), old);
        grow(300);
        assertThat(look(START)).isInstanceOf(Witness.Seen.Cosigned.class);
        assertThat(witness(START).look(new DirectorySource(old)))
                .isEqualTo(new Witness.Seen.Refused("rollback: the log has signed 100 entries, it had 300"));
        for (int size : new int[] {300, 301, 700}) {
            Path fork = folder.resolve("fork" + size);
            Scratch.copy(old, fork);
            try (ProofLog other = Scratch.open(fork)) {
                for (long i = 100; i < size; i++) {
                    other.append(i, new byte[] {1, 2, 3});
                }
            }
            assertThat(witness(START).look(new DirectorySource(fork)))
                    .isInstanceOfSatisfying(
                            Witness.Seen.Refused.class,
                            refused -> assertThat(refused.reason()).startsWith("fork: "));
            assertThat(folder.resolve("witness/refused")).exists();
        }
        assertThat(witness(START).last().orElseThrow().size()).isEqualTo(300);
        grow(400);
        assertThat(look(START)).isInstanceOf(Witness.Seen.Cosigned.class);
    }

    @Test
    void what_the_log_did_not_sign_is_refused() throws IOException {
        grow(10);
        String note = Files.readString(log().resolve("checkpoint"));
        Files.writeString(log().resolve("checkpoint"), note.replace("\n10\n", "\n11\n"));
        assertThat(look(START))
                .isEqualTo(new Witness.Seen.Refused("the checkpoint is not signed by " + Scratch.ORIGIN));
        Files.writeString(log().resolve("checkpoint"), "nonsense\n");
        assertThat(look(START)).isInstanceOf(Witness.Seen.Refused.class);
    }

    @Test
    void a_witness_stays_with_its_log() throws Exception {
        grow(10);
        witness(START);
        NoteKey other = NoteKey.parse(
                Files.readString(Scratch.closed(folder.resolve("other"), 1).resolve("log.vkey")));
        assertThatThrownBy(() -> Witness.open(folder.resolve("witness"), NAME, other, Clock.systemUTC()))
                .isInstanceOf(ProofLogException.class)
                .hasMessageContaining("by another key");
    }

    @Test
    void past_hours_are_thinned_and_a_torn_note_is_forgotten() throws IOException {
        Path cosigned = folder.resolve("witness/cosigned");
        for (int size = 1; size <= 6; size++) {
            grow(size);
            look(START.plus(Duration.ofSeconds(3L * size)));
        }
        Path before = cosigned.resolve("2026-03-01T12Z");
        Path now = cosigned.resolve("2026-03-01T13Z");
        assertThat(Scratch.files(cosigned)).containsExactly(before, now);
        assertThat(Files.readString(before)).contains("\n3\n").doesNotContain("\n2\n");
        assertThat(Files.readString(now)).contains("\n4\n", "\n5\n", "\n6\n");
        String whole = Files.readString(now);
        Files.writeString(now, Scratch.ORIGIN + "\n7\nabc", StandardOpenOption.APPEND);
        assertThat(witness(START).last().orElseThrow().size()).isEqualTo(6);
        assertThat(Files.readString(now)).isEqualTo(whole);
    }

    @Test
    void a_log_is_watched_over_http() throws Exception {
        grow(70_000);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ProofLog log = Scratch.open(log());
                HttpSource source = new HttpSource(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/log"),
                        Optional.of("secret"))) {
            server.createContext("/log/", exchange -> {
                boolean allowed =
                        "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] body = log.resource(exchange.getRequestURI().getPath().substring("/log/".length()))
                        .filter(bytes -> allowed)
                        .orElse(new byte[0]);
                exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            Witness witness = witness(START);
            assertThat(witness.look(source)).isInstanceOf(Witness.Seen.Cosigned.class);
            Scratch.append(log, log.size(), 140_000);
            log.publish();
            assertThat(witness.look(source)).isInstanceOf(Witness.Seen.Cosigned.class);
            assertThat(witness.look(source)).isEqualTo(new Witness.Seen.NothingNew(140_000));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void notes_are_those_of_everybody_else() throws MalformedNoteException {
        // The example of Go's package golang.org/x/mod/sumdb/note.
        NoteKey key = NoteKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        String text = "If you think cryptography is the answer to your problem,\n"
                + "then you don't know what your problem is.\n";
        String note = text
                + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6R"
                + "yyBwJnAM=\n";
        assertThat(key.signed(SignedNote.parse(note))).isTrue();
        assertThat(SignedNote.parse(note).render()).isEqualTo(note);
        assertThat(key.signed(SignedNote.parse(note.replace("answer", "Answer"))))
                .isFalse();
        for (String wrong :
                List.of("", "x", text, "\n\n— a b\n", text + "\n— PeterNeumann\n", text + "\n— P+ x08go/Z=\n")) {
            assertThatThrownBy(() -> SignedNote.parse(wrong)).isInstanceOf(MalformedNoteException.class);
        }
        for (String wrong : List.of("", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")) {
            assertThatThrownBy(() -> NoteKey.parse(wrong)).isInstanceOf(MalformedNoteException.class);
        }
        assertThat(new String(
                        NoteKey.message(NoteKey.Kind.WITNESS, SignedNote.parse(note), 1_679_315_147),
                        StandardCharsets.UTF_8))
                .isEqualTo("cosignature/v1\ntime 1679315147\n" + text);
    }
}
