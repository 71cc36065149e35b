package org.exchequer.console.edge;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Locale;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.reconciliation.api.BadStatementException;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.Statements;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/**
 * A statement from a person's disk. The page's script sends the file as the body, as it is, and the fields beside it in
 * the query: so it is bounded and read like that of any other caller.
 */
@Controller
public final class StatementUploadController {
    static final String PATH = ReconciliationPages.ROOT + "/upload";
    private static final int MOST_DAYS = 366;

    private final Reconciliations reconciliations;
    private final Statements statements;
    private final FormKey keys;

    StatementUploadController(Reconciliations reconciliations, Statements statements, FormKey keys) {
        this.reconciliations = reconciliations;
        this.statements = statements;
        this.keys = keys;
    }

    /** The fields as typed. */
    public record Fields(
            String account,
            String format,
            String statementAccount,
            String from,
            String to,
            String tolerance,
            String days,
            @Nullable String byAmount,
            String fileName) {
        private Statements.Upload upload(byte[] bytes) {
            if (bytes.length == 0) {
                throw new FieldError("file", "is empty, or none was chosen");
            }
            boolean known = days.matches("[0-9]{1,3}") && Integer.parseInt(days) <= MOST_DAYS;
            if (!days.isBlank() && !known) {
                throw new FieldError("days", "must be 0 to " + MOST_DAYS);
            }
            return new Statements.Upload(
                    bytes,
                    format.isBlank() ? formatOf(fileName) : format,
                    account.strip(),
                    statementAccount.strip(),
                    Typed.date("from", from),
                    Typed.date("to", to),
                    tolerance.isBlank() ? "0" : tolerance.strip(),
                    days.isBlank() ? 3 : Integer.parseInt(days),
                    Typed.flag("byAmount", byAmount));
        }

        /** As on the command line. */
        private static String formatOf(String fileName) {
            String name = fileName.toLowerCase(Locale.ROOT);
            return name.endsWith(".xml") ? "CAMT053" : name.matches(".*\\.(sta|mt940|940|fin)") ? "MT940" : "CSV";
        }
    }

    @GetMapping(PATH)
    String form(@RequestParam(defaultValue = "") String account, Model model) {
        model.addAttribute("key", keys.next());
        model.addAttribute("account", Pages.bounded(account, 64));
        model.addAttribute("formats", Statements.FORMATS);
        model.addAttribute("megabytes", Statements.MOST_BYTES >> 20);
        model.addAttribute("lines", String.format(Locale.ROOT, "%,d", Reconciliations.MAX_LINES));
        return "console/upload";
    }

    /** 201 and where the run is; else what there is to say, as a piece of the page. */
    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Object upload(
            @RequestParam String key,
            Fields fields,
            @RequestBody(required = false) byte @Nullable [] body,
            Principal user) {
        byte[] bytes = body == null ? new byte[0] : body;
        try {
            byte[] beside = fields.toString().getBytes(StandardCharsets.UTF_8);
            return switch (reconciliations.run(
                    statements.read(Requests.of(user, key, beside, bytes), fields.upload(bytes)))) {
                case RunOutcome.Recorded recorded ->
                    ResponseEntity.status(HttpStatus.CREATED)
                            .header(
                                    "Location",
                                    ReconciliationPages.ROOT + "/runs/"
                                            + recorded.run().id())
                            .build();
                case RunOutcome.KeyReused() ->
                    said(new Notice(
                            "danger",
                            "Sent before",
                            "This form was sent before with another file or other fields, and that run stands. Load"
                                    + " the page anew to send another one.",
                            "IDEMPOTENCY_KEY_REUSED",
                            "",
                            409,
                            true));
            };
        } catch (BadStatementException bad) {
            return said(new Notice(
                    "danger",
                    "Not a statement that can be read",
                    bad.getMessage() + ". Nothing was recorded.",
                    "BAD_STATEMENT",
                    "file",
                    422,
                    false));
        } catch (FieldError error) {
            return said(Notice.of(error));
        } catch (LedgerUnavailableException unavailable) {
            return said(Notice.unavailable());
        }
    }

    private static ModelAndView said(Notice notice) {
        ModelAndView piece = new ModelAndView("console/upload :: said", HttpStatus.valueOf(notice.status()));
        piece.addObject("notice", notice);
        return piece;
    }
}
