package org.exchequer.inward.edge.http;

import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.CONTROLLER;
import static org.exchequer.platform.module.Role.OPERATOR;
import static org.exchequer.platform.module.Role.TELLER;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.inward.api.Setup;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** Its controllers, and who may call what. */
public final class InwardDoors {
    static final String BASE = "/inward/api/v1";

    private static final Set<Role> READ = Set.of(TELLER, OPERATOR, CONTROLLER, AUDITOR);
    private static final Set<Role> SEND = Set.of(TELLER, OPERATOR);

    private static final Set<Role> WORK = Set.of(OPERATOR);
    private static final Set<Role> WATCH = Set.of(OPERATOR, CONTROLLER, AUDITOR);
    private static final Set<Role> ORDER = Set.of(OPERATOR, CONTROLLER);
    private static final Set<Role> DECIDE = Set.of(CONTROLLER);

    private InwardDoors() {}

    /** Paths with a limit of their own on bodies, in bytes. */
    public static Map<String, Long> bodyLimits() {
        return Map.of(BASE + "/messages", (long) Inward.MOST_BYTES, BASE + "/dead-letters", (long) Inward.MOST_BYTES);
    }

    public static List<Object> controllers(
            Inward inward, InwardViews views, DeadLetters letters, Supplier<Setup> setup) {
        return List.of(
                new PaymentDoor(inward, views.payments()),
                new StatisticsDoor(views.statistics()),
                new DeadLetterDoor(letters),
                new SetupDoor(setup));
    }

    /** How fraud is found, and by what. */
    public static List<Object> fraud(Fraud fraud, FraudSettings settings) {
        return List.of(new FraudDoor(fraud), new FraudSettingsDoor(settings));
    }

    /** What people configure and order. */
    public static List<Object> control(Configurations configurations, Controls controls) {
        return List.of(new ConfigDoor(configurations), new ControlDoor(controls));
    }

    /** What shows payments leaves a trace; see {@link Route#onRecord()}. */
    public static List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                new Route("POST", BASE + "/messages", SEND),
                new Route("GET", BASE + "/statistics", READ),
                new Route("GET", BASE + "/live", READ),
                new Route("GET", BASE + "/reports/{kind}", READ),
                new Route("GET", BASE + "/payments", READ).onRecord(),
                new Route("GET", BASE + "/payments/{paymentId}", READ).onRecord(),
                new Route("GET", BASE + "/dead-letters", WORK),
                new Route("GET", BASE + "/dead-letters/{letterId}", WORK).onRecord(),
                new Route("GET", BASE + "/dead-letters/{letterId}/message", WORK).onRecord(),
                new Route("POST", BASE + "/dead-letters/{letterId}/resubmissions", WORK).onRecord(),
                new Route("GET", BASE + "/setup", WORK),
                new Route("GET", BASE + "/openapi.yaml", READ)));
        routes.addAll(fraud());
        routes.addAll(controls());
        return routes;
    }

    /** What shows payments, or changes what they are judged by, leaves a trace. */
    private static List<Route> fraud() {
        String change = BASE + "/fraud/changes/{version}";
        String model = BASE + "/fraud/model-changes";
        return List.of(
                new Route("GET", BASE + "/payments/{paymentId}/explanation", WATCH).onRecord(),
                new Route("GET", BASE + "/payments/{paymentId}/network", WATCH).onRecord(),
                new Route("POST", BASE + "/payments/{paymentId}/feedback", WORK),
                new Route("GET", BASE + "/fraud/overview", WATCH),
                new Route("GET", BASE + "/fraud/queue", WATCH).onRecord(),
                new Route("GET", BASE + "/fraud/models", WATCH),
                new Route("GET", BASE + "/fraud/rules", WATCH),
                new Route("GET", model, WATCH),
                new Route("POST", model, ORDER),
                new Route("POST", model + "/{changeId}/approval", DECIDE),
                new Route("POST", model + "/{changeId}/rejection", DECIDE),
                new Route("GET", BASE + "/fraud/settings", WATCH),
                new Route("POST", BASE + "/fraud/settings", ORDER).onRecord(),
                new Route("GET", BASE + "/fraud/lists", WATCH).onRecord(),
                new Route("POST", BASE + "/fraud/lists", ORDER).onRecord(),
                new Route("POST", BASE + "/fraud/lists/removals", ORDER).onRecord(),
                new Route("GET", BASE + "/fraud/changes", WATCH),
                new Route("GET", change + "/preview", WATCH).onRecord(),
                new Route("POST", change + "/approval", DECIDE).onRecord(),
                new Route("POST", change + "/rejection", ORDER).onRecord(),
                new Route("POST", change + "/rollback", ORDER).onRecord());
    }

    /** Whatever changes how payments are worked on leaves a trace. */
    private static List<Route> controls() {
        String version = BASE + "/config/{key}/versions/{version}";
        String measure = BASE + "/controls/measures/{measureId}";
        return List.of(
                new Route("GET", BASE + "/config", WATCH),
                new Route("GET", BASE + "/config/{key}", WATCH),
                new Route("POST", BASE + "/config/{key}", ORDER).onRecord(),
                new Route("POST", version + "/approval", DECIDE).onRecord(),
                new Route("POST", version + "/rejection", ORDER).onRecord(),
                new Route("POST", version + "/rollback", ORDER).onRecord(),
                new Route("GET", BASE + "/controls", WATCH),
                new Route("GET", BASE + "/controls/measures", WATCH),
                new Route("GET", measure + "/acts", WATCH),
                new Route("POST", BASE + "/controls/measures", ORDER).onRecord(),
                new Route("POST", measure + "/approval", DECIDE).onRecord(),
                new Route("POST", measure + "/rejection", ORDER).onRecord(),
                new Route("POST", measure + "/end", ORDER).onRecord());
    }
}
