package org.exchequer.console.edge;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Subjects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** How many persons' data is sealed, to be erased or erased, and the erasures, which take two admins (four eyes). */
@Controller
public final class SubjectController {
    private static final int MOST = 100;
    private static final int LONGEST = 64;

    private final Subjects subjects;

    SubjectController(Subjects subjects) {
        this.subjects = subjects;
    }

    /** An erasure's line. */
    public record Line(
            long id,
            String subject,
            String state,
            String reason,
            String author,
            Moment proposed,
            @Nullable String decidedBy,
            @Nullable Moment decided,
            @Nullable String because,
            boolean own) {
        static Line of(Erasure erasure, Principal user) {
            Erasure.Decision decision = erasure.decision();
            return new Line(
                    erasure.id(),
                    erasure.subject(),
                    Notice.words(erasure.state()),
                    erasure.reason(),
                    erasure.author(),
                    Moment.of(erasure.proposedAt()),
                    decision == null ? null : decision.by(),
                    decision == null ? null : Moment.of(decision.at()),
                    decision == null || decision.reason().isEmpty() ? null : decision.reason(),
                    erasure.author().strip().equalsIgnoreCase(user.getName().strip()));
        }
    }

    /**
     * Two lists, and one person.
     *
     * @param subject whom to look up; empty for nobody
     * @param cursor into all erasures, of which the decided are shown
     */
    @GetMapping(SubjectPages.LIST)
    ModelAndView page(
            @RequestParam(defaultValue = "") String subject,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String done,
            Principal user) {
        ModelAndView page = shown(subject.strip(), cursor, null, user);
        page.addObject("done", done != null);
        return page;
    }

    @PostMapping(SubjectPages.PROPOSE)
    ModelAndView propose(@PathVariable String subject, @RequestParam(defaultValue = "") String reason, Principal user) {
        try {
            return answer(subject, subjects.propose(subject, reason.strip(), user.getName()), user);
        } catch (FieldError error) {
            return shown(subject, null, Notice.of(error), user);
        }
    }

    @PostMapping(SubjectPages.APPROVE)
    ModelAndView approve(@PathVariable String subject, @PathVariable String id, Principal user) {
        return answer(subject, subjects.decide(subject, number(id), true, user.getName(), ""), user);
    }

    @PostMapping(SubjectPages.REJECT)
    ModelAndView reject(
            @PathVariable String subject,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        try {
            return answer(subject, subjects.decide(subject, number(id), false, user.getName(), reason.strip()), user);
        } catch (FieldError error) {
            return shown(subject, null, Notice.of(error), user);
        }
    }

    private static long number(String id) {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw new ConsoleErrors.NotFound(
                    "No erasure has the number " + Pages.bounded(id, 20), "Choose one from the list of erasures.");
        }
        return Long.parseLong(id);
    }

    private ModelAndView answer(String subject, Erasure.Outcome outcome, Principal user) {
        return switch (outcome) {
            case Erasure.Outcome.Done done -> Pages.seeOther(SubjectPages.LIST + "?subject={subject}&done", subject);
            case Erasure.Outcome.NotDone no -> shown(subject, null, notice(no), user);
        };
    }

    private static Notice notice(Erasure.Outcome.NotDone no) {
        int status = switch (no.why()) {
            case SUBJECT_NOT_FOUND, ERASURE_NOT_FOUND -> 404;
            case SUBJECT_ERASED, ERASURE_ALREADY_PROPOSED, ERASURE_ALREADY_DECIDED, APPROVER_IS_AUTHOR -> 409;
        };
        return new Notice(
                "danger",
                "Not done: " + Notice.words(no.why()),
                no.detail() + ".",
                no.why().name(),
                "",
                status,
                true);
    }

    private ModelAndView shown(String reference, @Nullable String cursor, @Nullable Notice notice, Principal user) {
        ModelAndView page = new ModelAndView(
                "console/subjects", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        Subjects.Counts counts = subjects.counts();
        Page<Erasure> waiting = subjects.erasures(true, null, MOST);
        Page<Erasure> all = subjects.erasures(false, cursor, MOST);
        page.addObject("sealed", Amounts.count(counts.sealed()));
        page.addObject("proposed", Amounts.count(counts.erasureProposed()));
        page.addObject("erased", Amounts.count(counts.erased()));
        page.addObject("open", lines(waiting, user));
        page.addObject("moreOpen", waiting.next() != null);
        page.addObject(
                "decided",
                lines(all, user).stream().filter(line -> line.decided() != null).toList());
        page.addObject("cursor", cursor);
        page.addObject("next", all.next());
        page.addObject("reference", Pages.bounded(reference, LONGEST));
        page.addObject("notice", notice);
        find(page, reference);
        return page;
    }

    private void find(ModelAndView page, String reference) {
        if (reference.isEmpty()) {
            return;
        }
        try {
            Optional<Subjects.Subject> found = subjects.find(reference);
            page.addObject(
                    "state",
                    found.map(subject -> Notice.words(subject.state()))
                            .orElse("unknown: nothing was ever sealed for it"));
            page.addObject(
                    "erasable",
                    found.filter(subject -> subject.state() == Subjects.State.SEALED)
                            .isPresent());
        } catch (FieldError error) {
            page.addObject("lookupError", "The reference " + error.getMessage());
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        }
    }

    private static List<Line> lines(Page<Erasure> erasures, Principal user) {
        return erasures.items().stream().map(each -> Line.of(each, user)).toList();
    }
}
