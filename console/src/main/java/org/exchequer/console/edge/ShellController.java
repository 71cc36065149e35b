package org.exchequer.console.edge;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.exchequer.platform.module.Route;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Pages of the shell itself: login, refusal, and what is not there. */
@Controller
public final class ShellController {
    /** A route and the paths it is for. */
    private record Entry(Route route, PathPattern path) {}

    private final List<Entry> routes;

    /** @param routes who may call what, in order of precedence */
    ShellController(List<Route> routes) {
        this.routes = routes.stream()
                .map(route -> new Entry(route, PathPatternParser.defaultInstance.parse(route.pattern())))
                .toList();
    }

    @GetMapping(Console.LOGIN)
    String login(
            @RequestParam(name = "error", required = false) String error,
            @RequestParam(name = "logout", required = false) String logout,
            Model model) {
        model.addAttribute("failed", error != null);
        model.addAttribute("loggedOut", logout != null);
        return "console/login";
    }

    @RequestMapping(Console.DENIED)
    @ResponseStatus(HttpStatus.FORBIDDEN)
    String denied(HttpServletRequest request, Model model) {
        boolean stale = request.getAttribute(Console.CSRF_FAILED) != null;
        model.addAttribute("status", 403);
        model.addAttribute("title", stale ? "This form has expired" : "Your role does not allow this");
        model.addAttribute(
                "text",
                stale
                        ? "It was made for an earlier session, so nothing was sent. Go back, reload the page and send"
                                + " the form again."
                        : wanted(request));
        return "console/error";
    }

    /** Which roles the page that was asked for takes, from the same table by which it was refused. */
    private String wanted(HttpServletRequest request) {
        Object asked = request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI);
        PathContainer path = PathContainer.parsePath(asked == null ? "" : asked.toString());
        List<String> names = routes.stream()
                .filter(each -> each.route().method().equals(request.getMethod())
                        && each.path().matches(path))
                .findFirst()
                .map(each -> Access.names(each.route().roles()))
                .orElse(List.of());
        if (names.isEmpty()) {
            return "Nothing was done: no role is for this.";
        }
        String last = names.getLast();
        String roles = names.size() == 1 ? last : String.join(", ", names.subList(0, names.size() - 1)) + " or " + last;
        return "Nothing was done. This takes the role " + roles
                + ": ask somebody who has it, or log in with it: ./exchequer token --login --role " + names.getFirst();
    }

    @GetMapping("/console/**")
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String missing(Model model) {
        model.addAttribute("status", 404);
        model.addAttribute("title", "There is no such page");
        model.addAttribute("text", "Choose one from the navigation, or search for an id with the box on top.");
        return "console/error";
    }
}
