package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2036-01-01T00:00:00Z");
    private static final RetentionPolicy POLICY =
            new RetentionPolicy("ten years", Duration.ofDays(365), Duration.ofDays(3_650));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private void age(String file, long days) throws IOException {
        Files.setLastModifiedTime(folder.resolve(file), FileTime.from(NOW.minus(Duration.ofDays(days))));
    }

    @Test
    void old_segments_are_archived_then_purged_and_the_rest_stays_provable() throws Exception {
        int size = 3 * Segment.ENTRIES + 100;
        Scratch.closed(folder, size);
        age("entries/0000000000", 4_000);
        age("entries/0000000001", 400);
        age("entries/0000000002", 300);
        try (ProofLog log = Scratch.open(folder)) {
            assertThat(log.retain(POLICY, NOW)).isEqualTo(new ProofLog.Retained(2, 1, Segment.ENTRIES));
            assertThat(log.retain(POLICY, NOW)).isEqualTo(new ProofLog.Retained(0, 0, Segment.ENTRIES));
            assertThat(log.prove(7))
                    .isInstanceOfSatisfying(
                            ProofLog.Proof.Purged.class,
                            purged -> assertThat(purged.leafHash()).isEqualTo(MerkleTree.leafHash(Scratch.entry(7))));
            assertThat(log.resource("tile/entries/000")).isEmpty();
            assertThat(log.resource("tile/0/000")).isPresent();
            for (long i : new long[] {65_536, 131_072, size - 1}) {
                assertThat(log.prove(i)).isInstanceOf(ProofLog.Proof.Included.class);
            }
            // Appending again what was purged is still told from appending something else.
            log.append(7, Scratch.entry(7));
            assertThatThrownBy(() -> log.append(7, new byte[1])).isInstanceOf(PositionConflictException.class);
        }
        assertThat(folder.resolve("archive/0000000000")).doesNotExist();
        assertThat(folder.resolve("archive/0000000001")).exists();
        assertThat(folder.resolve("entries/0000000001")).doesNotExist();
        assertThat(Scratch.verify(folder).text())
                .startsWith("OK: " + size + " entries")
                .contains("retention: purged 0 to 65535, at 2036-01-01T00:00:00Z, by policy ten years (signed)")
                .contains("positions 0 to 65535 are not here: purged by policy");
        try (ProofLog log = Scratch.open(folder)) {
            assertThat(log.size()).isEqualTo(size);
        }
    }

    @Test
    void what_no_policy_purged_is_missing() throws IOException {
        Scratch.closed(folder, 2 * Segment.ENTRIES + 10);
        age("entries/0000000000", 4_000);
        age("entries/0000000001", 10);
        try (ProofLog log = Scratch.open(folder)) {
            log.retain(POLICY, NOW);
        }
        assertThat(Scratch.verify(folder).code()).isZero();
        Path second = folder.resolve("entries/0000000001");
        byte[] bytes = Files.readAllBytes(second);
        Files.delete(second);
        assertThat(Scratch.verify(folder).text()).startsWith("FAILED at position 65536: ");
        assertThatThrownBy(() -> Scratch.open(folder))
                .isInstanceOfSatisfying(
                        DamagedLogException.class, e -> assertThat(e.position()).isEqualTo(65_536));
        String record = Files.readString(folder.resolve("retention"));
        Files.writeString(folder.resolve("retention"), record.replace("65535", "131071"));
        assertThat(Scratch.verify(folder).text()).contains("a retention record is not signed by the log");
        Files.write(second, bytes);
        Files.delete(folder.resolve("retention"));
        assertThat(Scratch.verify(folder).text()).startsWith("FAILED at position 0: ");
    }

    @Test
    void a_policy_makes_sense() {
        assertThatThrownBy(() -> new RetentionPolicy("a\nb", Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetentionPolicy("a", Duration.ofDays(2), Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
