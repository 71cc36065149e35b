package org.exchequer.console.edge;

import org.exchequer.console.view.LabRun;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What the lab has done to the program and what came of it: runs, and each one's report. */
@Controller
public final class LabController {
    /**
     * A report brings its own scripts and styles, and might have been put there by anybody: it gets an origin of its
     * own, so neither cookies nor the console's pages, and may reach nothing. Framed by the console or opened alone.
     */
    static final String REPORT_POLICY = "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline';"
            + " script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static final int PER_PAGE = 25;

    private final LabRuns runs;

    LabController(LabRuns runs) {
        this.runs = runs;
    }

    @GetMapping(LabPages.LIST)
    String runs(@RequestParam(required = false) @Nullable String cursor, Model model) {
        Page<LabRun> page = runs.list(cursor, PER_PAGE);
        model.addAttribute("runs", page.items());
        model.addAttribute("folder", runs.folder());
        model.addAttribute("cursor", cursor);
        model.addAttribute("next", page.next());
        return "console/lab-runs";
    }

    @GetMapping(LabPages.LIST + "/{name}")
    String run(@PathVariable String name, Model model) {
        model.addAttribute("run", runs.find(name).orElseThrow(() -> missing("No run of the lab is called ", name)));
        return "console/lab-run";
    }

    @GetMapping(LabPages.LIST + "/{name}/report")
    ResponseEntity<byte[]> report(@PathVariable String name) {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
                .header("Content-Security-Policy", REPORT_POLICY)
                .header("Cache-Control", "no-store")
                .body(runs.report(name).orElseThrow(() -> missing("There is no report of ", name)));
    }

    private static ConsoleErrors.NotFound missing(String what, String name) {
        return new ConsoleErrors.NotFound(what + Pages.bounded(name, 100), "Choose one from the list of runs.");
    }
}
