package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Measure;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** What is in force and until when, what waits for another person, breakers and load; and the form that orders. */
@Controller
public final class ControlController {
    static final String PATH = "/console/inward/controls";
    static final String MEASURE = PATH + "/{id}";
    static final String APPROVALS = PATH + "/approvals";
    static final String ORDERS = PATH + "/orders";
    static final String STREAM = PATH + "/stream";
    private static final String TOPIC = "controls";
    private static final String NUMBER = "[1-9][0-9]{0,17}";
    private static final int MOST = 50;
    private static final int MOST_CHOSEN = 500;

    private final Controls controls;
    private final LiveStreams streams;

    ControlController(Controls controls, LiveStreams streams) {
        this.controls = controls;
        this.streams = streams;
        streams.add(TOPIC, "console/inward-controls", "live", () -> Map.of("now", Now.of(controls)));
    }

    /**
     * What is the same for all who look; orders, with forms of each person's own, are fetched when {@code seen}
     * changes.
     *
     * @param open breakers that are not closed
     */
    public record Now(int inForce, Controls.Load load, List<Breaker> breakers, long open, String seen) {
        static Now of(Controls controls) {
            List<Measure> inForce = controls.inForce();
            List<Controls.BreakerView> breakers = controls.breakers();
            return new Now(
                    inForce.size(),
                    controls.load(),
                    breakers.stream().map(Breaker::of).toList(),
                    breakers.stream()
                            .filter(one -> !one.state().equals("CLOSED"))
                            .count(),
                    Integer.toHexString(List.of(inForce, controls.proposed()).hashCode()));
        }
    }

    @GetMapping(STREAM)
    void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        streams.show(TOPIC, request, response);
    }

    /** Orders in force and proposed, with what this person may do about them. */
    @GetMapping(ORDERS)
    ModelAndView orders(Principal user) {
        ModelAndView fragment = new ModelAndView("console/inward-controls :: orders");
        fragment.addObject("inForce", lines(controls.inForce(), user));
        fragment.addObject("proposed", lines(controls.proposed(), user));
        return fragment;
    }

    /** A measure's line. */
    public record Line(
            long id,
            String kind,
            String about,
            String reason,
            String by,
            Moment proposed,
            String lasts,
            @Nullable Moment ends,
            String state,
            @Nullable String decidedBy,
            boolean own) {
        static Line of(Measure measure, Principal user) {
            return new Line(
                    measure.id(),
                    Notice.words(measure.kind()),
                    about(measure),
                    measure.reason(),
                    measure.proposedBy(),
                    Moment.of(measure.proposedAt()),
                    measure.lasts().toSeconds() + " s",
                    measure.endsAt() == null ? null : Moment.of(measure.endsAt()),
                    measure.endedBy() != null ? "ended by " + measure.endedBy() : Notice.words(measure.state()),
                    measure.decision() == null ? null : measure.decision().by(),
                    measure.proposedBy().strip().equalsIgnoreCase(user.getName().strip()));
        }

        private static String about(Measure measure) {
            List<String> parts = new ArrayList<>();
            for (Object part : new @Nullable Object[] {
                measure.breaker(),
                measure.breakerMode(),
                measure.extensionMs() == null ? null : "+" + measure.extensionMs() + " ms",
                measure.payment(),
                measure.messageType(),
                measure.currency()
            }) {
                if (part != null) {
                    parts.add(part.toString());
                }
            }
            return parts.isEmpty() ? "all payments" : String.join(" ", parts);
        }
    }

    /** A breaker's line. */
    public record Breaker(
            String name, String state, String failures, String slow, String slowAfter, String average, long calls) {
        static Breaker of(Controls.BreakerView view) {
            return new Breaker(
                    view.name(),
                    view.state().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    share(view.failureShare()) + " of " + share(view.failureThreshold()),
                    share(view.slowShare()),
                    view.slowAfter().toMillis() + " ms",
                    view.average().toMillis() + " ms",
                    view.calls());
        }

        private static String share(double share) {
            return share < 0 ? "too few" : Math.round(100 * share) + " %";
        }
    }

    @GetMapping(PATH)
    ModelAndView page(
            @RequestParam(required = false) @Nullable String done,
            @RequestParam(name = "proposed", required = false) @Nullable String waits,
            @RequestParam(required = false) @Nullable String rejected,
            Principal user) {
        ModelAndView page = shown(null, user);
        page.addObject("done", done != null);
        page.addObject("waits", waits != null);
        page.addObject("rejected", rejected != null);
        return page;
    }

    @PostMapping(PATH)
    ModelAndView order(
            @RequestParam String kind,
            @RequestParam(defaultValue = "") String breaker,
            @RequestParam(defaultValue = "") String breakerMode,
            @RequestParam(defaultValue = "") String extensionMs,
            @RequestParam(defaultValue = "") String payment,
            @RequestParam(defaultValue = "") String messageType,
            @RequestParam(defaultValue = "") String currency,
            @RequestParam(defaultValue = "") String lastsSeconds,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam Map<String, String> typed,
            Principal user) {
        try {
            Measure.Kind found = Arrays.stream(Measure.Kind.values())
                    .filter(one -> one.name().equals(kind))
                    .findFirst()
                    .orElseThrow(() -> new FieldError("kind", "must be chosen"));
            boolean breakers = found == Measure.Kind.BREAKER_OVERRIDE;
            Controls.Draft draft = new Controls.Draft(
                    found,
                    given(breaker),
                    breakers ? given(breakerMode) : null,
                    extensionMs.isBlank() ? null : number("extensionMs", extensionMs),
                    payment(payment),
                    given(messageType),
                    given(currency),
                    Duration.ofSeconds(number("lastsSeconds", lastsSeconds)),
                    Pages.within("reason", reason.strip(), Pages.LONGEST_REASON));
            return answer(controls.order(draft, user.getName()), user, typed);
        } catch (FieldError error) {
            return shown(Notice.of(error), user, typed);
        }
    }

    private static @Nullable UUID payment(String text) {
        try {
            return text.isBlank() ? null : UUID.fromString(text.strip());
        } catch (IllegalArgumentException e) {
            throw new FieldError("payment", "must be the UUID of a payment");
        }
    }

    static @Nullable String given(String text) {
        return text.isBlank() ? null : text.strip();
    }

    private static int number(String field, String text) {
        if (!text.strip().matches("[0-9]{1,9}")) {
            throw new FieldError(field, "must be a whole number");
        }
        return Integer.parseInt(text.strip());
    }

    @PostMapping(MEASURE + "/approval")
    ModelAndView approve(@PathVariable String id, Principal user) {
        return answer(controls.decide(id(id), true, user.getName(), ""), user);
    }

    /** Each by itself: one that cannot be approved does not keep the others from being. */
    @PostMapping(APPROVALS)
    ModelAndView approve(@RequestParam(name = "id", required = false) @Nullable List<String> ids, Principal user) {
        List<Long> chosen;
        try {
            chosen = chosen(ids == null ? List.of() : ids);
        } catch (FieldError error) {
            return shown(Notice.of(error), user);
        }
        Map<Long, String> not = new LinkedHashMap<>();
        for (long id : chosen) {
            if (controls.decide(id, true, user.getName(), "") instanceof Controls.Outcome.NotDone no) {
                not.put(id, no.detail());
            }
        }
        return not.isEmpty() ? Pages.seeOther(PATH + "?done") : shown(notAll(chosen.size(), not), user);
    }

    /** All of them are looked at before the first is approved: a form that is wrong somewhere does nothing. */
    private static List<Long> chosen(List<String> ids) {
        if (ids.isEmpty() || ids.size() > MOST_CHOSEN) {
            throw new FieldError("id", "must be 1 to " + MOST_CHOSEN + " orders");
        }
        if (!ids.stream().allMatch(id -> id.matches(NUMBER))) {
            throw new FieldError("id", "must be the number of an order, each time");
        }
        return ids.stream().map(Long::valueOf).distinct().toList();
    }

    /** Which orders were not approved, and why; those that were are in force. */
    static Notice notAll(int chosen, Map<Long, String> not) {
        Map<String, List<Long>> byReason = new LinkedHashMap<>();
        not.forEach((id, why) ->
                byReason.computeIfAbsent(why, reason -> new ArrayList<>()).add(id));
        String text = byReason.entrySet().stream()
                .map(each -> (each.getValue().size() == 1 ? "Order " : "Orders ")
                        + each.getValue().stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ": " + each.getKey() + ".")
                .collect(Collectors.joining(" "));
        int done = chosen - not.size();
        return new Notice(
                done == 0 ? "danger" : "warning", done + " of " + chosen + " approved", text, null, "", 409, true);
    }

    @PostMapping(MEASURE + "/rejection")
    ModelAndView reject(@PathVariable String id, Principal user) {
        return answer(controls.decide(id(id), false, user.getName(), ""), user);
    }

    @PostMapping(MEASURE + "/end")
    ModelAndView end(@PathVariable String id, Principal user) {
        return answer(controls.end(id(id), user.getName(), ""), user);
    }

    private static long id(String id) {
        if (!id.matches(NUMBER)) {
            throw new ConsoleErrors.NotFound(
                    "No order has the number " + Pages.bounded(id, 20), "Choose one from the list.");
        }
        return Long.parseLong(id);
    }

    private ModelAndView answer(Controls.Outcome outcome, Principal user) {
        return answer(outcome, user, Map.of());
    }

    private ModelAndView answer(Controls.Outcome outcome, Principal user, Map<String, String> typed) {
        return switch (outcome) {
            case Controls.Outcome.Done(Measure measure) -> Pages.seeOther(PATH + told(measure.state()));
            case Controls.Outcome.NotDone no -> shown(refused(no.why(), no.detail()), user, typed);
        };
    }

    /** What the page says then: only what is approved is obeyed. */
    private static String told(Decision.State state) {
        return switch (state) {
            case PROPOSED -> "?proposed";
            case APPROVED -> "?done";
            case REJECTED -> "?rejected";
        };
    }

    static Notice refused(Enum<?> why, String detail) {
        return new Notice("danger", "Not done: " + Notice.words(why), detail + ".", why.name(), "", 409, true);
    }

    private ModelAndView shown(@Nullable Notice notice, Principal user) {
        return shown(notice, user, Map.of());
    }

    /** @param typed what the form is given back, by field */
    private ModelAndView shown(@Nullable Notice notice, Principal user, Map<String, String> typed) {
        ModelAndView page = new ModelAndView(
                "console/inward-controls", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("notice", notice);
        page.addObject("typed", typed);
        page.addObject("kinds", Measure.Kind.values());
        page.addObject("inForce", lines(controls.inForce(), user));
        page.addObject("proposed", lines(controls.proposed(), user));
        page.addObject("latest", lines(controls.latest(MOST), user));
        page.addObject("now", Now.of(controls));
        return page;
    }

    private static List<Line> lines(List<Measure> measures, Principal user) {
        return measures.stream().map(measure -> Line.of(measure, user)).toList();
    }
}
