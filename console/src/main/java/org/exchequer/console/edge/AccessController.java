package org.exchequer.console.edge;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.security.AccessEntries;
import org.exchequer.platform.security.AccessTrail;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Who looked at what, and who did what takes more than the right to post. */
@Controller
public final class AccessController {
    private static final int PER_PAGE = 50;
    private static final int LONGEST_CALLER = 200;
    private static final int LONGEST_ACT = 500;

    private final AccessEntries log;

    AccessController(AccessEntries log) {
        this.log = log;
    }

    /** The filter as typed. */
    public record Filter(String caller, String act, String from, String to) {}

    /** A line of the list. */
    public record Line(
            long position, String number, Moment at, String caller, String roles, String act, String remote) {
        static Line of(AccessEntries.Entry entry) {
            return new Line(
                    entry.position(),
                    Amounts.count(entry.position()),
                    Moment.of(entry.at()),
                    entry.caller(),
                    String.join(", ", entry.roles()),
                    entry.method() + " " + entry.target(),
                    entry.from());
        }
    }

    @GetMapping(AccessPages.LIST)
    ModelAndView entries(
            @RequestParam(defaultValue = "") String caller,
            @RequestParam(defaultValue = "") String act,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(required = false) @Nullable String cursor) {
        ModelAndView page = new ModelAndView("console/access");
        page.addObject(
                "filter",
                new Filter(
                        Pages.bounded(caller, LONGEST_CALLER),
                        Pages.bounded(act, LONGEST_ACT),
                        Typed.shownDate(from),
                        Typed.shownDate(to)));
        page.addObject("cursor", cursor);
        try {
            LocalDate first = Typed.date("from", from);
            LocalDate last = Typed.date("to", to);
            AccessEntries.Found found = log.search(new AccessEntries.Query(
                    Pages.within("caller", caller.strip(), LONGEST_CALLER),
                    Pages.within("act", act.strip(), LONGEST_ACT),
                    first == null ? null : midnight(first),
                    last == null ? null : midnight(last.plusDays(1)),
                    position(cursor),
                    PER_PAGE));
            page.addObject("lines", found.entries().stream().map(Line::of).toList());
            page.addObject("next", found.next());
        } catch (FieldError error) {
            page.addObject("error", error.field() + " " + error.getMessage());
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        } catch (AccessTrail.UnavailableException away) {
            page.addObject("error", "the access log cannot be read now; load the page again in a moment");
            page.setStatus(HttpStatus.SERVICE_UNAVAILABLE);
        }
        return page;
    }

    /** The bundle that {@code exchequer verify --bundle} accepts, with the access log's key. */
    @GetMapping(AccessPages.LIST + "/{position}/proof")
    ResponseEntity<String> proof(@PathVariable String position) {
        Optional<String> found =
                position.matches("[0-9]{1,18}") ? log.prove(Long.parseLong(position)) : Optional.empty();
        String bundle = found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "There is no proof of entry " + Pages.bounded(position, 20), "It is not there, or was purged."));
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/plain;charset=UTF-8"))
                .header("Content-Disposition", "attachment; filename=\"access-" + position + ".tlog-proof\"")
                .header("Cache-Control", "no-store")
                .body(bundle);
    }

    private static long position(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new FieldError("cursor", "must be a whole number");
        }
        return Long.parseLong(cursor);
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
