package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.exchequer.console.view.Moment;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.Controls;
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
    private static final int MOST = 50;
    private static final int LONGEST = 600;
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
    ModelAndView page(@RequestParam(required = false) @Nullable String done, Principal user) {
        ModelAndView page = shown(null, user);
        page.addObject("done", done != null);
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
                    Pages.within("reason", reason.strip(), LONGEST));
            return answer(controls.order(draft, user.getName()), user);
        } catch (FieldError error) {
            return shown(Notice.of(error), user);
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
        if (ids == null || ids.size() > MOST_CHOSEN) {
            return shown(Notice.of(new FieldError("id", "must be 1 to " + MOST_CHOSEN + " orders")), user);
        }
        List<Controls.Outcome.NotDone> not = ids.stream()
                .map(id -> controls.decide(id(id), true, user.getName(), ""))
                .filter(Controls.Outcome.NotDone.class::isInstance)
                .map(Controls.Outcome.NotDone.class::cast)
                .toList();
        if (not.isEmpty()) {
            return Pages.seeOther(PATH + "?done");
        }
        String details =
                not.stream().map(Controls.Outcome.NotDone::detail).distinct().collect(Collectors.joining("; "));
        return shown(
                refused(not.getFirst().why(), not.size() + " of " + ids.size() + " not approved: " + details), user);
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
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw new ConsoleErrors.NotFound(
                    "No order has the number " + Pages.bounded(id, 20), "Choose one from the list.");
        }
        return Long.parseLong(id);
    }

    private ModelAndView answer(Controls.Outcome outcome, Principal user) {
        return switch (outcome) {
            case Controls.Outcome.Done done -> Pages.seeOther(PATH + "?done");
            case Controls.Outcome.NotDone no -> shown(refused(no.why(), no.detail()), user);
        };
    }

    static Notice refused(Enum<?> why, String detail) {
        return new Notice("danger", "Not done: " + Notice.words(why), detail + ".", why.name(), "", 409, true);
    }

    private ModelAndView shown(@Nullable Notice notice, Principal user) {
        ModelAndView page = new ModelAndView(
                "console/inward-controls", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("notice", notice);
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
