package org.exchequer.lab.cli;

import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.lab.report.RunsServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab serve}: a page of all runs. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Shows all runs in a browser, on this machine only; stops on Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RunsOption runs = new RunsOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7090",
            description = "TCP port, 0 for any free one (default ${DEFAULT-VALUE})")
    private int port;

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to " + MAX_PORT);
        }
        try (RunsServer server = start()) {
            spec.commandLine().getOut().println("Runs in " + runs.path(spec) + " at " + server.url());
            spec.commandLine().getOut().flush();
            new CountDownLatch(1).await();
        }
        return ExitCodes.OK;
    }

    private RunsServer start() throws IOException {
        try {
            return RunsServer.start(runs.path(spec), port);
        } catch (BindException e) {
            throw new BindException("--port: cannot listen on port " + port + " of 127.0.0.1: " + e.getMessage());
        }
    }
}
