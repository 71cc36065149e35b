package org.exchequer.lab;

import java.time.Clock;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.cli.LabCommand;

/** Entry point of {@code exchequer lab}. */
public final class Lab {
    private Lab() {}

    /** Runs one command; exits 0 for a valid run, 2 for one that cannot be told, 1 for a violation. */
    public static void main(String[] args) {
        System.exit(LabCommand.commandLine(Clock.systemUTC(), Ticker.system()).execute(args));
    }
}
