package org.exchequer.ledger.edge.http;

import static org.exchequer.platform.module.Role.ADMIN;
import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.CONTROLLER;
import static org.exchequer.platform.module.Role.OPERATOR;
import static org.exchequer.platform.module.Role.TELLER;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** The ledger's REST door: its controllers, and who may call what. */
public final class LedgerDoors {
    /** How long a request waits for the outcome of its command before it answers {@code OUTCOME_UNKNOWN}. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Who may look. */
    public static final Set<Role> READ = Set.of(TELLER, OPERATOR, CONTROLLER, AUDITOR);
    /** Who may post, and propose. */
    public static final Set<Role> POST = Set.of(TELLER, OPERATOR);
    /** Who may open and change accounts, and reverse. */
    public static final Set<Role> MANAGE = Set.of(OPERATOR);
    /** Who may decide what others proposed, and close days. */
    public static final Set<Role> CONTROL = Set.of(CONTROLLER);
    /** Who may give any command at all; which ones depends on each. */
    public static final Set<Role> COMMAND = Set.of(TELLER, OPERATOR, CONTROLLER);

    /** Who may see whose erasure was proposed and done. */
    public static final Set<Role> PERSONS = Set.of(AUDITOR);

    /** Who may propose to erase a person, and decide it; two of them are needed. */
    public static final Set<Role> ERASE = Set.of(ADMIN);

    /** Largest body of a batch, in bytes: ten thousand items with a reference and a few labels each. */
    private static final long BATCH_BYTES = 16 << 20;

    /** What is read there concerns no person. */
    private static final Set<String> OF_NOBODY =
            Set.of("/days", "/proof/checkpoint", "/proof/key", "/proof/tile/{level}/{*index}");

    private LedgerDoors() {}

    /** Paths whose bodies may be longer than the host's limit, with theirs in bytes. */
    public static Map<String, Long> bodyLimits() {
        return Map.of(Answer.BASE + BatchDoor.PATH, BATCH_BYTES);
    }

    public static List<Object> controllers(Ledger ledger, Proofs proofs, Subjects subjects, Ticker ticker) {
        return controllers(ledger, proofs, subjects, ticker, DEADLINE);
    }

    /** With another deadline than {@link #DEADLINE}. */
    public static List<Object> controllers(
            Ledger ledger, Proofs proofs, Subjects subjects, Ticker ticker, Duration deadline) {
        return List.of(
                new AccountDoor(ledger, deadline),
                new TransactionDoor(ledger, deadline),
                new HoldDoor(ledger, deadline),
                new BatchDoor(ledger, deadline, ticker),
                new ControlDoor(ledger, deadline),
                new ReportDoor(ledger),
                new ProofDoor(ledger, proofs),
                new SubjectDoor(subjects));
    }

    public static List<Route> routes() {
        return List.of(
                route("POST", "/accounts", MANAGE),
                route("GET", "/accounts", READ),
                route("GET", "/accounts/{code}", READ),
                route("PATCH", "/accounts/{code}", MANAGE),
                route("GET", "/accounts/{code}/balance", READ),
                route("GET", "/accounts/{code}/rollup", READ),
                route("GET", "/accounts/{code}/history", READ),
                route("GET", "/accounts/{code}/statement", READ),
                route("GET", "/accounts/{code}/holds", READ),
                route("POST", "/transfers", POST),
                route("POST", BatchDoor.PATH, COMMAND),
                route("POST", BatchDoor.PATH + "/linked", COMMAND),
                route("GET", BatchDoor.PATH + "/linked/{linkedTo}", READ),
                route("POST", "/transactions", POST),
                route("GET", "/transactions", READ),
                route("GET", "/transactions/{transactionId}", READ),
                route("GET", "/transactions/{transactionId}/proof", READ),
                route("GET", "/proof/checkpoint", READ),
                route("GET", "/proof/key", READ),
                route("GET", "/proof/tile/entries/{*index}", READ),
                route("GET", "/proof/tile/{level}/{*index}", READ),
                route("POST", "/transactions/{transactionId}/reversal", MANAGE),
                route("POST", "/holds", POST),
                route("GET", "/holds", READ),
                route("GET", "/holds/{holdId}", READ),
                route("POST", "/holds/{holdId}/post", POST),
                route("POST", "/holds/{holdId}/void", POST),
                route("POST", "/adjustments", POST),
                route("GET", "/adjustments", READ),
                route("GET", "/adjustments/{adjustmentId}", READ),
                route("POST", "/adjustments/{adjustmentId}/approval", CONTROL),
                route("POST", "/adjustments/{adjustmentId}/rejection", CONTROL),
                route("GET", "/days", READ),
                route("POST", "/days/{day}/close", CONTROL),
                route("GET", "/subjects", PERSONS),
                route("GET", "/subjects/{subject}", PERSONS),
                route("POST", "/subjects/{subject}/erasures", ERASE),
                route("POST", "/subjects/{subject}/erasures/{erasureId}/approval", ERASE),
                route("POST", "/subjects/{subject}/erasures/{erasureId}/rejection", ERASE),
                route("GET", "/commands", READ),
                route("GET", "/commands/{key}", READ),
                route("GET", "/trial-balance", READ),
                route("GET", "/balance-sheet", READ),
                route("GET", "/income-statement", READ),
                // Tells nothing of anybody's books: whoever may reach the program may read how to talk to it.
                Route.open("GET", Answer.BASE + "/openapi.yaml"));
    }

    /** What shows accounts, their owners and what they did, and what takes more than the right to post, is recorded. */
    private static Route route(String method, String path, Set<Role> roles) {
        Route route = new Route(method, Answer.BASE + path, roles);
        boolean posting = roles.equals(POST) || roles.equals(COMMAND);
        return posting || OF_NOBODY.contains(path) ? route : route.onRecord();
    }
}
