package org.exchequer.console.edge;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/**
 * Refuses a NUL in any form of the console before its controller reads a field: the database does not store one. The
 * host refuses it in query strings, but does not read bodies.
 */
@ControllerAdvice(basePackageClasses = Console.class)
public final class FormCheck {

    /** Asked before each controller. A request that security refused is forwarded here and is no form any more. */
    @ModelAttribute
    void check(HttpServletRequest request) {
        if (!request.getMethod().equals("POST") || request.getDispatcherType() != DispatcherType.REQUEST) {
            return;
        }
        request.getParameterMap().forEach((name, values) -> {
            if (hasNul(name)) {
                throw new ConsoleErrors.Unreadable("The name of a field may not hold the character U+0000");
            }
            for (String value : values) {
                if (hasNul(value)) {
                    throw new ConsoleErrors.Unreadable(
                            "The field " + Pages.bounded(name, 40) + " may not hold the character U+0000");
                }
            }
        });
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }
}
