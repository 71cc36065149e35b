package org.exchequer.platform.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.web.StrictJson;

/**
 * One-time links into the console: a secret of 144 random bits that holds for ten minutes and once. A folder in the
 * data directory keeps, under each secret's hash, who it lets in; whoever may write there has the authority to make
 * one. Using a link renames its file away, which one caller can do and nobody twice, also across restarts and
 * processes.
 */
public final class LoginLinks {
    /** How long a link holds. */
    public static final Duration TTL = Duration.ofMinutes(10);

    private static final int SECRET_BYTES = 18;
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{24}");

    private final Path folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Who logs in. */
    public record Login(String subject, Set<Role> roles, Instant expires) {}

    /** @param folder of its own in the data directory, mode 0700 */
    public LoginLinks(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** A new link to the console at {@code baseUrl}. */
    public String link(String baseUrl, String subject, Set<Role> roles) {
        forgetExpired();
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Login login = new Login(subject, EnumSet.copyOf(roles), clock.instant().plus(TTL));
        SmallFiles.write(file(secret), StrictJson.mapper().writeValueAsString(login));
        return baseUrl + LoginFilter.PATH + "?token=" + secret;
    }

    /** Uses a link's secret up. Empty when it does not hold, any longer or at all. */
    Optional<Login> redeem(String secret) {
        if (!SECRET.matcher(secret).matches()) {
            return Optional.empty();
        }
        Path file = file(secret);
        Path mine = file.resolveSibling(file.getFileName() + ".used");
        try {
            Files.move(file, mine, StandardCopyOption.ATOMIC_MOVE);
            Login login = StrictJson.mapper().readValue(Files.readString(mine), Login.class);
            Files.delete(mine);
            return login.expires().isAfter(clock.instant()) ? Optional.of(login) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("login links cannot be read in " + folder, e);
        }
    }

    /** The hash, so that a listing of the folder lets nobody in. */
    private Path file(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
            return folder.resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void forgetExpired() {
        Instant before = clock.instant().minus(TTL);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Somebody used one while we looked: as good as forgotten, and the rest is for the next time.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("login links cannot be read in " + folder, e);
        }
    }
}
