package org.exchequer.platform.security;

import org.jspecify.annotations.Nullable;

/**
 * Whose tokens the APIs take.
 *
 * @param oidcIssuer URL of an OpenID Connect issuer whose tokens are taken instead of the local issuer's, or null
 * @param audience what a token's {@code aud} must contain
 * @param rolesClaim where a token lists its roles; dots lead into nested objects, e.g. {@code realm_access.roles}
 */
public record TokenPolicy(@Nullable String oidcIssuer, String audience, String rolesClaim) {
    /** The local issuer's tokens. */
    public static final TokenPolicy LOCAL = new TokenPolicy(null, LocalIssuer.API_AUDIENCE, LocalIssuer.ROLES_CLAIM);

    /** The {@code iss} that tokens must carry. */
    public String issuer() {
        return oidcIssuer == null ? LocalIssuer.ISSUER : oidcIssuer;
    }
}
