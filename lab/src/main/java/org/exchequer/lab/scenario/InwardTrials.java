package org.exchequer.lab.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.inward.InwardChecker;
import org.exchequer.lab.check.inward.InwardCheckers;
import org.exchequer.lab.check.inward.InwardEvidence;
import org.exchequer.lab.check.inward.InwardEvidence.Trial;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Partners;
import org.exchequer.lab.stage.Stage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes things wrong when all is over, to see whether they are noticed, and puts them right again: decisions altered in
 * the database; frauds that were let through and are reported; features that moved during the run; a partner whose
 * books are off by a dollar.
 */
final class InwardTrials {
    private static final String API = "/inward/api/v1/";
    private static final String NEWEST = """
            SELECT payment_id, score, margin, evidence FROM inward.fraud_result
             WHERE decision = 'APPROVE' AND fraud IS NULL ORDER BY number DESC LIMIT 4""";

    private static final String ALTER = """
            UPDATE inward.fraud_result SET score = ?, margin = ?, evidence = ? WHERE payment_id = ?""";

    private static final double A_BIT = 0.001;
    private static final int HTTP_OK = 200;
    private static final long DOLLAR = 100;

    private final Stage stage;
    private final List<Fault> schedule;

    /** A decision as it is stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(UUID payment, double score, double margin, byte[] evidence) {
        Stored with(byte[] other) {
            return new Stored(payment, score, margin, other);
        }
    }

    /** @param schedule of the run */
    InwardTrials(Stage stage, List<Fault> schedule) {
        this.stage = stage;
        this.schedule = schedule;
    }

    /** Those that need the nodes; the connection may write, and is committed. */
    List<Trial> run(Connection connection) throws SQLException, IOException, InterruptedException {
        List<Stored> stored = newest(connection);
        Node node = stage.nodes().getFirst();
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < Math.min(2, stored.size()); i++) {
            trials.add(altered(connection, node, stored.get(i), i));
        }
        if (stored.size() > 2) {
            trials.addAll(exchanged(connection, node, stored));
        }
        if (!stored.isEmpty()) {
            trials.add(reported(node, stored.getLast().payment()));
        }
        if (schedule.stream().anyMatch(fault -> fault.kind() == FaultKind.FEATURES_DRIFT)) {
            for (Node each : stage.nodes()) {
                trials.addAll(moved(each));
            }
        }
        return trials;
    }

    private static List<Stored> newest(Connection connection) throws SQLException {
        List<Stored> stored = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NEWEST);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                stored.add(
                        new Stored(row.getObject(1, UUID.class), row.getDouble(2), row.getDouble(3), row.getBytes(4)));
            }
        }
        return stored;
    }

    private Trial altered(Connection connection, Node node, Stored is, int how)
            throws SQLException, IOException, InterruptedException {
        return how == 0
                ? trial(
                        connection,
                        node,
                        is,
                        new Stored(is.payment(), is.score() + A_BIT, is.margin(), is.evidence()),
                        "a stored score is altered")
                : trial(
                        connection,
                        node,
                        is,
                        new Stored(is.payment(), is.score(), Math.nextUp(is.margin()), is.evidence()),
                        "a stored margin is altered by a bit");
    }

    /** What a model was given becomes what it was given of a payment that it found otherwise. */
    private List<Trial> exchanged(Connection connection, Node node, List<Stored> stored)
            throws SQLException, IOException, InterruptedException {
        Stored is = stored.get(2);
        Optional<Stored> other = stored.stream()
                .filter(each -> Double.compare(each.margin(), is.margin()) != 0)
                .findFirst();
        List<Trial> trials = new ArrayList<>();
        if (other.isPresent()) {
            trials.add(trial(
                    connection,
                    node,
                    is,
                    is.with(other.get().evidence()),
                    "what a model was given is another payment's"));
        }
        byte[] flipped = is.evidence().clone();
        flipped[flipped.length / 3] ^= 1;
        trials.add(trial(connection, node, is, is.with(flipped), "a bit of what a model was given is altered"));
        return trials;
    }

    private Trial trial(Connection connection, Node node, Stored is, Stored wrong, String what)
            throws SQLException, IOException, InterruptedException {
        store(connection, wrong);
        String altered = replayed(node, is.payment());
        store(connection, is);
        String right = replayed(node, is.payment());
        return new Trial(
                what,
                !altered.equals("SAME") && right.equals("SAME"),
                "said \"%s\" while it was altered, \"%s\" when it was put right".formatted(altered, right));
    }

    private static void store(Connection connection, Stored as) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ALTER)) {
            update.setDouble(1, as.score());
            update.setDouble(2, as.margin());
            update.setBytes(3, as.evidence());
            update.setObject(4, as.payment());
            update.executeUpdate();
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private String replayed(Node node, UUID payment) throws IOException, InterruptedException {
        return read(node, "payments/" + payment + "/explanation")
                .path("replayed")
                .asString("nothing");
    }

    private JsonNode read(Node node, String path) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(node.read(API + path, stage.token()).getBytes(StandardCharsets.UTF_8));
    }

    /** A fraud that a model let through makes it look worse, at once. */
    private Trial reported(Node node, UUID payment) throws IOException, InterruptedException {
        long before = missed(node);
        int status = node.write(
                API + "payments/" + payment + "/feedback",
                stage.token(),
                "{\"outcome\":\"fraud\",\"note\":\"reported by the lab\"}");
        long after = missed(node);
        return new Trial(
                "a payment that was approved is reported as fraud",
                status == HTTP_OK && after == before + 1,
                "HTTP %d; approved payments that were fraud: %d, then %d".formatted(status, before, after));
    }

    private long missed(Node node) throws IOException, InterruptedException {
        for (JsonNode count : read(node, "fraud/overview").path("counts")) {
            if (count.path("decision").asString("").equals("APPROVE")) {
                return count.path("frauds").asLong();
            }
        }
        return 0;
    }

    /** Too few payments say nothing: no trial then. */
    private List<Trial> moved(Node node) throws IOException, InterruptedException {
        List<Trial> trials = new ArrayList<>();
        for (JsonNode service : read(node, "fraud/models").path("services")) {
            String levels = "";
            boolean enough = false;
            boolean noticed = false;
            for (JsonNode moved : service.path("moved")) {
                String level = moved.path("level").asString("");
                enough |= !level.equals("TOO_FEW");
                if (moved.path("what").asString("").equals("amount_log")) {
                    levels = "%s %.2f".formatted(level, moved.path("value").asDouble());
                    noticed = level.equals("WATCH") || level.equals("SHIFTED");
                }
            }
            if (enough) {
                trials.add(new Trial("amounts moved at " + node.name(), noticed, "amount_log: " + levels));
            }
        }
        return trials;
    }

    /** The liquidity service has a dollar less of a bank than it should; the nodes need not be there. */
    Trial aDollarOff(InwardEvidence evidence) throws IOException, InterruptedException {
        String bank = Partners.BANKS.getFirst();
        stage.partners().shift(bank, "SGD", -DOLLAR);
        Finding found = covered()
                .check(evidence.withPositions(
                        InwardCollector.positions(stage.partners().positions())));
        stage.partners().shift(bank, "SGD", DOLLAR);
        return new Trial(
                "the liquidity service has 1 SGD less of a bank than was agreed",
                found.verdict() == Verdict.INVALID,
                found.describe());
    }

    private static InwardChecker covered() {
        return InwardCheckers.all().stream()
                .filter(checker -> checker.name().equals("covered"))
                .findFirst()
                .orElseThrow();
    }
}
