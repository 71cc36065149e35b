package org.exchequer.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** From a token's claim to authorities. Names that are not ours are ignored: an issuer serves others too. */
public final class Roles implements Converter<Jwt, AbstractAuthenticationToken> {
    private static final String PREFIX = "ROLE_";

    private final List<String> path;

    /** @param claim dots lead into nested objects */
    public Roles(String claim) {
        this.path = List.of(claim.split("\\."));
    }

    @Override
    public AbstractAuthenticationToken convert(Jwt token) {
        return new JwtAuthenticationToken(token, authorities(of(token)), Tokens.subject(token));
    }

    /** The roles that a token carries. */
    Set<Role> of(Jwt token) {
        @Nullable Object value = token.getClaims();
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (value instanceof Collection<?> names) {
            Arrays.stream(Role.values())
                    .filter(role -> names.contains(role.claim()))
                    .forEach(roles::add);
        }
        return roles;
    }

    /** As Spring Security knows them. */
    static Collection<GrantedAuthority> authorities(Collection<Role> roles) {
        return roles.stream()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(PREFIX + role.name()))
                .toList();
    }

    /** What the trace of a request says. */
    public static AccessTrail.Access access(HttpServletRequest request) {
        Set<Role> held = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> request.isUserInRole(role.name()))
                .forEach(held::add);
        Principal who = request.getUserPrincipal();
        String query = request.getQueryString();
        return new AccessTrail.Access(
                who == null ? "" : who.getName(),
                held,
                request.getMethod(),
                request.getRequestURI() + (query == null ? "" : "?" + query),
                request.getRemoteAddr());
    }

    /** Whether somebody with these authorities has one of these roles, or is an administrator. */
    static boolean mayAct(Collection<? extends GrantedAuthority> held, Set<Role> needed) {
        for (GrantedAuthority authority : held) {
            String name = authority.getAuthority();
            if (name == null || !name.startsWith(PREFIX)) {
                continue;
            }
            String role = name.substring(PREFIX.length());
            if (role.equals(Role.ADMIN.name())
                    || needed.stream().anyMatch(one -> one.name().equals(role))) {
                return true;
            }
        }
        return false;
    }
}
