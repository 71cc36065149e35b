package org.exchequer.console.edge;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.LinkedItem;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.TransactionView;
import org.exchequer.console.view.Typed;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One transaction as T-accounts and as JSON, with its reversal. */
@Controller
public final class TransactionController {
    private static final String PATH = LedgerPages.ROOT + "/transactions/{id}";
    private static final int SHOWN_REVERSALS = 50;
    private static final int SHOWN_LINKED = 50;

    private final Ledger ledger;
    private final Proofs proofs;
    private final Submitter submitter;
    private final FormKey keys;
    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    TransactionController(Ledger ledger, Proofs proofs, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.proofs = proofs;
        this.submitter = submitter;
        this.keys = keys;
    }

    @GetMapping(PATH)
    ModelAndView transaction(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String done,
            @RequestParam(required = false) @Nullable String replayed) {
        ModelAndView page = page(find(id), new Typing(keys.next(), "", "", ""), null, HttpStatus.OK);
        page.addObject("done", done != null);
        page.addObject("replayed", replayed != null);
        return page;
    }

    @GetMapping(PATH + "/json")
    ResponseEntity<String> asJson(@PathVariable String id) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(render(find(id)));
    }

    /** The bundle that shows it, or its part with this number, to somebody else, who needs this program no more. */
    @GetMapping(PATH + "/proof")
    ResponseEntity<String> proof(@PathVariable String id) {
        find(id);
        long position = Long.parseLong(id);
        return switch (proofs.prove(position)) {
            case Proofs.Proof.Bundle bundle ->
                ResponseEntity.ok()
                        .header(
                                "Content-Disposition",
                                "attachment; filename=\"transaction-" + position + ".tlog-proof\"")
                        .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
                        .body(bundle.text());
            case Proofs.Proof.NotReady notReady ->
                throw new ConsoleErrors.NotFound("There is no proof of transaction " + id + " yet", notReady.why());
            case Proofs.Proof.Purged ignored ->
                throw new ConsoleErrors.NotFound(
                        "There is no proof of transaction " + id + " any more",
                        "Its entry was purged from the proof log by policy.");
        };
    }

    /** What the reversal form holds, as typed. */
    public record Typing(String key, String amount, String valueDate, String reason) {}

    @PostMapping(PATH + "/reversal")
    ModelAndView reverse(
            @PathVariable String id,
            @RequestParam String key,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String valueDate,
            @RequestParam(defaultValue = "") String reason) {
        Transaction transaction = find(id);
        Typing typed =
                new Typing(key, Pages.bounded(amount, 40), Pages.bounded(valueDate, 40), Pages.bounded(reason, 1_000));
        Notice notice;
        try {
            Outcome outcome = submitter.send(reversal(transaction, typed));
            notice = Notice.of(outcome);
            if (notice == null) {
                return Submitter.done(outcome);
            }
        } catch (FieldError error) {
            notice = Notice.of(new FieldError(
                    error.field().startsWith("metadata") ? "reason" : error.field(),
                    String.valueOf(error.getMessage())));
        }
        return page(
                transaction,
                notice.decided() ? typing(keys.next(), typed) : typed,
                notice,
                HttpStatus.valueOf(notice.status()));
    }

    private static Typing typing(String key, Typing typed) {
        return new Typing(key, typed.amount(), typed.valueDate(), typed.reason());
    }

    private static Command reversal(Transaction transaction, Typing typed) {
        Currency currency = transaction.entries().getFirst().leg().amount().currency();
        Map<String, String> why = typed.reason().isBlank()
                ? Map.of()
                : Map.of("reason", typed.reason().strip());
        Details details = new Details(
                transaction.details().reference(),
                transaction.details().correlationId(),
                Typed.date("valueDate", typed.valueDate()),
                why);
        return new Command.Reverse(
                typed.key(), transaction.id(), Typed.amount("amount", typed.amount(), currency), details);
    }

    private Transaction find(String id) {
        Optional<Transaction> found =
                id.matches("[0-9]{1,18}") ? ledger.transaction(Long.parseLong(id)) : Optional.empty();
        return found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No transaction has the number " + Pages.bounded(id, 20),
                "Positions of the journal that hold a rejection or a change of an account hold no transaction. Search"
                        + " by key or reference with the box on top."));
    }

    private ModelAndView page(Transaction transaction, Typing typed, @Nullable Notice notice, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/transaction", status);
        TransactionView view = TransactionView.of(transaction, ledger);
        page.addObject("tx", view);
        page.addObject(
                "reversals",
                view.reversedBy().stream()
                        .limit(SHOWN_REVERSALS)
                        .flatMap(part -> ledger.transaction(part).stream())
                        .map(part -> TransactionView.of(part, ledger))
                        .toList());
        Long linkedTo = transaction.origin().linkedTo();
        List<Outcome> batch = linkedTo == null ? List.of() : ledger.linked(linkedTo);
        page.addObject("linkedCount", batch.size());
        page.addObject(
                "linked", batch.stream().limit(SHOWN_LINKED).map(LinkedItem::of).toList());
        page.addObject("proofs", proofs.parts(transaction.id()));
        page.addObject("json", render(transaction));
        page.addObject("typed", typed);
        page.addObject("notice", notice);
        return page;
    }

    private String render(Transaction transaction) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", Long.toString(transaction.id()));
        fields.put("idempotencyKey", transaction.key());
        fields.put("bookedAt", transaction.bookedAt().toString());
        fields.put("bookingDate", transaction.bookingDate().toString());
        fields.put("valueDate", transaction.valueDate().toString());
        fields.put("reference", transaction.details().reference());
        fields.put("correlationId", transaction.details().correlationId());
        fields.put("metadata", transaction.details().metadata());
        Transaction.Origin origin = transaction.origin();
        fields.put("reversalOf", text(origin.reversalOf()));
        fields.put("pendingId", text(origin.pendingId()));
        fields.put("adjustmentId", text(origin.adjustmentId()));
        fields.put("linkedTo", text(origin.linkedTo()));
        fields.put(
                "reversals",
                ledger.reversalsOf(transaction.id()).stream()
                        .map(String::valueOf)
                        .toList());
        fields.put(
                "legs",
                transaction.entries().stream().map(TransactionController::leg).toList());
        return json.writeValueAsString(fields);
    }

    private static @Nullable String text(@Nullable Long id) {
        return id == null ? null : id.toString();
    }

    private static Map<String, String> leg(Transaction.Entry entry) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("account", entry.leg().account());
        fields.put("side", entry.leg().side().name());
        fields.put("amount", entry.leg().amount().toDecimal());
        fields.put("currency", entry.leg().amount().currency().code());
        fields.put(
                "debitsMinusCreditsAfter",
                new Money(entry.balanceAfter(), entry.leg().amount().currency()).toDecimal());
        return fields;
    }
}
