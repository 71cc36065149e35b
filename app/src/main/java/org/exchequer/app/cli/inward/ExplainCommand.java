package org.exchequer.app.cli.inward;

import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.inward.api.Reasons;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code exchequer inward explain}. */
@Command(name = "explain", description = "Says in words what became of a payment, and why.")
final class ExplainCommand extends InwardAction {
    @Parameters(index = "0", paramLabel = "ID", description = "payment, as send and the answer's header tell it")
    private String id = "";

    ExplainCommand(LedgerContext context) {
        super(context);
    }

    @Override
    protected int run(InwardServer inward) {
        JsonNode payment = inward.get("/payments/" + LedgerClient.encode(id));
        print(payment, () -> explain(payment));
        return 0;
    }

    private void explain(JsonNode payment) {
        switch (Reply.text(payment, "answerStatus")) {
            case "RJCT" -> refused(payment);
            case "ACCC", "ACSC" -> accepted(payment);
            case "PDNG" ->
                out().println("It was not known in time what became of it; the ledger is being asked, and whoever sends"
                        + " the message again gets the final answer.");
            default -> out().println("It has not been answered yet.");
        }
        for (JsonNode event : payment.path("events").values()) {
            if (TraceCommand.isFallback(Reply.text(event, "to"))
                    && !Reply.text(event, "reason").isEmpty()) {
                out().println("In " + TraceCommand.words(Reply.text(event, "from")) + " less was done than was meant: "
                        + Reply.text(event, "reason") + ".");
            }
        }
        String original = Reply.text(payment, "originalId");
        if (!original.isEmpty()) {
            out().println("Another message had its ids first: payment " + original + ".");
        }
    }

    private void refused(JsonNode payment) {
        String code = Reply.text(payment, "reasonCode");
        out().println("Refused: " + code
                + Reasons.meaning(code).map(text -> ", " + text).orElse("") + ".");
        String path = Reply.text(payment, "reasonPath");
        out().println("  where  " + (path.isEmpty() ? "-" : path));
        out().println("  rule   " + Reply.text(payment, "reasonText"));
        out().println("  state  " + Reply.text(payment, "state"));
        out().println("Nothing was posted for it.");
    }

    private void accepted(JsonNode payment) {
        out().println("Accepted.");
        String transaction = Reply.text(payment, "transactionId");
        if (!transaction.isEmpty()) {
            out().println("  posted  transaction " + transaction + "; see: exchequer ledger transaction "
                    + transaction);
        } else if (Reply.text(payment, "type").equals("CAMT_056")) {
            out().println("  The payment that it is about is cancelled: it was not posted, and never will be.");
        }
        if (payment.path("emergency").asBoolean(false)) {
            out().println("  Checks were left out, because somebody did not answer in time:");
        }
    }
}
