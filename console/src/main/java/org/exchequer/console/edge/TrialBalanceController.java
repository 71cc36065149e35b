package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.AsOfForm;
import org.exchequer.console.view.ReportView;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.TrialBalance;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The trial balance, on the screen and as a file. */
@Controller
public final class TrialBalanceController {
    private static final int ROWS_PER_PAGE = 500;

    private final Ledger ledger;

    TrialBalanceController(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * One account: its net balance in the column of the side it stands on.
     *
     * @param transit whether it is no account but all that is in transit between shards
     * @param debit grouped or empty
     * @param credit grouped or empty
     */
    public record Row(String code, boolean transit, String name, String currency, String debit, String credit) {}

    /** One currency. */
    public record Total(String currency, String debits, String credits, Amounts.Net difference, boolean ties) {}

    @GetMapping(LedgerPages.ROOT + "/trial-balance")
    ModelAndView page(
            @RequestParam(defaultValue = "") String after,
            @RequestParam(defaultValue = "") String basis,
            @RequestParam(defaultValue = "") String date) {
        AsOfForm asOf = AsOfForm.read(basis, date);
        ModelAndView page = new ModelAndView("console/trial-balance", Pages.status(asOf));
        page.addObject("asOf", asOf);
        if (asOf.error() != null) {
            return page;
        }
        TrialBalance balance = ledger.trialBalance(asOf.asOf());
        List<Balance> rest = balance.rows().stream()
                .filter(row -> row.account().compareTo(after) > 0)
                .toList();
        List<Row> rows = rest.stream().limit(ROWS_PER_PAGE).map(this::row).toList();
        page.addObject("rows", rows);
        page.addObject(
                "totals",
                balance.totals().stream().map(TrialBalanceController::total).toList());
        page.addObject("ties", balance.ties());
        page.addObject("sequence", ReportView.position(balance.asOfSequence(), balance.asOfSequences()));
        page.addObject("count", Amounts.count(balance.rows().size()));
        page.addObject("paged", !after.isEmpty());
        page.addObject("next", rest.size() > rows.size() ? rows.getLast().code() : null);
        return page;
    }

    /**
     * Codes and numbers only, so nothing needs quoting and nothing can be taken for a formula.
     *
     * @throws FieldError when the date is none
     */
    @GetMapping(LedgerPages.ROOT + "/trial-balance.csv")
    void csv(
            @RequestParam(defaultValue = "") String basis,
            @RequestParam(defaultValue = "") String date,
            HttpServletResponse response)
            throws IOException {
        AsOfForm asOf = AsOfForm.read(basis, date);
        String error = asOf.error();
        if (error != null) {
            throw new FieldError("date", error);
        }
        TrialBalance balance = ledger.trialBalance(asOf.asOf());
        String name = "trial-balance-"
                + (asOf.isNow() ? balance.asOfSequence() : asOf.asOf().date() + "-by-" + asOf.basis() + "-date");
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
        PrintWriter out = response.getWriter();
        out.print("account,currency,debits,credits,balance,normal_side,as_of_sequence\r\n");
        for (Balance row : balance.rows()) {
            out.print(String.join(
                    ",",
                    row.account(),
                    row.currency().code(),
                    new Money(row.debits(), row.currency()).toDecimal(),
                    new Money(row.credits(), row.currency()).toDecimal(),
                    row.posted().toDecimal(),
                    Amounts.name(row.normalSide()),
                    Long.toString(row.asOfSequence())));
            out.print("\r\n");
        }
        out.flush();
    }

    private Row row(Balance balance) {
        boolean transit = BetweenShards.isAccount(balance.account());
        Currency currency = balance.currency();
        BigInteger net = BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits()));
        String size = Amounts.text(net.abs(), currency);
        String name = transit
                ? "In transit between shards"
                : ledger.account(balance.account())
                        .map(account -> account.spec().name())
                        .orElse("");
        return new Row(
                balance.account(),
                transit,
                name,
                currency.code(),
                net.signum() > 0 ? size : "",
                net.signum() < 0 ? size : "");
    }

    private static Total total(TrialBalance.Total total) {
        return new Total(
                total.currency().code(),
                Amounts.text(total.debits(), total.currency()),
                Amounts.text(total.credits(), total.currency()),
                Amounts.Net.of(total.debits().subtract(total.credits()), total.currency()),
                total.ties());
    }
}
