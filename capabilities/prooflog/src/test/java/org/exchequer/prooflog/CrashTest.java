package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left when the writer, or the machine, dies at any point of a commit. */
class CrashTest {
    private static final long SEED = Long.getLong("exchequer.test.seed", 42);
    private static final int KILLS = Integer.getInteger("exchequer.test.kills", 4);
    private static final String SEGMENT = "entries/0000000000";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Of a group that was being written, any part may have reached the disk, in any order. */
    @ParameterizedTest
    @CsvSource({"0, 0, 5", "0, 3, 300", "100, 300, 420", "256, 256, 257", "511, 600, 1500"})
    void a_torn_group_is_there_whole_or_not_at_all(int published, int acknowledged, int end) throws IOException {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        try (ProofLog log = Scratch.open(folder.resolve("log"))) {
            Scratch.append(log, 0, published);
            log.publish();
            Scratch.append(log, published, acknowledged);
            Scratch.copy(folder.resolve("log"), before);
            Scratch.append(log, acknowledged, end);
            Scratch.copy(folder.resolve("log"), after);
        }
        NaiveTree naive = Scratch.naive(end);
        Random random = new Random(SEED);
        Path torn = folder.resolve("torn");
        for (int i = 0; i < 15; i++) {
            Scratch.delete(torn);
            Scratch.copy(before, torn);
            Files.write(
                    torn.resolve(SEGMENT),
                    torn(
                            Files.readAllBytes(before.resolve(SEGMENT)),
                            Files.readAllBytes(after.resolve(SEGMENT)),
                            random));
            for (int level = 0; Files.exists(after.resolve("hashes/" + level)); level++) {
                int signed = (published >> (8 * level)) * MerkleTree.HASH_BYTES;
                byte[] written = Files.readAllBytes(after.resolve("hashes/" + level));
                int kept = signed + random.nextInt(written.length - signed + 1);
                byte[] left = Arrays.copyOf(Arrays.copyOf(written, kept), kept + random.nextInt(40));
                if (left.length > 0 || level == 0 && Files.exists(before.resolve("hashes/0"))) {
                    Files.write(torn.resolve("hashes/" + level), left);
                }
            }
            try (ProofLog log = Scratch.open(torn)) {
                assertThat(log.size()).as("seed %d, %d", SEED, i).isIn((long) acknowledged, (long) end);
                Scratch.append(log, published, end);
                assertThat(log.size()).isEqualTo(end);
                assertThat(checkpoint(log).root()).isEqualTo(naive.root(end));
            }
            assertThat(Scratch.verify(torn).text()).startsWith("OK: " + end + " entries");
        }
    }

    private static Checkpoint checkpoint(ProofLog log) {
        try {
            return Checkpoint.of(log.publish());
        } catch (MalformedNoteException e) {
            throw new AssertionError(e);
        }
    }

    /** A file as it may be while the change from one state to the other is on its way to the disk. */
    private static byte[] torn(byte[] before, byte[] after, Random random) {
        byte[] torn = Arrays.copyOf(before, before.length + random.nextInt(after.length - before.length + 1));
        int sector = 512;
        for (int at = 0; at < torn.length; at += sector) {
            if (random.nextInt(4) > 0) {
                int end = Math.min(at + sector, torn.length);
                System.arraycopy(after, at, torn, at, end - at);
            }
        }
        return random.nextInt(5) == 0 ? after.clone() : torn;
    }

    @Test
    void a_segment_that_was_being_made_is_made_again() throws IOException {
        int full = Segment.ENTRIES;
        Path log = Scratch.closed(folder.resolve("log"), full);
        for (int length : new int[] {0, 1, Segment.SLOT, Segment.HEADER}) {
            Files.write(log.resolve("entries/0000000001"), new byte[length]);
            try (ProofLog open = Scratch.open(log)) {
                assertThat(open.size()).isEqualTo(full);
            }
            assertThat(log.resolve("entries/0000000001")).doesNotExist();
        }
        try (ProofLog open = Scratch.open(log)) {
            Scratch.append(open, full, full + 10);
        }
        assertThat(Scratch.verify(log).text()).startsWith("OK: " + (full + 10) + " entries");
    }

    @Test
    void a_writer_that_is_killed_has_kept_what_it_acknowledged() throws Exception {
        Path log = folder.resolve("log");
        Random random = new Random(SEED);
        long known = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Writer.class.getName(),
                            log.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader acknowledged = writer.inputReader(StandardCharsets.UTF_8)) {
                int lines = 5 + random.nextInt(100);
                for (int i = 0; i < lines; i++) {
                    known = Math.max(known, Long.parseLong(acknowledged.readLine()));
                }
                // Not Process.destroyForcibly, which closes what is still to be read.
                writer.toHandle().destroyForcibly();
                for (String line = acknowledged.readLine(); line != null; line = acknowledged.readLine()) {
                    // The last line may be cut short; a shorter number claims less.
                    known = Math.max(known, Long.parseLong(line));
                }
            }
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            try (ProofLog open = Scratch.open(log)) {
                assertThat(open.size()).isGreaterThanOrEqualTo(known);
                known = open.size();
            }
            assertThat(Scratch.verify(log).text()).startsWith("OK: " + known + " entries");
        }
        try (ProofLog open = Scratch.open(log)) {
            for (long i = 0; i < known; i++) {
                open.append(i, Scratch.entry(i));
            }
            assertThat(open.size()).isEqualTo(known);
        }
    }

    /** Appends until it is killed, and says what is durable. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            try (ProofLog log = Scratch.open(Path.of(args[0]))) {
                Random random = new Random(log.size());
                for (long position = log.size(); position < 3_000_000; ) {
                    int group = 1 + random.nextInt(2_000);
                    Scratch.append(log, position, position + group);
                    position += group;
                    System.out.println(position);
                    if (random.nextInt(10) == 0) {
                        log.publish();
                    }
                }
            }
        }
    }
}
