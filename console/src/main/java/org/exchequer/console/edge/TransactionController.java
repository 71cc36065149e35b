package org.exchequer.console.edge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.exchequer.console.view.FormKey;
import org.exchequer.console.view.Notice;
import org.exchequer.console.view.TransactionView;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
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

    private final Ledger ledger;
    private final Submitter submitter;
    private final FormKey keys;
    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    TransactionController(Ledger ledger, Submitter submitter, FormKey keys) {
        this.ledger = ledger;
        this.submitter = submitter;
        this.keys = keys;
    }

    @GetMapping(PATH)
    ModelAndView transaction(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String done,
            @RequestParam(required = false) @Nullable String replayed) {
        ModelAndView page = page(find(id), keys.next(), "", null, HttpStatus.OK);
        page.addObject("done", done != null);
        page.addObject("replayed", replayed != null);
        return page;
    }

    @GetMapping(PATH + "/json")
    ResponseEntity<String> asJson(@PathVariable String id) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(render(find(id)));
    }

    @PostMapping(PATH + "/reversal")
    ModelAndView reverse(
            @PathVariable String id, @RequestParam String key, @RequestParam(defaultValue = "") String reason) {
        Transaction transaction = find(id);
        Notice notice;
        try {
            Map<String, String> why = reason.isBlank() ? Map.of() : Map.of("reason", reason.strip());
            Details details = new Details(
                    transaction.details().reference(), transaction.details().correlationId(), why);
            Outcome outcome = submitter.send(new Command.Reverse(key, transaction.id(), details));
            switch (outcome) {
                case Outcome.Posted posted -> {
                    return posted(posted);
                }
                case Outcome.AccountChanged changed ->
                    throw new IllegalStateException("a reversal answered as change of account "
                            + changed.account().code());
                case Outcome.Rejected rejected -> notice = Notice.of(rejected);
                case Outcome.Refused refused -> notice = Notice.of(refused);
                case Outcome.Unknown unknown -> notice = Notice.of(unknown);
            }
        } catch (FieldError error) {
            notice = Notice.of(new FieldError(
                    error.field().startsWith("metadata") ? "reason" : error.field(),
                    String.valueOf(error.getMessage())));
        }
        return page(
                transaction,
                notice.decided() ? keys.next() : key,
                Pages.bounded(reason, 1_000),
                notice,
                HttpStatus.valueOf(notice.status()));
    }

    /** Leads to the transaction, and says so when it had been posted before. */
    static ModelAndView posted(Outcome.Posted posted) {
        return Pages.seeOther(
                PATH + (posted.replayed() ? "?replayed" : "?done"),
                posted.transaction().id());
    }

    private Transaction find(String id) {
        Optional<Transaction> found =
                id.matches("[0-9]{1,18}") ? ledger.transaction(Long.parseLong(id)) : Optional.empty();
        return found.orElseThrow(() -> new ConsoleErrors.NotFound(
                "No transaction has the number " + Pages.bounded(id, 20),
                "Positions of the journal that hold a rejection or a change of an account hold no transaction. Search"
                        + " by key or reference with the box on top."));
    }

    private ModelAndView page(
            Transaction transaction, String key, String reason, @Nullable Notice notice, HttpStatus status) {
        ModelAndView page = new ModelAndView("console/transaction", status);
        page.addObject("tx", TransactionView.of(transaction, ledger));
        page.addObject("json", render(transaction));
        page.addObject("key", key);
        page.addObject("reason", reason);
        page.addObject("notice", notice);
        return page;
    }

    private String render(Transaction transaction) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", Long.toString(transaction.id()));
        fields.put("idempotencyKey", transaction.key());
        fields.put("bookedAt", transaction.bookedAt().toString());
        fields.put("reference", transaction.details().reference());
        fields.put("correlationId", transaction.details().correlationId());
        fields.put("metadata", transaction.details().metadata());
        Long reversalOf = transaction.reversalOf();
        fields.put("reversalOf", reversalOf == null ? null : reversalOf.toString());
        fields.put(
                "reversedBy",
                ledger.reversedBy(transaction.id()).map(String::valueOf).orElse(null));
        fields.put(
                "legs",
                transaction.entries().stream().map(TransactionController::leg).toList());
        return json.writeValueAsString(fields);
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
