package org.exchequer.reconciliation.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;

/** Breaks and what was done about them. All methods work in the caller's transaction. */
public final class BreakStore {
    private static final String TRACKED = """
            SELECT b.*, st.status, st.owner, st.last_run, st.transaction_id, p.made_by AS proposed_by,
                   p.text AS proposal_text, p.contra_account, r.adjustment_id
              FROM break b
              JOIN break_state st ON st.break_id = b.id
              LEFT JOIN break_step p ON p.id = st.proposal
              LEFT JOIN break_step_result r ON r.step_id = p.id
            """;

    private static final String STEP = """
            SELECT s.*, r.known_at, r.done, r.detail, r.adjustment_id AS result_adjustment, r.transaction_id
              FROM break_step s LEFT JOIN break_step_result r ON r.step_id = s.id
            """;

    private BreakStore() {}

    /**
     * A step as it was asked for, with what its command needs.
     *
     * @param by who asks
     * @param key under which key
     * @param contents SHA-256 of what is asked
     * @param ledgerKey key of the ledger's command; null when it needs none
     * @param proposal the step that is decided on, or null
     * @param adjustmentId the adjustment that is decided on, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record NewStep(
            String by,
            String key,
            byte[] contents,
            long breakId,
            BreakStep.Kind kind,
            String text,
            @Nullable String contraAccount,
            @Nullable String ledgerKey,
            @Nullable Long proposal,
            @Nullable Long adjustmentId) {}

    /** A step that waits for the ledger. */
    public record Unfinished(
            BreakStep step, String ledgerKey, @Nullable Long adjustmentId) {}

    /** What is known of a step by its key, and whether it had the same contents. */
    public record Known(BreakStep step, boolean same) {}

    /** The state of a break that matters for its next step, locked until the end of the transaction. */
    public record State(
            BreakStatus status,
            @Nullable Long proposal,
            @Nullable Long openStep) {}

    public static Optional<TrackedBreak> find(Connection connection, long id) throws SQLException {
        List<TrackedBreak> found = list(connection, TRACKED + " WHERE b.id = ?", id);
        return found.stream().findFirst();
    }

    public static List<TrackedBreak> after(Connection connection, BreakFilter filter, long after, int limit)
            throws SQLException {
        return list(
                connection,
                TRACKED + """
                         WHERE b.id > ?
                           AND (?::bigint IS NULL OR EXISTS (
                                 SELECT 1 FROM run_break rb WHERE rb.run_id = ? AND rb.break_id = b.id))
                           AND (?::text IS NULL OR st.account = ?)
                           AND (NOT ? OR st.status IN ('OPEN', 'PROPOSED'))
                           AND (?::text IS NULL OR b.type = ?)
                           AND (?::text IS NULL OR coalesce(st.owner, '') = ?)
                           AND (?::date IS NULL OR b.since <= ?)
                         ORDER BY b.id LIMIT ?
                        """,
                after,
                filter.run(),
                filter.run(),
                filter.account(),
                filter.account(),
                filter.liveOnly(),
                filter.type(),
                filter.type(),
                filter.owner(),
                filter.owner(),
                filter.notAfter(),
                filter.notAfter(),
                limit);
    }

    /** Live breaks of the account with a line on the side where this one has none, or with the same reference. */
    public static List<TrackedBreak> candidates(Connection connection, TrackedBreak of, int limit) throws SQLException {
        Line line = of.theirs() != null ? of.theirs() : of.ours();
        if (line == null) {
            return List.of();
        }
        return list(
                connection,
                TRACKED + """
                         WHERE st.account = ? AND b.id <> ? AND st.status IN ('OPEN', 'PROPOSED')
                           AND CASE WHEN ? THEN b.our_id IS NOT NULL ELSE b.their_id IS NOT NULL END
                         ORDER BY (coalesce(b.our_reference, b.their_reference) = ? AND ? <> '') DESC,
                                  abs(coalesce(CASE WHEN ? THEN b.our_amount ELSE b.their_amount END, 0)::numeric - ?),
                                  abs(b.since - ?::date), b.id
                         LIMIT ?
                        """,
                of.account(),
                of.id(),
                of.theirs() != null,
                line.reference(),
                line.reference(),
                of.theirs() != null,
                line.amount(),
                line.date(),
                limit);
    }

    private static List<TrackedBreak> list(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            Rows.set(s, values);
            List<TrackedBreak> breaks = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    breaks.add(Rows.tracked(row));
                }
            }
            return breaks;
        }
    }

    public static List<BreakStep> steps(Connection connection, long breakId) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(STEP + " WHERE s.break_id = ? ORDER BY s.id")) {
            s.setLong(1, breakId);
            List<BreakStep> steps = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    steps.add(Rows.step(row));
                }
            }
            return steps;
        }
    }

    public static Optional<Known> byKey(Connection connection, Request request) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(STEP + " WHERE s.made_by = ? AND s.request_key = ?")) {
            Rows.set(s, request.by(), request.key());
            try (ResultSet row = s.executeQuery()) {
                return row.next()
                        ? Optional.of(new Known(
                                Rows.step(row), Arrays.equals(row.getBytes("request_hash"), request.contents())))
                        : Optional.empty();
            }
        }
    }

    /** Steps that wait for the ledger, oldest first: of one break, or of all of an account, or of all. */
    public static List<Unfinished> unfinished(
            Connection connection, @Nullable Long breakId, @Nullable String account, int limit) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(STEP + """
                  JOIN break_state st ON st.open_step = s.id
                 WHERE st.open_step IS NOT NULL AND (?::bigint IS NULL OR st.break_id = ?)
                   AND (?::text IS NULL OR st.account = ?) ORDER BY s.id LIMIT ?
                """)) {
            Rows.set(s, breakId, breakId, account, account, limit);
            List<Unfinished> unfinished = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    unfinished.add(new Unfinished(
                            Rows.step(row), row.getString("ledger_key"), Rows.number(row, "adjustment_id")));
                }
            }
            return unfinished;
        }
    }

    public static Optional<State> lockState(Connection connection, long breakId) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT status, proposal, open_step FROM break_state WHERE break_id = ? FOR UPDATE")) {
            s.setLong(1, breakId);
            try (ResultSet row = s.executeQuery()) {
                return row.next()
                        ? Optional.of(new State(
                                BreakStatus.valueOf(row.getString("status")),
                                Rows.number(row, "proposal"),
                                Rows.number(row, "open_step")))
                        : Optional.empty();
            }
        }
    }

    /** Records a step; one that needs the ledger stays open until {@link #result}. */
    public static BreakStep record(Connection connection, NewStep step, Instant now) throws SQLException {
        long id;
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO break_step (break_id, kind, made_by, made_at, request_key, request_hash, ledger_key, text,
                    contra_account, proposal, adjustment_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                """)) {
            Rows.set(
                    s,
                    step.breakId(),
                    step.kind(),
                    step.by(),
                    now,
                    step.key(),
                    step.contents(),
                    step.ledgerKey(),
                    step.text(),
                    step.contraAccount(),
                    step.proposal(),
                    step.adjustmentId());
            try (ResultSet row = s.executeQuery()) {
                row.next();
                id = row.getLong(1);
            }
        }
        if (step.ledgerKey() != null) {
            update(connection, "UPDATE break_state SET open_step = ? WHERE break_id = ?", id, step.breakId());
        }
        return new BreakStep(id, step.breakId(), step.kind(), step.by(), now, step.text(), step.contraAccount(), null);
    }

    /** Records what came of a step, and what follows for its break. */
    public static BreakStep result(
            Connection connection, TrackedBreak of, BreakStep step, BreakStep.Result result, Instant now)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO break_step_result (step_id, known_at, done, detail, adjustment_id, transaction_id)
                VALUES (?, ?, ?, ?, ?::bigint, ?::bigint)
                """)) {
            Rows.set(s, step.id(), now, result.done(), result.detail(), result.adjustmentId(), result.transactionId());
            s.executeUpdate();
        }
        update(
                connection,
                "UPDATE break_state SET open_step = NULL WHERE break_id = ? AND open_step = ?",
                of.id(),
                step.id());
        if (result.done()) {
            follow(connection, of, step, result);
        }
        return new BreakStep(
                step.id(),
                step.breakId(),
                step.kind(),
                step.by(),
                step.at(),
                step.text(),
                step.contraAccount(),
                result);
    }

    private static void follow(Connection connection, TrackedBreak of, BreakStep step, BreakStep.Result result)
            throws SQLException {
        switch (step.kind()) {
            case ASSIGN ->
                update(
                        connection,
                        "UPDATE break_state SET owner = nullif(?, '') WHERE break_id = ?",
                        step.text(),
                        of.id());
            case PROPOSE_ADJUSTMENT, PROPOSE_CLOSING ->
                update(
                        connection,
                        "UPDATE break_state SET status = 'PROPOSED', proposal = ? WHERE break_id = ?",
                        step.id(),
                        of.id());
            case REJECT ->
                update(
                        connection,
                        "UPDATE break_state SET status = 'OPEN', proposal = NULL WHERE break_id = ?",
                        of.id());
            case APPROVE -> {
                BreakStatus status = result.transactionId() == null ? BreakStatus.CLOSED : BreakStatus.ADJUSTED;
                update(
                        connection,
                        "UPDATE break_state SET status = ?, transaction_id = ?::bigint WHERE break_id = ?",
                        status,
                        result.transactionId(),
                        of.id());
                settle(connection, of, result.transactionId());
            }
        }
    }

    /** Its lines take part no more, and neither does the one that the adjustment posted. */
    private static void settle(Connection connection, TrackedBreak of, @Nullable Long transaction) throws SQLException {
        if (of.ours() != null) {
            RunStore.settle(connection, of.account(), true, of.ours().id(), of.id(), null);
        }
        if (of.theirs() != null) {
            RunStore.settle(connection, of.account(), false, of.theirs().id(), of.id(), null);
        }
        if (transaction != null) {
            RunStore.settle(connection, of.account(), true, transaction + "/0", of.id(), null);
        }
    }

    /** Lines that are settled and yet belong to a live break: there must be none. */
    public static long contradictions(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                        SELECT count(*) FROM break_state st JOIN break b ON b.id = st.break_id JOIN settled_line l
                            ON l.account = st.account
                           AND (l.ours AND l.line_id = b.our_id OR NOT l.ours AND l.line_id = b.their_id)
                         WHERE st.status IN ('OPEN', 'PROPOSED')
                        """);
                ResultSet row = s.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The newest breaks that an adjustment settled. */
    public static List<TrackedBreak> adjusted(Connection connection, int limit) throws SQLException {
        return list(connection, TRACKED + " WHERE st.status = 'ADJUSTED' ORDER BY b.id DESC LIMIT ?", limit);
    }

    /** Breaks of an account whose adjustment waits for a decision. */
    public static List<TrackedBreak> waiting(Connection connection, String account) throws SQLException {
        return list(connection, TRACKED + """
                         WHERE st.account = ? AND st.status = 'PROPOSED' AND r.adjustment_id IS NOT NULL ORDER BY b.id
                        """, account);
    }

    private static void update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            Rows.set(s, values);
            s.executeUpdate();
        }
    }
}
