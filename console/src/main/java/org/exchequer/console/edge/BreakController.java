package org.exchequer.console.edge;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.exchequer.console.view.BreakView;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.StepOutcome;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Breaks: which there are, one with what its lines may belong to, and what people do about it (four eyes). */
@Controller
public final class BreakController {
    private static final String LIST = ReconciliationPages.ROOT + "/breaks";
    private static final String PATH = LIST + "/{id}";
    private static final int PER_PAGE = 100;
    private static final int MOST_DAYS = 36_500;

    private final Reconciliations reconciliations;
    private final Ledger ledger;
    private final FormKey keys;

    BreakController(Reconciliations reconciliations, Ledger ledger, FormKey keys) {
        this.reconciliations = reconciliations;
        this.ledger = ledger;
        this.keys = keys;
    }

    /** The filter as typed. */
    public record Filter(String account, String type, String owner, String days, String which) {
        private BreakFilter filter(LocalDate today) {
            int age = days.matches("[0-9]{1,5}") ? Math.min(MOST_DAYS, Integer.parseInt(days)) : 0;
            return new BreakFilter(
                    null,
                    account.isBlank() ? null : account.strip(),
                    !which.equals("all"),
                    Arrays.stream(BreakType.values())
                            .filter(each -> each.name().equals(type))
                            .findFirst()
                            .orElse(null),
                    owner.isBlank() ? null : owner.equals("-") ? "" : owner.strip(),
                    age == 0 ? null : today.minusDays(age));
        }
    }

    /** A type to choose. */
    public record Choice(String value, String name) {}

    @GetMapping(LIST)
    String breaks(
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String type,
            @RequestParam(defaultValue = "") String owner,
            @RequestParam(defaultValue = "") String days,
            @RequestParam(defaultValue = "") String which,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        Filter filter = new Filter(
                Pages.bounded(account, 64),
                Pages.bounded(type, 20),
                Pages.bounded(owner, 100),
                Pages.bounded(days, 5),
                which.equals("all") ? "all" : "open");
        LocalDate today = ledger.businessDate();
        Page<TrackedBreak> found = reconciliations.breaks(filter.filter(today), cursor, PER_PAGE);
        model.addAttribute("filter", filter);
        model.addAttribute(
                "types",
                Arrays.stream(BreakType.values())
                        .map(each -> new Choice(each.name(), each.words()))
                        .toList());
        model.addAttribute(
                "breaks",
                found.items().stream().map(each -> BreakView.of(each, today)).toList());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", found.next());
        return "console/breaks";
    }

    /** The forms as typed. They share a key, of which each request makes its own. */
    public record Typing(String key, String owner, String contraAccount, String reason, String closing) {}

    @GetMapping(PATH)
    ModelAndView tracked(
            @PathVariable String id, @RequestParam(required = false) @Nullable String done, Principal user) {
        TrackedBreak found = find(id);
        ModelAndView page = page(found, fresh(found), user, null, HttpStatus.OK);
        page.addObject("done", done != null);
        return page;
    }

    private Typing fresh(TrackedBreak of) {
        return new Typing(keys.next(), of.owner() == null ? "" : of.owner(), "", "", "");
    }

    @PostMapping(PATH + "/owner")
    ModelAndView assign(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String owner,
            Principal user) {
        TrackedBreak of = find(id);
        Typing typed = new Typing(key, Pages.bounded(owner, 200), "", "", "");
        return send(of, typed, user, request(user, key, "owner", id, owner), asked -> {
            return reconciliations.assign(asked, of.id(), owner);
        });
    }

    @PostMapping(PATH + "/adjustment")
    ModelAndView adjust(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String contraAccount,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        TrackedBreak of = find(id);
        Typing typed =
                new Typing(key, fresh(of).owner(), Pages.bounded(contraAccount, 200), Pages.bounded(reason, 1_000), "");
        return send(of, typed, user, request(user, key, "adjustment", id, contraAccount, reason), asked -> {
            return reconciliations.proposeAdjustment(asked, of.id(), contraAccount.strip(), reason);
        });
    }

    @PostMapping(PATH + "/closing")
    ModelAndView close(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String closing,
            Principal user) {
        TrackedBreak of = find(id);
        Typing typed = new Typing(key, fresh(of).owner(), "", "", Pages.bounded(closing, 1_000));
        return send(of, typed, user, request(user, key, "closing", id, closing), asked -> {
            return reconciliations.proposeClosing(asked, of.id(), closing);
        });
    }

    @PostMapping(PATH + "/approval")
    ModelAndView approve(@PathVariable String id, @RequestParam String key, Principal user) {
        return decide(id, key, user, true);
    }

    @PostMapping(PATH + "/rejection")
    ModelAndView reject(@PathVariable String id, @RequestParam String key, Principal user) {
        return decide(id, key, user, false);
    }

    private ModelAndView decide(String id, String key, Principal user, boolean approve) {
        TrackedBreak of = find(id);
        Typing typed = new Typing(key, fresh(of).owner(), "", "", "");
        return send(of, typed, user, request(user, key, approve ? "approval" : "rejection", id), asked -> {
            return reconciliations.decide(asked, of.id(), approve);
        });
    }

    private ModelAndView send(
            TrackedBreak of, Typing typed, Principal user, Request request, Function<Request, StepOutcome> step) {
        Notice notice;
        try {
            notice = notice(step.apply(request));
            if (notice == null) {
                return Pages.seeOther(LIST + "/{id}?done", of.id());
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        } catch (LedgerUnavailableException unavailable) {
            notice = Notice.unavailable();
        }
        Typing next = notice.decided()
                ? new Typing(keys.next(), typed.owner(), typed.contraAccount(), typed.reason(), typed.closing())
                : typed;
        return page(find(Long.toString(of.id())), next, user, notice, HttpStatus.valueOf(notice.status()));
    }

    /** What there is to say about a step that was not made; null for one that was. */
    private static @Nullable Notice notice(StepOutcome outcome) {
        return switch (outcome) {
            case StepOutcome.Made made -> {
                BreakStep.Result result = made.step().result();
                yield result == null || result.done()
                        ? null
                        : new Notice("danger", "The ledger said no", result.detail(), "LEDGER_REJECTED", "", 422, true);
            }
            case StepOutcome.NotPossible not ->
                new Notice(
                        "danger",
                        "Not possible: " + Notice.words(not.why()),
                        not.detail(),
                        not.why().name(),
                        "",
                        422,
                        not.why() == StepOutcome.Why.IDEMPOTENCY_KEY_REUSED);
            case StepOutcome.NotKnown notKnown ->
                new Notice(
                        "warning",
                        "Outcome not known yet",
                        notKnown.detail() + ". Send it again unchanged: it cannot happen twice.",
                        "OUTCOME_UNKNOWN",
                        "",
                        504,
                        false);
        };
    }

    private static Request request(Principal user, String key, String... contents) {
        return Requests.of(user, key, String.join("\n", contents).getBytes(StandardCharsets.UTF_8));
    }

    private TrackedBreak find(String id) {
        Optional<TrackedBreak> found =
                id.matches("[0-9]{1,18}") ? reconciliations.tracked(Long.parseLong(id)) : Optional.empty();
        return found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No break has the number " + Pages.bounded(id, 20), "Choose one from the list of breaks."));
    }

    private ModelAndView page(
            TrackedBreak of, Typing typed, Principal user, @Nullable Notice notice, HttpStatus status) {
        LocalDate today = ledger.businessDate();
        TrackedBreak.Proposal proposal = of.proposal();
        List<BreakView> candidates = !of.status().isLive()
                ? List.of()
                : reconciliations.candidates(of).stream()
                        .map(each -> BreakView.of(each, today))
                        .toList();
        ModelAndView page = new ModelAndView("console/break", status);
        page.addObject("found", BreakView.of(of, today));
        page.addObject("candidates", candidates);
        page.addObject(
                "steps",
                reconciliations.steps(of.id()).stream().map(BreakView.Step::of).toList());
        page.addObject("own", proposal != null && proposal.by().equalsIgnoreCase(user.getName()));
        page.addObject("typed", typed);
        page.addObject("notice", notice);
        return page;
    }
}
