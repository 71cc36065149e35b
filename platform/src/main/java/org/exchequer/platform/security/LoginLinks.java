package org.exchequer.platform.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.exchequer.platform.module.Role;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * One-time links into the console: a token that holds for ten minutes and once. Used ones are remembered as empty files
 * until they would have expired anyway, so that neither a restart nor a second process lets one be used again.
 */
public final class LoginLinks {
    /** How long a link holds. */
    public static final Duration TTL = Duration.ofMinutes(10);

    private static final Duration KEEP = TTL.plusMinutes(5);

    private final LocalIssuer issuer;
    private final Tokens tokens;
    private final Roles roles = new Roles(LocalIssuer.ROLES_CLAIM);
    private final Path used;
    private final Clock clock;

    /** Who logs in. */
    public record Login(String subject, Set<Role> roles) {}

    /** @param used folder of its own in the data directory */
    public LoginLinks(LocalIssuer issuer, Path used, Clock clock) {
        this.issuer = issuer;
        this.tokens = Tokens.forLogin(issuer, clock);
        this.used = used;
        this.clock = clock;
    }

    /** A new link to the console at {@code baseUrl}. */
    public String link(String baseUrl, String subject, Set<Role> who) {
        return baseUrl + "/console/login?token=" + issuer.loginToken(subject, who, clock.instant(), TTL);
    }

    /** Uses a link's token up. Empty when it does not hold, any longer or at all. */
    Optional<Login> redeem(String token) {
        Jwt jwt;
        UUID id;
        try {
            jwt = tokens.decode(token);
            id = UUID.fromString(String.valueOf(jwt.getId()));
        } catch (JwtException | IllegalArgumentException e) {
            return Optional.empty();
        }
        try {
            forgetExpired();
            Files.createFile(used.resolve(id.toString()));
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note a used login link in " + used, e);
        }
        return Optional.of(new Login(Tokens.subject(jwt), roles.of(jwt)));
    }

    private void forgetExpired() throws IOException {
        Instant before = clock.instant().minus(KEEP);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(used)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
