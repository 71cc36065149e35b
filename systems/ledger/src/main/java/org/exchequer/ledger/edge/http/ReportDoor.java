package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Trial balance, balance sheet, income statement, and the contract of this door. */
@RestController
@RequestMapping(Answer.BASE)
final class ReportDoor extends Door {
    /** OpenAPI 3.1, written by hand; a test holds the server to it. */
    static final String CONTRACT = "/org/exchequer/ledger/openapi/openapi.yaml";

    private final Ledger ledger;
    private final byte[] contract;

    ReportDoor(Ledger ledger) {
        this.ledger = ledger;
        this.contract = load();
    }

    @GetMapping("/trial-balance")
    ResponseEntity<byte[]> trialBalance(HttpServletRequest request) {
        return reading(() -> {
            only(request, "bookingDate", "valueDate");
            return ok(ReportJson.trialBalance(ledger.trialBalance(asOf(request))));
        });
    }

    @GetMapping("/balance-sheet")
    ResponseEntity<byte[]> balanceSheet(HttpServletRequest request) {
        return reading(() -> {
            only(request, "bookingDate", "valueDate");
            return ok(ReportJson.balanceSheet(ledger.balanceSheet(asOf(request))));
        });
    }

    @GetMapping("/income-statement")
    ResponseEntity<byte[]> incomeStatement(HttpServletRequest request) {
        return reading(() -> {
            only(request, "from", "to", "basis");
            return ok(ReportJson.incomeStatement(ledger.incomeStatement(
                    requiredDate(request, "from"), requiredDate(request, "to"), basis(request))));
        });
    }

    private static AsOf.Basis basis(HttpServletRequest request) {
        return switch (request.getParameter("basis")) {
            case null -> AsOf.Basis.BOOKING;
            case "BOOKING" -> AsOf.Basis.BOOKING;
            case "VALUE" -> AsOf.Basis.VALUE;
            case String other -> throw new FieldError("basis", "must be BOOKING or VALUE");
        };
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/yaml"))
                .body(contract);
    }

    private static byte[] load() {
        try (InputStream in = Objects.requireNonNull(ReportDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
