package org.exchequer.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.scenario.Run;
import org.exchequer.lab.scenario.RunFolder;
import org.exchequer.lab.scenario.RunReport;
import org.exchequer.lab.scenario.RunSettings;
import org.exchequer.platform.telemetry.LogSetup;

/** Plays a run on a terminal. */
final class Playing {
    /** The rest of a long line is in the report. */
    private static final int WIDTH = 220;

    private final Clock clock;
    private final Ticker ticker;
    private final PrintWriter out;

    Playing(Clock clock, Ticker ticker, PrintWriter out) {
        this.clock = clock;
        this.ticker = ticker;
        this.out = out;
    }

    /** Returns the exit code. */
    int play(RunSettings settings, Path runs) throws Exception {
        RunFolder folder;
        try {
            folder = RunFolder.create(runs, settings.scenario().name(), settings.seed(), clock.instant());
        } catch (IOException e) {
            throw new IOException("--out: no folder can be made in " + runs + ": " + why(e), e);
        }
        LogSetup.toFiles(folder.path(), LogSetup.Format.TEXT);
        out.printf("%s, seed %d, into %s%n", settings.scenario().name(), settings.seed(), folder.path());
        out.flush();
        long began = ticker.nanos();
        RunReport report = new Run(settings, folder, clock, ticker, line -> {
                    out.printf("  %4d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - began), line);
                    out.flush();
                })
                .play();
        tell(report, folder);
        return report.verdict().exitCode();
    }

    private static String why(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException other -> other.getFile() + " is no folder";
            case AccessDeniedException denied -> "writing to " + denied.getFile() + " is not allowed";
            case NoSuchFileException nowhere -> nowhere.getFile() + " cannot be made";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.toString();
        };
    }

    private static String brief(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
    }

    private void tell(RunReport report, RunFolder folder) throws IOException {
        out.println();
        report.findings()
                .forEach(named -> out.println("  " + brief(named.finding().describe())));
        for (FaultRecord fault : report.faults()) {
            if (!fault.bit()) {
                out.println("  no evidence that this bit: " + fault.fault().describe() + ": " + fault.evidence());
            }
        }
        report.planted().stream()
                .filter(bug -> bug.caughtBy().isEmpty())
                .forEach(bug -> out.println("  planted and NOT caught: " + bug.bug()));
        out.println();
        out.println(report.verdict() + ": " + report.sentence());
        out.println("Report: " + folder.report());
        out.println("Again:  " + report.replay());
        out.flush();
    }
}
