package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.PostForm;
import org.exchequer.console.view.PostForm.Kind;
import org.exchequer.console.view.PostForm.LegForm;
import org.exchequer.console.view.PostForm.Terms;
import org.exchequer.console.view.PostPreview;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * The post form. The idempotency key stands in the form from the start: whatever makes the browser send it twice, it
 * posts once. A key is exchanged only after the ledger has decided on it.
 */
@Controller
public final class PostController {
    private static final String PATH = LedgerPages.ROOT + "/post";
    private static final int LONGEST_FIELD = 20_000;

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;

    PostController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    @GetMapping(PATH)
    ModelAndView empty(
            @RequestParam(defaultValue = "transfer") String kind,
            @RequestParam(defaultValue = "") String debit,
            @RequestParam(defaultValue = "") String credit) {
        List<LegForm> legs =
                List.of(new LegForm(Pages.bounded(debit, 64), "", ""), new LegForm(Pages.bounded(credit, 64), "", ""));
        return page(PostForm.empty(Kind.of(kind), keys.next(), legs), Map.of(), null, HttpStatus.OK);
    }

    /** The same form with a leg more or less; sends nothing to the ledger. */
    @PostMapping(PATH + "/form")
    ModelAndView edit(HttpServletRequest request, HttpServletResponse response) {
        PostForm form = read(request);
        String remove = first(request, "remove");
        PostForm edited = remove.isEmpty()
                ? form.withLeg()
                : form.withoutLeg(remove.matches("[0-9]{1,3}") ? Integer.parseInt(remove) : -1);
        ModelAndView page = page(edited, Map.of(), null, HttpStatus.OK);
        page.addObject("focusLast", remove.isEmpty());
        // Tells the preview beside the form that its rows are others now.
        response.setHeader("HX-Trigger-After-Settle", "exchequer:legs");
        return page;
    }

    /** What the form would do as it stands; sends nothing to the ledger. */
    @PostMapping(PATH + "/preview")
    ModelAndView preview(HttpServletRequest request) {
        return new ModelAndView("console/post :: preview", "preview", PostPreview.of(read(request), ledger));
    }

    @PostMapping(PATH)
    ModelAndView post(HttpServletRequest request, Principal user) {
        PostForm form = read(request);
        PostForm.Parsed parsed;
        try {
            parsed = form.parse(ledger, user.getName());
        } catch (LedgerUnavailableException away) {
            return notDone(form, Notice.unavailable());
        }
        if (parsed.command() == null) {
            return page(form, parsed.errors(), null, HttpStatus.UNPROCESSABLE_CONTENT);
        }
        Outcome outcome = submitter.send(parsed.command());
        Notice notice = Notice.of(outcome);
        return notice == null ? Submitter.done(outcome) : notDone(form, notice);
    }

    private ModelAndView notDone(PostForm form, Notice notice) {
        Map<String, String> errors = notice.field().isEmpty() ? Map.of() : Map.of(notice.field(), notice.text());
        ModelAndView page = page(
                notice.decided() ? form.withKey(keys.next()) : form,
                errors,
                notice,
                HttpStatus.valueOf(notice.status()));
        page.addObject("earlierKey", form.key());
        return page;
    }

    private ModelAndView page(PostForm form, Map<String, String> errors, @Nullable Notice notice, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/post", status);
        page.addObject("form", form);
        page.addObject("errors", new Errors(errors));
        page.addObject("notice", notice);
        page.addObject("preview", preview(form));
        page.addObject("focusLast", false);
        page.addObject("maxLegs", PostForm.MAX_LEGS);
        return page;
    }

    /** What was typed matters more than the preview beside it: without books to read the form is still shown. */
    private PostPreview preview(PostForm form) {
        try {
            return PostPreview.of(form, ledger);
        } catch (LedgerUnavailableException away) {
            return PostPreview.NONE;
        }
    }

    private static PostForm read(HttpServletRequest request) {
        List<String> accounts = all(request, "account");
        List<String> debits = all(request, "debit");
        List<String> credits = all(request, "credit");
        List<LegForm> legs = new ArrayList<>();
        if (accounts.size() > PostForm.MAX_LEGS) {
            throw new FieldError("legs", "must be at most " + PostForm.MAX_LEGS + " in a form; use the API for more");
        }
        for (int i = 0; i < accounts.size(); i++) {
            legs.add(new LegForm(accounts.get(i), at(debits, i), at(credits, i)));
        }
        while (legs.size() < 2) {
            legs.add(LegForm.EMPTY);
        }
        return new PostForm(
                Kind.of(first(request, "kind")),
                first(request, "key"),
                legs,
                new Terms(
                        first(request, "reference"),
                        first(request, "correlationId"),
                        first(request, "metadata"),
                        first(request, "valueDate"),
                        first(request, "timeout"),
                        first(request, "timeoutUnit"),
                        first(request, "reason")));
    }

    private static String at(List<String> values, int index) {
        return index < values.size() ? values.get(index) : "";
    }

    private static List<String> all(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return values == null
                ? List.of()
                : List.of(values).stream()
                        .map(value -> Pages.within(name, value, 100))
                        .toList();
    }

    private static String first(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null ? "" : Pages.within(name, value, LONGEST_FIELD);
    }
}
