package org.exchequer.console.edge;

import java.time.LocalDate;
import org.exchequer.console.view.Typed;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;
import org.exchequer.regtech.api.Packs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Asks for what a regulatory pack is about, and sends it. */
@Controller
public final class PackController {
    private final Packs packs;
    private final Ledger ledger;

    PackController(Packs packs, Ledger ledger) {
        this.packs = packs;
        this.ledger = ledger;
    }

    @GetMapping(RegtechPages.ROOT)
    ModelAndView form() {
        return page(null, HttpStatus.OK);
    }

    /** The archive; where a field breaks a rule, the form again, and why. */
    @GetMapping(RegtechPages.ROOT + "/pack")
    Object pack(
            @RequestParam(defaultValue = "") String date,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String dormantDays,
            @RequestParam(defaultValue = "") String threshold) {
        try {
            return send(date, from, dormantDays, threshold);
        } catch (FieldError error) {
            return page(error.field() + " " + error.getMessage(), HttpStatus.UNPROCESSABLE_CONTENT);
        }
    }

    private ResponseEntity<byte[]> send(String date, String from, String dormantDays, String threshold) {
        LocalDate to = Typed.requiredDate("date", date);
        LocalDate first = Typed.date("from", from);
        int days = dormantDays.isBlank()
                ? PackRequest.USUAL_DORMANT_DAYS
                : dormantDays.matches("[0-9]{1,4}") ? Integer.parseInt(dormantDays) : 0;
        Pack pack = packs.make(new PackRequest(
                first == null ? to : first,
                to,
                days,
                PackRequest.thresholds(Pages.within("threshold", threshold, 500))));
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/zip"))
                .header("Content-Disposition", "attachment; filename=\"" + pack.name() + ".zip\"")
                .body(pack.zip());
    }

    private ModelAndView page(@Nullable String error, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/pack", status);
        page.addObject("today", ledger.businessDate().toString());
        page.addObject("key", packs.key().orElse(null));
        page.addObject("error", error);
        return page;
    }
}
