package org.exchequer.app.cli.ledger;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every ledger command does around its own work: find the server, print, turn a refusal into an exit code. */
public abstract class LedgerAction implements Callable<Integer> {
    private final LedgerContext context;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Spec
    private @Nullable CommandSpec spec;

    LedgerAction(LedgerContext context) {
        this.context = context;
    }

    /** Does the work and answers the exit code; a {@link CommandFailure} ends it. */
    abstract int run(LedgerClient client);

    /** What a token of the data directory's own is made for. */
    Set<Role> roles() {
        return Set.of(Role.OPERATOR, Role.CONTROLLER);
    }

    @Override
    public final Integer call() {
        try (LedgerClient client = new LedgerClient(server.access(context, roles()))) {
            return run(client);
        } finally {
            out().flush();
        }
    }

    final PrintWriter out() {
        return spec().commandLine().getOut();
    }

    final boolean json() {
        return server.json();
    }

    final LedgerContext context() {
        return context;
    }

    /** The key given, or a new one. */
    final String key(@Nullable String given) {
        return given == null ? context.keys().next() : given;
    }

    /** The reply when it is one of success; else the failure it means. */
    public static Reply require(Reply reply) {
        if (reply.ok()) {
            return reply;
        }
        int exitCode = switch (reply.status()) {
            case 400, 413, 415 -> ExitCodes.USAGE;
            case 401, 403 -> ExitCodes.NO_PERMISSION;
            case 429, 503 -> ExitCodes.UNAVAILABLE;
            case 504 -> ExitCodes.OUTCOME_UNKNOWN;
            default -> ExitCodes.FAILED;
        };
        String detail = reply.text("detail");
        throw new CommandFailure(
                exitCode,
                (detail.isEmpty() ? "the server answered " + reply.status() : detail)
                        + (reply.text("code").isEmpty() ? "" : " (" + reply.text("code") + ")"));
    }

    /** Prints the body as JSON, or as the table says. */
    final void print(JsonNode body, Runnable table) {
        if (json()) {
            out().println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(body));
        } else {
            table.run();
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
