package org.exchequer.lab.fault;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;

/** Slots moved from shard to shard. */
final class ShardFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String SLOTS = "SELECT count(*) FROM shards.slot WHERE shard = ?";

    private final Stage stage;

    ShardFaults(Stage stage) {
        this.stage = stage;
    }

    /** Asks one node after the other, past the proxies, until one begins; when that dies another goes on. */
    Injection move(String target, int slots) throws SQLException, InterruptedException {
        int from = target.charAt(0) - '0';
        int to = target.charAt(2) - '0';
        long before = slotsOf(from);
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
            long left = before - slotsOf(from);
            return Proof.of(
                    left > 0,
                    "%d of the slots of shard %d have left it meanwhile (%s)"
                            .formatted(left, from, String.join(", ", answers)));
        });
    }

    private String ask(Node node, String body) throws InterruptedException {
        try {
            return "HTTP " + node.post("/ledger/api/v1/shards/moves", stage.token(), body);
        } catch (IOException away) {
            return "did not answer";
        }
    }

    private long slotsOf(int shard) throws SQLException {
        try (Connection connection = stage.postgres(0).connect(PATIENCE);
                PreparedStatement statement = connection.prepareStatement(SLOTS)) {
            statement.setInt(1, shard);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
