package org.exchequer.lab.scenario;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.inward.fraud.Models;
import org.exchequer.lab.check.inward.InwardEvidence.Replay;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.model.Ensemble;

/** Decides again what models decided in a run, from what is stored and the shipped model's file, past the program. */
final class InwardReplays {
    /** At most some thousands, any: each is decided again with its reasons, which takes about a millisecond. */
    private static final String ROWS = """
            SELECT payment_id, model, margin, probability, score, decision, evidence FROM inward.fraud_result
             ORDER BY md5(payment_id::text) LIMIT 5000""";

    private InwardReplays() {}

    static List<Replay> read(Connection connection) throws SQLException {
        Models models = Models.open(Optional.empty());
        List<Replay> replays = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ROWS)) {
            while (row.next()) {
                Optional<Ensemble> model = models.find(row.getString("model"));
                replays.add(new Replay(
                        row.getString("payment_id"),
                        model.isEmpty()
                                ? "decided by " + row.getString("model") + ", which this run did not have"
                                : differs(row, model.get())));
            }
        }
        return replays;
    }

    private static String differs(ResultSet row, Ensemble model) throws SQLException {
        try {
            Evidence evidence = Evidence.read(
                    row.getBytes("evidence"),
                    model.parts().features(),
                    model.parts().events());
            boolean told = same(row.getDouble("margin"), evidence.margin())
                    && same(row.getDouble("probability"), evidence.probability())
                    && same(row.getDouble("score"), evidence.blended())
                    && evidence.outcome().name().equals(row.getString("decision"));
            if (!told) {
                return "the row says something else than its evidence";
            }
            return switch (evidence.replay(model)) {
                case Evidence.Replay.Same same -> "";
                case Evidence.Replay.Different different -> different.what();
                case Evidence.Replay.OtherModel other -> other.what();
            };
        } catch (IOException e) {
            return "the evidence cannot be read: " + e.getMessage();
        }
    }

    private static boolean same(double one, double other) {
        return Double.doubleToLongBits(one) == Double.doubleToLongBits(other);
    }
}
