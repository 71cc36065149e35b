package org.exchequer.console.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.exchequer.console.view.Times;
import org.exchequer.console.view.Typed;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.Statistics;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Reports of inward clearing by day, as a page and as a file. */
@Controller
public final class ReportController {
    static final String PATH = InwardPages.ROOT + "/reports";
    static final String FILE = PATH + ".csv";

    private static final int DAYS = 7;

    private final Statistics statistics;
    private final Clock clock;

    ReportController(Statistics statistics, Clock clock) {
        this.statistics = statistics;
        this.clock = clock;
    }

    /** A kind to choose. */
    public record Choice(String code, String name) {
        static Choice of(Report.Kind kind) {
            return new Choice(
                    kind.name().toLowerCase(Locale.ROOT),
                    switch (kind) {
                        case SLA -> "SLA compliance";
                        case STAGES -> "Performance of stages";
                        case REFUSALS -> "Refusals";
                        case PARTNERS -> "Partners";
                    });
        }
    }

    /** What was asked for, as typed. */
    public record Asked(
            Choice kind,
            String from,
            String until,
            @Nullable String error) {}

    @GetMapping(PATH)
    ModelAndView report(
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String until) {
        Report.Kind wanted = kind(kind);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        ModelAndView page = new ModelAndView("console/inward-reports");
        page.addObject(
                "kinds", Arrays.stream(Report.Kind.values()).map(Choice::of).toList());
        try {
            LocalDate first = date("from", from, today.minusDays(DAYS - 1));
            LocalDate last = date("until", until, today);
            page.addObject("asked", new Asked(Choice.of(wanted), first.toString(), last.toString(), null));
            Report report = statistics.report(wanted, first, last);
            page.addObject(
                    "columns", report.columns().stream().map(Times::words).toList());
            page.addObject("rows", report.rows());
        } catch (IllegalArgumentException wrong) {
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            String error = wrong instanceof FieldError field
                    ? field.field() + " " + field.getMessage()
                    : "until must not be before from, and the days at most 92";
            page.addObject("asked", new Asked(Choice.of(wanted), Typed.shownDate(from), Typed.shownDate(until), error));
        } catch (PaymentsUnavailableException away) {
            page.setStatus(HttpStatus.SERVICE_UNAVAILABLE);
            page.addObject("asked", new Asked(Choice.of(wanted), from, until, "the database does not answer now"));
        }
        return page;
    }

    @GetMapping(FILE)
    ResponseEntity<byte[]> file(@RequestParam String kind, @RequestParam String from, @RequestParam String until) {
        Report.Kind wanted = kind(kind);
        LocalDate first = Typed.requiredDate("from", from);
        LocalDate last = Typed.requiredDate("until", until);
        try {
            return ResponseEntity.ok()
                    .contentType(new MediaType("text", "csv", UTF_8))
                    .header(
                            "Content-Disposition",
                            "attachment; filename=\"inward-%s.csv\""
                                    .formatted(Choice.of(wanted).code()))
                    .body(statistics.report(wanted, first, last).csv().getBytes(UTF_8));
        } catch (IllegalArgumentException wrong) {
            throw new FieldError("until", "must not be before from, and the days at most 92");
        }
    }

    private static LocalDate date(String field, String typed, LocalDate otherwise) {
        LocalDate date = Typed.date(field, typed);
        return date == null ? otherwise : date;
    }

    private static Report.Kind kind(String code) {
        return List.of(Report.Kind.values()).stream()
                .filter(kind -> kind.name().equalsIgnoreCase(code))
                .findFirst()
                .orElse(Report.Kind.SLA);
    }
}
