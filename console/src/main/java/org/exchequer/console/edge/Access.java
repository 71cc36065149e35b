package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** Who may do what in the console: the table from which routes are permitted and forms are shown or left out. */
final class Access {
    static final Set<Role> READ = EnumSet.of(Role.TELLER, Role.OPERATOR, Role.CONTROLLER, Role.AUDITOR);
    static final Set<Role> POST = EnumSet.of(Role.TELLER, Role.OPERATOR);
    static final Set<Role> OPERATE = EnumSet.of(Role.OPERATOR);
    static final Set<Role> CONTROL = EnumSet.of(Role.CONTROLLER);

    static final Set<Role> AUDIT = EnumSet.of(Role.OPERATOR, Role.CONTROLLER, Role.AUDITOR);

    private Access() {}

    /** A page of the books: whoever looks at it leaves a trace. */
    static Route get(String pattern, Set<Role> roles) {
        return new Route("GET", pattern, roles).onRecord();
    }

    /** A form. Where it takes more than the right to post, it leaves a trace. */
    static Route post(String pattern, Set<Role> roles) {
        Route route = new Route("POST", pattern, roles);
        return roles.equals(POST) ? route : route.onRecord();
    }

    /** The roles of whoever sent the request. */
    static Set<Role> roles(HttpServletRequest request) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> request.isUserInRole(role.name()))
                .forEach(roles::add);
        return roles;
    }

    /** Whether one of {@code held} is enough for what {@code needed} may do. */
    static boolean may(Set<Role> held, Set<Role> needed) {
        return held.contains(Role.ADMIN) || held.stream().anyMatch(needed::contains);
    }

    static List<String> names(Set<Role> roles) {
        return roles.stream().map(Role::claim).toList();
    }
}
