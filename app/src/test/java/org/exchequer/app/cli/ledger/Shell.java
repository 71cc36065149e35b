package org.exchequer.app.cli.ledger;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Map;
import org.exchequer.app.cli.Exchequer;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs commands as a person would, in this process, and keeps what they print. */
final class Shell {
    private final Map<String, String> environment;

    Shell(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** With the address of a server and the token of somebody who operates and controls in the environment. */
    static Shell operator(LedgerServer server) {
        return new Shell(
                Map.of("EXCHEQUER_URL", server.url(), "EXCHEQUER_TOKEN", server.token(Role.OPERATOR, Role.CONTROLLER)));
    }

    record Done(int exitCode, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    /** {@code exchequer ledger} with these arguments. */
    Done ledger(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "ledger";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return run(all);
    }

    /** {@code exchequer} with these arguments. */
    Done run(String... all) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Exchequer.commandLine(environment, Clock.systemUTC(), Ticker.system());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exitCode = line.execute(all);
        return new Done(exitCode, out.toString(), err.toString());
    }
}
