package org.exchequer.reconciliation.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliation.Break;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.core.Carry;
import org.jspecify.annotations.Nullable;

/** Runs, and what they find. All methods work in the caller's transaction. */
public final class RunStore {
    private RunStore() {}

    /** Lets one run or step at a time work on an account, until the end of the transaction. */
    public static void lock(Connection connection, String account) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtextextended('reconciliation/' || ?, 0))")) {
            s.setString(1, account);
            s.execute();
        }
    }

    /** A run by the key it was asked for under, and whether the contents are the same. */
    public static Optional<Run> byKey(Connection connection, Request request) throws SQLException {
        return first(
                connection, "SELECT * FROM run WHERE started_by = ? AND request_key = ?", request.by(), request.key());
    }

    /** Whether the run under this key was asked for with these contents. */
    public static boolean sameContents(Connection connection, long run, Request request) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT request_hash FROM run WHERE id = ?")) {
            s.setLong(1, run);
            try (ResultSet row = s.executeQuery()) {
                return row.next() && Arrays.equals(row.getBytes(1), request.contents());
            }
        }
    }

    public static Optional<Run> find(Connection connection, long id) throws SQLException {
        return first(connection, "SELECT * FROM run WHERE id = ?", id);
    }

    private static Optional<Run> first(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            Rows.set(s, values);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? Optional.of(Rows.run(row)) : Optional.empty();
            }
        }
    }

    /** Newest first, before a run. */
    public static List<Run> before(Connection connection, @Nullable String account, long before, int limit)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT * FROM run WHERE id < ? AND (?::text IS NULL OR account = ?) ORDER BY id DESC LIMIT ?
                """)) {
            Rows.set(s, before, account, account, limit);
            List<Run> runs = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    runs.add(Rows.run(row));
                }
            }
            return runs;
        }
    }

    /** The account's breaks whose lines take part in a run. */
    public static List<Carry.Carried> open(Connection connection, String account) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT b.*, st.owner FROM break_state st JOIN break b ON b.id = st.break_id
                 WHERE st.account = ? AND st.status = 'OPEN' ORDER BY b.id
                """)) {
            s.setString(1, account);
            List<Carry.Carried> open = new ArrayList<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    open.add(new Carry.Carried(
                            row.getLong("id"),
                            BreakType.valueOf(row.getString("type")),
                            Rows.line(row, "our"),
                            Rows.line(row, "their"),
                            row.getString("owner")));
                }
            }
            return open;
        }
    }

    /** Whether a step on a break of this account waits for the ledger. */
    public static boolean hasUnfinishedStep(Connection connection, String account) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT 1 FROM break_state
                 WHERE account = ? AND status IN ('OPEN', 'PROPOSED') AND open_step IS NOT NULL LIMIT 1
                """)) {
            s.setString(1, account);
            try (ResultSet row = s.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Which of these lines take no part: settled, or of a break about whose resolution somebody has to decide. */
    public static Set<String> outOfPlay(Connection connection, String account, boolean ours, Collection<Line> lines)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT line_id FROM settled_line WHERE account = ? AND ours = ? AND line_id = ANY (?)
                UNION
                SELECT CASE WHEN ? THEN b.our_id ELSE b.their_id END
                  FROM break_state st JOIN break b ON b.id = st.break_id
                 WHERE st.account = ? AND st.status = 'PROPOSED'
                """)) {
            Array ids = connection.createArrayOf(
                    "text", lines.stream().map(Line::id).toArray());
            Rows.set(s, account, ours, ids, ours, account);
            Set<String> found = new HashSet<>();
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    String id = row.getString(1);
                    if (id != null) {
                        found.add(id);
                    }
                }
            }
            return found;
        }
    }

    /** Records a run with everything it found. */
    public static Run record(
            Connection connection,
            RunRequest request,
            Currency currency,
            Instant now,
            List<Line> ours,
            List<Line> theirs,
            int matches,
            Carry.Plan plan)
            throws SQLException {
        Run run = insert(connection, request, currency, now, ours, theirs, matches, plan);
        List<Long> found = breaks(connection, run, plan.found());
        seen(connection, run, found);
        seen(connection, run, plan.continued());
        state(connection, run, plan.continued(), BreakStatus.OPEN);
        state(connection, run, plan.matched(), BreakStatus.MATCHED);
        state(connection, run, plan.replaced(), BreakStatus.REPLACED);
        for (Carry.Settled line : plan.settled()) {
            settle(connection, run.account(), line.ours(), line.line(), line.breakId(), run.id());
        }
        return run;
    }

    private static Run insert(
            Connection connection,
            RunRequest request,
            Currency currency,
            Instant now,
            List<Line> ours,
            List<Line> theirs,
            int matches,
            Carry.Plan plan)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO run (started_by, request_key, request_hash, started_at, account, currency, their_account,
                    statement_sha256, from_date, to_date, tolerance, window_days, by_amount, opening, closing,
                    our_lines, our_sum, their_lines, their_sum, matches, new_breaks, continued_breaks, settled_breaks)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
                """)) {
            Rows.set(
                    s,
                    request.request().by(),
                    request.request().key(),
                    request.request().contents(),
                    now,
                    request.account(),
                    currency.code(),
                    request.theirAccount(),
                    HexFormat.of().parseHex(request.statementSha256()),
                    request.from(),
                    request.to(),
                    request.tolerance(),
                    request.windowDays(),
                    request.byAmount(),
                    request.opening().map(Money::minorUnits).orElse(null),
                    request.closing().map(Money::minorUnits).orElse(null),
                    ours.size(),
                    Reconciliation.sum(ours),
                    theirs.size(),
                    Reconciliation.sum(theirs),
                    matches,
                    plan.found().size(),
                    plan.continued().size(),
                    plan.matched().size() + plan.replaced().size());
            try (ResultSet row = s.executeQuery()) {
                row.next();
                return Rows.run(row);
            }
        }
    }

    private static List<Long> breaks(Connection connection, Run run, List<Carry.Found> found) throws SQLException {
        List<Long> ids = ids(connection, found.size());
        try (PreparedStatement breaks = connection.prepareStatement("""
                        INSERT INTO break (id, account, currency, type, since, first_run, our_id, our_date, our_amount,
                            our_reference, their_id, their_date, their_amount, their_reference)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """);
                PreparedStatement states = connection.prepareStatement("""
                        INSERT INTO break_state (break_id, account, status, owner, last_run) VALUES (?, ?, 'OPEN', ?, ?)
                        """)) {
            for (int i = 0; i < found.size(); i++) {
                Break each = found.get(i).found();
                Line ours = each.ours().isEmpty() ? null : each.ours().getFirst();
                Line theirs = each.theirs().isEmpty() ? null : each.theirs().getFirst();
                Rows.set(
                        breaks,
                        ids.get(i),
                        run.account(),
                        run.currency().code(),
                        each.type(),
                        each.since(),
                        run.id(),
                        ours == null ? null : ours.id(),
                        ours == null ? null : ours.date(),
                        ours == null ? null : ours.amount(),
                        ours == null ? null : ours.reference(),
                        theirs == null ? null : theirs.id(),
                        theirs == null ? null : theirs.date(),
                        theirs == null ? null : theirs.amount(),
                        theirs == null ? null : theirs.reference());
                breaks.addBatch();
                Rows.set(states, ids.get(i), run.account(), found.get(i).owner(), run.id());
                states.addBatch();
            }
            breaks.executeBatch();
            states.executeBatch();
        }
        return ids;
    }

    private static List<Long> ids(Connection connection, int count) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT nextval(pg_get_serial_sequence('break', 'id')) FROM generate_series(1, ?)")) {
            s.setInt(1, count);
            List<Long> ids = new ArrayList<>(count);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            ids.sort(null);
            return ids;
        }
    }

    private static void seen(Connection connection, Run run, Collection<Long> breaks) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("INSERT INTO run_break (run_id, break_id) VALUES (?, ?)")) {
            for (long id : breaks) {
                Rows.set(s, run.id(), id);
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    private static void state(Connection connection, Run run, Collection<Long> breaks, BreakStatus status)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "UPDATE break_state SET status = ?, last_run = ? WHERE break_id = ANY (?)")) {
            Rows.set(s, status, run.id(), connection.createArrayOf("bigint", breaks.toArray()));
            s.executeUpdate();
        }
    }

    /** Takes a line out of play. One that was before stays as it was. */
    static void settle(
            Connection connection, String account, boolean ours, String line, long breakId, @Nullable Long run)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO settled_line (account, ours, line_id, break_id, run_id) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """)) {
            s.setString(1, account);
            s.setBoolean(2, ours);
            s.setString(3, line);
            s.setLong(4, breakId);
            s.setObject(5, run, java.sql.Types.BIGINT);
            s.executeUpdate();
        }
    }
}
