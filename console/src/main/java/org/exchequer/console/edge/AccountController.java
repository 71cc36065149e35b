package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.exchequer.console.view.AccountView;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.AsOfForm;
import org.exchequer.console.view.BalanceChart;
import org.exchequer.console.view.ChartTree;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.HoldView;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.PeriodForm;
import org.exchequer.console.view.Typed;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.platform.module.Role;
import org.exchequer.shards.api.Shards;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/**
 * One account: balance, holds, chart, statement, and for operators its state, limit and bounds. A summary account shows
 * its children.
 */
@Controller
public final class AccountController {
    private static final int LINES_PER_PAGE = 50;
    private static final int HOLDS_PER_PAGE = 20;
    private static final int CHILDREN = 100;
    private static final int DEFAULT_SPAN = 90;

    /** Spans of the chart in days, with their names. */
    private static final Map<Integer, String> SPANS = spans();

    private final Ledger ledger;
    private final @Nullable Shards shards;
    private final Submitter submitter;
    private final FormKey keys;
    private final JsonMapper json = new JsonMapper();

    /** @param shards null where the ledger is on one database */
    AccountController(Ledger ledger, @Nullable Shards shards, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.shards = shards;
        this.submitter = submitter;
        this.keys = keys;
    }

    private static Map<Integer, String> spans() {
        Map<Integer, String> spans = new LinkedHashMap<>();
        spans.put(30, "30 days");
        spans.put(DEFAULT_SPAN, "90 days");
        spans.put(365, "1 year");
        spans.put(3_650, "10 years");
        return Collections.unmodifiableMap(spans);
    }

    /**
     * What the forms of the page hold.
     *
     * @param form which of them was sent, or empty
     * @param typed what was typed into it
     */
    public record Forms(
            String key,
            String form,
            Map<String, String> typed,
            @Nullable Notice notice) {

        /** What a field of a form shows: what was typed into it when it was sent, else what holds. */
        public String shown(String ofForm, String field, String present) {
            return form.equals(ofForm) ? typed.getOrDefault(field, "") : present;
        }

        /** Whether this field of the form that was sent is at fault. */
        public boolean wrong(String ofForm, String field) {
            return form.equals(ofForm)
                    && notice != null
                    && (notice.field().isEmpty() || notice.field().equals(field));
        }
    }

    /** A hold with the keys of the forms that post and void it. */
    public record HoldLine(HoldView hold, String postKey, String voidKey) {}

    /**
     * What of the account is looked at.
     *
     * @param cursor into the statement
     * @param period of the statement
     * @param holds cursor into the open holds
     * @param days span of the chart
     */
    private record Look(
            @Nullable String cursor,
            PeriodForm period,
            @Nullable String holds,
            AsOfForm asOf,
            int days) {
        static final Look PLAIN = new Look(null, PeriodForm.ALL, null, AsOfForm.read("", ""), DEFAULT_SPAN);
    }

    @GetMapping(LedgerPages.ROOT + "/accounts/{code}")
    ModelAndView account(@PathVariable String code, @RequestParam Map<String, String> query) {
        AsOfForm asOf = AsOfForm.read(query.getOrDefault("basis", ""), query.getOrDefault("date", ""));
        int days = SPANS.keySet().stream()
                .filter(span -> span.toString().equals(query.get("days")))
                .findFirst()
                .orElse(DEFAULT_SPAN);
        PeriodForm period = PeriodForm.read(query.getOrDefault("from", ""), query.getOrDefault("to", ""));
        ModelAndView page = page(
                find(code),
                new Look(query.get("cursor"), period, query.get("holds"), asOf, days),
                new Forms(keys.next(), "", Map.of(), null),
                period.error() == null ? Pages.status(asOf) : HttpStatus.UNPROCESSABLE_CONTENT);
        page.addObject("done", query.containsKey("done"));
        page.addObject("replayed", query.containsKey("replayed"));
        return page;
    }

    @PostMapping(LedgerPages.ROOT + "/accounts/{code}/state")
    ModelAndView state(@PathVariable String code, @RequestParam Map<String, String> typed, HttpServletRequest request) {
        return change(
                find(code),
                "state",
                typed,
                request,
                () -> new AccountChange(code, stateOf(typed.getOrDefault("state", "")), null, null, null));
    }

    @PostMapping(LedgerPages.ROOT + "/accounts/{code}/limit")
    ModelAndView limit(@PathVariable String code, @RequestParam Map<String, String> typed, HttpServletRequest request) {
        Account account = find(code);
        return change(account, "limit", typed, request, () -> {
            Long limit = minorUnits(account, "overdraftLimit", typed);
            if (limit == null) {
                throw new FieldError("overdraftLimit", "give an amount; 0 for none");
            }
            return new AccountChange(code, null, limit, null, account.spec().currency());
        });
    }

    @PostMapping(LedgerPages.ROOT + "/accounts/{code}/bounds")
    ModelAndView bounds(
            @PathVariable String code, @RequestParam Map<String, String> typed, HttpServletRequest request) {
        Account account = find(code);
        return change(account, "bounds", typed, request, () -> {
            Bounds bounds = new Bounds(
                    minorUnits(account, "minimumBalance", typed), minorUnits(account, "maximumBalance", typed));
            return new AccountChange(code, null, null, bounds, null);
        });
    }

    /** Changes the account; with a reason, proposes to. */
    private ModelAndView change(
            Account account,
            String form,
            Map<String, String> typed,
            HttpServletRequest request,
            Supplier<AccountChange> read) {
        String key = typed.getOrDefault("key", "");
        String reason = typed.getOrDefault("reason", "").strip();
        Notice notice;
        try {
            AccountChange change = read.get();
            Outcome outcome = submitter.send(
                    reason.isEmpty()
                            ? new Command.ChangeAccount(
                                    key, change, !Access.roles(request).contains(Role.ADMIN))
                            : new Command.ProposeAdjustment(
                                    key,
                                    change,
                                    reason,
                                    request.getUserPrincipal().getName(),
                                    Details.NONE));
            notice = Notice.of(outcome);
            if (notice == null) {
                return Submitter.done(outcome);
            }
        } catch (FieldError error) {
            notice = Notice.of(error);
        }
        String nextKey = notice.decided() ? keys.next() : key;
        Forms forms = new Forms(nextKey, form, typed, notice);
        return page(find(account.code()), Look.PLAIN, forms, HttpStatus.valueOf(notice.status()));
    }

    private static AccountState stateOf(String typed) {
        for (AccountState state : AccountState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(typed)) {
                return state;
            }
        }
        throw new FieldError("state", "must be open, debit_frozen, credit_frozen, frozen or closed");
    }

    private static @Nullable Long minorUnits(Account account, String field, Map<String, String> typed) {
        Currency currency = account.spec().currency();
        if (currency == null) {
            throw new FieldError(field, "a summary account has none");
        }
        Money amount = Typed.money(field, Pages.bounded(typed.getOrDefault(field, ""), 40), currency);
        return amount == null ? null : amount.minorUnits();
    }

    private Account find(String code) {
        return ledger.account(code)
                .orElseThrow(() -> new ConsoleErrors.NotFound(
                        "No account has the code " + Pages.bounded(code, 64),
                        "Codes are case-sensitive. Look for it in the chart of accounts, or search with the box on"
                                + " top."));
    }

    private ModelAndView page(Account account, Look look, Forms forms, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/account", status);
        String code = account.code();
        AsOf asOf = look.asOf().asOf();
        page.addObject(
                "account", AccountView.of(account, ledger.balance(code, asOf).orElse(null)));
        page.addObject("forms", forms);
        page.addObject("asOf", look.asOf());
        page.addObject("path", path(account));
        page.addObject(
                "shard",
                shards == null || account.code().startsWith(Ledger.OWN_ACCOUNT)
                        ? null
                        : shards.place(account.code()).name());
        if (account.isSummary()) {
            Optional<ChartTree> tree = ChartTree.read(ledger, asOf);
            page.addObject("totals", tree.map(chart -> chart.figures(code)).orElseGet(() -> rolledUp(code, asOf)));
            page.addObject(
                    "branch",
                    tree.map(chart -> chart.branch(code, "", CHILDREN, 0)).orElse(null));
            return page;
        }
        Page<StatementLine> statement = ledger.statement(code, look.period().period(), look.cursor(), LINES_PER_PAGE)
                .orElseGet(() -> new Page<>(List.of(), null));
        page.addObject("period", look.period());
        page.addObject("paged", look.cursor() != null || look.period().narrow());
        page.addObject(
                "lines", statement.items().stream().map(AccountView.Line::of).toList());
        page.addObject("next", statement.next());
        Page<PendingTransaction> holds =
                ledger.pendingOf(code, look.holds(), HOLDS_PER_PAGE).orElseGet(() -> new Page<>(List.of(), null));
        page.addObject("holds", holds.items().stream().map(this::line).toList());
        page.addObject("holdsPaged", look.holds() != null);
        page.addObject("nextHolds", holds.next());
        page.addObject("spans", SPANS);
        page.addObject("days", look.days());
        chart(account, look.days()).ifPresent(chart -> {
            page.addObject("chart", chart);
            page.addObject("points", json.writeValueAsString(chart.points()));
        });
        return page;
    }

    private HoldLine line(PendingTransaction hold) {
        return new HoldLine(HoldView.of(hold, ledger), keys.next(), keys.next());
    }

    /** A chart too large for a tree has no roll-up of what is on hold; the database adds up what is booked. */
    private List<ChartTree.Figures> rolledUp(String code, AsOf asOf) {
        return ledger.rollUp(code, asOf).orElse(List.of()).stream()
                .map(sum -> {
                    Amounts.Net net = Amounts.Net.of(sum.debits().subtract(sum.credits()), sum.currency());
                    return new ChartTree.Figures(net, List.of(), null);
                })
                .toList();
    }

    /** The balance at the end of each booking date, from the opening of the account at the earliest. */
    private Optional<BalanceChart> chart(Account account, int days) {
        LocalDate to = ledger.businessDate();
        LocalDate from = to.minusDays(days - 1L);
        LocalDate opened = LocalDate.ofInstant(account.openedAt(), ZoneOffset.UTC);
        LocalDate start = from.isBefore(opened) && !opened.isAfter(to) ? opened : from;
        List<DayBalance> history = ledger.history(account.code(), start, to).orElse(List.of());
        if (history.isEmpty()) {
            return Optional.empty();
        }
        return ledger.balance(account.code(), AsOf.booking(start.minusDays(1)))
                .map(before -> BalanceChart.of(start, before.posted(), history));
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
