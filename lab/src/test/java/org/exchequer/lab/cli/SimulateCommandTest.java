package org.exchequer.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void says_that_no_violation_was_found() {
        assertThat(run("ledger", "--seeds", "20", "--from", "5")).isZero();
        assertThat(out.toString())
                .contains("seeds 5 to 24, 40 operations each, bug: none")
                .contains("no violation found")
                .endsWith("verdict: VALID" + System.lineSeparator());
    }

    @Test
    void a_bug_is_shown_small_with_a_line_that_reproduces_it() {
        assertThat(run("ledger", "--seeds", "20", "--bug", "skip-dedupe")).isEqualTo(1);
        String line = out.toString()
                .lines()
                .filter(each -> each.startsWith("reproduce: ./exchequer lab simulate "))
                .findFirst()
                .orElseThrow();
        String found = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run(line.substring("reproduce: ./exchequer lab simulate ".length())
                        .split(" ")))
                .isEqualTo(1);
        assertThat(found).contains(out.toString().lines().limit(4).toList());
    }

    @Test
    void bad_options_are_named() {
        assertThat(run("ledger", "--bug", "none-such")).isEqualTo(64);
        assertThat(err.toString()).contains("--bug: no bug is called none-such; there are none, skip-dedupe");
        assertThat(run("exchange")).isEqualTo(64);
        assertThat(err.toString()).contains("there is no simulator of exchange");
        assertThat(run("ledger", "--only", "o1")).isEqualTo(64);
        assertThat(err.toString()).contains("--only needs --seed");
        assertThat(run("ledger", "--seeds", "0")).isEqualTo(64);
        assertThat(run("ledger", "--seed", "1", "--only", "o99")).isEqualTo(64);
        assertThat(err.toString()).contains("--only: the plan of seed 1 has no part o99");
    }
}
