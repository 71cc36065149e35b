package org.exchequer.console.edge;

import java.math.BigDecimal;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigKey;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Decision;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** What is configured and by whom, what waits for another person, and the versions of each key. */
@Controller
public final class ConfigController {
    static final String PATH = "/console/inward/configuration";
    static final String KEY = PATH + "/{key}";
    static final String VERSION = KEY + "/{version}";

    private final Configurations configurations;

    ConfigController(Configurations configurations) {
        this.configurations = configurations;
    }

    /** A version's line. */
    public record Line(
            String key,
            long version,
            String value,
            String scope,
            String experiment,
            Moment from,
            @Nullable Moment until,
            String reason,
            String by,
            String state,
            @Nullable String decidedBy,
            boolean approved,
            boolean open,
            boolean own) {
        static Line of(ConfigEntry entry, Principal user) {
            BigDecimal value = entry.value();
            return new Line(
                    entry.key(),
                    entry.version(),
                    value == null ? "taken away" : value.toPlainString(),
                    entry.scope().label(),
                    entry.experiment() == null ? "" : entry.experiment() + ", " + entry.percentage() + " %",
                    Moment.of(entry.from()),
                    entry.until() == null ? null : Moment.of(entry.until()),
                    entry.rollbackOf() == null
                            ? entry.reason()
                            : entry.reason() + " (back to version " + entry.rollbackOf() + ")",
                    entry.createdBy(),
                    Notice.words(entry.state()),
                    entry.decision() == null ? null : entry.decision().by(),
                    entry.state() == Decision.State.APPROVED,
                    entry.state() == Decision.State.PROPOSED,
                    entry.createdBy().strip().equalsIgnoreCase(user.getName().strip()));
        }
    }

    /** A key's line. */
    public record Key(String name, String category, String unit, String range, String standard, String text) {
        static Key of(ConfigKey key) {
            return new Key(
                    key.name(),
                    Notice.words(key.category()),
                    Notice.words(key.unit()),
                    key.least().toPlainString() + " to " + key.most().toPlainString(),
                    key.standard() == null ? "by currency" : key.standard().toPlainString(),
                    key.text());
        }
    }

    @GetMapping(PATH)
    ModelAndView page(@RequestParam(required = false) @Nullable String done, Principal user) {
        ModelAndView page = shown(null, user);
        page.addObject("done", done != null);
        return page;
    }

    @GetMapping(KEY)
    ModelAndView history(@PathVariable String key, Principal user) {
        if (configurations.keys().stream().noneMatch(one -> one.name().equals(key))) {
            throw new ConsoleErrors.NotFound(
                    "Nothing is configured by the name " + Pages.bounded(key, 60), "Choose a key from the list.");
        }
        ModelAndView page = new ModelAndView("console/inward-config-key");
        page.addObject("key", key);
        page.addObject("versions", lines(configurations.history(key), user));
        return page;
    }

    @PostMapping(PATH)
    ModelAndView propose(
            @RequestParam String key,
            @RequestParam(defaultValue = "") String value,
            @RequestParam(defaultValue = "") String messageType,
            @RequestParam(defaultValue = "") String currency,
            @RequestParam(defaultValue = "") String least,
            @RequestParam(defaultValue = "") String most,
            @RequestParam(defaultValue = "") String instance,
            @RequestParam(defaultValue = "") String experiment,
            @RequestParam(defaultValue = "") String percentage,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam Map<String, String> typed,
            Principal user) {
        try {
            Configurations.Draft draft = new Configurations.Draft(
                    key,
                    number("value", value),
                    new ConfigScope(
                            ControlController.given(messageType),
                            ControlController.given(currency),
                            minor("leastMinorUnits", least),
                            minor("mostMinorUnits", most),
                            ControlController.given(instance)),
                    null,
                    null,
                    ControlController.given(experiment),
                    number("percentage", percentage),
                    Pages.within("reason", reason.strip(), Pages.LONGEST_REASON));
            return answer(configurations.propose(draft, user.getName()), user, typed);
        } catch (FieldError error) {
            return shown(Notice.of(error), user, typed);
        }
    }

    private static @Nullable BigDecimal number(String field, String text) {
        String given = text.strip();
        if (!given.isEmpty() && !given.matches("[0-9]{1,18}([.][0-9]{1,4})?")) {
            throw new FieldError(field, "must be a number such as 1500 or 0.25, or empty");
        }
        return given.isEmpty() ? null : new BigDecimal(given);
    }

    private static @Nullable Long minor(String field, String text) {
        String given = text.strip();
        if (!given.isEmpty() && !given.matches("[0-9]{1,18}")) {
            throw new FieldError(field, "must be a whole number of minor units, or empty");
        }
        return given.isEmpty() ? null : Long.valueOf(given);
    }

    @PostMapping(VERSION + "/approval")
    ModelAndView approve(@PathVariable String key, @PathVariable String version, Principal user) {
        return answer(configurations.decide(key, version(version), true, user.getName(), ""), user);
    }

    @PostMapping(VERSION + "/rejection")
    ModelAndView reject(@PathVariable String key, @PathVariable String version, Principal user) {
        return answer(configurations.decide(key, version(version), false, user.getName(), ""), user);
    }

    @PostMapping(VERSION + "/rollback")
    ModelAndView rollBack(
            @PathVariable String key,
            @PathVariable String version,
            @RequestParam(defaultValue = "") String reason,
            Principal user) {
        try {
            String why = Pages.within("reason", reason.strip(), Pages.LONGEST_REASON);
            return answer(configurations.rollBack(key, version(version), user.getName(), why), user);
        } catch (FieldError error) {
            return shown(Notice.of(error), user);
        }
    }

    private static long version(String version) {
        if (!version.matches("[1-9][0-9]{0,17}")) {
            throw new ConsoleErrors.NotFound(
                    "No version has the number " + Pages.bounded(version, 20), "Choose one from the list.");
        }
        return Long.parseLong(version);
    }

    private ModelAndView answer(Configurations.Outcome outcome, Principal user) {
        return answer(outcome, user, Map.of());
    }

    private ModelAndView answer(Configurations.Outcome outcome, Principal user, Map<String, String> typed) {
        return switch (outcome) {
            case Configurations.Outcome.Done done -> Pages.seeOther(PATH + "?done");
            case Configurations.Outcome.NotDone no ->
                shown(ControlController.refused(no.why(), no.detail()), user, typed);
        };
    }

    private ModelAndView shown(@Nullable Notice notice, Principal user) {
        return shown(notice, user, Map.of());
    }

    /** @param typed what the form is given back, by field */
    private ModelAndView shown(@Nullable Notice notice, Principal user, Map<String, String> typed) {
        ModelAndView page = new ModelAndView(
                "console/inward-config", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("notice", notice);
        page.addObject("typed", typed);
        page.addObject("revision", configurations.revision());
        page.addObject("keys", configurations.keys().stream().map(Key::of).toList());
        page.addObject("approved", lines(configurations.approved(), user));
        page.addObject("proposed", lines(configurations.proposed(), user));
        return page;
    }

    private static List<Line> lines(List<ConfigEntry> entries, Principal user) {
        return entries.stream().map(entry -> Line.of(entry, user)).toList();
    }
}
