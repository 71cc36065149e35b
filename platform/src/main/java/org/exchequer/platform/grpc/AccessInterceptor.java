package org.exchequer.platform.grpc;

import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.security.BearerTokens;
import org.exchequer.platform.security.BearerTokens.Verdict;
import org.exchequer.platform.security.Caller;
import org.exchequer.platform.web.HttpLimits;
import org.exchequer.platform.web.RateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Deny by default: a call is let through when a route names its method and the caller's token carries one of the
 * route's roles. A caller is counted by name, anybody else by remote address; a stream counts once.
 */
final class AccessInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Map<String, Route> routes = new HashMap<>();
    private final BearerTokens tokens;
    private final AccessTrail trail;
    private final RateLimiter known;
    private final RateLimiter anonymous;
    private final RateLimiter unknownAtDoors;

    AccessInterceptor(Collection<Route> routes, BearerTokens tokens, HttpLimits limits, AccessTrail trail) {
        this.trail = trail;
        routes.forEach(route -> this.routes.put(route.pattern(), route));
        this.tokens = tokens;
        this.known = new RateLimiter(limits.requestsPerSecond(), limits.burst());
        this.anonymous = new RateLimiter(limits.anonymousPerSecond(), 2 * limits.anonymousPerSecond());
        this.unknownAtDoors = new RateLimiter(limits.anonymousPerSecond(), 2 * limits.anonymousPerSecond());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Route route = routes.get("/" + call.getMethodDescriptor().getFullMethodName());
        if (route != null && route.open()) {
            return throughDoor(call, headers, next);
        }
        Caller caller = switch (tokens.check(headers.get(AUTHORIZATION))) {
            case Verdict.Known(Caller who) -> who;
            case Verdict.Refused(String detail) -> {
                count(anonymous, address(call));
                throw RpcError.of(Code.UNAUTHENTICATED, "UNAUTHENTICATED", detail)
                        .asException();
            }
            case Verdict.IssuerAway() ->
                throw RpcError.of(Code.UNAVAILABLE, "NOT_READY", "The issuer of tokens cannot be asked for its keys.")
                        .retryAfter(Duration.ofSeconds(5))
                        .asException();
        };
        count(known, caller.name());
        if (!caller.mayAct(route == null ? Set.of() : route.roles())) {
            throw forbidden(route);
        }
        AccessTrail.Access access = new AccessTrail.Access(
                caller.name(), caller.roles(), "RPC", call.getMethodDescriptor().getFullMethodName(), address(call));
        if (route != null && route.recorded()) {
            trail.leave(access);
        }
        Context known = Context.current()
                .withValues(GrpcHost.CALLER, caller, GrpcHost.ACTS, new AccessTrail.Acts(trail, access));
        return Contexts.interceptCall(known, call, headers, next);
    }

    /** At a door that knows its callers itself, only those it does not know are counted. */
    private <Q, A> ServerCall.Listener<Q> throughDoor(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String address = address(call);
        refuseAfter(unknownAtDoors.look(address));
        try {
            return next.startCall(call, headers);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAUTHENTICATED) {
                unknownAtDoors.take(address);
            }
            throw e;
        }
    }

    private static RuntimeException forbidden(@Nullable Route route) {
        Set<String> roles = new TreeSet<>(Set.of(Role.ADMIN.claim()));
        if (route != null) {
            route.roles().forEach(role -> roles.add(role.claim()));
        }
        return RpcError.of(Code.PERMISSION_DENIED, "FORBIDDEN", "Your token's roles do not allow this.")
                .at("roles", "one of " + roles)
                .asException();
    }

    private static void count(RateLimiter limiter, String who) {
        refuseAfter(limiter.take(who));
    }

    private static void refuseAfter(long waitNanos) {
        if (waitNanos > 0) {
            throw RpcError.of(Code.RESOURCE_EXHAUSTED, "RATE_LIMITED", "More calls than allowed.")
                    .retryAfter(Duration.ofNanos(waitNanos))
                    .asException();
        }
    }

    private static String address(ServerCall<?, ?> call) {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address instanceof InetSocketAddress inet ? inet.getHostString() : String.valueOf(address);
    }
}
