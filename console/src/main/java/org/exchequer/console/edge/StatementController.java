package org.exchequer.console.edge;

import java.time.LocalDate;
import java.util.List;
import org.exchequer.console.view.AsOfForm;
import org.exchequer.console.view.ReportView;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Ledger;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The financial statements: balance sheet as of a date, income statement of a period. */
@Controller
public final class StatementController {
    private final Ledger ledger;

    StatementController(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping(LedgerPages.ROOT + "/balance-sheet")
    ModelAndView balanceSheet(
            @RequestParam(defaultValue = "") String basis, @RequestParam(defaultValue = "") String date) {
        AsOfForm asOf = AsOfForm.read(basis, date);
        ModelAndView page = new ModelAndView("console/balance-sheet", Pages.status(asOf));
        page.addObject("asOf", asOf);
        if (asOf.error() == null) {
            BalanceSheet sheet = ledger.balanceSheet(asOf.asOf());
            page.addObject(
                    "sheets", sheet.sheets().stream().map(ReportView.Sheet::of).toList());
            page.addObject("sequence", ReportView.position(sheet.asOfSequence(), sheet.asOfSequences()));
        }
        return page;
    }

    /** A period as typed. */
    public record Period(String from, String to, String basis) {}

    /** Without a period: the year so far. */
    @GetMapping(LedgerPages.ROOT + "/income-statement")
    ModelAndView incomeStatement(
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "booking") String basis) {
        LocalDate today = ledger.businessDate();
        String first = from.isBlank() ? today.withDayOfYear(1).toString() : from;
        String last = to.isBlank() ? today.toString() : to;
        boolean valued = basis.equals("value");
        ModelAndView page = new ModelAndView("console/income-statement", HttpStatus.OK);
        page.addObject(
                "period", new Period(Typed.shownDate(first), Typed.shownDate(last), valued ? "value" : "booking"));
        try {
            IncomeStatement statement = ledger.incomeStatement(
                    Typed.requiredDate("from", first),
                    Typed.requiredDate("to", last),
                    valued ? AsOf.Basis.VALUE : AsOf.Basis.BOOKING);
            List<ReportView.Income> statements =
                    statement.statements().stream().map(ReportView.Income::of).toList();
            page.addObject("statements", statements);
            page.addObject("sequence", ReportView.position(statement.asOfSequence(), statement.asOfSequences()));
        } catch (FieldError error) {
            page.addObject("errorField", error.field());
            page.addObject("error", error.getMessage());
            page.setStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        }
        return page;
    }
}
