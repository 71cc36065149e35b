package org.exchequer.reconciliation.edge.http;

import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.CONTROLLER;
import static org.exchequer.platform.module.Role.OPERATOR;
import static org.exchequer.platform.module.Role.TELLER;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Statements;

/** The REST door: its controllers, and who may call what. */
public final class ReconciliationDoors {
    static final String BASE = "/reconciliation/api/v1";

    private static final Set<Role> READ = Set.of(TELLER, OPERATOR, CONTROLLER, AUDITOR);
    private static final Set<Role> WORK = Set.of(TELLER, OPERATOR);
    private static final Set<Role> DECIDE = Set.of(CONTROLLER);

    private ReconciliationDoors() {}

    /** Paths whose bodies may be longer than the host's limit, with theirs in bytes. */
    public static Map<String, Long> bodyLimits() {
        return Map.of(BASE + "/runs", Statements.MOST_BYTES);
    }

    public static List<Object> controllers(Reconciliations reconciliations, Statements statements, Ledger ledger) {
        return List.of(new RunDoor(reconciliations, statements, ledger), new BreakDoor(reconciliations, ledger));
    }

    /** What shows lines of accounts, and what decides, leaves a trace; see {@link Route#onRecord()}. */
    public static List<Route> routes() {
        return List.of(
                new Route("POST", BASE + "/runs", WORK),
                new Route("GET", BASE + "/runs", READ).onRecord(),
                new Route("GET", BASE + "/runs/{runId}", READ).onRecord(),
                new Route("GET", BASE + "/runs/{runId}/breaks", READ).onRecord(),
                new Route("GET", BASE + "/breaks", READ).onRecord(),
                new Route("GET", BASE + "/breaks/{breakId}", READ).onRecord(),
                new Route("GET", BASE + "/openapi.yaml", READ),
                new Route("POST", BASE + "/breaks/{breakId}/owner", WORK),
                new Route("POST", BASE + "/breaks/{breakId}/adjustment", WORK),
                new Route("POST", BASE + "/breaks/{breakId}/closing", WORK),
                new Route("POST", BASE + "/breaks/{breakId}/approval", DECIDE).onRecord(),
                new Route("POST", BASE + "/breaks/{breakId}/rejection", DECIDE).onRecord());
    }
}
