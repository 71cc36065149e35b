package org.exchequer.app.cli.inward;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.ServerOptions;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every inward command does around its own work: find the server, print, turn a refusal into an exit code. */
public abstract class InwardAction implements Callable<Integer> {
    private final LedgerContext context;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Spec
    private @Nullable CommandSpec spec;

    protected InwardAction(LedgerContext context) {
        this.context = context;
    }

    /** Does the work and answers the exit code; a {@link CommandFailure} ends it. */
    protected abstract int run(InwardServer inward);

    /** What a token of the data directory's own is made for. */
    protected Set<Role> roles() {
        return Set.of(Role.OPERATOR);
    }

    @Override
    public final Integer call() {
        try (InwardServer inward = new InwardServer(server.access(context, roles()))) {
            return run(inward);
        } finally {
            out().flush();
        }
    }

    protected final PrintWriter out() {
        return Objects.requireNonNull(spec, "the command line sets it")
                .commandLine()
                .getOut();
    }

    protected final boolean json() {
        return server.json();
    }

    protected final LedgerContext context() {
        return context;
    }

    /** Prints the body as JSON, or as the text says. */
    protected final void print(JsonNode body, Runnable text) {
        if (json()) {
            out().println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(body));
        } else {
            text.run();
        }
    }
}
