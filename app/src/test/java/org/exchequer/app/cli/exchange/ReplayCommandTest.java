package org.exchequer.app.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
    private static final String DAY = """
            MsgType=192 OrderNo=1 Price=10000 OrderQty=500 OrdType=65 Side=66 TransactTime=9300000 BizIndex=1
            MsgType=191 BidApplSeqNum=1 OfferApplSeqNum=2 LastPx=10000 LastQty=200 ExecType=83 \
            TransactTime=9300100 BizIndex=2
            """;

    @TempDir
    private Path folder = Path.of("");

    private record Done(int code, String out, String err) {}

    private static Done run(Path file) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Exchequer.commandLine(Map.of(), Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute("exchange", "replay", file.toString());
        return new Done(code, out.toString(), err.toString());
    }

    @Test
    void a_tape_is_compared() throws IOException {
        Done done = run(Files.writeString(folder.resolve("day.log"), DAY));
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out())
                .startsWith("2 orders, 0 deletions, 1 trades and 0 snapshots")
                .contains("1 of 1 equal")
                .endsWith("Everything agrees." + System.lineSeparator());
    }

    @Test
    void a_tape_in_an_archive_is_compared() throws IOException {
        Path zip = folder.resolve("day.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("day.log"));
            out.write(DAY.getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(run(zip).code()).isZero();
    }

    @Test
    void what_differs_is_shown() throws IOException {
        Done done = run(Files.writeString(folder.resolve("day.log"), DAY.replace("LastPx=10000", "LastPx=9990")));
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.out())
                .contains(
                        "0 of 1 equal", "1 bought from 2: 200 at 9990 on the tape, 1 bought from 2: 200 at 10000 here")
                .contains("NOT everything agrees.");
    }

    @Test
    void what_is_no_tape_is_named() throws IOException {
        Done none = run(folder.resolve("none"));
        assertThat(none.code()).isEqualTo(66);
        assertThat(none.err()).contains("none cannot be read: NoSuchFileException");
        Done other = run(Files.writeString(folder.resolve("other.log"), "a,b,c\n"));
        assertThat(other.code()).isEqualTo(66);
        assertThat(other.err()).contains("other.log is no tape: line 1: fields must be Name=Value");
        Done empty = run(Files.writeString(folder.resolve("empty.zip"), ""));
        assertThat(empty.code()).isEqualTo(66);
        assertThat(empty.err()).contains("a zip archive with a file in it is expected");
        Done nothing = run(Files.writeString(folder.resolve("nothing.log"), ""));
        assertThat(nothing.code()).as("no orders, no comparison").isEqualTo(66);
    }
}
