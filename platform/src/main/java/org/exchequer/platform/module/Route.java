package org.exchequer.platform.module;

import java.util.Set;

/**
 * Permission for one kind of request.
 *
 * @param method HTTP method
 * @param pattern path pattern as in Spring's {@code PathPattern}, e.g. {@code /ledger/api/v1/accounts/{code}}
 * @param roles any of these may call it; {@link Role#ADMIN} always may
 * @param open anybody may call it, without a token: it is public, or knows its callers by means of its own
 */
public record Route(String method, String pattern, Set<Role> roles, boolean open) {
    /** For callers with one of these roles. */
    public Route(String method, String pattern, Set<Role> roles) {
        this(method, pattern, roles, false);
    }

    /** For everybody. Name the reason where you call it. */
    public static Route open(String method, String pattern) {
        return new Route(method, pattern, Set.of(), true);
    }
}
