package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.List;
import org.exchequer.console.view.Amounts;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.TrialBalance;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

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
     * @param debit grouped or empty
     * @param credit grouped or empty
     */
    public record Row(String code, String name, String currency, String debit, String credit) {}

    /** One currency. */
    public record Total(String currency, String debits, String credits, Amounts.Net difference, boolean ties) {}

    @GetMapping(LedgerPages.ROOT + "/trial-balance")
    String page(@RequestParam(defaultValue = "") String after, Model model) {
        TrialBalance balance = ledger.trialBalance();
        List<Balance> rest = balance.rows().stream()
                .filter(row -> row.account().compareTo(after) > 0)
                .toList();
        List<Row> rows = rest.stream().limit(ROWS_PER_PAGE).map(this::row).toList();
        model.addAttribute("rows", rows);
        model.addAttribute(
                "totals",
                balance.totals().stream().map(TrialBalanceController::total).toList());
        model.addAttribute("ties", balance.ties());
        model.addAttribute("asOf", Amounts.count(balance.asOfSequence()));
        model.addAttribute("count", Amounts.count(balance.rows().size()));
        model.addAttribute("paged", !after.isEmpty());
        model.addAttribute("next", rest.size() > rows.size() ? rows.getLast().code() : null);
        return "console/trial-balance";
    }

    /** Codes and numbers only, so nothing needs quoting and nothing can be taken for a formula. */
    @GetMapping(LedgerPages.ROOT + "/trial-balance.csv")
    void csv(HttpServletResponse response) throws IOException {
        TrialBalance balance = ledger.trialBalance();
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"trial-balance-" + balance.asOfSequence() + ".csv\"");
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
        Currency currency = balance.currency();
        BigInteger net = BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits()));
        String size = Amounts.text(net.abs(), currency);
        String name = ledger.account(balance.account())
                .map(account -> account.spec().name())
                .orElse("");
        return new Row(
                balance.account(), name, currency.code(), net.signum() > 0 ? size : "", net.signum() < 0 ? size : "");
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
