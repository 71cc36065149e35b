package org.exchequer.app.cli.ledger;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.exchequer.app.Program;
import org.exchequer.app.Settings;
import org.exchequer.app.access.LocalActs;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.DataOption;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.LocalDatabase;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.store.SubjectKeyTable;
import org.exchequer.ledger.store.WriterLease;
import org.exchequer.platform.module.Role;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer subject}: the keys that personal data in the ledger is sealed under. */
@Command(
        name = "subject",
        description = "Erases persons' data in the ledger, and replaces the master key of what is sealed there.",
        synopsisSubcommandLabel = "COMMAND")
public final class SubjectCommands extends Group {
    private static final String NEW_MASTER_KEY = "EXCHEQUER_NEW_MASTER_KEY";

    private SubjectCommands() {}

    /** The command with its subcommands, to be added to the program's own. */
    public static CommandLine create(Map<String, String> environment, Clock clock, Ticker ticker) {
        LedgerContext context = new LedgerContext(environment, clock, ticker, new Keys(clock));
        CommandLine subject = new CommandLine(new SubjectCommands())
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Show(context))
                .addSubcommand(new Erase(context))
                .addSubcommand(new Approve(context))
                .addSubcommand(new Reject(context))
                .addSubcommand(new Rewrap(environment, clock, ticker));
        withHelp(subject);
        return subject;
    }

    private static String path(String subject) {
        return "/subjects/" + LedgerClient.encode(subject);
    }

    /** A person, as named by all of them. */
    abstract static class OfSubject extends LedgerAction {
        @Parameters(index = "0", paramLabel = "REF", description = "reference as in the label \"subject\"")
        String subject = "";

        OfSubject(LedgerContext context) {
            super(context);
        }

        @Override
        Set<Role> roles() {
            return Set.of(Role.ADMIN);
        }

        final String path() {
            return SubjectCommands.path(subject);
        }
    }

    @Command(
            name = "erase",
            description = {
                "Proposes to destroy a person's key, for good. Nothing is erased before another admin approves.",
                "What was sealed under it stays in the books, every proof holds, and it reads (erased).",
                "Backups of the database still have the key: see docs/concepts/proof-log.md."
            })
    static final class Erase extends OfSubject {
        @Option(names = "--reason", required = true, description = "why, e.g. the request's number; nothing personal")
        private String reason = "";

        Erase(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
            Reply reply = require(client.write("POST", path() + "/erasures", null, body));
            print(reply.body(), () -> {
                line(this, reply.body());
                out().println("Another admin approves it: exchequer subject approve " + subject + " " + reply.text("id")
                        + " (exchequer token --user NAME --role admin)");
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "approve",
            description = {
                "Approves an erasure that somebody else proposed: destroys the person's key, for good.",
                "When no answer comes, run it again: it has happened or it has not."
            })
    static final class Approve extends OfSubject {
        @Parameters(index = "1", paramLabel = "ID", description = "the erasure's number, as list and show tell it")
        private long id;

        Approve(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode nothing = JsonNodeFactory.instance.objectNode();
            Reply reply = require(client.write("POST", path() + "/erasures/" + id + "/approval", null, nothing));
            print(reply.body(), () -> out().println(subject + " is erased."));
            return ExitCodes.OK;
        }
    }

    @Command(name = "reject", description = "Rejects an erasure, or withdraws one's own. Nothing is erased.")
    static final class Reject extends OfSubject {
        @Parameters(index = "1", paramLabel = "ID", description = "the erasure's number, as list and show tell it")
        private long id;

        @Option(names = "--reason", description = "why; it stays with the erasure")
        private @Nullable String reason;

        Reject(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            if (reason != null) {
                body.put("reason", reason);
            }
            Reply reply = require(client.write("POST", path() + "/erasures/" + id + "/rejection", null, body));
            print(reply.body(), () -> line(this, reply.body()));
            return ExitCodes.OK;
        }
    }

    @Command(name = "show", description = "Says whether a person's data is sealed, to be erased, or erased.")
    static final class Show extends OfSubject {
        Show(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            Reply reply = require(client.get(path()));
            print(reply.body(), () -> {
                out().println(subject + ": " + AccountCommands.words(reply.text("state")));
                if (reply.body().has("erasure")) {
                    line(this, reply.body().path("erasure"));
                }
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "list",
            description = "Counts the persons whose data is sealed or erased, and lists erasures, newest first.")
    static final class ListAll extends LedgerAction {
        @Option(names = "--open", description = "only those not decided yet")
        private boolean open;

        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 50;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        Set<Role> roles() {
            return Set.of(Role.ADMIN);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode page = Pages.read(client, "/subjects?open=" + open, limit, cursor);
            print(page, () -> {
                out().println("sealed: " + Reply.text(page, "sealed") + ", erasure proposed: "
                        + Reply.text(page, "erasureProposed") + ", erased: " + Reply.text(page, "erased"));
                for (JsonNode erasure : page.path("items").values()) {
                    line(this, erasure);
                }
                Pages.printMore(out(), page);
            });
            return ExitCodes.OK;
        }
    }

    private static void line(LedgerAction action, JsonNode erasure) {
        StringBuilder line = new StringBuilder("erasure ")
                .append(Reply.text(erasure, "id"))
                .append(" of ")
                .append(Reply.text(erasure, "subject"))
                .append(" is ")
                .append(AccountCommands.words(Reply.text(erasure, "state")));
        if (erasure.has("decidedBy")) {
            line.append(" by ")
                    .append(Reply.text(erasure, "decidedBy"))
                    .append(" at ")
                    .append(Reply.text(erasure, "decidedAt"));
        }
        if (erasure.has("decisionReason")) {
            line.append(", because ").append(Reply.text(erasure, "decisionReason"));
        }
        line.append(": ")
                .append(Reply.text(erasure, "reason"))
                .append(" (")
                .append(Reply.text(erasure, "author"))
                .append(", ")
                .append(Reply.text(erasure, "proposedAt"))
                .append(')');
        action.out().println(line);
    }

    @Command(
            name = "rewrap",
            description = {
                "Wraps all persons' keys by a new master key, in one transaction, while no program runs on the ledger.",
                "A key in the data directory is replaced by a new one; one in EXCHEQUER_MASTER_KEY by the one in",
                NEW_MASTER_KEY + " (32 bytes in Base64). Once the old one is destroyed, what backups still have of",
                "erased persons' keys can be unwrapped by nobody. It is in the access log before it happens."
            })
    static final class Rewrap implements Callable<Integer> {
        private final Map<String, String> environment;
        private final Clock clock;
        private final Ticker ticker;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Mixin
        private DataOption data = new DataOption();

        Rewrap(Map<String, String> environment, Clock clock, Ticker ticker) {
            this.environment = environment;
            this.clock = clock;
            this.ticker = ticker;
        }

        @Override
        public Integer call() {
            Path file = data.path().resolve(Program.SECURITY).resolve(Program.MASTER_KEY);
            MasterKeys present;
            MasterKey given;
            try {
                present = Settings.from(environment).masterKeys(file);
                given = Settings.masterKey(NEW_MASTER_KEY, environment);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCodes.CONFIG, String.valueOf(e.getMessage()));
            }
            try (LocalDatabase database = LocalDatabase.open(data.path(), false, environment, ticker, this::say);
                    Connection connection = DriverManager.getConnection(
                            database.address().jdbcUrl(),
                            database.address().user(),
                            database.address().password())) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET search_path = ledger");
                }
                requireIdle(connection);
                long keys = SubjectKeyTable.rewrap(connection, present, () -> {
                    MasterKey next = next(present, given);
                    String user = System.getProperty("user.name", "local");
                    new LocalActs(data.path()).leave(user, Set.of(), "subject rewrap", clock);
                    return next;
                });
                done(keys, present, given);
                return ExitCodes.OK;
            } catch (SQLException e) {
                throw new CommandFailure(
                        ExitCodes.UNAVAILABLE, "the database refused; all keys are as they were: " + e.getMessage());
            }
        }

        /** A program that went on with the former key could open and seal nothing. */
        private static void requireIdle(Connection connection) throws SQLException {
            WriterLease.Holder writer = WriterLease.holder(connection);
            if (writer.current()) {
                throw new CommandFailure(
                        ExitCodes.IN_USE,
                        "the ledger is in use: its writer is " + writer.url()
                                + "; stop every program on this database first");
            }
        }

        private static MasterKey next(MasterKeys present, @Nullable MasterKey given) {
            return given != null
                    ? given
                    : present.prepareNext()
                            .orElseThrow(() -> new CommandFailure(
                                    ExitCodes.CONFIG,
                                    "set " + NEW_MASTER_KEY + ": the present key is in " + Settings.MASTER_KEY
                                            + ", and so must be the new one"));
        }

        private void done(long keys, MasterKeys present, @Nullable MasterKey given) {
            if (given == null) {
                present.settle();
                say("Wrapped " + keys + " keys by a new master key, which has taken the old one's place.");
            } else {
                say("Wrapped " + keys + " keys by the new master key. Set " + Settings.MASTER_KEY
                        + " to it on every node, and destroy the old one wherever it is kept.");
            }
        }

        private void say(String line) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
