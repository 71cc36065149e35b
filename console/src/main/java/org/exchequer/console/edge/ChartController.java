package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.AsOfForm;
import org.exchequer.console.view.ChartTree;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The chart of accounts: as a tree, or as a list when a prefix is given or the chart is too large to add up. */
@Controller
public final class ChartController {
    private static final int CHILDREN_PER_PAGE = 100;
    private static final int LIST_PER_PAGE = 50;
    private static final int LEVELS_OPEN = 1;

    private final Ledger ledger;

    ChartController(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping(LedgerPages.ROOT + "/accounts")
    String accounts(
            @RequestParam(defaultValue = "") String prefix,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "") String basis,
            @RequestParam(defaultValue = "") String date,
            Model model,
            HttpServletResponse response) {
        String wanted = Pages.bounded(prefix.strip(), 64);
        AsOfForm asOf = AsOfForm.read(basis, date);
        response.setStatus(Pages.status(asOf).value());
        model.addAttribute("asOf", asOf);
        Optional<ChartTree> tree = ChartTree.read(ledger, asOf.asOf());
        model.addAttribute("prefix", wanted);
        model.addAttribute("maxAccounts", Amounts.count(ChartTree.MAX_ACCOUNTS));
        model.addAttribute("tooLarge", tree.isEmpty());
        tree.ifPresent(chart -> {
            model.addAttribute("size", Amounts.count(chart.size()));
            model.addAttribute("sequence", chart.position());
        });
        if (wanted.isEmpty() && tree.isPresent()) {
            model.addAttribute("branch", tree.get().branch("", "", CHILDREN_PER_PAGE, LEVELS_OPEN));
        } else {
            Page<Account> page = ledger.accounts(wanted, cursor, LIST_PER_PAGE);
            model.addAttribute(
                    "rows",
                    page.items().stream()
                            .map(account -> row(account, tree, asOf.asOf()))
                            .toList());
            model.addAttribute("next", page.next());
        }
        return "console/chart";
    }

    /** Children of one account, for opening it in place and for the pages that follow. */
    @GetMapping(LedgerPages.ROOT + "/branch")
    String branch(
            @RequestParam(defaultValue = "") String parent,
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "") String basis,
            @RequestParam(defaultValue = "") String date,
            Model model) {
        AsOfForm asOf = AsOfForm.read(basis, date);
        String error = asOf.error();
        if (error != null) {
            throw new FieldError("date", error);
        }
        ChartTree tree = ChartTree.read(ledger, asOf.asOf())
                .orElseThrow(() -> new ConsoleErrors.NotFound(
                        "The chart has become too large for a tree", "Use the filter by prefix instead."));
        model.addAttribute("asOf", asOf);
        model.addAttribute("branch", tree.branch(parent, after, CHILDREN_PER_PAGE, 0));
        return "console/chart :: rows";
    }

    /** Codes that start as typed, for the browser's own suggestions. */
    @GetMapping(LedgerPages.ROOT + "/suggest")
    String suggest(@RequestParam Map<String, String> typed, Model model) {
        String prefix = typed.values().stream().findFirst().orElse("").strip();
        List<Account> found = prefix.isEmpty() || prefix.length() > 64
                ? List.of()
                : ledger.accounts(prefix, null, 30).items();
        model.addAttribute("accounts", found);
        return "console/parts :: suggestions";
    }

    private ChartTree.Row row(Account account, Optional<ChartTree> tree, AsOf asOf) {
        String code = account.code();
        if (tree.isPresent()) {
            return ChartTree.Row.of(
                    account, tree.get().figures(code), tree.get().childCount(code), null);
        }
        List<ChartTree.Figures> own = ledger.balance(code, asOf).stream()
                .map(balance -> ChartTree.Figures.of(balance, asOf.date() == null))
                .toList();
        return ChartTree.Row.of(account, own, 0, null);
    }
}
