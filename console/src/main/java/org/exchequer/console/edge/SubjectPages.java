package org.exchequer.console.edge;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** The page of persons whose data is sealed, and of their erasure. */
final class SubjectPages implements ConsolePages {
    static final String LIST = LedgerPages.ROOT + "/subjects";
    static final String PROPOSE = LIST + "/{subject}/erasures";
    static final String APPROVE = PROPOSE + "/{id}/approval";
    static final String REJECT = PROPOSE + "/{id}/rejection";

    private static final Set<Role> READ = EnumSet.of(Role.AUDITOR);
    private static final Set<Role> ERASE = EnumSet.of(Role.ADMIN);

    private final SubjectController controller;

    SubjectPages(Subjects subjects) {
        controller = new SubjectController(subjects);
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(new NavEntry("Assurance", "Personal data", LIST, "eye", "5", READ));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Access.get(LIST, READ),
                Access.post(PROPOSE, ERASE),
                Access.post(APPROVE, ERASE),
                Access.post(REJECT, ERASE));
    }
}
