package org.exchequer.lab.stage;

import java.nio.file.Path;
import java.time.Clock;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.kernel.Ticker;

/**
 * The program as {@code exchequer} starts it, with a clock that the lab can skew: it is handed in here, so that the
 * program itself needs no setting for it. Arguments: the file of the skew, then the program's own.
 */
public final class NodeMain {
    private NodeMain() {}

    /** Runs one command of the program and exits with its code. */
    public static void main(String[] args) {
        Ticker ticker = Ticker.system();
        Clock clock = new SkewedClock(Clock.systemUTC(), Path.of(args[0]), ticker);
        String[] command = new String[args.length - 1];
        System.arraycopy(args, 1, command, 0, command.length);
        System.exit(Exchequer.commandLine(System.getenv(), clock, ticker).execute(command));
    }
}
