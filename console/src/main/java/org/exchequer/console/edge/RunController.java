package org.exchequer.console.edge;

import java.time.LocalDate;
import java.util.Optional;
import org.exchequer.console.view.BreakView;
import org.exchequer.console.view.RunView;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Page;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Runs of reconciliation, and what each found. */
@Controller
public final class RunController {
    private static final String LIST = ReconciliationPages.ROOT + "/runs";
    private static final int PER_PAGE = 50;

    private final Reconciliations reconciliations;
    private final Ledger ledger;

    RunController(Reconciliations reconciliations, Ledger ledger) {
        this.reconciliations = reconciliations;
        this.ledger = ledger;
    }

    @GetMapping(LIST)
    String runs(
            @RequestParam(defaultValue = "") String account,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String wanted = Pages.bounded(account, 64);
        Page<Run> runs = reconciliations.runs(wanted.isBlank() ? null : wanted, cursor, PER_PAGE);
        model.addAttribute("account", wanted);
        model.addAttribute("runs", runs.items().stream().map(RunView::of).toList());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", runs.next());
        return "console/runs";
    }

    @GetMapping(LIST + "/{id}")
    String run(@PathVariable String id, @RequestParam(required = false) @Nullable String cursor, Model model) {
        Optional<Run> found = id.matches("[0-9]{1,18}") ? reconciliations.run(Long.parseLong(id)) : Optional.empty();
        Run run = found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No run has the number " + Pages.bounded(id, 20), "Choose one from the list of runs."));
        LocalDate today = ledger.businessDate();
        Page<TrackedBreak> breaks =
                reconciliations.breaks(new BreakFilter(run.id(), null, false, null, null, null), cursor, PER_PAGE);
        model.addAttribute("run", RunView.of(run));
        model.addAttribute(
                "breaks",
                breaks.items().stream().map(each -> BreakView.of(each, today)).toList());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", breaks.next());
        return "console/run";
    }
}
