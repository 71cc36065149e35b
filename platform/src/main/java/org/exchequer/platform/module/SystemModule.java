package org.exchequer.platform.module;

import java.util.List;

/**
 * One of the systems, built by plain constructors and run by the program. Order: construct → {@link #start} → serve →
 * {@link #close}. Construction opens nothing; {@code start} blocks until the system can serve.
 */
public interface SystemModule extends AutoCloseable {
    /** Its name on the command line, in URLs and in the database, e.g. {@code ledger}. */
    String name();

    /** Opens what it needs, recovers its state, starts its jobs. Throws when it cannot serve. */
    void start();

    /** Whether it can serve now; called often, must be quick. */
    Readiness readiness();

    /** The statements that must always hold, checked now; may take seconds. */
    List<InvariantResult> checkInvariants();

    /** Its HTTP controllers (Spring MVC), to be registered by the host. */
    List<Object> controllers();

    /** Its gRPC services, with who may call them; none unless it says otherwise. */
    default List<GrpcService> grpcServices() {
        return List.of();
    }

    /** Who may call what under {@code /<name>/}; whatever is not named here is denied. */
    List<Route> routes();

    /** Finishes what is in flight and releases everything. Safe to call twice. */
    @Override
    void close();
}
