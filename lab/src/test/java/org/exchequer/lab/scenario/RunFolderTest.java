package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void the_line_that_plays_it_again_is_whole(@TempDir Path home) throws IOException {
        Path like = home.toRealPath().resolve("data").resolve("lab").resolve("runs");
        assertThat(RunFolder.create(like, "mixed", 7, NOW).again())
                .isEqualTo("./exchequer lab replay 20260101-120000-mixed-7 --out " + like);
        Path odd = Files.createDirectory(home.toRealPath().resolve("it's here"));
        assertThat(RunFolder.create(odd, "mixed", 7, NOW).again())
                .endsWith(" --out '" + home.toRealPath() + "/it'\\''s here'");
    }

    @Test
    void runs_that_begin_at_once_have_folders_of_their_own(@TempDir Path runs) throws Exception {
        List<Callable<String>> eight = java.util.Collections.nCopies(
                8, () -> RunFolder.create(runs, "mixed", 7, NOW).id());
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<String> names =
                    threads.invokeAll(eight).stream().map(Future::resultNow).toList();
            assertThat(names).doesNotHaveDuplicates().contains("20260101-120000-mixed-7", "20260101-120000-mixed-7-8");
        }
    }
}
