package org.exchequer.platform.module;

import java.util.Set;

/**
 * Permission for one kind of request.
 *
 * @param method HTTP method
 * @param pattern path pattern as in Spring's {@code PathPattern}, e.g. {@code /ledger/api/v1/accounts/{code}}
 * @param roles any of these may call it, and {@link Role#ADMIN} always may; empty means that the controller itself decides,
 *     by a credential of its own
 */
public record Route(String method, String pattern, Set<Role> roles) {}
