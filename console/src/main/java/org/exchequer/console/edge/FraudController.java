package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.Fraud;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** How inward payments are scored for fraud, and what people say of those that were held. */
@Controller
public final class FraudController {
    private static final String PAYMENT = FraudPages.ROOT + "/payments/{id}";
    private static final int WAITING = 100;
    private static final int EDGES = 50;

    /** Asked at each request: the system starts after the console is made. */
    private final Fraud.Source source;

    FraudController(Fraud.Source source) {
        this.source = source;
    }

    /**
     * A bar of the histogram.
     *
     * @param range of its scores
     * @param width 0 to 200, a logarithm of the payments: nearly all are at the left
     * @param what happens to them
     */
    public record Bar(String range, long payments, long frauds, long harmless, int width, String what) {
        private static Bar of(Fraud.Bar bar, Fraud.Overview overview) {
            String what = bar.from() >= overview.emergency() - 1e-9
                    ? "refused, at once to a person"
                    : bar.from() >= overview.reject() - 1e-9
                            ? "refused"
                            : bar.from() >= overview.review() - 1e-9 ? "review" : "accepted";
            int width = (int) Math.min(200, Math.round(40 * Math.log10(1.0 + bar.payments())));
            String range = String.format(java.util.Locale.ROOT, "%.2f to %.2f", bar.from(), bar.from() + 0.05);
            return new Bar(range, bar.payments(), bar.frauds(), bar.harmless(), width, what);
        }
    }

    @GetMapping(FraudPages.ROOT)
    String overview(Model model) {
        Fraud fraud = source.fraud();
        Fraud.Overview overview = fraud.overview();
        model.addAttribute("overview", overview);
        model.addAttribute(
                "bars",
                overview.histogram().stream()
                        .map(each -> Bar.of(each, overview))
                        .toList());
        model.addAttribute("models", fraud.models());
        model.addAttribute("changes", fraud.changes());
        return "console/fraud";
    }

    @GetMapping(FraudPages.ROOT + "/queue")
    String queue(Model model) {
        List<Fraud.Verdict> waiting = source.fraud().queue(WAITING);
        model.addAttribute("waiting", waiting);
        model.addAttribute("most", WAITING);
        return "console/fraud-queue";
    }

    @GetMapping(PAYMENT)
    ModelAndView payment(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String done,
            HttpServletRequest request) {
        return shown(explained(id), done != null, null, "", request);
    }

    private static ModelAndView shown(
            Fraud.Explained why, boolean done, @Nullable Notice notice, String note, HttpServletRequest request) {
        ModelAndView page = new ModelAndView(
                "console/fraud-payment", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("why", why);
        page.addObject("done", done);
        page.addObject("notice", notice);
        page.addObject("note", note);
        page.addObject("mayJudge", Access.may(Access.roles(request), Access.OPERATE));
        return page;
    }

    private Fraud.Explained explained(String id) {
        Optional<Fraud.Explained> found = parsed(id).flatMap(source.fraud()::explain);
        return found.orElseThrow(() -> unscored(id));
    }

    private static Optional<UUID> parsed(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Fraud.Network network(String id) {
        return parsed(id).flatMap(source.fraud()::network).orElseThrow(() -> unscored(id));
    }

    private static ConsoleErrors.NotFound unscored(String id) {
        return new ConsoleErrors.NotFound(
                "Payment " + Pages.bounded(id, 40) + " was not scored by models",
                "It may have ended before, or rules alone have decided; its own page says which.");
    }

    @GetMapping(PAYMENT + "/network")
    ModelAndView around(@PathVariable String id) {
        Fraud.Network network = network(id);
        ModelAndView page = new ModelAndView("console/fraud-network");
        page.addObject("network", network);
        page.addObject("edges", network.edges().stream().limit(EDGES).toList());
        return page;
    }

    @GetMapping(PAYMENT + "/network.json")
    ResponseEntity<byte[]> drawn(@PathVariable String id) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(StrictJson.mapper().writeValueAsBytes(network(id)));
    }

    @PostMapping(PAYMENT + "/feedback")
    ModelAndView feedback(
            @PathVariable String id,
            @RequestParam String outcome,
            @RequestParam(defaultValue = "") String note,
            Principal user,
            HttpServletRequest request) {
        Fraud.Explained why = explained(id);
        if (!outcome.equals("fraud") && !outcome.equals("harmless")) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "outcome must be fraud or harmless");
        }
        String said;
        try {
            said = Pages.within("note", note.strip(), Fraud.MOST_TEXT);
        } catch (FieldError error) {
            return shown(why, false, Notice.of(error), note, request);
        }
        boolean fraud = outcome.equals("fraud");
        source.fraud().say(why.verdict().payment(), fraud, said.isEmpty() ? null : said, user.getName());
        return Pages.seeOther(PAYMENT + "?done", why.verdict().payment());
    }
}
