package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.ModelAndView;

/** Errors as pages in the console's own frame, each saying what to do next. Before the host's problem documents. */
@ControllerAdvice(basePackageClasses = Console.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class ConsoleErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleErrors.class);

    private final Shells shells;

    ConsoleErrors(Shells shells) {
        this.shells = shells;
    }

    /** Something that does not exist, by its kind and name. */
    static final class NotFound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotFound(String what, String hint) {
            super(what + "\n" + hint);
        }
    }

    /** A form that no page of the console makes; the message says what is wrong with it. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String what) {
            super(what);
        }
    }

    @ExceptionHandler
    ModelAndView unreadable(Unreadable form, HttpServletRequest request) {
        return page(
                request,
                HttpStatus.BAD_REQUEST,
                "The form cannot be read",
                form.getMessage() + ". Nothing was sent: go back and correct it.");
    }

    /** Such as a form's own id that is none: pages make them, people do not type them. */
    @ExceptionHandler
    ModelAndView mistyped(MethodArgumentTypeMismatchException wrong, HttpServletRequest request) {
        return page(
                request,
                HttpStatus.BAD_REQUEST,
                "The request could not be understood",
                "The value of " + wrong.getName()
                        + " is not a right one. Go back and start again from the page before.");
    }

    @ExceptionHandler
    ModelAndView notFound(NotFound missing, HttpServletRequest request) {
        String[] parts = String.valueOf(missing.getMessage()).split("\n", 2);
        return page(request, HttpStatus.NOT_FOUND, parts[0], parts[1]);
    }

    @ExceptionHandler
    ModelAndView field(FieldError error, HttpServletRequest request) {
        return page(
                request,
                HttpStatus.BAD_REQUEST,
                "The address does not make sense",
                error.field() + ": " + error.getMessage() + ". Go back and start again from the page before.");
    }

    @ExceptionHandler
    ModelAndView unavailable(
            LedgerUnavailableException away, HttpServletRequest request, HttpServletResponse response) {
        LOG.warn("page {} not shown: {}", request.getRequestURI(), away.getMessage());
        response.setHeader("Retry-After", "2");
        return page(
                request,
                HttpStatus.SERVICE_UNAVAILABLE,
                "The books cannot be read right now",
                "The database is away or a new writer is taking over; this usually passes in seconds. Nothing is lost."
                        + " Load the page again.");
    }

    @ExceptionHandler
    ModelAndView unavailable(
            PaymentsUnavailableException away, HttpServletRequest request, HttpServletResponse response) {
        LOG.warn("page {} not shown: {}", request.getRequestURI(), away.getMessage());
        response.setHeader("Retry-After", "2");
        return page(
                request,
                HttpStatus.SERVICE_UNAVAILABLE,
                "Payments cannot be read right now",
                "The database is away; this usually passes in seconds. Nothing is lost. Load the page again.");
    }

    @ExceptionHandler
    ModelAndView other(Exception error, HttpServletRequest request) {
        if (error instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            return page(
                    request,
                    HttpStatus.valueOf(known.getStatusCode().value()),
                    "The request could not be understood",
                    "Go back and start again from the page before.");
        }
        LOG.error("page {} failed", request.getRequestURI(), error);
        return page(
                request,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something is broken here",
                "The log has the details. If a form was sent, send it again unchanged: its key keeps it from happening"
                        + " twice.");
    }

    private ModelAndView page(HttpServletRequest request, HttpStatus status, String title, String text) {
        ModelAndView page = new ModelAndView("console/error", status);
        page.addObject("shell", shells.shell(request));
        page.addObject("status", status.value());
        page.addObject("title", title);
        page.addObject("text", text);
        return page;
    }
}
