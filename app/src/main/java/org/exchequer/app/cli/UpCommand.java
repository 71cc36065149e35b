package org.exchequer.app.cli;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.app.Program;
import org.exchequer.app.Settings;
import org.exchequer.app.Systems;
import org.exchequer.app.Version;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.core.Ids;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exchequer up}: starts the program and runs it until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts the systems and what they stand on; stops them on Ctrl-C.",
        footer = {
            "%nEnvironment, all optional:",
            "  EXCHEQUER_DATABASE_URL      postgresql://user:password@host:port/database instead of the embedded one;",
            "                              several, separated by commas, are the shards of one ledger",
            "  EXCHEQUER_WAL_ARCHIVE       folder, best on another disk, for the log that restores need (see backup)",
            "  EXCHEQUER_LAB_RUNS          folder of the lab's runs for the console (default data/lab/runs)",
            "  EXCHEQUER_KAFKA             host:port[,host:port] instead of the embedded broker",
            "  EXCHEQUER_REDIS             redis://[user:password@]host:port instead of the embedded one; rediss for",
            "                              TLS; off for none",
            "  EXCHEQUER_BIND              address to listen on (default 127.0.0.1: this machine only)",
            "  EXCHEQUER_PUBLIC_URL        where other nodes reach this one's gRPC",
            "  EXCHEQUER_TLS_CERT, _KEY    PEM files; TLS 1.3",
            "  EXCHEQUER_OIDC_ISSUER       OpenID Connect issuer whose tokens are taken instead of ours",
            "  EXCHEQUER_OIDC_AUDIENCE     what their aud must contain (default exchequer)",
            "  EXCHEQUER_ROLES_CLAIM       where they list roles, e.g. realm_access.roles (default roles)",
            "  EXCHEQUER_METRICS_OPEN      loopback (default): /metrics needs no token from this machine; no",
            "  EXCHEQUER_RATE_LIMIT        requests per second and caller",
            "  EXCHEQUER_MAX_BODY          bytes",
            "  EXCHEQUER_LOG               text (default) or json, on standard error",
            "  OTEL_EXPORTER_OTLP_ENDPOINT where spans go, over HTTP",
        })
final class UpCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 7070;
    private static final int MAX_PORT = 65_535;

    private final Map<String, String> environment;
    private final Clock clock;
    private final Ticker ticker;
    private final Faults faults;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_PORT,
            description = "TCP port, 0 for any free one (default ${DEFAULT-VALUE})")
    private int port = DEFAULT_PORT;

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "TCP port of gRPC, 0 for any free one (default: the one after --port)")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--systems",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "all",
            description = "which systems to run (default: all)")
    private List<String> systems = List.of("all");

    @Option(names = "--no-sample", description = "leave an empty ledger empty: no sample bank")
    private boolean noSample;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description =
                    "databases that the ledger is spread over on the embedded PostgreSQL (default: as it was, or 1)")
    private int shards = 1;

    UpCommand(Map<String, String> environment, Clock clock, Ticker ticker, Faults faults) {
        this.environment = environment;
        this.clock = clock;
        this.ticker = ticker;
        this.faults = faults;
    }

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to " + MAX_PORT);
        }
        int grpc = grpcPort == null ? (port == 0 ? 0 : port + 1) : grpcPort;
        if (grpc < 0 || grpc > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "--grpc-port must be from 0 to " + MAX_PORT);
        }
        if (grpc == port && port != 0) {
            throw new ParameterException(spec.commandLine(), "--grpc-port must not be that of --port");
        }
        if (shards < 1 || shards > Ids.MAX_SHARDS) {
            throw new ParameterException(spec.commandLine(), "--shards must be from 1 to " + Ids.MAX_SHARDS);
        }
        List<Systems.Row> rows;
        Settings settings;
        try {
            rows = Systems.select(systems);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--systems: " + e.getMessage(), e);
        }
        try {
            settings = Settings.from(environment);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCodes.CONFIG, String.valueOf(e.getMessage()));
        }
        if (shards > 1 && !settings.databases().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--shards is for the embedded PostgreSQL; EXCHEQUER_DATABASE_URL names the shards itself");
        }
        return run(new Program.Options(data.path(), port, grpc, rows, !noSample, shards), settings);
    }

    private int run(Program.Options options, Settings settings) throws Exception {
        PrintStream out = System.out;
        out.println("Exchequer " + Version.current() + " on " + options.data());
        long jvmMillis = ManagementFactory.getRuntimeMXBean().getUptime();
        long start = ticker.nanos();
        Program program = Program.start(options, settings, clock, ticker, faults, out);
        long nanos = ticker.nanos() - start + TimeUnit.MILLISECONDS.toNanos(jvmMillis);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(program, stopped, out)));
        out.printf("Ready in %.1f s (%.1f s of it before main).%n%n", nanos / 1e9, jvmMillis / 1e3);
        welcome(out, program, options);
        stopped.await();
        return ExitCodes.OK;
    }

    private void stop(Program program, CountDownLatch stopped, PrintStream out) {
        long start = ticker.nanos();
        out.println();
        out.println("Stopping.");
        program.close();
        out.printf("Stopped in %.1f s.%n", (ticker.nanos() - start) / 1e9);
        out.flush();
        stopped.countDown();
        // An orderly stop is a success, also when a signal asked for it.
        Runtime.getRuntime().halt(ExitCodes.OK);
    }

    private void welcome(PrintStream out, Program program, Program.Options options) {
        Path data = options.data();
        String url = program.url();
        String dataOption = data.equals(DataOption.usual()) ? "" : " --data '" + data + "'";
        out.println("  Console  " + program.loginLink());
        out.println("           (once, within 10 minutes; another one: ./exchequer token --login" + dataOption + ")");
        out.println("  API      " + url + "/ledger/api/v1   contract: " + url + "/ledger/api/v1/openapi.yaml");
        out.println("  gRPC     " + program.grpcUrl() + "   exchequer.ledger.v1.LedgerService, with reflection");
        boolean inward = options.systems().stream().anyMatch(row -> row.name().equals("inward"));
        if (inward) {
            out.println("  Inward   " + url + "/console/inward   payment messages from other banks, answered in 4.5 s");
        }
        out.println("  Health   " + url + "/health  " + url + "/ready  " + url + "/metrics");
        out.println("  Logs     " + data.resolve("logs").resolve("exchequer.log"));
        out.println();
        out.println("Try, in another terminal:");
        out.println(Samples.curl(url, dataOption).indent(2));
        if (inward) {
            out.println("Payments of other banks, while their partners fail: ./exchequer inward demo" + dataOption);
        }
        out.println("Stop with Ctrl-C.");
    }
}
