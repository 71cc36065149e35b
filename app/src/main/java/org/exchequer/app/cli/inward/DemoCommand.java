package org.exchequer.app.cli.inward;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Set;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.inward.demo.Demo;
import org.exchequer.app.cli.inward.demo.Report;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.platform.module.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code exchequer inward demo}. */
@Command(
        name = "demo",
        description = {
            "Sends made-up messages of all kinds to the running program, and checks what became of them.",
            "Its simulated partners fail meanwhile. Every payment has to be answered within 4.5 s,"
                    + " and the ledger has to equal the answers.",
            "Transfers, direct debits, reversals, cancellations that race their payments, exact duplicates, malformed"
                    + " and",
            "forbidden ones, names from a made-up sanctions list. The partners then play what they played before.",
            "Exit code 0: all of that held. 1: something did not; the report says what."
        })
final class DemoCommand extends InwardAction {
    private static final int MOST = 200_000;

    @Option(names = "--seconds", description = "for how long messages are sent, 5 to 3600 (default: ${DEFAULT-VALUE})")
    private int seconds = 60;

    @Option(names = "--rate", description = "messages a second on average, 1 to 2000 (default: ${DEFAULT-VALUE})")
    private int rate = 20;

    @Option(names = "--seed", description = "of kinds, parties and amounts (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--no-faults", description = "leave the partners alone")
    private boolean noFaults;

    @Option(names = "--real", description = "also when the partners are real ones: posts made-up payments there")
    private boolean real;

    DemoCommand(LedgerContext context) {
        super(context);
    }

    @Override
    protected Set<Role> roles() {
        return Set.of(Role.OPERATOR);
    }

    @Override
    protected int run(InwardServer inward) {
        between("--seconds", seconds, 5, 3_600);
        between("--rate", rate, 1, 2_000);
        if ((long) seconds * rate > MOST) {
            throw new CommandFailure(ExitCodes.USAGE, "--seconds times --rate must be at most " + MOST);
        }
        PrintWriter progress = json() ? new PrintWriter(Writer.nullWriter()) : out();
        Demo demo = new Demo(
                inward,
                new Demo.Options(seconds, rate, seed, !noFaults, real),
                context().clock(),
                context().ticker(),
                progress);
        try {
            Report report = demo.run();
            print(report.json(), () -> report.print(out()));
            return report.good() ? ExitCodes.OK : ExitCodes.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.FAILED, "interrupted; nothing was checked");
        }
    }

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new CommandFailure(ExitCodes.USAGE, option + ": must be " + least + " to " + most);
        }
    }
}
