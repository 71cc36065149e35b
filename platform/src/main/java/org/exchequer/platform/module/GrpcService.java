package org.exchequer.platform.module;

import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Set;

/**
 * A gRPC service and who may call it.
 *
 * @param definition the service with its methods
 * @param routes one per method, made by {@link #route} or {@link #open}; a method that none names is denied
 * @param stopping called when the server takes no more calls, so that streams end before they are cut
 */
public record GrpcService(ServerServiceDefinition definition, List<Route> routes, Runnable stopping) {
    public GrpcService {
        routes = List.copyOf(routes);
    }

    /**
     * Permission to call a method.
     *
     * @param method its full name, e.g. {@code exchequer.ledger.v1.LedgerService/Execute}
     */
    public static Route route(String method, Set<Role> roles) {
        return new Route("POST", "/" + method, roles);
    }

    /** For callers that the method itself knows, see {@link Route#open()}. */
    public static Route open(String method) {
        return Route.open("POST", "/" + method);
    }
}
