package org.exchequer.platform.module;

import java.util.Set;

/**
 * Permission for one kind of request. A gRPC method is one too: {@code POST /package.Service/Method}.
 *
 * @param method HTTP method
 * @param pattern path pattern as in Spring's {@code PathPattern}, e.g. {@code /ledger/api/v1/accounts/{code}}
 * @param roles any of these may call it; {@link Role#ADMIN} always may
 * @param open reached without a token, because its door knows its callers by means of its own and answers 401 to all
 *     others, or shows what anybody may see. Its callers' rate is not limited; that of refused attempts is
 * @param recorded each call leaves a trace, because it shows what may be personal or takes more than the right to post
 */
public record Route(String method, String pattern, Set<Role> roles, boolean open, boolean recorded) {
    /** For callers with one of these roles; leaves no trace. */
    public Route(String method, String pattern, Set<Role> roles) {
        this(method, pattern, roles, false, false);
    }

    /** The same, leaving a trace. */
    public Route onRecord() {
        return new Route(method, pattern, roles, open, true);
    }

    /** For callers that the door itself knows, or for anybody, see {@link #open()}. Say why where you call it. */
    public static Route open(String method, String pattern) {
        return new Route(method, pattern, Set.of(), true, false);
    }
}
