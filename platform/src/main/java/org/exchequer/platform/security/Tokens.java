package org.exchequer.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Verifies tokens: signature by a known key and an expected algorithm, issuer, audience, subject, not expired, not
 * before its
 * time. A signature costs about as much CPU as the rest of a small request, so tokens whose signature held are
 * remembered for five minutes; their times are checked on every request.
 */
public final class Tokens implements JwtDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);
    private static final Duration FOREIGN_CLOCK_SKEW = Duration.ofSeconds(60);
    private static final int REMEMBERED = 10_000;
    private static final int LONGEST_NAME = 255;

    private final JwtDecoder signatures;
    private final OAuth2TokenValidator<Jwt> claims;
    private final Cache<String, Jwt> genuine = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    private Tokens(JwtDecoder signatures, OAuth2TokenValidator<Jwt> claims) {
        this.signatures = signatures;
        this.claims = claims;
    }

    /** For the APIs. An OpenID issuer is asked for its keys at the first token, so it need not be up at start. */
    public static Tokens forApi(TokenPolicy policy, LocalIssuer local, Clock clock) {
        String oidc = policy.oidcIssuer();
        if (oidc == null) {
            return new Tokens(localSignatures(local), claims(policy.issuer(), policy.audience(), CLOCK_SKEW, clock));
        }
        JwtDecoder remote = new SupplierJwtDecoder(
                () -> withoutClaims(NimbusJwtDecoder.withIssuerLocation(oidc).build()));
        return new Tokens(remote, claims(oidc, policy.audience(), FOREIGN_CLOCK_SKEW, clock));
    }

    @Override
    public Jwt decode(String token) {
        Jwt jwt = genuine.getIfPresent(token);
        if (jwt == null) {
            jwt = verified(token);
            genuine.put(token, jwt);
        }
        OAuth2TokenValidatorResult result = claims.validate(jwt);
        if (result.hasErrors()) {
            String message = result.getErrors().iterator().next().getDescription();
            throw new JwtValidationException(message == null ? "the token does not hold" : message, result.getErrors());
        }
        return jwt;
    }

    /**
     * The issuer's keys cannot be had, so nobody knows whether the token holds. A kind of bad token to Spring Security,
     * which would end any other kind of failure with status 500.
     */
    static final class IssuerAwayException extends BadJwtException {
        private static final long serialVersionUID = 1L;

        IssuerAwayException(RuntimeException cause) {
            super("the issuer cannot be asked for its keys", cause);
        }
    }

    private Jwt verified(String token) {
        try {
            return signatures.decode(token);
        } catch (BadJwtException e) {
            throw e;
        } catch (JwtException | JwtDecoderInitializationException e) {
            LOG.warn("the issuer of tokens cannot be asked for its keys: {}", e.getMessage());
            throw new IssuerAwayException(e);
        }
    }

    /** Who a verified token speaks for. */
    static String subject(Jwt verified) {
        return Objects.requireNonNull(verified.getSubject(), "verified tokens have a subject");
    }

    private static JwtDecoder localSignatures(LocalIssuer local) {
        return withoutClaims(NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<SecurityContext>(local.publicKeys()))
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .build());
    }

    private static JwtDecoder withoutClaims(NimbusJwtDecoder decoder) {
        decoder.setJwtValidator(token -> OAuth2TokenValidatorResult.success());
        return decoder;
    }

    private static OAuth2TokenValidator<Jwt> claims(String issuer, String audience, Duration skew, Clock clock) {
        JwtTimestampValidator times = new JwtTimestampValidator(skew);
        times.setClock(clock);
        times.setAllowEmptyExpiryClaim(false);
        return new DelegatingOAuth2TokenValidator<>(List.of(
                new JwtClaimValidator<String>(JwtClaimNames.SUB, Tokens::isName),
                times,
                new JwtIssuerValidator(issuer),
                new JwtAudienceValidator(audience)));
    }

    /** Two people are not told apart by what nobody sees: four eyes would be two. */
    private static boolean isName(@Nullable String subject) {
        return subject != null
                && !subject.isBlank()
                && subject.length() <= LONGEST_NAME
                && subject.codePoints().noneMatch(Tokens::isUnseen);
    }

    private static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
