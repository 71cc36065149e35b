package org.exchequer.lab.scenario;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.lab.check.inward.InwardEvidence.Position;
import org.exchequer.lab.check.inward.InwardEvidence.Row;
import org.exchequer.lab.stage.Partners;
import tools.jackson.databind.JsonNode;

/** Reads what is durable of inward clearing, past the program; and what its partners say. */
final class InwardCollector {
    private static final String ROWS = """
            SELECT id, encode(digest, 'hex') AS digest, done, coalesce(answer_status, '') AS status,
                   coalesce(encode(sha256(answer), 'hex'), '') AS answer, coalesce(follow_up, '') AS owed,
                   coalesce(risk_decision, '') AS decision, fallbacks
              FROM inward.payment LEFT JOIN inward.payment_owed ON payment_id = id ORDER BY id""";

    private static final String OPEN = """
            SELECT (SELECT count(*) FROM inward.payment_open) + (SELECT count(*) FROM inward.payment_owed)""";

    private static final int FETCH_ROWS = 5_000;

    private InwardCollector() {}

    /** Every payment; the connection must not commit by itself. */
    static List<Row> rows(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(ROWS)) {
                while (row.next()) {
                    rows.add(new Row(
                            row.getString("id"),
                            row.getString("digest"),
                            row.getBoolean("done"),
                            row.getString("status"),
                            row.getString("answer"),
                            row.getString("owed"),
                            row.getString("decision"),
                            List.of((String[]) row.getArray("fallbacks").getArray())));
                }
            }
        }
        return rows;
    }

    /** How many payments are not at their end, or of which the liquidity service has to be told something. */
    static long open(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OPEN)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What the liquidity service says of each bank's money. */
    static List<Position> positions(JsonNode answer) {
        List<Position> positions = new ArrayList<>();
        for (JsonNode each : answer.path("positions")) {
            long available = each.path("available").asLong();
            long reserved = each.path("reserved").asLong();
            long used = each.path("used").asLong();
            positions.add(new Position(
                    each.path("bic8").asString(),
                    each.path("currency").asString(),
                    each.path("opening").asLong() == Partners.POSITION
                            && Partners.POSITION == available + reserved + used
                            && available >= 0
                            && reserved >= 0,
                    reserved,
                    used,
                    each.path("open").asInt()));
        }
        return positions;
    }
}
