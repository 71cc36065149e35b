package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.prooflog.Scratch.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody who may write every file of the log edits it; the verifier finds it and says where. */
class TamperTest {
    private static final int SIZE = 1_200;
    private static final int EDITS = 40;
    private static final long SEED = Long.getLong("exchequer.test.seed", 42);
    private static final Pattern BAD = Pattern.compile("FAILED at position ([0-9]+): (.*)\\s*");
    private static final Pattern RANGE =
            Pattern.compile("the entries from here to ([0-9]+) are not those of .*", Pattern.DOTALL);

    /** Edits of single entries, with nothing made to fit. */
    private enum Edit {
        CHANGE {
            @Override
            void apply(List<byte[]> entries, int at, Random random) {
                byte[] changed = entries.get(at).clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                entries.set(at, changed);
            }
        },
        DELETE {
            @Override
            void apply(List<byte[]> entries, int at, Random random) {
                entries.remove(at);
            }
        },
        INSERT {
            @Override
            void apply(List<byte[]> entries, int at, Random random) {
                byte[] more = new byte[random.nextInt(300)];
                random.nextBytes(more);
                entries.add(at, more);
            }
        },
        REORDER {
            @Override
            void apply(List<byte[]> entries, int at, Random random) {
                Collections.swap(entries, at, at + 1 + random.nextInt(entries.size() - at - 1));
            }
        },
        TRUNCATE {
            @Override
            void apply(List<byte[]> entries, int at, Random random) {
                entries.subList(at, entries.size()).clear();
            }
        };

        abstract void apply(List<byte[]> entries, int at, Random random);
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path log;

    @SuppressWarnings("NullAway.Init")
    private Path segment;

    @BeforeEach
    void an_honest_log() {
        log = folder.resolve("log");
        segment = log.resolve("entries/0000000000");
        Scratch.closed(log, SIZE);
        assertThat(Scratch.verify(log).code()).isZero();
    }

    private static List<byte[]> entries() {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            entries.add(Scratch.entry(i));
        }
        return entries;
    }

    /** An entry that is not empty and unlike its neighbour, so that every edit there makes a difference. */
    private static int place(Random random) {
        int at = random.nextInt(SIZE - 2);
        while (Scratch.entry(at).length < 2 || Arrays.equals(Scratch.entry(at), Scratch.entry(at + 1L))) {
            at++;
        }
        return at;
    }

    private static byte[] framed(byte[] header, List<byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header);
        for (byte[] entry : entries) {
            bytes.write(entry.length >> 8);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Edit.class)
    void an_edited_entry_is_found_where_it_is(Edit edit) throws IOException {
        Random random = new Random(SEED + edit.ordinal());
        byte[] header = Arrays.copyOf(Files.readAllBytes(segment), Segment.HEADER);
        for (int i = 0; i < EDITS; i++) {
            int at = place(random);
            List<byte[]> entries = entries();
            edit.apply(entries, at, random);
            Files.write(segment, framed(header, entries));
            Verdict verdict = Scratch.verify(log);
            assertThat(verdict.code()).as("seed %d edit %d", SEED, i).isEqualTo(1);
            assertThat(verdict.text()).startsWith("FAILED at position " + at + ": ");
        }
    }

    @Test
    void a_changed_byte_is_found_in_whatever_file_it_is() throws IOException {
        Random random = new Random(SEED);
        List<Path> files = Scratch.files(log).stream()
                .filter(file -> !List.of("lock", "log.key").contains(String.valueOf(file.getFileName())))
                .toList();
        assertThat(files).hasSize(5);
        for (int i = 0; i < 4 * EDITS; i++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            byte[] changed = bytes.clone();
            changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            assertThat(Scratch.verify(log).code())
                    .as("%s, seed %d edit %d", file, SEED, i)
                    .isEqualTo(1);
            Files.write(file, bytes);
        }
    }

    @Test
    void a_file_that_is_missing_longer_or_too_many_is_found() throws IOException {
        for (Path file :
                List.of(segment, log.resolve("hashes/0"), log.resolve("hashes/1"), log.resolve("checkpoint"))) {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            assertThat(Scratch.verify(log).code()).as("without " + file).isEqualTo(1);
            Files.write(file, Arrays.copyOf(bytes, bytes.length + 32));
            assertThat(Scratch.verify(log).code()).as("more of " + file).isEqualTo(1);
            Files.write(file, bytes);
        }
        Files.copy(segment, log.resolve("entries/0000000001"));
        assertThat(Scratch.verify(log).text()).startsWith("FAILED at position " + SIZE + ": ");
        Files.delete(log.resolve("entries/0000000001"));
        assertThat(Scratch.verify(log).code()).isZero();
    }

    /** The log made anew from other entries with the same key: everything in the directory fits together. */
    private void rewrite(List<byte[]> entries) throws IOException {
        Path forged = folder.resolve("forged");
        Scratch.delete(forged);
        Files.createDirectories(forged);
        Files.copy(log.resolve("log.key"), forged.resolve("log.key"));
        Files.copy(log.resolve("log.vkey"), forged.resolve("log.vkey"));
        try (ProofLog rewritten = Scratch.open(forged)) {
            for (int i = 0; i < entries.size(); i++) {
                rewritten.append(i, entries.get(i));
            }
        }
    }

    private void cosign(Witness witness, Path source) throws IOException {
        assertThat(witness.look(new DirectorySource(source))).isInstanceOf(Witness.Seen.Cosigned.class);
    }

    private Path witnessed() throws IOException, MalformedNoteException {
        Path watched = folder.resolve("watched");
        Path eyes = folder.resolve("witness");
        NoteKey key = NoteKey.parse(Files.readString(log.resolve("log.vkey")));
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
        Witness witness = Witness.open(eyes, "witness.example/w1", key, clock);
        Files.createDirectories(watched);
        Files.copy(log.resolve("log.key"), watched.resolve("log.key"));
        Files.copy(log.resolve("log.vkey"), watched.resolve("log.vkey"));
        for (int size = 400; size <= SIZE; size += 400) {
            try (ProofLog growing = Scratch.open(watched)) {
                Scratch.append(growing, growing.size(), size);
            }
            cosign(witness, watched);
        }
        return eyes;
    }

    @Test
    void a_log_rewritten_with_its_own_key_is_found_by_what_a_witness_cosigned() throws Exception {
        Path witness = witnessed();
        assertThat(Scratch.verify(log, "--witness", witness).text()).contains("3 checkpoints cosigned");
        Random random = new Random(SEED);
        for (int i = 0; i < EDITS / 2; i++) {
            Edit edit = Edit.values()[random.nextInt(Edit.values().length)];
            int at = place(random);
            List<byte[]> entries = entries();
            edit.apply(entries, at, random);
            String head = chainHead(entries);
            rewrite(entries);
            Path forged = folder.resolve("forged");
            // A hash chain in the same hands agrees with itself, and so does the directory alone.
            assertThat(chainHead(entries(forged))).isEqualTo(head);
            assertThat(Scratch.verify(forged).code()).isZero();

            Verdict verdict = Scratch.verify(forged, "--witness", witness);
            assertThat(verdict.code()).as("%s, seed %d edit %d", edit, SEED, i).isEqualTo(1);
            assertThat(stretch(verdict.text())).as(verdict.text()).satisfies(stretch -> {
                assertThat(stretch[0]).isLessThanOrEqualTo(at);
                assertThat(stretch[1]).isGreaterThanOrEqualTo(at);
                assertThat(stretch[1] - stretch[0]).isLessThan(400);
            });
        }
    }

    @Test
    void a_log_rewritten_without_its_key_keeps_a_checkpoint_that_contradicts_it() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < EDITS / 6; i++) {
            int at = place(random);
            List<byte[]> entries = entries();
            Edit.CHANGE.apply(entries, at, random);
            rewrite(entries);
            Path forged = folder.resolve("forged");
            Files.copy(
                    log.resolve("checkpoint"),
                    forged.resolve("checkpoint"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Verdict verdict = Scratch.verify(forged);
            assertThat(verdict.code()).isEqualTo(1);
            assertThat(stretch(verdict.text())).satisfies(stretch -> {
                assertThat(stretch[0]).isLessThanOrEqualTo(at);
                assertThat(stretch[1]).isGreaterThanOrEqualTo(at);
            });
        }
    }

    @Test
    void an_older_state_put_back_is_found_by_any_newer_checkpoint() throws Exception {
        Path witness = witnessed();
        Path kept = Files.copy(log.resolve("checkpoint"), folder.resolve("kept"));
        rewrite(entries().subList(0, 700));
        Path old = folder.resolve("forged");
        assertThat(Scratch.verify(old).code()).isZero();
        assertThat(Scratch.verify(old, "--witness", witness).text())
                .startsWith("FAILED at position 400: the entries from here to 799 ")
                .contains("the log ends after 700");
        assertThat(Scratch.verify(old, "--checkpoint", kept).text())
                .startsWith("FAILED at position 0: the entries from here to 1199 ");
    }

    @Test
    void another_logs_key_is_not_taken_for_this_ones() throws IOException {
        Path other = Scratch.closed(folder.resolve("other"), 10);
        assertThat(Scratch.verify(log, "--key", other.resolve("log.vkey")).text())
                .startsWith("FAILED: the key is not the one that signed: the checkpoint is of the log " + Scratch.ORIGIN
                        + ", signed with another key of that name");
    }

    /** First and last entry that may be wrong. */
    private static long[] stretch(String text) {
        Matcher bad = BAD.matcher(text);
        assertThat(bad.matches()).as(text).isTrue();
        long first = Long.parseLong(bad.group(1));
        Matcher range = RANGE.matcher(bad.group(2));
        return new long[] {first, range.matches() ? Long.parseLong(range.group(1)) : first};
    }

    private static List<byte[]> entries(Path of) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        try (Segment open = Segment.open(of.resolve("entries/0000000000"), 0, false)) {
            Segment.Entries each = open.entries();
            while (each.offset() < open.length()) {
                entries.add(each.next());
            }
        }
        return entries;
    }

    /** What a plain hash chain has to say of entries: the last link. */
    private static String chainHead(List<byte[]> entries) {
        byte[] head = new byte[MerkleTree.HASH_BYTES];
        for (byte[] entry : entries) {
            head = NaiveTree.sha256(head, entry);
        }
        return Arrays.toString(head);
    }
}
