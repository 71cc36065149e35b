package org.exchequer.app.cli.inward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.Group;
import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.app.cli.ledger.Table;
import org.exchequer.inward.api.Reasons;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code exchequer inward dead-letters}. */
@Command(
        name = "dead-letters",
        description = "Messages that could not be read: list, show, hand in again.",
        synopsisSubcommandLabel = "COMMAND")
final class DeadLetterCommands extends Group {
    private DeadLetterCommands() {}

    static CommandLine create(LedgerContext context) {
        return new CommandLine(new DeadLetterCommands())
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Show(context))
                .addSubcommand(new Resubmit(context));
    }

    private static String path(String id) {
        return "/dead-letters/" + LedgerClient.encode(id);
    }

    @Command(name = "list", description = "Those received last first.")
    static final class ListAll extends InwardAction {
        @Option(names = "--limit", description = "at most so many, 1 to 1000 (default: ${DEFAULT-VALUE})")
        private int limit = 50;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode page = inward.get(
                    "/dead-letters?limit=" + limit + (cursor == null ? "" : "&cursor=" + LedgerClient.encode(cursor)));
            print(page, () -> {
                Table table = new Table()
                        .text("id")
                        .text("received")
                        .text("door")
                        .number("bytes")
                        .text("code")
                        .text("rule")
                        .number("again");
                for (JsonNode letter : page.path("items").values()) {
                    table.row(
                            Reply.text(letter, "id"),
                            Reply.text(letter, "receivedAt"),
                            Reply.text(letter, "door"),
                            Reply.text(letter, "bytes"),
                            Reply.text(letter, "reasonCode"),
                            Reply.text(letter, "rule"),
                            Reply.text(letter, "resubmitted"));
                }
                table.print(out());
                if (page.has("next")) {
                    out().println("… there are more: raise --limit, or go on with --cursor "
                            + Reply.text(page, "next"));
                }
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "show",
            description = {
                "One with its text, and what became of it. What a terminal could act on is escaped.",
                "--out writes the bytes as they came, to be mended."
            })
    static final class Show extends InwardAction {
        @Parameters(index = "0", paramLabel = "ID", description = "dead letter")
        private String id = "";

        @Option(names = "--out", paramLabel = "FILE", description = "file for the bytes as they came; never replaced")
        private @Nullable Path file;

        Show(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode letter = inward.get(path(id));
            if (file != null) {
                write(file, inward.download(path(id) + "/message"));
            }
            print(letter, () -> {
                String code = Reply.text(letter, "reasonCode");
                out().println("received " + Reply.text(letter, "receivedAt") + " by " + Reply.text(letter, "door")
                        + ", " + Reply.text(letter, "bytes") + " bytes");
                out().println("it " + Reply.text(letter, "rule") + " (" + code
                        + Reasons.meaning(code).map(text -> ": " + text).orElse("") + ")");
                letter.path("resubmissions").values().forEach(this::again);
                out().println();
                out().println(Reply.text(letter, "text")
                        + (letter.path("cut").asBoolean(false) ? "\n… cut; --out FILE writes all of it" : ""));
            });
            return ExitCodes.OK;
        }

        private void again(JsonNode one) {
            String payment = Reply.text(one, "paymentId");
            String letter = Reply.text(one, "deadLetter");
            out().println("handed in again at " + Reply.text(one, "at") + " by " + Reply.text(one, "by")
                    + (one.path("changed").asBoolean(false) ? ", mended: " : ": ")
                    + (!payment.isEmpty()
                            ? Reply.text(one, "answerStatus") + ", payment " + payment
                            : !letter.isEmpty()
                                    ? "unreadable again, dead letter " + letter
                                    : "not known what became of it"));
        }

        private static void write(Path file, byte[] bytes) {
            try {
                Files.write(file, bytes, java.nio.file.StandardOpenOption.CREATE_NEW);
            } catch (IOException unwritable) {
                throw new CommandFailure(ExitCodes.CANNOT_CREATE, "cannot be written: " + unwritable.getMessage());
            }
        }
    }

    @Command(
            name = "resubmit",
            description = {
                "Hands one in again, as it came or mended, and links what becomes of it to it.",
                "Exit codes as of send."
            })
    static final class Resubmit extends InwardAction {
        @Parameters(index = "0", paramLabel = "ID", description = "dead letter")
        private String id = "";

        @Option(names = "--file", paramLabel = "FILE", description = "the message as mended; - for standard input")
        private @Nullable String file;

        Resubmit(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            byte[] message = file == null ? new byte[0] : SendCommand.read(file);
            if (file != null && message.length == 0) {
                throw new CommandFailure(ExitCodes.NO_INPUT, file + ": is empty");
            }
            long began = context().ticker().nanos();
            InwardServer.Answer answer = inward.require(path(id) + "/resubmissions", message);
            return SendCommand.told(this, answer, context().ticker().nanos() - began);
        }
    }
}
