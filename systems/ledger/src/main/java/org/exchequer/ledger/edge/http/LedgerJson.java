package org.exchequer.ledger.edge.http;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accounts, transactions, holds, adjustments and closings, as JSON. Amounts are decimal strings with all digits of
 * their currency.
 */
final class LedgerJson {
    private LedgerJson() {}

    static ObjectNode account(Account account) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", account.id());
        spec(json, account.spec());
        return json.put("state", account.state().name())
                .put("openedAt", account.openedAt().toString());
    }

    static ObjectNode spec(ObjectNode json, AccountSpec spec) {
        json.put("code", spec.code())
                .put("name", spec.name())
                .put("type", spec.type().name())
                .put("normalSide", spec.normalSide().name());
        if (spec.currency() != null) {
            json.put("currency", spec.currency().code());
        }
        if (spec.parent() != null) {
            json.put("parent", spec.parent());
        }
        json.put("rule", spec.rule().name());
        if (spec.currency() != null) {
            json.put("overdraftLimit", new Money(spec.overdraftLimit(), spec.currency()).toDecimal());
            if (spec.bounds().minimum() != null) {
                json.put("minimumBalance", new Money(spec.bounds().minimum(), spec.currency()).toDecimal());
            }
            if (spec.bounds().maximum() != null) {
                json.put("maximumBalance", new Money(spec.bounds().maximum(), spec.currency()).toDecimal());
            }
        }
        return metadata(json, spec.metadata());
    }

    static ObjectNode transaction(Transaction transaction) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", transaction.id())
                .put("key", transaction.key())
                .put("bookedAt", transaction.bookedAt().toString())
                .put("bookingDate", transaction.bookingDate().toString())
                .put("valueDate", transaction.valueDate().toString());
        ArrayNode legs = json.putArray("legs");
        for (Transaction.Entry entry : transaction.entries()) {
            Money amount = entry.leg().amount();
            legs.addObject()
                    .put("account", entry.leg().account())
                    .put("side", entry.leg().side().name())
                    .put("amount", amount.toDecimal())
                    .put("currency", amount.currency().code())
                    .put("netDebitAfter", new Money(entry.balanceAfter(), amount.currency()).toDecimal());
        }
        details(json, transaction.details());
        optional(json, "reversalOf", transaction.origin().reversalOf());
        optional(json, "holdId", transaction.origin().pendingId());
        optional(json, "adjustmentId", transaction.origin().adjustmentId());
        return optional(json, "linkedTo", transaction.origin().linkedTo());
    }

    /** A transaction with what became of it since. */
    static ObjectNode transaction(Transaction transaction, List<Long> reversals) {
        ObjectNode json = transaction(transaction);
        return ids(json, "reversedBy", reversals);
    }

    /** A hold with the transactions that posted it. */
    static ObjectNode pending(PendingTransaction hold, List<Long> postings) {
        return ids(pending(hold), "postedBy", postings);
    }

    private static ObjectNode ids(ObjectNode json, String field, List<Long> ids) {
        if (!ids.isEmpty()) {
            ArrayNode array = json.putArray(field);
            ids.forEach(array::add);
        }
        return json;
    }

    static ObjectNode pending(PendingTransaction hold) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", hold.id())
                .put("key", hold.key())
                .put("createdAt", hold.createdAt().toString())
                .put("debitAccount", hold.debitAccount())
                .put("creditAccount", hold.creditAccount())
                .put("amount", hold.amount().toDecimal())
                .put("currency", hold.amount().currency().code())
                .put("remaining", hold.remaining().toDecimal())
                .put("posted", hold.posted().toDecimal())
                .put("state", hold.state().name());
        if (hold.expiresAt() != null) {
            json.put("expiresAt", hold.expiresAt().toString());
        }
        if (hold.details().valueDate() != null) {
            json.put("valueDate", hold.details().valueDate().toString());
        }
        details(json, hold.details());
        return optional(json, "linkedTo", hold.linkedTo());
    }

    static ObjectNode released(Outcome.Released released) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("holdId", released.pendingId())
                .put("released", released.released().toDecimal())
                .put("currency", released.released().currency().code())
                .put("sequence", released.sequence());
    }

    static ObjectNode adjustment(Adjustment adjustment) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", adjustment.id())
                .put("key", adjustment.key())
                .put("proposedAt", adjustment.proposedAt().toString())
                .put("author", adjustment.author())
                .put("reason", adjustment.reason());
        ArrayNode legs = json.putArray("legs");
        for (Leg leg : adjustment.legs()) {
            legs.addObject()
                    .put("account", leg.account())
                    .put("side", leg.side().name())
                    .put("amount", leg.amount().toDecimal())
                    .put("currency", leg.amount().currency().code());
        }
        AccountChange change = adjustment.change();
        if (change != null) {
            change(json.putObject("change"), change);
        }
        if (adjustment.details().valueDate() != null) {
            json.put("valueDate", adjustment.details().valueDate().toString());
        }
        details(json, adjustment.details());
        json.put("state", adjustment.state().name());
        Adjustment.Decision decision = adjustment.decision();
        if (decision != null) {
            json.put("decidedBy", decision.by())
                    .put("decidedAt", decision.at().toString())
                    .put("decisionSequence", decision.sequence());
            if (!decision.reason().isEmpty()) {
                json.put("decisionReason", decision.reason());
            }
        }
        return optional(json, "transactionId", adjustment.transactionId());
    }

    private static void change(ObjectNode json, AccountChange change) {
        json.put("account", change.account());
        if (change.state() != null) {
            json.put("state", change.state().name());
        }
        Currency currency = change.currency();
        if (currency != null && change.overdraftLimit() != null) {
            json.put("overdraftLimit", new Money(change.overdraftLimit(), currency).toDecimal());
        }
        Bounds bounds = change.bounds();
        if (bounds != null) {
            json.put("minimumBalance", decimal(bounds.minimum(), currency));
            json.put("maximumBalance", decimal(bounds.maximum(), currency));
        }
        if (currency != null) {
            json.put("currency", currency.code());
        }
    }

    private static @Nullable String decimal(@Nullable Long minorUnits, @Nullable Currency currency) {
        return minorUnits == null || currency == null ? null : new Money(minorUnits, currency).toDecimal();
    }

    static ObjectNode dismissed(Outcome.Dismissed dismissed) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("adjustmentId", dismissed.adjustmentId())
                .put("sequence", dismissed.sequence());
    }

    static ObjectNode close(DayClose close) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("day", close.day().toString())
                .put("sequence", close.sequence())
                .put("closedAt", close.closedAt().toString())
                .put("closedBy", close.closedBy());
    }

    private static void details(ObjectNode json, Details details) {
        if (details.reference() != null) {
            json.put("reference", details.reference());
        }
        if (details.correlationId() != null) {
            json.put("correlationId", details.correlationId());
        }
        metadata(json, details.metadata());
    }

    private static ObjectNode optional(ObjectNode json, String field, @Nullable Long value) {
        return value == null ? json : json.put(field, value);
    }

    static ObjectNode line(StatementLine line) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("transactionId", line.transactionId())
                .put("leg", line.leg())
                .put("bookedAt", line.bookedAt().toString())
                .put("bookingDate", line.bookingDate().toString())
                .put("valueDate", line.valueDate().toString())
                .put("side", line.side().name())
                .put("amount", line.amount().toDecimal())
                .put("currency", line.amount().currency().code())
                .put("balanceAfter", line.balanceAfter().toDecimal());
        if (line.reference() != null) {
            json.put("reference", line.reference());
        }
        if (line.reversalOf() != null) {
            json.put("reversalOf", line.reversalOf());
        }
        return json;
    }

    static <T> ObjectNode page(Page<T> page, Function<T, ? extends JsonNode> item) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("items");
        page.items().forEach(each -> items.add(item.apply(each)));
        if (page.next() != null) {
            json.put("next", page.next());
        }
        return json;
    }

    static ObjectNode metadata(ObjectNode json, Map<String, String> metadata) {
        ObjectNode labels = json.putObject("metadata");
        metadata.forEach(labels::put);
        return json;
    }
}
