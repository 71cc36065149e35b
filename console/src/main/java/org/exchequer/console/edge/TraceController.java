package org.exchequer.console.edge;

import org.exchequer.console.view.Trace;
import org.exchequer.ledger.api.Ledger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Follows money by any id. */
@Controller
public final class TraceController {
    private static final int LONGEST_ID = 200;

    private final @Nullable Ledger ledger;

    TraceController(@Nullable Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping("/console/trace")
    ModelAndView trace(@RequestParam(defaultValue = "") String q) {
        String id = Pages.bounded(q.strip(), LONGEST_ID);
        ModelAndView page = new ModelAndView("console/trace", HttpStatus.OK);
        page.addObject("q", id);
        page.addObject("ledgerPresent", ledger != null);
        if (ledger != null && !id.isEmpty()) {
            page.addObject("found", Trace.of(id, ledger));
        }
        return page;
    }
}
