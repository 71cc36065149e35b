package org.exchequer.app;

import java.time.Clock;
import java.util.Map;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.kernel.Ticker;

/** Entry point of the {@code exchequer} program. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code (see {@link org.exchequer.app.cli.ExitCodes}). */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        int code = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system())
                .execute(args);
        System.exit(code);
    }
}
