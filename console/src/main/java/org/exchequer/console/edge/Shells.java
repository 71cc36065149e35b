package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Puts the frame around the console's pages: navigation by role, who is logged in, where assets are. */
@ControllerAdvice(basePackageClasses = Console.class)
public final class Shells {
    private final List<NavEntry> navigation;
    private final Assets assets;

    Shells(List<NavEntry> navigation, Assets assets) {
        this.navigation = List.copyOf(navigation);
        this.assets = assets;
    }

    @ModelAttribute("shell")
    Shell shell(HttpServletRequest request) {
        Set<Role> held = Access.roles(request);
        Map<String, List<NavEntry>> byGroup = new LinkedHashMap<>();
        navigation.stream()
                .filter(entry -> entry.roles().isEmpty() || Access.may(held, entry.roles()))
                .forEach(entry -> byGroup.computeIfAbsent(entry.group(), group -> new ArrayList<>())
                        .add(entry));
        Principal user = request.getUserPrincipal();
        return new Shell(
                byGroup.entrySet().stream()
                        .map(group -> new Shell.Group(group.getKey(), List.copyOf(group.getValue())))
                        .toList(),
                request.getRequestURI(),
                user == null ? null : user.getName(),
                Access.names(held),
                Access.may(held, Access.POST),
                Access.may(held, Access.OPERATE),
                Access.may(held, Access.CONTROL),
                assets.addresses());
    }
}
