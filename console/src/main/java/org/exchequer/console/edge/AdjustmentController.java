package org.exchequer.console.edge;

import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.exchequer.console.view.AdjustmentView;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Corrections by hand: who proposed what and why, and the decision, which is somebody else's (four eyes). */
@Controller
public final class AdjustmentController {
    private static final String LIST = LedgerPages.ROOT + "/adjustments";
    private static final String PATH = LIST + "/{id}";
    private static final int MOST = 100;

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;

    AdjustmentController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    /**
     * Two lists, each with its own cursor.
     *
     * @param open into those that wait for a decision
     * @param cursor into all, of which the decided are shown
     */
    @GetMapping(LIST)
    String adjustments(
            @RequestParam(required = false) @Nullable String open,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        Page<Adjustment> waiting = ledger.adjustments(true, open, MOST);
        Page<Adjustment> all = ledger.adjustments(false, cursor, MOST);
        model.addAttribute("open", views(waiting));
        model.addAttribute("openCursor", open);
        model.addAttribute("nextOpen", waiting.next());
        model.addAttribute(
                "decided",
                views(all).stream().filter(adjustment -> !adjustment.isOpen()).toList());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", all.next());
        return "console/adjustments";
    }

    private static List<AdjustmentView> views(Page<Adjustment> adjustments) {
        return adjustments.items().stream().map(AdjustmentView::brief).toList();
    }

    @GetMapping(PATH)
    ModelAndView adjustment(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String done,
            @RequestParam(required = false) @Nullable String replayed,
            Principal user) {
        ModelAndView page = page(find(id), keys.next(), keys.next(), user, null, HttpStatus.OK);
        page.addObject("done", done != null);
        page.addObject("replayed", replayed != null);
        return page;
    }

    @PostMapping(PATH + "/approval")
    ModelAndView approve(@PathVariable String id, @RequestParam String key, Principal user) {
        return decide(find(id), key, true, "", user);
    }

    @PostMapping(PATH + "/rejection")
    ModelAndView reject(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        return decide(find(id), key, false, reason, user);
    }

    private ModelAndView decide(Adjustment adjustment, String key, boolean approve, String reason, Principal user) {
        Notice notice;
        try {
            Outcome outcome =
                    submitter.send(new Command.DecideAdjustment(key, adjustment.id(), approve, user.getName(), reason));
            notice = Notice.of(outcome);
            if (notice == null) {
                return Submitter.done(outcome);
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        }
        // A key that is still open stays with its form; the other form gets a new one, which harms nothing.
        String same = notice.decided() ? keys.next() : key;
        String other = keys.next();
        return page(
                find(Long.toString(adjustment.id())),
                approve ? same : other,
                approve ? other : same,
                user,
                notice,
                HttpStatus.valueOf(notice.status()));
    }

    private Adjustment find(String id) {
        Optional<Adjustment> found =
                id.matches("[0-9]{1,18}") ? ledger.adjustment(Long.parseLong(id)) : Optional.empty();
        return found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No adjustment has the number " + Pages.bounded(id, 20),
                "Choose one from the list of adjustments, or search by key with the box on top."));
    }

    /** The day through which the books are closed, if the value date lies in it: then nobody can approve any more. */
    private @Nullable String closed(Adjustment adjustment) {
        LocalDate valueDate = adjustment.details().valueDate();
        if (valueDate == null) {
            return null;
        }
        return ledger.closes(null, 1).items().stream()
                .map(DayClose::day)
                .filter(day -> !valueDate.isAfter(day))
                .map(LocalDate::toString)
                .findFirst()
                .orElse(null);
    }

    private ModelAndView page(
            Adjustment adjustment,
            String approveKey,
            String rejectKey,
            Principal user,
            @Nullable Notice notice,
            HttpStatus status) {
        ModelAndView page = new ModelAndView("console/adjustment", status);
        page.addObject("adjustment", AdjustmentView.of(adjustment, ledger));
        page.addObject("own", adjustment.author().equals(user.getName()));
        page.addObject("closed", closed(adjustment));
        page.addObject("approveKey", approveKey);
        page.addObject("rejectKey", rejectKey);
        page.addObject("notice", notice);
        return page;
    }
}
