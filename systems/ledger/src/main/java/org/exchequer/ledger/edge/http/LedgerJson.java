package org.exchequer.ledger.edge.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the ledger answers, as JSON. Amounts are decimal strings with all digits of their currency. */
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
        }
        return metadata(json, spec.metadata());
    }

    static ObjectNode transaction(Transaction transaction) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", transaction.id())
                .put("key", transaction.key())
                .put("bookedAt", transaction.bookedAt().toString());
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
        if (transaction.details().reference() != null) {
            json.put("reference", transaction.details().reference());
        }
        if (transaction.details().correlationId() != null) {
            json.put("correlationId", transaction.details().correlationId());
        }
        metadata(json, transaction.details().metadata());
        if (transaction.reversalOf() != null) {
            json.put("reversalOf", transaction.reversalOf());
        }
        return json;
    }

    /** A transaction with what became of it since. */
    static ObjectNode transaction(Transaction transaction, Optional<Long> reversedBy) {
        ObjectNode json = transaction(transaction);
        reversedBy.ifPresent(id -> json.put("reversedBy", id));
        return json;
    }

    static ObjectNode balance(Balance balance) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("account", balance.account())
                .put("currency", balance.currency().code())
                .put("normalSide", balance.normalSide().name())
                .put("debits", new Money(balance.debits(), balance.currency()).toDecimal())
                .put("credits", new Money(balance.credits(), balance.currency()).toDecimal())
                .put("posted", balance.posted().toDecimal())
                .put("available", balance.available().toDecimal())
                .put("asOfSequence", balance.asOfSequence());
    }

    static ObjectNode line(StatementLine line) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("transactionId", line.transactionId())
                .put("leg", line.leg())
                .put("bookedAt", line.bookedAt().toString())
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

    static ObjectNode trialBalance(TrialBalance trial) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("asOfSequence", trial.asOfSequence())
                .put("ties", trial.ties());
        ArrayNode totals = json.putArray("totals");
        for (TrialBalance.Total total : trial.totals()) {
            totals.addObject()
                    .put("currency", total.currency().code())
                    .put("debits", decimal(total.debits(), total))
                    .put("credits", decimal(total.credits(), total))
                    .put("ties", total.ties());
        }
        ArrayNode rows = json.putArray("rows");
        trial.rows().forEach(row -> rows.add(balance(row)));
        return json;
    }

    /** Totals may exceed what one {@link Money} holds. */
    private static String decimal(java.math.BigInteger minorUnits, TrialBalance.Total total) {
        return new java.math.BigDecimal(minorUnits, total.currency().scale()).toPlainString();
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
