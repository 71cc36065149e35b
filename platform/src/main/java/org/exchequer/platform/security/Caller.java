package org.exchequer.platform.security;

import java.time.Instant;
import java.util.Set;
import org.exchequer.platform.module.Role;

/**
 * Who calls, as a verified token says.
 *
 * @param name the token's subject
 * @param roles the roles it carries
 * @param expiresAt until when it holds
 */
public record Caller(String name, Set<Role> roles, Instant expiresAt) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Whether the caller has one of these roles, or is an administrator. */
    public boolean mayAct(Set<Role> needed) {
        return roles.contains(Role.ADMIN) || roles.stream().anyMatch(needed::contains);
    }
}
