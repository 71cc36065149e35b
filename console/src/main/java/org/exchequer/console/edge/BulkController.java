package org.exchequer.console.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.Principal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.exchequer.console.view.BulkPage;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.PaymentLine;
import org.exchequer.console.view.PaymentSearch;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.SearchTooWideException;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The same done with many payments or dead letters: chosen, shown, started, and looked at while it is done. */
@Controller
public final class BulkController {
    static final String LIST = InwardPages.ROOT + "/bulks";
    static final String BULK = LIST + "/{id}";
    private static final int LATEST = 50;

    private final Bulks bulks;
    private final PaymentBook payments;

    BulkController(Bulks bulks, PaymentBook payments) {
        this.bulks = bulks;
        this.payments = payments;
    }

    @GetMapping(LIST)
    ModelAndView list() {
        try {
            return list(null);
        } catch (PaymentsUnavailableException away) {
            return LetterController.away();
        }
    }

    private ModelAndView list(@Nullable Notice notice) {
        ModelAndView page = new ModelAndView(
                "console/inward-bulks", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject(
                "bulks", bulks.latest(LATEST).stream().map(BulkPage.Line::of).toList());
        page.addObject("notice", notice);
        return page;
    }

    /** @param scope {@code found} for all that the search finds, else those with these ids */
    @PostMapping(LIST)
    ModelAndView preview(
            @RequestParam String kind,
            @RequestParam(defaultValue = "") String scope,
            @RequestParam(name = "id", required = false) @Nullable List<String> ids,
            @RequestParam(defaultValue = "") String assignee,
            @RequestParam(defaultValue = "") String note,
            @RequestParam Map<String, String> search,
            Principal user) {
        try {
            Bulks.Kind wanted = Arrays.stream(Bulks.Kind.values())
                    .filter(one -> one.name().equals(kind))
                    .findFirst()
                    .orElseThrow(() -> new FieldError("kind", "must be chosen"));
            List<UUID> targets = scope.equals("found") && wanted != Bulks.Kind.RESUBMIT
                    ? found(search)
                    : (ids == null ? List.<String>of() : ids)
                            .stream().map(BulkController::parse).toList();
            Bulks.Bulk made = bulks.preview(
                    new Bulks.Draft(
                            wanted, targets, note.strip(), wanted == Bulks.Kind.ASSIGN ? assignee.strip() : null),
                    user.getName());
            return Pages.seeOther(BULK, made.id());
        } catch (FieldError error) {
            return list(Notice.of(error));
        } catch (PaymentsUnavailableException away) {
            return LetterController.away();
        }
    }

    private List<UUID> found(Map<String, String> search) {
        PaymentFilter filter = PaymentSearch.read(search).parse().filter();
        if (filter == null) {
            throw new FieldError("search", "must be a right one");
        }
        try {
            return payments.payments(filter, null, Bulks.MOST + 1).items().stream()
                    .map(PaymentView::id)
                    .toList();
        } catch (SearchTooWideException wide) {
            throw new FieldError("search", "must be for a shorter time, an account, or a reference");
        }
    }

    private static UUID parse(String id) {
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new FieldError("id", "must be a UUID");
        }
        return UUID.fromString(id);
    }

    @GetMapping(BULK)
    ModelAndView bulk(@PathVariable String id, Principal user) {
        return shown("console/inward-bulk", id, user);
    }

    /** The part that changes while it is done. */
    @GetMapping(BULK + "/progress")
    ModelAndView progress(@PathVariable String id, Principal user) {
        return shown("console/inward-bulk :: progress", id, user);
    }

    private ModelAndView shown(String view, String id, Principal user) {
        try {
            Bulks.Bulk found = found(id);
            ModelAndView page = new ModelAndView(view);
            page.addObject("bulk", BulkPage.of(found, bulks.items(found.id()), user.getName()));
            return page;
        } catch (PaymentsUnavailableException away) {
            return LetterController.away();
        }
    }

    @PostMapping(BULK + "/start")
    ModelAndView start(@PathVariable String id, Principal user) {
        try {
            Bulks.Bulk found = found(id);
            return switch (bulks.start(found.id(), user.getName())) {
                case YES -> Pages.seeOther(BULK, found.id());
                case NOT_FOUND -> throw missing(id);
                case NOT_YOURS ->
                    list(new Notice(
                            "danger",
                            "Not started",
                            "Another person has chosen these: choose them yourself.",
                            "NOT_YOURS",
                            "",
                            409,
                            true));
            };
        } catch (PaymentsUnavailableException away) {
            return LetterController.away();
        }
    }

    /** What became of each; of an export, the payments themselves. */
    @GetMapping(BULK + "/file")
    ResponseEntity<byte[]> file(@PathVariable String id) {
        Bulks.Bulk found = found(id);
        List<Bulks.Item> items = bulks.items(found.id());
        String text = found.kind() == Bulks.Kind.EXPORT ? export(items) : results(items);
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "csv", UTF_8))
                .header("Content-Disposition", "attachment; filename=\"bulk-" + found.id() + ".csv\"")
                .body(text.getBytes(UTF_8));
    }

    private String export(List<Bulks.Item> items) {
        Map<UUID, PaymentView> found = new HashMap<>();
        payments.payments(items.stream().map(Bulks.Item::target).toList()).forEach(view -> found.put(view.id(), view));
        return Report.csvLine(PaymentLine.COLUMNS)
                + items.stream()
                        .map(item -> found.get(item.target()))
                        .filter(view -> view != null)
                        .map(view -> Report.csvLine(PaymentLine.values(view)))
                        .collect(Collectors.joining());
    }

    private static String results(List<Bulks.Item> items) {
        return Report.csvLine(List.of("position", "id", "state", "outcome", "payment", "at"))
                + items.stream()
                        .map(item -> Report.csvLine(List.of(
                                Integer.toString(item.position()),
                                item.target().toString(),
                                item.state().name(),
                                item.outcome(),
                                item.payment() == null ? "" : item.payment().toString(),
                                item.at() == null ? "" : item.at().toString())))
                        .collect(Collectors.joining());
    }

    private Bulks.Bulk found(String id) {
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw missing(id);
        }
        return bulks.bulk(UUID.fromString(id)).orElseThrow(() -> missing(id));
    }

    private static ConsoleErrors.NotFound missing(String id) {
        return new ConsoleErrors.NotFound(
                "There is no bulk operation " + Pages.bounded(id, 40), "Choose one from the list.");
    }
}
