package org.exchequer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.DataDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks while the program is starting is told so, not that it cannot be reached. */
class StartingFileTest {
    private static final long ME = ProcessHandle.current().pid();

    private record Ran(int code, String text) {}

    private static Ran run(Path data, String... words) {
        StringWriter text = new StringWriter();
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--data";
        all[words.length + 1] = data.toString();
        int code = Exchequer.commandLine(Map.of(), Clock.systemUTC(), Ticker.system())
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text))
                .execute(all);
        return new Ran(code, text.toString());
    }

    private static StartingFile file(long pid) {
        return new StartingFile(pid, "PostgreSQL", "2026-03-01T10:00:00Z", "1.2");
    }

    @Test
    void a_command_says_what_is_waited_for(@TempDir Path folder) {
        Path data = folder.resolve("data");
        // What an earlier life left: it ran at some address, and was killed.
        try (DataDirectory held = DataDirectory.open(data)) {
            new RuntimeFile("http://127.0.0.1:1", "http://127.0.0.1:2", ME + 1, "2026-02-01T10:00:00Z", "1.2", null)
                    .write(held.path());
            assertThat(RuntimeFile.find(data)).isEmpty();
            file(ME + 1).write(data);
            assertThat(run(data, "status").code()).isEqualTo(ExitCodes.UNAVAILABLE);

            file(ME).write(data);
            Ran status = run(data, "status");
            assertThat(status.code()).isEqualTo(ExitCodes.STARTING);
            assertThat(status.text())
                    .contains("starting: waiting for PostgreSQL since 2026-03-01T10:00:00Z (process " + ME + ")");
            assertThat(run(data, "status", "--json").code()).isEqualTo(ExitCodes.STARTING);
            assertThat(run(data, "ledger", "account", "list").code()).isEqualTo(ExitCodes.STARTING);

            new RuntimeFile("http://127.0.0.1:1", "http://127.0.0.1:2", ME, "2026-03-01T10:00:09Z", "1.2", null)
                    .write(held.path());
            assertThat(StartingFile.find(data)).isEmpty();
            assertThat(RuntimeFile.find(data)).isPresent();
        }
        assertThat(run(data, "status").code()).isEqualTo(ExitCodes.UNAVAILABLE);
    }
}
