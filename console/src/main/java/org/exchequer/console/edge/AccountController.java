package org.exchequer.console.edge;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.exchequer.console.view.AccountView;
import org.exchequer.console.view.ChartTree;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.StatementLine;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/** One account: balance, statement, and for operators its state and limit. A summary account shows its children. */
@Controller
public final class AccountController {
    private static final int LINES_PER_PAGE = 50;
    private static final int CHART_POINTS = 200;
    private static final int CHILDREN = 100;

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;
    private final JsonMapper json = new JsonMapper();

    AccountController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    /** What the forms of the page hold: their key, what was typed, what went wrong with which of them. */
    public record Forms(
            String key, String limit, String form, @Nullable Notice notice) {}

    @GetMapping(LedgerPages.ROOT + "/accounts/{code}")
    ModelAndView account(
            @PathVariable String code,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String done) {
        ModelAndView page = page(find(code), cursor, new Forms(keys.next(), "", "", null), HttpStatus.OK);
        page.addObject("done", done != null);
        return page;
    }

    @PostMapping(LedgerPages.ROOT + "/accounts/{code}/state")
    ModelAndView state(@PathVariable String code, @RequestParam String key, @RequestParam String state) {
        Account account = find(code);
        return change(account, key, "", "state", () -> new Command.ChangeAccount(key, code, stateOf(state), null));
    }

    @PostMapping(LedgerPages.ROOT + "/accounts/{code}/limit")
    ModelAndView limit(@PathVariable String code, @RequestParam String key, @RequestParam String overdraftLimit) {
        Account account = find(code);
        String typed = Pages.bounded(overdraftLimit.strip(), 40);
        return change(
                account,
                key,
                typed,
                "limit",
                () -> new Command.ChangeAccount(key, code, null, limitOf(account, typed)));
    }

    private ModelAndView change(Account account, String key, String typed, String form, Supplier<Command> command) {
        Notice notice;
        try {
            Outcome outcome = submitter.send(command.get());
            switch (outcome) {
                case Outcome.AccountChanged changed -> {
                    return Pages.seeOther(LedgerPages.ROOT + "/accounts/{code}?done", account.code());
                }
                case Outcome.Posted posted ->
                    throw new IllegalStateException("a change of an account answered as transaction "
                            + posted.transaction().id());
                case Outcome.Rejected rejected -> notice = Notice.of(rejected);
                case Outcome.Refused refused -> notice = Notice.of(refused);
                case Outcome.Unknown unknown -> notice = Notice.of(unknown);
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        }
        String nextKey = notice.decided() ? keys.next() : key;
        Forms forms = new Forms(nextKey, typed, form, notice);
        return page(find(account.code()), null, forms, HttpStatus.valueOf(notice.status()));
    }

    private static AccountState stateOf(String typed) {
        for (AccountState state : AccountState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(typed)) {
                return state;
            }
        }
        throw new FieldError("state", "must be open, frozen or closed");
    }

    private static long limitOf(Account account, String typed) {
        Currency currency = account.spec().currency();
        if (currency == null) {
            throw new FieldError("overdraftLimit", "a summary account has none");
        }
        try {
            return Money.parse(typed, currency).minorUnits();
        } catch (IllegalArgumentException broken) {
            throw new FieldError("overdraftLimit", String.valueOf(broken.getMessage()));
        }
    }

    private Account find(String code) {
        return ledger.account(code)
                .orElseThrow(() -> new ConsoleErrors.NotFound(
                        "No account has the code " + Pages.bounded(code, 64),
                        "Codes are case-sensitive. Look for it in the chart of accounts, or search with the box on"
                                + " top."));
    }

    private ModelAndView page(Account account, @Nullable String cursor, Forms forms, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/account", status);
        String code = account.code();
        page.addObject("account", AccountView.of(account, ledger.balance(code).orElse(null)));
        page.addObject("forms", forms);
        page.addObject("paged", cursor != null);
        if (account.isSummary()) {
            Optional<ChartTree> tree = ChartTree.read(ledger);
            page.addObject("path", tree.map(chart -> chart.path(account)).orElse(List.of()));
            page.addObject("totals", tree.map(chart -> chart.balances(code)).orElse(List.of()));
            page.addObject(
                    "branch",
                    tree.map(chart -> chart.branch(code, "", CHILDREN, 0)).orElse(null));
            return page;
        }
        page.addObject("path", path(account));
        Page<StatementLine> statement =
                ledger.statement(code, cursor, LINES_PER_PAGE).orElseGet(() -> new Page<>(List.of(), null));
        page.addObject(
                "lines", statement.items().stream().map(AccountView.Line::of).toList());
        page.addObject("next", statement.next());
        if (cursor == null && statement.items().size() > 1) {
            List<StatementLine> points =
                    ledger.statement(code, null, CHART_POINTS).map(Page::items).orElse(List.of());
            page.addObject("chart", json.writeValueAsString(AccountView.chart(points)));
        }
        return page;
    }

    private List<Account> path(Account account) {
        ArrayDeque<Account> path = new ArrayDeque<>();
        Optional<Account> at = Optional.of(account);
        while ((at = at.map(here -> here.spec().parent()).flatMap(ledger::account)).isPresent()) {
            path.addFirst(at.get());
        }
        return List.copyOf(path);
    }
}
