package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.platform.infra.Folders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void what_was_appended_is_there_and_proved() throws MalformedNoteException {
        int size = 700;
        try (ProofLog log = Scratch.open(folder)) {
            Scratch.append(log, 0, size);
            assertThat(log.size()).isEqualTo(size);
            assertThat(log.prove(0)).isEqualTo(new ProofLog.Proof.NotSigned(0));
            Checkpoint checkpoint = Checkpoint.of(log.publish());
            assertThat(checkpoint.size()).isEqualTo(size);
            assertThat(checkpoint.root()).isEqualTo(Scratch.naive(size).root(size));
            for (int i = 0; i < size; i++) {
                assertThat(log.entry(i)).hasValue(Scratch.entry(i));
                ProofBundle bundle = included(log.prove(i));
                assertThat(bundle.entry()).isEqualTo(Scratch.entry(i));
                assertThat(ProofBundle.parse(bundle.render()).holds(log.key())).isTrue();
            }
            assertThat(log.prove(size)).isEqualTo(new ProofLog.Proof.NotSigned(size));
            assertThat(log.entry(size)).isEmpty();
        }
    }

    private static ProofBundle included(ProofLog.Proof proof) {
        assertThat(proof).isInstanceOf(ProofLog.Proof.Included.class);
        return ((ProofLog.Proof.Included) proof).bundle();
    }

    @Test
    void a_log_goes_on_where_it_ended_also_across_segments() throws MalformedNoteException {
        long size = 0;
        for (long next : new long[] {1, 255, 256, 257, 65_535, 65_536, 65_536, 65_537, 140_000}) {
            try (ProofLog log = Scratch.open(folder)) {
                assertThat(log.size()).isEqualTo(size);
                Scratch.append(log, size, next);
            }
            size = next;
        }
        try (ProofLog log = Scratch.open(folder)) {
            assertThat(log.size()).isEqualTo(size);
            assertThat(Checkpoint.of(log.checkpoint()).root())
                    .isEqualTo(Scratch.naive((int) size).root((int) size));
            for (long i : new long[] {0, 65_535, 65_536, 131_071, 131_072, 139_999}) {
                assertThat(included(log.prove(i)).entry()).isEqualTo(Scratch.entry(i));
            }
        }
        assertThat(Scratch.verify(folder).code()).isZero();
    }

    @Test
    void appending_again_what_is_there_changes_nothing() {
        try (ProofLog log = Scratch.open(folder)) {
            Scratch.append(log, 0, 10);
            log.append(10, Scratch.entry(10));
            log.append(10, Scratch.entry(10));
            Scratch.append(log, 3, 12);
            assertThat(log.size()).isEqualTo(12);
        }
        try (ProofLog log = Scratch.open(folder)) {
            Scratch.append(log, 0, 12);
            assertThat(log.size()).isEqualTo(12);
        }
    }

    @Test
    void other_bytes_and_gaps_are_refused_with_the_position() {
        try (ProofLog log = Scratch.open(folder)) {
            Scratch.append(log, 0, 10);
            log.append(10, Scratch.entry(10));
            for (long position : new long[] {3, 10}) {
                assertThatThrownBy(() -> log.append(position, new byte[] {1}))
                        .isInstanceOf(PositionConflictException.class)
                        .hasMessage("position " + position + ": another entry is there already");
            }
            assertThatThrownBy(() -> log.append(12, new byte[0]))
                    .isInstanceOf(PositionConflictException.class)
                    .hasMessage("position 12: the next one is 11");
            assertThatThrownBy(() -> log.append(-1, new byte[0])).isInstanceOf(PositionConflictException.class);
            assertThatThrownBy(() -> log.append(11, new byte[ProofLog.MOST_ENTRY_BYTES + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("position 11: an entry has at most 65535 bytes");
            log.append(11, new byte[ProofLog.MOST_ENTRY_BYTES]);
            log.commit();
            assertThat(log.entry(11)).hasValue(new byte[ProofLog.MOST_ENTRY_BYTES]);
        }
    }

    @Test
    void tiles_are_where_c2sp_puts_them() {
        int size = 70_000;
        try (ProofLog log = Scratch.open(folder)) {
            Scratch.append(log, 0, size);
            log.publish();
            NaiveTree naive = Scratch.naive(size);
            assertThat(resource(log, "tile/0/000", 8_192)).startsWith(naive.mth(0, 1));
            assertThat(resource(log, "tile/0/272", 8_192)).startsWith(naive.mth(272 * 256, 272 * 256 + 1));
            assertThat(resource(log, "tile/0/273.p/112", 112 * 32)).endsWith(naive.mth(size - 1, size));
            assertThat(resource(log, "tile/1/000", 8_192)).startsWith(naive.mth(0, 256));
            assertThat(resource(log, "tile/1/001.p/17", 17 * 32)).startsWith(naive.mth(65_536, 65_792));
            assertThat(resource(log, "tile/2/000.p/1", 32)).isEqualTo(naive.mth(0, 65_536));
            for (String missing :
                    List.of("tile/0/274", "tile/0/273", "tile/2/000.p/2", "tile/3/000", "tile/0/0", "x")) {
                assertThat(log.resource(missing)).as(missing).isEmpty();
            }
            ByteBuffer bundle =
                    ByteBuffer.wrap(log.resource("tile/entries/273.p/112").orElseThrow());
            for (int i = 273 * 256; i < size; i++) {
                byte[] entry = new byte[Short.toUnsignedInt(bundle.getShort())];
                bundle.get(entry);
                assertThat(entry).isEqualTo(Scratch.entry(i));
            }
            assertThat(bundle.hasRemaining()).isFalse();
            assertThat(new String(log.resource("checkpoint").orElseThrow(), StandardCharsets.UTF_8))
                    .isEqualTo(log.checkpoint().render());
        }
    }

    private static byte[] resource(ProofLog log, String path, int length) {
        Optional<byte[]> bytes = log.resource(path);
        assertThat(bytes).as(path).isPresent();
        assertThat(bytes.get()).hasSize(length);
        return bytes.get();
    }

    @Test
    void tile_paths_have_one_form() {
        assertThat(TilePath.parse("tile/0/x001/x234/067")).hasValue(new TilePath(0, 1_234_067, 256));
        assertThat(new TilePath(TilePath.ENTRIES, 1_234_067, 9).path()).isEqualTo("tile/entries/x001/x234/067.p/9");
        for (String wrong : List.of(
                "tile/00/000",
                "tile/64/000",
                "tile/0/x000/001",
                "tile/0/001.p/0",
                "tile/0/001.p/256",
                "tile/0/001.p/01",
                "tile/0/1",
                "/tile/0/001",
                "tile/0/../001")) {
            assertThat(TilePath.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void threads_that_commit_together_lose_nothing() throws Exception {
        int threads = 8;
        int each = 2_000;
        try (ProofLog log = Scratch.open(folder);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Object order = new Object();
            long[] next = {0};
            List<Future<Boolean>> runs = java.util.stream.IntStream.range(0, threads)
                    .mapToObj(t -> pool.submit(() -> {
                        boolean durable = true;
                        for (int i = 0; i < each; i++) {
                            long position;
                            synchronized (order) {
                                position = next[0]++;
                                log.append(position, Scratch.entry(position));
                            }
                            durable &= i % 50 != 0 || log.commit() > position;
                        }
                        return durable && log.commit() >= each;
                    }))
                    .toList();
            for (Future<Boolean> run : runs) {
                assertThat(run.get()).isTrue();
            }
            assertThat(log.size()).isEqualTo((long) threads * each);
        }
        assertThat(Scratch.verify(folder).text()).startsWith("OK: 16000 entries");
    }

    @Test
    void the_key_is_the_owners_alone_and_one_process_has_the_log() throws IOException {
        try (ProofLog log = Scratch.open(folder)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log.key"))))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(folder.resolve("log.vkey")).strip())
                    .isEqualTo(log.key().vkey());
            assertThatThrownBy(() -> Scratch.open(folder))
                    .isInstanceOf(ProofLogException.class)
                    .hasMessageContaining("another process");
        }
        assertThatThrownBy(() -> ProofLog.open(ProofLog.Settings.of(folder, "other.example/log")))
                .hasMessageContaining("is that of " + Scratch.ORIGIN);
        Files.writeString(folder.resolve("log.key"), "x\ny\n");
        assertThatThrownBy(() -> Scratch.open(folder)).hasMessageContaining("is damaged");
    }

    @Test
    void a_log_that_is_gone_is_not_begun_anew_before_somebody_says_so() throws IOException {
        ProofLog.Settings settings = ProofLog.Settings.in(folder, "ledger", Scratch.ORIGIN);
        String key;
        try (ProofLog log = ProofLog.open(settings)) {
            key = log.key().vkey();
        }
        assertThat(Receipts.in(folder)).isEqualTo(Map.of(folder.resolve("prooflog/ledger"), key));
        ProofLog.open(settings).close();
        Folders.delete(folder.resolve("prooflog"));
        assertThatThrownBy(() -> ProofLog.open(settings))
                .isInstanceOf(ProofLogException.class)
                .hasMessageContainingAll(key, "is gone", "prooflog-ledger.vkey");
        assertThat(folder.resolve("prooflog/ledger/log.key")).doesNotExist();
        Files.delete(folder.resolve("prooflog-ledger.vkey"));
        try (ProofLog log = ProofLog.open(settings)) {
            assertThat(log.key().vkey()).isNotEqualTo(key);
        }
    }

    @Test
    void a_damaged_log_does_not_open_and_the_position_is_named() throws IOException {
        int size = 1_000;
        Scratch.closed(folder, size);
        Path segment = folder.resolve("entries/0000000000");
        byte[] bytes = Files.readAllBytes(segment);
        int offset = Segment.HEADER;
        for (int position = 0; position < size; position += 1) {
            int length = Scratch.entry(position).length;
            if (position % 97 == 5 && length > 0) {
                byte[] changed = bytes.clone();
                changed[offset + 2] ^= 1;
                Files.write(segment, changed);
                int expected = position;
                assertThatThrownBy(() -> Scratch.open(folder))
                        .isInstanceOfSatisfying(
                                DamagedLogException.class,
                                e -> assertThat(e.position()).isEqualTo(expected));
            }
            offset += 2 + length;
        }
        Files.write(segment, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Scratch.open(folder))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("position 999");
        Files.write(segment, bytes);
        Files.delete(folder.resolve("checkpoint"));
        assertThatThrownBy(() -> Scratch.open(folder)).hasMessageContaining("the checkpoint is missing");
    }

    @Test
    void a_bundle_is_verified_offline() throws IOException {
        Path file = folder.resolve("entry.tlog-proof");
        String vkey;
        String bundle;
        try (ProofLog log = Scratch.open(folder.resolve("log"))) {
            Scratch.append(log, 0, 300);
            log.publish();
            bundle = included(log.prove(77)).render();
            vkey = log.key().vkey();
        }
        Files.writeString(file, bundle);
        assertThat(Scratch.verify("--bundle", file, "--key", vkey).text()).startsWith("OK: entry 77 ");
        for (String other : List.of(
                bundle.replace("index 77", "index 78"),
                bundle.replace("extra ", "extra AAAA"),
                bundle.replace("\n300\n", "\n301\n"),
                bundle.replaceFirst("index 77\n.*\n", "index 77\n"))) {
            Files.writeString(file, other);
            assertThat(Scratch.verify("--bundle", file, "--key", vkey).code()).isEqualTo(1);
        }
        assertThat(Scratch.verify("--bundle", file).code()).isEqualTo(2);
        assertThat(Scratch.verify("--nonsense").code()).isEqualTo(2);
        assertThat(Scratch.verify(folder.resolve("nowhere")).code()).isEqualTo(2);
    }
}
