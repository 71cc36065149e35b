package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Pages of the shell itself: login, refusal, and what is not there. */
@Controller
public final class ShellController {

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
                        : "Nothing was done. Ask somebody with the role for it, or log in with another one:"
                                + " ./exchequer token --login --role operator");
        return "console/error";
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
