package org.exchequer.platform.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.exchequer.platform.module.Role;

/**
 * Signs tokens with a key of this machine, for a laptop and for operators: whoever may read the key's file has the
 * authority. ES256 (RFC 7518), since every JWT library verifies it. Made at first use, mode 0600.
 */
public final class LocalIssuer {
    /** The {@code iss} of its tokens. */
    public static final String ISSUER = "exchequer-local";

    /** The {@code aud} of tokens for the APIs. */
    public static final String API_AUDIENCE = "exchequer";

    /** The claim that lists roles by their names. */
    public static final String ROLES_CLAIM = "roles";

    private static final String KEY_FILE = "issuer.jwk";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final ECKey key;

    private LocalIssuer(ECKey key) {
        this.key = key;
    }

    /**
     * The issuer whose key is kept in this folder, made when there is none. Two processes that do it at once end up
     * with
     * the same key.
     *
     * @throws UncheckedIOException when the folder or the key cannot be read or written
     */
    public static LocalIssuer open(Path folder) {
        Path file = folder.resolve(KEY_FILE);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return new LocalIssuer(ECKey.parse(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the issuer's key " + file + ": " + e.getMessage(), e);
        } catch (ParseException e) {
            throw new UncheckedIOException("the issuer's key is damaged: " + file, new IOException(e));
        }
    }

    private static void create(Path file) throws IOException {
        String json;
        try {
            json = new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate()
                    .toJSONString();
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
        Path temporary = Files.createTempFile(
                file.toAbsolutePath().getParent(), KEY_FILE, ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(temporary, json);
            // A link appears whole or not at all, and never replaces the key of a process that was quicker.
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // The other process's key is as good as ours, and now everybody's.
            return;
        } finally {
            Files.delete(temporary);
        }
    }

    /** The public key, as served at {@code /.well-known/jwks.json}. */
    public JWKSet publicKeys() {
        return new JWKSet(key.toPublicJWK());
    }

    /**
     * A signed token for the APIs.
     *
     * @param subject who it speaks for; appears in logs and as the rate limit's name
     * @param ttl how long it holds from {@code now}
     */
    public String token(String subject, Collection<Role> roles, Instant now, Duration ttl) {
        List<String> names = roles.stream().map(Role::claim).sorted().toList();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(API_AUDIENCE)
                .subject(subject)
                .claim(ROLES_CLAIM, names)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)))
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the issuer's key cannot sign", e);
        }
        return token.serialize();
    }
}
