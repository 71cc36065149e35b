package org.exchequer.platform.security;

import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import org.exchequer.platform.security.Tokens.IssuerAwayException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

/** The check of {@code Authorization: Bearer …} (RFC 6750) for doors that are not servlets. */
public final class BearerTokens {
    private static final String SCHEME = "bearer ";

    private final Tokens tokens;
    private final Roles roles;

    public BearerTokens(TokenPolicy policy, LocalIssuer issuer, Clock clock) {
        this.tokens = Tokens.forApi(policy, issuer, clock);
        this.roles = new Roles(policy.rolesClaim());
    }

    /** What became of a check. */
    public sealed interface Verdict {
        /** The token holds. */
        record Known(Caller caller) implements Verdict {}

        /** There is none, or it does not hold; the detail is for people and quotes nothing of it. */
        record Refused(String detail) implements Verdict {}

        /** The issuer cannot be asked for its keys: nobody knows. */
        record IssuerAway() implements Verdict {}
    }

    /** @param authorization the header's value, or null when there is none */
    public Verdict check(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return new Verdict.Refused("This method needs a token: authorization: Bearer <token>."
                    + " Get one with ./exchequer token --role <role>.");
        }
        try {
            Jwt token = tokens.decode(authorization.substring(SCHEME.length()).strip());
            return new Verdict.Known(new Caller(
                    Tokens.subject(token),
                    roles.of(token),
                    Objects.requireNonNull(token.getExpiresAt(), "verified tokens expire")));
        } catch (IssuerAwayException away) {
            return new Verdict.IssuerAway();
        } catch (JwtException bad) {
            return new Verdict.Refused(
                    "The token does not hold: " + ProblemHandlers.reason(String.valueOf(bad.getMessage())));
        }
    }
}
