package org.exchequer.console.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.exchequer.console.view.PaymentLine;
import org.exchequer.console.view.PaymentPage;
import org.exchequer.console.view.PaymentSearch;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.SearchTooWideException;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** Payments that came in: found by whatever is known of them, as a page or a file, and one with all that is kept. */
@Controller
public final class PaymentController {
    static final String LIST = InwardPages.ROOT + "/payments";
    static final String FILE = LIST + ".csv";

    private static final int PER_PAGE = 50;
    private static final int AT_ONCE = 1_000;
    /** Most lines of a file. */
    private static final int MOST = 50_000;

    private static final List<String> TYPES = List.of("PACS_008", "PACS_003", "PACS_007", "CAMT_056");

    private final PaymentBook payments;

    PaymentController(PaymentBook payments) {
        this.payments = payments;
    }

    @GetMapping(LIST)
    ModelAndView search(
            @RequestParam Map<String, String> sent, @RequestParam(required = false) @Nullable String cursor) {
        PaymentSearch search = PaymentSearch.read(sent);
        PaymentSearch.Parsed parsed = search.parse();
        PaymentFilter filter = parsed.filter();
        ModelAndView page = new ModelAndView("console/inward-payments");
        page.addObject("search", search);
        page.addObject("errors", new Errors(parsed.errors()));
        page.addObject("query", query(search));
        page.addObject("cursor", cursor);
        page.addObject("types", TYPES);
        page.addObject("statuses", Status.values());
        page.addObject("states", State.values());
        page.addObject(
                "stages",
                Arrays.stream(Stage.values())
                        .filter(stage -> stage.priority() > 0)
                        .toList());
        Page<PaymentView> found = new Page<>(List.of(), null);
        if (filter == null) {
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        } else {
            try {
                found = payments.payments(filter, cursor, PER_PAGE);
            } catch (SearchTooWideException wide) {
                page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
                page.addObject("tooWide", true);
            } catch (PaymentsUnavailableException away) {
                page.setStatus(HttpStatus.SERVICE_UNAVAILABLE);
                page.addObject("away", true);
            } catch (IllegalArgumentException broken) {
                throw new ConsoleErrors.NotFound("There is no such page of the list", "Search again.");
            }
        }
        page.addObject("payments", found.items().stream().map(PaymentLine::of).toList());
        page.addObject("next", found.next());
        return page;
    }

    /** The fields as a query, each value encoded. */
    private static String query(PaymentSearch search) {
        UriComponentsBuilder address = UriComponentsBuilder.newInstance();
        search.fields().forEach((name, value) -> address.queryParam(name, "{" + name + "}"));
        String query = address.encode().buildAndExpand(search.fields()).getQuery();
        return query == null ? "" : query;
    }

    /** As many as a file may have, the newest first; a page at a time, so that none is kept. */
    @GetMapping(FILE)
    void file(@RequestParam Map<String, String> sent, HttpServletResponse response) throws IOException {
        PaymentFilter filter = PaymentSearch.read(sent).parse().filter();
        if (filter == null) {
            throw new ConsoleErrors.NotFound("The search is not a right one", "Search again, then take the file.");
        }
        Page<PaymentView> page = page(filter, null);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"inward-payments.csv\"");
        Writer out = new OutputStreamWriter(response.getOutputStream(), UTF_8);
        out.write(Report.csvLine(PaymentLine.COLUMNS));
        int written = 0;
        while (page != null) {
            for (PaymentView view : page.items()) {
                out.write(Report.csvLine(PaymentLine.values(view)));
            }
            written += page.items().size();
            String next = page.next();
            page = next == null || written >= MOST ? null : page(filter, next);
        }
        out.flush();
    }

    private Page<PaymentView> page(PaymentFilter filter, @Nullable String cursor) {
        try {
            return payments.payments(filter, cursor, AT_ONCE);
        } catch (SearchTooWideException wide) {
            throw new ConsoleErrors.NotFound(
                    "Too much would have to be read", "Search for a shorter time, an account, or a reference.");
        }
    }

    @GetMapping(LIST + "/{id}")
    ModelAndView payment(@PathVariable String id) {
        ModelAndView page = new ModelAndView("console/inward-payment");
        page.addObject(
                "payment",
                PaymentPage.of(payments.dossier(parse(id))
                        .orElseThrow(() -> new ConsoleErrors.NotFound(
                                "There is no payment " + id, "Search for it by what else is known of it."))));
        return page;
    }

    private static UUID parse(String id) {
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new ConsoleErrors.NotFound(
                    "There is no payment " + Pages.bounded(id, 40), "Search for it by what else is known of it.");
        }
        return UUID.fromString(id);
    }
}
