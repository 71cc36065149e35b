package org.exchequer.console.edge;

import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.TrialBalance;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** End of day: the business date, the days closed, and closing one, after a page that says what that means. */
@Controller
public final class DayController {
    private static final String PATH = LedgerPages.ROOT + "/days";
    private static final int SHOWN = 100;
    private static final int COUNTED = 100;

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;

    DayController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    /** A closed day. */
    public record Closed(String day, Moment at, String by, String sequence) {
        static Closed of(DayClose close) {
            return new Closed(
                    close.day().toString(),
                    Moment.of(close.closedAt()),
                    close.closedBy(),
                    Long.toString(close.sequence()));
        }
    }

    @GetMapping(PATH)
    ModelAndView days(
            @RequestParam(defaultValue = "") String closed, @RequestParam(required = false) @Nullable String cursor) {
        ModelAndView page = list("", cursor, null, HttpStatus.OK);
        page.addObject("closedNow", closed);
        return page;
    }

    /** Asks once more. Closes nothing. */
    @GetMapping(PATH + "/close")
    ModelAndView confirm(@RequestParam(defaultValue = "") String day) {
        try {
            return confirm(Typed.requiredDate("day", day), keys.next(), null, HttpStatus.OK);
        } catch (FieldError error) {
            return list(Typed.shownDate(day), null, error.getMessage(), HttpStatus.UNPROCESSABLE_CONTENT);
        }
    }

    @PostMapping(PATH)
    ModelAndView close(@RequestParam String key, @RequestParam String day, Principal user) {
        LocalDate date;
        Notice notice;
        try {
            date = Typed.requiredDate("day", day);
        } catch (FieldError error) {
            return list(Typed.shownDate(day), null, error.getMessage(), HttpStatus.UNPROCESSABLE_CONTENT);
        }
        try {
            Outcome outcome = submitter.send(new Command.CloseDay(key, date, user.getName()));
            notice = Notice.of(outcome);
            if (notice == null) {
                return Submitter.done(outcome);
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        }
        return confirm(date, notice.decided() ? keys.next() : key, notice, HttpStatus.valueOf(notice.status()));
    }

    private ModelAndView confirm(LocalDate day, String key, @Nullable Notice notice, HttpStatus status) {
        TrialBalance balance = ledger.trialBalance(AsOf.booking(day));
        List<DayClose> last = ledger.closes(null, 1).items();
        int open = ledger.adjustments(true, null, COUNTED).items().size();
        ModelAndView page = new ModelAndView("console/day-close", status);
        page.addObject("day", day.toString());
        page.addObject("next", day.plusDays(1).toString());
        page.addObject("lastClosed", last.isEmpty() ? "" : last.getFirst().day().toString());
        page.addObject("business", ledger.businessDate().toString());
        page.addObject("accounts", Amounts.count(balance.rows().size()));
        page.addObject("ties", balance.ties());
        page.addObject("openAdjustments", open == COUNTED ? COUNTED + " or more" : Integer.toString(open));
        page.addObject("key", key);
        page.addObject("notice", notice);
        return page;
    }

    private ModelAndView list(String typed, @Nullable String cursor, @Nullable String error, HttpStatus status) {
        Page<DayClose> closes = ledger.closes(cursor, SHOWN);
        List<DayClose> newest =
                cursor == null ? closes.items() : ledger.closes(null, 1).items();
        LocalDate business = ledger.businessDate();
        LocalDate before = business.minusDays(1);
        boolean beforeIsClosed = !newest.isEmpty() && !newest.getFirst().day().isBefore(before);
        ModelAndView page = new ModelAndView("console/days", status);
        page.addObject("business", business.toString());
        page.addObject("last", newest.isEmpty() ? null : Closed.of(newest.getFirst()));
        page.addObject("closes", closes.items().stream().map(Closed::of).toList());
        page.addObject("cursor", cursor);
        page.addObject("next", closes.next());
        page.addObject("typed", typed.isEmpty() && error == null ? (beforeIsClosed ? business : before) : typed);
        page.addObject("error", error);
        page.addObject("closedNow", "");
        return page;
    }
}
