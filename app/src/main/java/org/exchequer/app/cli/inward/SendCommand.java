package org.exchequer.app.cli.inward;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.inward.api.Inward;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer inward send}. */
@Command(
        name = "send",
        description = {
            "Hands in a pacs.008, pacs.003, pacs.007 or camt.056, as XML or in the JSON form, and prints the answer.",
            "The same message again gets the same answer.",
            "Exit code 0: accepted. 1: refused, or it cannot be read. 76: not known yet. 69: send it again later."
        })
final class SendCommand extends InwardAction {
    @Parameters(index = "0", paramLabel = "FILE", description = "the message; - for standard input")
    private String file = "";

    SendCommand(LedgerContext context) {
        super(context);
    }

    @Override
    protected int run(InwardServer inward) {
        byte[] message = read(file);
        long began = context().ticker().nanos();
        InwardServer.Answer answer = inward.require("/messages", message);
        return told(this, answer, context().ticker().nanos() - began);
    }

    /** Prints an answer; the exit code for it. */
    static int told(InwardAction action, InwardServer.Answer answer, long nanos) {
        if (answer.http() != 200) {
            throw refused(answer);
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("payment", answer.payment())
                .put("status", answer.status())
                .put("repeated", answer.repeated())
                .put("tookMs", TimeUnit.NANOSECONDS.toMillis(nanos))
                .put("answer", text);
        action.print(json, () -> {
            action.out()
                    .println(answer.status() + " (" + meaning(answer.status()) + ") in "
                            + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"
                            + (answer.repeated() ? ", as it was answered before" : ""));
            action.out().println("payment " + answer.payment());
            action.out().println(text);
        });
        return switch (answer.status()) {
            case "ACCC", "ACSC" -> ExitCodes.OK;
            case "PDNG" -> ExitCodes.OUTCOME_UNKNOWN;
            default -> ExitCodes.FAILED;
        };
    }

    static String meaning(String status) {
        return switch (status) {
            case "ACCC" -> "accepted, and credited";
            case "ACSC" -> "accepted, and settled";
            case "RJCT" -> "refused";
            case "PDNG" -> "not known yet";
            default -> "no answer";
        };
    }

    private static CommandFailure refused(InwardServer.Answer answer) {
        JsonNode problem = answer.problem();
        String letter = Reply.text(problem, "deadLetter");
        String detail = Reply.text(problem, "detail");
        return new CommandFailure(
                switch (answer.http()) {
                    case 400, 413, 415 -> ExitCodes.USAGE;
                    case 401, 403 -> ExitCodes.NO_PERMISSION;
                    case 429, 503 -> ExitCodes.UNAVAILABLE;
                    default -> ExitCodes.FAILED;
                },
                (detail.isEmpty() ? "the server answered " + answer.http() : detail)
                        + (letter.isEmpty()
                                ? ""
                                : " (" + Reply.text(problem, "reasonCode") + "); it is kept as dead letter " + letter));
    }

    /** A file's bytes, or those of standard input. */
    static byte[] read(String file) {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] message = in.readNBytes(Inward.MOST_BYTES + 1);
            if (message.length > Inward.MOST_BYTES) {
                throw new CommandFailure(
                        ExitCodes.NO_INPUT, file + ": must have at most " + Inward.MOST_BYTES + " bytes");
            }
            return message;
        } catch (NoSuchFileException missing) {
            throw new CommandFailure(ExitCodes.NO_INPUT, "there is no " + file);
        } catch (IOException unreadable) {
            throw new CommandFailure(ExitCodes.NO_INPUT, file + ": cannot be read: " + unreadable.getMessage());
        }
    }
}
