package org.exchequer.console.edge;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.InvariantBoard;
import org.exchequer.console.view.Throughput;
import org.exchequer.console.view.TransactionView;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.SystemModule;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The first page: state of the systems, the invariants, throughput, the newest transactions. */
@Controller
public final class OverviewController {
    private static final int LATEST = 10;

    private final ConsoleContext context;
    private final InvariantBoard invariants;
    private final Throughput throughput;

    /** One system as shown. */
    public record SystemLine(String name, boolean ready, String detail) {}

    /**
     * What changes by itself.
     *
     * @param seen changes when anything shown does; a poll that brings it back unchanged gets nothing new
     */
    public record Live(
            List<SystemLine> systems,
            String lastSequence,
            Throughput.@Nullable Rate rate,
            List<TransactionView> latest,
            boolean ledgerPresent,
            boolean ledgerReadable,
            String seen) {}

    OverviewController(ConsoleContext context, InvariantBoard invariants) {
        this.context = context;
        this.invariants = invariants;
        this.throughput = new Throughput(context.ticker(), start(context.ledger()));
    }

    private static long start(@Nullable Ledger ledger) {
        try {
            return ledger == null ? 0 : ledger.lastSequence();
        } catch (LedgerUnavailableException away) {
            return -1;
        }
    }

    @GetMapping({"/console", "/console/"})
    String overview(Model model) {
        model.addAttribute("live", live());
        model.addAttribute("checked", invariants.checked());
        model.addAttribute("stale", invariants.stale());
        model.addAttribute("invariants", invariants.last());
        return "console/overview";
    }

    /** The part that refreshes itself. */
    @GetMapping("/console/live")
    Object live(@RequestParam(defaultValue = "") String seen) {
        Live live = live();
        if (live.seen().equals(seen)) {
            return ResponseEntity.noContent().build();
        }
        return new ModelAndView("console/overview :: refresh", "live", live);
    }

    /** The last results; makes a check first when they are stale. */
    @GetMapping("/console/invariants")
    String invariants(Model model) {
        model.addAttribute("checked", true);
        model.addAttribute("invariants", invariants.stale() ? invariants.check() : invariants.last());
        return "console/overview :: invariants";
    }

    @PostMapping("/console/invariants")
    ModelAndView check(@RequestHeader(name = "HX-Request", required = false) @Nullable String htmx) {
        List<InvariantBoard.Line> lines = invariants.check();
        if (htmx == null) {
            return Pages.seeOther("/console");
        }
        ModelAndView fragment = new ModelAndView("console/overview :: invariants", HttpStatus.OK);
        fragment.addObject("checked", true);
        fragment.addObject("invariants", lines);
        return fragment;
    }

    private Live live() {
        List<SystemLine> systems = new ArrayList<>();
        for (SystemModule system : context.systems()) {
            Readiness state = system.readiness();
            systems.add(new SystemLine(system.name(), state.ready(), state.detail()));
        }
        Ledger ledger = context.ledger();
        if (ledger == null) {
            return live(systems, "", null, List.of(), false, false);
        }
        try {
            long last = ledger.lastSequence();
            List<TransactionView> latest = ledger.latest(null, LATEST).items().stream()
                    .map(transaction -> TransactionView.of(transaction, ledger))
                    .toList();
            return live(systems, Amounts.count(last), throughput.observe(last), latest, true, true);
        } catch (LedgerUnavailableException away) {
            return live(systems, "", null, List.of(), true, false);
        }
    }

    private static Live live(
            List<SystemLine> systems,
            String last,
            Throughput.@Nullable Rate rate,
            List<TransactionView> latest,
            boolean present,
            boolean readable) {
        String perSecond = rate == null ? "" : rate.perSecond();
        String seen =
                Integer.toHexString(List.of(systems, last, perSecond, readable).hashCode());
        return new Live(systems, last, rate, latest, present, readable, seen);
    }
}
