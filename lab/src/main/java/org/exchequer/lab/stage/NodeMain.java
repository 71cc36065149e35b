package org.exchequer.lab.stage;

import java.nio.file.Path;
import java.time.Clock;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;

/**
 * The program as {@code exchequer} starts it, with a clock that the lab can skew: it is handed in here, so that the
 * program itself needs no setting for it; and with fault points that the lab can arm, and burdens that it can order,
 * likewise. Arguments: the front
 * of the names of the files by which the lab does so, then the program's own.
 */
public final class NodeMain {
    private NodeMain() {}

    /** Runs one command of the program and exits with its code. */
    public static void main(String[] args) {
        Ticker ticker = Ticker.system();
        Clock clock = new SkewedClock(Clock.systemUTC(), Path.of(args[0] + Node.SKEW), ticker);
        Faults faults = new Faults();
        CrashPoints.watch(faults, Path.of(args[0] + Node.ARMED), Path.of(args[0] + Node.CRASHED));
        new Orders(new Burdens(faults, ticker), Path.of(args[0] + Node.ORDERS), Path.of(args[0] + Node.CARRIED_OUT))
                .watch();
        String[] command = new String[args.length - 1];
        System.arraycopy(args, 1, command, 0, command.length);
        System.exit(
                Exchequer.commandLine(System.getenv(), clock, ticker, faults).execute(command));
    }
}
