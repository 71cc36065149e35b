package org.exchequer.console.edge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.HoldView;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.TransactionView;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Holds of the whole ledger, and one of them: what remains of it, and the forms that post or void it. */
@Controller
public final class HoldController {
    private static final String LIST = LedgerPages.ROOT + "/holds";
    private static final String PATH = LIST + "/{id}";
    private static final int PER_PAGE = 100;
    private static final int SHOWN_POSTINGS = 50;

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;

    HoldController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    /** The forms as typed, each with its key. */
    public record Typing(
            String postKey,
            String voidKey,
            String amount,
            boolean keepRest,
            String valueDate,
            @Nullable String reference) {}

    /**
     * Holds, newest first.
     *
     * @param state {@code all}, or else only the open ones
     * @param reference or correlation id, or blank for all
     */
    @GetMapping(LIST)
    String holds(
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String reference,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        boolean all = state.equals("all");
        String named = Pages.bounded(reference, 140);
        Page<PendingTransaction> holds = ledger.pending(!all, named.isBlank() ? null : named, cursor, PER_PAGE);
        model.addAttribute("state", all ? "all" : "open");
        model.addAttribute("reference", named);
        model.addAttribute("holds", holds.items().stream().map(HoldView::brief).toList());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", holds.next());
        return "console/holds";
    }

    @GetMapping(PATH)
    ModelAndView hold(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String done,
            @RequestParam(required = false) @Nullable String replayed) {
        PendingTransaction hold = find(id);
        ModelAndView page = page(
                hold,
                new Typing(
                        keys.next(), keys.next(), "", false, "", hold.details().reference()),
                null,
                HttpStatus.OK);
        page.addObject("done", done != null);
        page.addObject("replayed", replayed != null);
        return page;
    }

    @PostMapping(PATH + "/post")
    ModelAndView post(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(required = false) @Nullable String keepRest,
            @RequestParam(defaultValue = "") String valueDate,
            @RequestParam(required = false) @Nullable String reference) {
        PendingTransaction hold = find(id);
        Typing typed = new Typing(
                key,
                keys.next(),
                Pages.bounded(amount, 40),
                keepRest != null,
                Pages.bounded(valueDate, 40),
                reference == null ? hold.details().reference() : Pages.bounded(reference, 1_000));
        return send(hold, typed, () -> posting(hold, typed));
    }

    @PostMapping(PATH + "/void")
    ModelAndView release(@PathVariable String id, @RequestParam String key) {
        PendingTransaction hold = find(id);
        Typing typed =
                new Typing(keys.next(), key, "", false, "", hold.details().reference());
        return send(hold, typed, () -> new Command.VoidPending(key, hold.id(), Details.NONE));
    }

    /** The posting carries the hold's correlation id, so that both are found by it. */
    private static Command posting(PendingTransaction hold, Typing typed) {
        String reference = typed.reference();
        Details details = new Details(
                reference == null ? null : Typed.text(reference),
                hold.details().correlationId(),
                Typed.date("valueDate", typed.valueDate()),
                Map.of());
        return new Command.PostPending(
                typed.postKey(),
                hold.id(),
                Typed.amount("amount", typed.amount(), hold.amount().currency()),
                typed.keepRest(),
                details);
    }

    private ModelAndView send(PendingTransaction hold, Typing typed, Supplier<Command> command) {
        Notice notice;
        try {
            Outcome outcome = submitter.send(command.get());
            notice = Notice.of(outcome);
            if (notice == null) {
                return Submitter.done(outcome);
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        }
        Typing next = notice.decided()
                ? new Typing(
                        keys.next(),
                        keys.next(),
                        typed.amount(),
                        typed.keepRest(),
                        typed.valueDate(),
                        typed.reference())
                : typed;
        return page(find(Long.toString(hold.id())), next, notice, HttpStatus.valueOf(notice.status()));
    }

    private PendingTransaction find(String id) {
        Optional<PendingTransaction> found =
                id.matches("[0-9]{1,18}") ? ledger.pending(Long.parseLong(id)) : Optional.empty();
        return found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No hold has the number " + Pages.bounded(id, 20),
                "Choose one from the list of holds, or search by key or reference with the box on top."));
    }

    private ModelAndView page(PendingTransaction hold, Typing typed, @Nullable Notice notice, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/hold", status);
        page.addObject("hold", HoldView.of(hold, ledger));
        List<Long> postings = ledger.postingsOf(hold.id());
        page.addObject("postingCount", postings.size());
        page.addObject(
                "postings",
                postings.stream()
                        .limit(SHOWN_POSTINGS)
                        .flatMap(posting -> ledger.transaction(posting).stream())
                        .map(posting -> TransactionView.of(posting, ledger))
                        .toList());
        page.addObject("typed", typed);
        page.addObject("notice", notice);
        return page;
    }
}
