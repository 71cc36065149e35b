package org.exchequer.lab.cli;

import java.io.PrintWriter;
import org.exchequer.lab.scenario.Scenario;
import org.exchequer.lab.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab list}: the scenarios. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the scenarios.")
final class ListCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (Scenario scenario : Scenarios.ALL) {
            out.printf(
                    "%-28s %s%n%-28s %d nodes, %d operations/s, %s by default%n",
                    scenario.name(),
                    scenario.summary(),
                    "",
                    scenario.setting().nodes(),
                    scenario.perSecond(),
                    scenario.seconds() >= 120 ? scenario.seconds() / 60 + " min" : scenario.seconds() + " s");
        }
        out.flush();
    }
}
