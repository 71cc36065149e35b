package org.exchequer.console.edge;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.platform.module.Route;

/** The pages of inward clearing: its service level, its payments, its reports. */
final class InwardPages implements ConsolePages {
    static final String ROOT = "/console/inward";

    private final List<Object> controllers;

    InwardPages(InwardViews views, Optional<Controls> controls, LiveStreams streams, Clock clock) {
        controllers = List.of(
                new InwardController(views.statistics(), controls, streams, clock),
                new PaymentController(views.payments()),
                new LetterController(views.letters()),
                new BulkController(views.bulks(), views.payments()),
                new ReportController(views.statistics(), clock));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Inward clearing", "Service level", ROOT, "gauge", "v", Set.of()),
                new NavEntry("Inward clearing", "Payments", PaymentController.LIST, "post", "m", Set.of()),
                new NavEntry("Inward clearing", "Dead letters", LetterController.LIST, "x", "1", Access.OPERATE),
                new NavEntry("Inward clearing", "Bulk operations", BulkController.LIST, "check", "2", Access.OPERATE),
                new NavEntry("Inward clearing", "Reports", ReportController.PATH, "sheet", "f", Set.of()));
    }

    @Override
    public List<Object> controllers() {
        return controllers;
    }

    /** The figures are nobody's: looking at them leaves no trace. Payments have names and accounts. */
    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", ROOT, Access.READ),
                new Route("GET", InwardController.STREAM, Access.READ),
                Access.get(PaymentController.LIST, Access.READ),
                Access.get(PaymentController.FILE, Access.READ),
                Access.get(PaymentController.LIST + "/{id}", Access.READ),
                new Route("GET", LetterController.LIST, Access.OPERATE),
                Access.get(LetterController.LETTER, Access.OPERATE),
                Access.get(LetterController.LETTER + "/message", Access.OPERATE),
                Access.post(LetterController.LETTER + "/resubmission", Access.OPERATE),
                Access.get(BulkController.LIST, Access.OPERATE),
                Access.post(BulkController.LIST, Access.OPERATE),
                Access.get(BulkController.BULK, Access.OPERATE),
                Access.post(BulkController.BULK + "/start", Access.OPERATE),
                Access.get(BulkController.BULK + "/file", Access.OPERATE),
                new Route("GET", BulkController.BULK + "/progress", Access.OPERATE),
                new Route("GET", ReportController.PATH, Access.READ),
                new Route("GET", ReportController.FILE, Access.READ));
    }
}
