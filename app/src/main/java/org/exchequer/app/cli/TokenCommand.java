package org.exchequer.app.cli;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.exchequer.app.Program;
import org.exchequer.app.RuntimeFile;
import org.exchequer.app.access.LocalActs;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code exchequer token}: signs a token with the data directory's key, or leaves a login link there; access to its
 * files is the authority.
 */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a token for the APIs, or a one-time link into the console.",
            "The access log will say who made it, for whom, and with which roles."
        })
public final class TokenCommand implements Callable<Integer> {
    private static final Pattern TTL = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Duration MAX_TTL = Duration.ofDays(366);

    private final Map<String, String> environment;
    private final Clock clock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            split = ",",
            description = "one or several of ${COMPLETION-CANDIDATES} (in lower case too)")
    private List<Role> roles = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "8h",
            description = "how long it holds, e.g. 30m, 8h, 90d (default ${DEFAULT-VALUE})")
    private String ttl = "8h";

    @Option(
            names = {"--user", "--subject"},
            paramLabel = "NAME",
            description = "who it speaks for (default: your user name); what needs four eyes needs two of them")
    private String subject = System.getProperty("user.name", "local");

    @Option(names = "--login", description = "print a one-time link into the console instead; holds ten minutes")
    private boolean login;

    TokenCommand(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (subject.isBlank() || subject.length() > 100) {
            throw new ParameterException(spec.commandLine(), "--user must have 1 to 100 characters");
        }
        if (login) {
            RuntimeFile running = data.running();
            Set<Role> who = roles.isEmpty() ? EnumSet.of(Role.ADMIN) : EnumSet.copyOf(roles);
            record("login link", who, LoginLinks.TTL);
            LoginLinks links = new LoginLinks(data.path().resolve(Program.LINKS), clock);
            System.out.println(links.link(running.url(), subject, who));
            return ExitCodes.OK;
        }
        if (roles.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--role is missing, e.g. --role teller");
        }
        if (environment.get("EXCHEQUER_OIDC_ISSUER") != null) {
            System.err.println("exchequer: EXCHEQUER_OIDC_ISSUER is set; the APIs take its tokens and not this one");
        }
        Duration duration = duration();
        LocalIssuer issuer = issuer(data.path());
        record("token", EnumSet.copyOf(roles), duration);
        System.out.println(issuer.token(subject, EnumSet.copyOf(roles), clock.instant(), duration));
        return ExitCodes.OK;
    }

    /** In the access log, before it can be used. Whoever runs this has no roles: the files are the authority. */
    private void record(String what, Set<Role> who, Duration duration) {
        String names = who.stream().map(Role::claim).sorted().collect(Collectors.joining(", "));
        new LocalActs(data.path())
                .leave(
                        System.getProperty("user.name", "local"),
                        Set.of(),
                        what + " for " + subject + " as " + names + ", holds " + duration,
                        clock);
    }

    /** The issuer of a data directory that exists: a typing error must not make a key that opens nothing. */
    public static LocalIssuer issuer(Path data) {
        Path folder = data.resolve(Program.SECURITY);
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCodes.UNAVAILABLE, data + " is no data directory yet; start the program with ./exchequer up");
        }
        try {
            return LocalIssuer.open(folder);
        } catch (UncheckedIOException e) {
            throw new CommandFailure(ExitCodes.CANNOT_CREATE, String.valueOf(e.getMessage()));
        }
    }

    private Duration duration() {
        Matcher matcher = TTL.matcher(ttl);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
            if (duration.compareTo(MAX_TTL) <= 0) {
                return duration;
            }
        }
        throw new ParameterException(
                spec.commandLine(), "--ttl must be a number and s, m, h or d, at most 366d, e.g. 8h");
    }
}
