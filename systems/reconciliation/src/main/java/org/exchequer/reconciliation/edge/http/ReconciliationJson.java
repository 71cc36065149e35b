package org.exchequer.reconciliation.edge.http;

import java.time.LocalDate;
import java.util.function.Function;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Page;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs, breaks and steps as JSON. Amounts are decimal strings with all digits of their currency. */
final class ReconciliationJson {
    private ReconciliationJson() {}

    static ObjectNode run(Run run) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", run.id())
                .put("startedBy", run.startedBy())
                .put("startedAt", run.startedAt().toString())
                .put("account", run.account())
                .put("currency", run.currency().code())
                .put("statementAccount", run.theirAccount())
                .put("statementSha256", run.statementSha256())
                .put("from", run.from().toString())
                .put("to", run.to().toString())
                .put("tolerance", new Money(run.tolerance(), run.currency()).toDecimal())
                .put("days", run.windowDays())
                .put("byAmount", run.byAmount());
        run.opening().ifPresent(balance -> json.put("openingBalance", balance.toDecimal()));
        run.closing().ifPresent(balance -> json.put("closingBalance", balance.toDecimal()));
        json.putObject("ours")
                .put("lines", run.ours().count())
                .put("sum", run.ours().sum().toDecimal());
        json.putObject("theirs")
                .put("lines", run.theirs().count())
                .put("sum", run.theirs().sum().toDecimal());
        return json.put("matches", run.matches())
                .put("newBreaks", run.newBreaks())
                .put("continuedBreaks", run.continuedBreaks())
                .put("settledBreaks", run.settledBreaks());
    }

    static ObjectNode tracked(TrackedBreak each, LocalDate today) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", each.id())
                .put("account", each.account())
                .put("currency", each.currency().code())
                .put("type", each.type().name())
                .put("status", each.status().name())
                .put("since", each.since().toString())
                .put("ageDays", each.ageDays(today))
                .put("difference", each.difference().toDecimal())
                .put("firstRun", each.firstRun())
                .put("lastRun", each.lastRun());
        line(json, "ours", each.ours(), each.currency());
        line(json, "theirs", each.theirs(), each.currency());
        if (each.owner() != null) {
            json.put("owner", each.owner());
        }
        TrackedBreak.Proposal proposal = each.proposal();
        if (proposal != null) {
            ObjectNode proposed =
                    json.putObject("proposal").put("by", proposal.by()).put("reason", proposal.reason());
            if (proposal.contraAccount() != null) {
                proposed.put("contraAccount", proposal.contraAccount());
            }
            if (proposal.adjustmentId() != null) {
                proposed.put("adjustmentId", proposal.adjustmentId());
            }
        }
        if (each.transactionId() != null) {
            json.put("transactionId", each.transactionId());
        }
        return json;
    }

    private static void line(ObjectNode json, String name, @Nullable Line line, Currency currency) {
        if (line != null) {
            json.putObject(name)
                    .put("id", line.id())
                    .put("date", line.date().toString())
                    .put("amount", new Money(line.amount(), currency).toDecimal())
                    .put("reference", line.reference());
        }
    }

    static ObjectNode step(BreakStep step) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", step.id())
                .put("breakId", step.breakId())
                .put("kind", step.kind().name())
                .put("by", step.by())
                .put("at", step.at().toString())
                .put("text", step.text());
        if (step.contraAccount() != null) {
            json.put("contraAccount", step.contraAccount());
        }
        BreakStep.Result result = step.result();
        if (result != null) {
            json.put("done", result.done()).put("detail", result.detail());
            if (result.adjustmentId() != null) {
                json.put("adjustmentId", result.adjustmentId());
            }
            if (result.transactionId() != null) {
                json.put("transactionId", result.transactionId());
            }
        }
        return json;
    }

    static <T> ObjectNode page(Page<T> page, Function<T, ObjectNode> item) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("items");
        page.items().forEach(each -> items.add(item.apply(each)));
        if (page.next() != null) {
            json.put("next", page.next());
        }
        return json;
    }
}
