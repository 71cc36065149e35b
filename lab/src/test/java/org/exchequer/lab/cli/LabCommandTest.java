package org.exchequer.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LabCommandTest {
    private final StringWriter out = new StringWriter();

    @Test
    void list_names_every_scenario() {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("postgres-kill", "writer-pause", "network-partition", "mixed", "20 min");
    }

    @Test
    void wrong_input_is_told_by_name() {
        assertThat(run("run", "nothing-such")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("there is no scenario \"nothing-such\"; choose from postgres-kill");
        assertThat(run("run", "mixed", "--rate", "0")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("the rate must be from 1 to");
        assertThat(run("run", "mixed", "--minutes", "0")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("--minutes must be from 1 to 1440");
        assertThat(run("run", "mixed", "--out", "")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("--out must name a folder");
        assertThat(run("serve", "--port", "70000")).isEqualTo(ExitCodes.USAGE);
        assertThat(run()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void bounds_that_a_run_would_break_are_told() {
        assertThat(run("run", "mixed", "--ramp", "60")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("are for scenarios of inward");
        assertThat(run("run", "inward-models", "--ramp", "600")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("the ramp of 600 s must be at most half of the run");
        assertThat(run("run", "inward-models", "--minutes", "31", "--specified"))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("at most 1,800 s");
        assertThat(run("run", "inward-models", "--approved-by", "mary")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("go with --shared");
        assertThat(run("run", "inward-models", "--stop-missed", "101")).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("percentages must be from 0 to 100");
    }

    @Test
    void a_run_that_is_not_there_cannot_be_replayed(@TempDir Path runs) {
        assertThat(run("replay", "gone", "--out", runs.toString())).isEqualTo(ExitCodes.USAGE);
        assertThat(out.toString()).contains("there is no run gone in " + runs);
        assertThat(run("replay", runs.toString())).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(out.toString()).contains(runs + " cannot be played again: it is going on, or was broken off");
    }

    @Test
    void what_cannot_be_made_or_listened_on_is_said(@TempDir Path runs) throws Exception {
        Path file = Files.writeString(runs.resolve("file"), "");
        assertThat(run("run", "mixed", "--out", file.toString())).isEqualTo(ExitCodes.NO_INPUT);
        assertThat(out.toString()).contains("--out: no folder can be made in " + file + ": " + file + " is no folder");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("serve", "--port", "" + other.getLocalPort())).isEqualTo(ExitCodes.IN_USE);
            assertThat(out.toString()).contains("--port: cannot listen on port " + other.getLocalPort());
        }
    }

    private int run(String... arguments) {
        CommandLine line = LabCommand.commandLine(Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute(arguments);
    }
}
