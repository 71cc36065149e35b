package org.exchequer.console.edge;

import java.util.Map;
import java.util.Optional;
import org.exchequer.console.view.AccountForm;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The form that opens an account. */
@Controller
public final class OpenAccountController {
    private static final String PATH = LedgerPages.ROOT + "/open";

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;

    OpenAccountController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    /** An empty form; under a parent, with its type and a code to go on from. */
    @GetMapping(PATH)
    ModelAndView empty(@RequestParam(defaultValue = "") String parent) {
        AccountForm form = Optional.of(parent)
                .filter(code -> !code.isEmpty())
                .flatMap(ledger::account)
                .map(account -> AccountForm.under(account, keys.next()))
                .orElseGet(() -> AccountForm.empty(keys.next()));
        return page(form, Map.of(), null, HttpStatus.OK);
    }

    @PostMapping(PATH)
    ModelAndView open(@RequestParam Map<String, String> typed) {
        AccountForm form = AccountForm.read(typed);
        AccountForm.Parsed parsed = form.parse();
        if (parsed.command() == null) {
            return page(form, parsed.errors(), null, HttpStatus.UNPROCESSABLE_CONTENT);
        }
        return send(form, parsed.command());
    }

    private ModelAndView send(AccountForm form, Command.OpenAccount command) {
        Outcome outcome = submitter.send(command);
        Notice notice = Notice.of(outcome);
        return notice == null ? Submitter.done(outcome) : notDone(form, notice);
    }

    private ModelAndView notDone(AccountForm form, Notice notice) {
        // The ledger may say "account.code" where the form says "code".
        String field = notice.field().substring(notice.field().lastIndexOf('.') + 1);
        Map<String, String> errors = field.isEmpty() ? Map.of() : Map.of(field, notice.text());
        AccountForm next = notice.decided() ? form.withKey(keys.next()) : form;
        return page(next, errors, notice, HttpStatus.valueOf(notice.status()));
    }

    private static ModelAndView page(
            AccountForm form, Map<String, String> errors, @Nullable Notice notice, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/open", status);
        page.addObject("form", form);
        page.addObject("errors", new Errors(errors));
        page.addObject("notice", notice);
        return page;
    }
}
