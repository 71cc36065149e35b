package org.exchequer.app.cli.inward;

import java.util.Locale;
import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.app.cli.ledger.Table;
import org.exchequer.inward.api.State;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code exchequer inward trace}. */
@Command(
        name = "trace",
        description = {
            "Shows a payment's time ledger: each stage with its budget, what it took, and what was left.",
            "saved: of the budget, saved by stages before; lent: lent by stages to come. Times in milliseconds."
        })
final class TraceCommand extends InwardAction {
    @Parameters(index = "0", paramLabel = "ID", description = "payment, as send and the answer's header tell it")
    private String id = "";

    TraceCommand(LedgerContext context) {
        super(context);
    }

    @Override
    protected int run(InwardServer inward) {
        JsonNode payment = inward.get("/payments/" + LedgerClient.encode(id));
        print(payment, () -> {
            head(payment);
            stages(payment);
        });
        return 0;
    }

    private void head(JsonNode payment) {
        String amount = Reply.text(payment, "amount");
        out().println(Reply.text(payment, "type") + " " + Reply.text(payment, "id")
                + (amount.isEmpty() ? "" : ", " + amount + " " + Reply.text(payment, "currency")));
        out().println("received " + Reply.text(payment, "receivedAt") + " by " + Reply.text(payment, "door")
                + " at node " + Reply.text(payment, "node"));
        String answer = Reply.text(payment, "answerStatus");
        out().println(
                        answer.isEmpty()
                                ? "not answered yet"
                                : answer + " (" + SendCommand.meaning(answer) + ") after "
                                        + ms(payment.path("tookUs").asLong(0)) + " ms, "
                                        + (payment.path("compliant").asBoolean(false) ? "in time" : "TOO LATE")
                                        + (payment.path("done").asBoolean(false)
                                                ? ""
                                                : "; its outcome is being found out"));
        out().println();
    }

    private void stages(JsonNode payment) {
        Table table = new Table()
                .number("at")
                .text("stage")
                .number("took")
                .number("budget")
                .number("slack")
                .number("saved")
                .number("lent")
                .number("breach")
                .text("then")
                .text("why");
        for (JsonNode event : payment.path("events").values()) {
            String from = Reply.text(event, "from");
            boolean first = from.isEmpty();
            table.row(
                    ms(event.path("elapsedUs").asLong(0)),
                    first ? "waiting before the receipt" : words(from),
                    ms(event.path("tookUs").asLong(0)),
                    first ? "" : ms(event.path("budgetUs").asLong(0)),
                    first ? "" : ms(event.path("slackUs").asLong(0)),
                    first ? "" : ms(event.path("bonusUs").asLong(0)),
                    first ? "" : ms(event.path("borrowedUs").asLong(0)),
                    breach(event),
                    words(Reply.text(event, "to")),
                    why(event));
        }
        table.print(out());
    }

    /** How likely it was to miss its time; with a mark when that made it a payment at risk. */
    private static String breach(JsonNode event) {
        JsonNode probability = event.path("breachProbability");
        return probability.isMissingNode()
                ? ""
                : String.format(Locale.ROOT, "%.3f", probability.asDouble(0))
                        + (event.path("atRisk").asBoolean(false) ? "!" : "");
    }

    private static String why(JsonNode event) {
        StringBuilder why = new StringBuilder();
        if (isFallback(Reply.text(event, "to"))) {
            why.append("fallback: ");
        }
        String code = Reply.text(event, "code");
        why.append(code.isEmpty() ? "" : code + " ").append(Reply.text(event, "reason"));
        if (!event.path("breakers").isEmpty()) {
            why.append(why.isEmpty() ? "" : "; ").append("not closed: ");
            event.path("breakers")
                    .values()
                    .forEach(breaker -> why.append(breaker.asString("")).append(' '));
        }
        return why.toString().strip();
    }

    /** Whether a state is one where less is done than was meant. */
    static boolean isFallback(String state) {
        try {
            return switch (State.valueOf(state)) {
                case FRAUD_FALLBACK_RULES,
                        FRAUD_TIMEOUT,
                        ACCOUNT_TIMEOUT,
                        ACCOUNT_CACHE_FALLBACK,
                        LIQUIDITY_TIMEOUT,
                        LIQUIDITY_EMERGENCY_APPROVAL,
                        PAYMENT_TIMEOUT,
                        PAYMENT_ASYNC_PROCESSING,
                        RESPONSE_TIMEOUT,
                        RESPONSE_CACHE_FALLBACK,
                        SLA_BREACH,
                        EMERGENCY_PROCESSING -> true;
                default -> false;
            };
        } catch (IllegalArgumentException newer) {
            return false; // a server that knows more states than this client
        }
    }

    static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String ms(long micros) {
        return "%.1f".formatted(micros / 1_000.0);
    }
}
