package org.exchequer.app.cli.ledger;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.exchequer.app.RuntimeFile;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.DataOption;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ServerAccess;
import org.exchequer.app.cli.TokenCommand;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of every ledger command: which server, by what authority, and how to print. Without a URL it is the program
 * running on the data directory, and whoever may read that directory's key has the roles that the command takes.
 */
public final class ServerOptions {
    /** Long enough for the longest import. */
    private static final Duration TOKEN_TIME = Duration.ofHours(8);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "server, e.g. http://127.0.0.1:7070 (default: EXCHEQUER_URL, else the one running on --data)")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "bearer token (default: EXCHEQUER_TOKEN, which no process list shows; on --data a new one)")
    private @Nullable String token;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    public boolean json() {
        return json;
    }

    public Access access(LedgerContext context, Set<Role> roles) {
        String address = url != null ? url : context.environment().get("EXCHEQUER_URL");
        String given = token != null ? token : context.environment().get("EXCHEQUER_TOKEN");
        if (address == null || address.isBlank()) {
            RuntimeFile running = data.running();
            return new Access(
                    URI.create(running.url()),
                    given == null ? mint(context, roles) : given,
                    ServerAccess.client(running));
        }
        if (given == null) {
            throw new CommandFailure(ExitCodes.USAGE, "a URL needs a token: --token or EXCHEQUER_TOKEN");
        }
        return new Access(server(address), given, ServerAccess.client(null));
    }

    private String mint(LedgerContext context, Set<Role> roles) {
        return TokenCommand.issuer(data.path())
                .token(
                        System.getProperty("user.name", "local"),
                        roles,
                        context.clock().instant(),
                        TOKEN_TIME);
    }

    private static URI server(String address) {
        CommandFailure wrong = new CommandFailure(ExitCodes.USAGE, "the URL must be like http://127.0.0.1:7070");
        try {
            URI uri = new URI(address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null || !uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
                throw wrong;
            }
            return uri;
        } catch (URISyntaxException notAnAddress) {
            throw wrong;
        }
    }
}
