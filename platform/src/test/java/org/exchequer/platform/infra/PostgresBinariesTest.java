package org.exchequer.platform.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {
    @TempDir
    private Path cache;

    @Test
    void areUnpackedOnceAlsoWhenTwoProcessesNeedThemAtOnce() throws Exception {
        Path folder;
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Future<Path> first = executor.submit(() -> PostgresBinaries.unpacked(cache, System.out::println));
            Future<Path> second = executor.submit(() -> PostgresBinaries.unpacked(cache, System.out::println));
            folder = first.get();
            assertThat(second.get()).isEqualTo(folder);
        }
        assertThat(Files.isExecutable(folder.resolve("bin/postgres"))).isTrue();
        try (var left = Files.list(cache)) {
            assertThat(left).containsExactly(folder);
        }
        assertThat(PostgresBinaries.unpacked(cache, System.out::println)).isEqualTo(folder);
    }
}
