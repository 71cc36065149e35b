package org.exchequer.console.edge;

import java.math.BigDecimal;
import java.security.Principal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.FraudSettings.Change;
import org.exchequer.inward.api.FraudSettings.Entry;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.NewEntry;
import org.exchequer.inward.api.FraudSettings.Outcome;
import org.exchequer.inward.api.FraudSettings.Value;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Rules, thresholds and lists, and how two people change them. */
@Controller
public final class FraudSettingsController {
    private static final String SETTINGS = FraudPages.ROOT + "/settings";
    private static final String LISTS = FraudPages.ROOT + "/lists";
    private static final String RULES = FraudPages.ROOT + "/rules";
    private static final String CHANGE = FraudPages.ROOT + "/changes/{version}";
    private static final int PREVIEWED = 1_000;
    /** Longest reason of an entry: it stands in the list. */
    private static final int LONGEST_OF_ENTRY = 200;
    /** Longest name of an account or bank, with blanks. */
    private static final int LONGEST_NAME = 50;

    private static final int SHOWN = 50;

    /** Asked at each request: the system starts after the console is made. */
    private final Fraud.Source source;

    FraudSettingsController(Fraud.Source source) {
        this.source = source;
    }

    /** A number in a form. */
    public record Field(
            String name,
            String label,
            String unit,
            String range,
            String now,
            String standard,
            String set,
            String text) {
        static Field of(Value value) {
            FraudSettings.Key key = value.key();
            BigDecimal set = value.set();
            return new Field(
                    key.name(),
                    key.name().substring(key.name().lastIndexOf('.') + 1).replace('_', ' '),
                    key.unit(),
                    key.least().toPlainString() + " to " + key.most().toPlainString(),
                    value.now().toPlainString(),
                    key.standard().toPlainString() + (key.follows() ? ", follows the traffic" : ""),
                    set == null ? "" : set.toPlainString(),
                    key.text());
        }
    }

    /** A change's line. */
    public record Line(
            long version,
            String what,
            String reason,
            String by,
            Moment at,
            String state,
            @Nullable String decidedBy,
            boolean open,
            boolean approved,
            boolean own) {
        static Line of(Change change, Principal user) {
            Decision decision = change.decision();
            return new Line(
                    change.version(),
                    what(change),
                    change.reason(),
                    change.proposedBy(),
                    Moment.of(change.proposedAt()),
                    Notice.words(change.state()),
                    decision == null ? null : decision.by(),
                    change.state() == Decision.State.PROPOSED,
                    change.state() == Decision.State.APPROVED,
                    change.proposedBy().strip().equalsIgnoreCase(user.getName().strip()));
        }

        private static String what(Change change) {
            List<String> parts = new ArrayList<>();
            change.settings()
                    .forEach((key, value) ->
                            parts.add(key + (value == null ? " standard" : " " + value.toPlainString())));
            change.adds().forEach(each -> parts.add((each.deny() ? "deny " : "allow ") + each.shown()));
            change.removes().forEach(each -> parts.add("take off " + each.shown()));
            String text = String.join(", ", parts);
            return change.rollbackOf() == null ? text : "back from or to " + change.rollbackOf() + ": " + text;
        }
    }

    /** An entry's line. */
    public record Listed(long id, UUID form, String list, String named, String shown, Moment until, String reason) {
        static Listed of(Entry entry) {
            return new Listed(
                    entry.id(),
                    UUID.randomUUID(),
                    entry.deny() ? "deny" : "allow",
                    Notice.words(entry.named()),
                    entry.shown(),
                    Moment.of(entry.until()),
                    entry.reason());
        }
    }

    private FraudSettings settings() {
        return source.fraudSettings();
    }

    @GetMapping(RULES)
    ModelAndView rules() {
        return new ModelAndView("console/fraud-rules", "rules", source.fraud().rules());
    }

    @GetMapping(RULES + "/{rule}")
    ModelAndView rule(@PathVariable String rule) {
        return ruled(rule, null);
    }

    private ModelAndView ruled(String name, @Nullable Notice notice) {
        Fraud.RuleLine line = source.fraud().rules().stream()
                .filter(each -> each.rule().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConsoleErrors.NotFound(
                        "There is no rule " + Pages.bounded(name, 60), "Choose one from the list."));
        ModelAndView page = noticed("console/fraud-rule", notice);
        page.addObject("rule", line);
        page.addObject("numbers", line.numbers().stream().map(Field::of).toList());
        page.addObject("form", UUID.randomUUID());
        return page;
    }

    @GetMapping(SETTINGS)
    ModelAndView page(Principal user) {
        return shown(null, user);
    }

    private ModelAndView shown(@Nullable Notice notice, Principal user) {
        ModelAndView page = noticed("console/fraud-settings", notice);
        FraudSettings.Now now = settings().now();
        page.addObject("revision", now.revision());
        page.addObject(
                "numbers",
                now.values().stream()
                        .filter(each -> !each.key().name().startsWith("rule."))
                        .map(Field::of)
                        .toList());
        page.addObject("proposed", lines(settings().proposed(), user));
        page.addObject(
                "changes", lines(settings().changes().stream().limit(SHOWN).toList(), user));
        page.addObject("form", UUID.randomUUID());
        return page;
    }

    @PostMapping(SETTINGS)
    ModelAndView propose(
            @RequestParam Map<String, String> fields,
            @RequestParam UUID form,
            @RequestParam(defaultValue = "") String rule,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        try {
            Map<String, @Nullable BigDecimal> values = new TreeMap<>();
            for (Value each : settings().now().values()) {
                String given = fields.get(each.key().name());
                BigDecimal value =
                        given == null ? each.set() : number(each.key().name(), given);
                if (!same(value, each.set())) {
                    values.put(each.key().name(), value);
                }
            }
            if (values.isEmpty()) {
                throw new FieldError("values", "must say something new: all of it holds already");
            }
            return answer(settings().propose(form, values, reason(reason), user.getName()), user);
        } catch (FieldError error) {
            return rule.isEmpty() ? shown(Notice.of(error), user) : ruled(rule, Notice.of(error));
        }
    }

    private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? one == other : one.compareTo(other) == 0;
    }

    private static @Nullable BigDecimal number(String field, String text) {
        String given = text.strip();
        if (!given.isEmpty() && !given.matches("[0-9]{1,18}([.][0-9]{1,6})?")) {
            throw new FieldError(field, "must be a number such as 1500 or 0.25, or empty for the standard");
        }
        return given.isEmpty() ? null : new BigDecimal(given);
    }

    @GetMapping(LISTS)
    ModelAndView lists() {
        return listed(null);
    }

    private ModelAndView listed(@Nullable Notice notice) {
        ModelAndView page = noticed("console/fraud-lists", notice);
        page.addObject("entries", settings().listed().stream().map(Listed::of).toList());
        page.addObject("form", UUID.randomUUID());
        return page;
    }

    @PostMapping(LISTS)
    ModelAndView list(
            @RequestParam UUID form,
            @RequestParam(defaultValue = "") String list,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String until,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        try {
            String why = Pages.within("reason", reason.strip(), LONGEST_OF_ENTRY);
            NewEntry entry = new NewEntry(
                    denies(list),
                    named(kind),
                    Pages.within("name", name.strip(), LONGEST_NAME),
                    why,
                    day(until).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
            return answer(settings().list(form, List.of(entry), why, user.getName()), user);
        } catch (FieldError error) {
            return listed(Notice.of(error));
        }
    }

    private static String reason(String reason) {
        return Pages.within("reason", reason.strip(), Pages.LONGEST_REASON);
    }

    private static boolean denies(String list) {
        return switch (list) {
            case "deny" -> true;
            case "allow" -> false;
            default -> throw new FieldError("list", "must be deny or allow");
        };
    }

    private static Named named(String kind) {
        return Arrays.stream(Named.values())
                .filter(one -> one.name().equals(kind))
                .findFirst()
                .orElseThrow(() -> new FieldError("kind", "must be ACCOUNT or BANK"));
    }

    /** Of years as in other forms: with the last that there are, the day after is none. */
    private static LocalDate day(String text) {
        try {
            LocalDate day = LocalDate.parse(text.strip());
            if (day.getYear() >= 1900 && day.getYear() <= 2999) {
                return day;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new FieldError("until", "must be a day such as 2026-12-31, of the years 1900 to 2999");
    }

    @PostMapping(LISTS + "/{entry}/removal")
    ModelAndView unlist(
            @PathVariable String entry,
            @RequestParam UUID form,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        try {
            return answer(settings().unlist(form, List.of(version(entry)), reason(reason), user.getName()), user);
        } catch (FieldError error) {
            return listed(Notice.of(error));
        }
    }

    @GetMapping(CHANGE)
    ModelAndView change(
            @PathVariable String version, @RequestParam(required = false) @Nullable String done, Principal user) {
        return changed(version(version), done != null, null, user);
    }

    private ModelAndView changed(long version, boolean done, @Nullable Notice notice, Principal user) {
        Change change = settings().changes().stream()
                .filter(each -> each.version() == version)
                .findFirst()
                .orElseThrow(() ->
                        new ConsoleErrors.NotFound("No change has the number " + version, "Choose one from the list."));
        Notice told = notice;
        ModelAndView page = new ModelAndView("console/fraud-change");
        Line line = Line.of(change, user);
        page.addObject("change", line);
        page.addObject("done", done);
        page.addObject("preview", null);
        page.addObject("form", UUID.randomUUID());
        if (line.open()) {
            try {
                page.addObject("preview", settings().preview(version, PREVIEWED).orElse(null));
            } catch (FieldError contradiction) {
                told = told == null ? Notice.of(contradiction) : told;
            }
        }
        page.addObject("notice", told);
        if (notice != null) {
            page.setStatus(HttpStatus.valueOf(notice.status()));
        }
        return page;
    }

    @PostMapping(CHANGE + "/approval")
    ModelAndView approve(@PathVariable String version, Principal user) {
        return answer(settings().decide(version(version), true, user.getName(), ""), user);
    }

    @PostMapping(CHANGE + "/rejection")
    ModelAndView reject(@PathVariable String version, Principal user) {
        return answer(settings().decide(version(version), false, user.getName(), ""), user);
    }

    @PostMapping(CHANGE + "/rollback")
    ModelAndView rollBack(
            @PathVariable String version,
            @RequestParam UUID form,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        long number = version(version);
        try {
            return answer(settings().rollBack(form, number, reason(reason), user.getName()), user);
        } catch (FieldError error) {
            return changed(number, false, Notice.of(error), user);
        }
    }

    private static long version(String version) {
        if (!version.matches("[1-9][0-9]{0,17}")) {
            throw new ConsoleErrors.NotFound(
                    "Nothing has the number " + Pages.bounded(version, 20), "Choose one from the list.");
        }
        return Long.parseLong(version);
    }

    private ModelAndView answer(Outcome outcome, Principal user) {
        return switch (outcome) {
            case Outcome.Done(Change change) -> Pages.seeOther(CHANGE + "?done", change.version());
            case Outcome.NotDone no -> shown(ControlController.refused(no.why(), no.detail()), user);
        };
    }

    private static ModelAndView noticed(String template, @Nullable Notice notice) {
        ModelAndView page =
                new ModelAndView(template, notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("notice", notice);
        return page;
    }

    private static List<Line> lines(List<Change> changes, Principal user) {
        return changes.stream().map(each -> Line.of(each, user)).toList();
    }
}
