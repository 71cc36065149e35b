package org.exchequer.lab.fault;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;

/** Slots moved from shard to shard. */
final class ShardFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String MOVED = "SELECT count(*) FROM shards.former";

    private final Stage stage;

    ShardFaults(Stage stage) {
        this.stage = stage;
    }

    /** Asks one node after the other, past the proxies, until one begins; when that dies another goes on. */
    Injection move(String target, int slots) throws SQLException, InterruptedException {
        int from = target.charAt(0) - '0';
        int to = target.charAt(2) - '0';
        long before = moved();
        String body = "{\"from\":%d,\"to\":%d,\"slots\":%d}".formatted(from, to, slots);
        List<String> answers = new ArrayList<>();
        for (Node node : stage.nodes()) {
            String answer = ask(node, body);
            answers.add(node.name() + ": " + answer);
            if (answer.equals("HTTP 202")) {
                break;
            }
        }
        return new Injection("slots of shard " + from, () -> {
            long since = moved() - before;
            return Proof.of(
                    since > 0,
                    "%d slots have been handed over meanwhile (%s)".formatted(since, String.join(", ", answers)));
        });
    }

    private String ask(Node node, String body) throws InterruptedException {
        try {
            return "HTTP " + node.post("/ledger/api/v1/shards/moves", stage.token(), body);
        } catch (IOException away) {
            return "did not answer";
        }
    }

    /** How often a slot was handed over since there is a directory. */
    private long moved() throws SQLException {
        try (Connection connection = stage.postgres(0).connect(PATIENCE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MOVED)) {
            row.next();
            return row.getLong(1);
        }
    }
}
