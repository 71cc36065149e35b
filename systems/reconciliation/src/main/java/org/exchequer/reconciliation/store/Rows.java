package org.exchequer.reconciliation.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.jspecify.annotations.Nullable;

/** Rows of the tables as records, and values as parameters. */
final class Rows {
    private Rows() {}

    static Run run(ResultSet row) throws SQLException {
        Currency currency = Currency.of(row.getString("currency"));
        return new Run(
                row.getLong("id"),
                row.getString("started_by"),
                instant(row, "started_at"),
                row.getString("account"),
                currency,
                row.getString("their_account"),
                HexFormat.of().formatHex(row.getBytes("statement_sha256")),
                row.getObject("from_date", LocalDate.class),
                row.getObject("to_date", LocalDate.class),
                row.getLong("tolerance"),
                row.getInt("window_days"),
                row.getBoolean("by_amount"),
                money(row, "opening", currency),
                money(row, "closing", currency),
                new Run.Lines(row.getInt("our_lines"), new Money(row.getLong("our_sum"), currency)),
                new Run.Lines(row.getInt("their_lines"), new Money(row.getLong("their_sum"), currency)),
                row.getInt("matches"),
                row.getInt("new_breaks"),
                row.getInt("continued_breaks"),
                row.getInt("settled_breaks"));
    }

    private static Optional<Money> money(ResultSet row, String column, Currency currency) throws SQLException {
        Long amount = number(row, column);
        return amount == null ? Optional.empty() : Optional.of(new Money(amount, currency));
    }

    static TrackedBreak tracked(ResultSet row) throws SQLException {
        String author = row.getString("proposed_by");
        return new TrackedBreak(
                row.getLong("id"),
                row.getString("account"),
                Currency.of(row.getString("currency")),
                BreakType.valueOf(row.getString("type")),
                row.getObject("since", LocalDate.class),
                row.getLong("first_run"),
                row.getLong("last_run"),
                line(row, "our"),
                line(row, "their"),
                BreakStatus.valueOf(row.getString("status")),
                row.getString("owner"),
                author == null
                        ? null
                        : new TrackedBreak.Proposal(
                                author,
                                row.getString("proposal_text"),
                                row.getString("contra_account"),
                                number(row, "adjustment_id")),
                number(row, "transaction_id"));
    }

    static @Nullable Line line(ResultSet row, String side) throws SQLException {
        String id = row.getString(side + "_id");
        return id == null
                ? null
                : new Line(
                        id,
                        row.getObject(side + "_date", LocalDate.class),
                        row.getLong(side + "_amount"),
                        row.getString(side + "_reference"));
    }

    static BreakStep step(ResultSet row) throws SQLException {
        boolean known = row.getObject("known_at") != null;
        return new BreakStep(
                row.getLong("id"),
                row.getLong("break_id"),
                BreakStep.Kind.valueOf(row.getString("kind")),
                row.getString("made_by"),
                instant(row, "made_at"),
                row.getString("text"),
                row.getString("contra_account"),
                known
                        ? new BreakStep.Result(
                                row.getBoolean("done"),
                                row.getString("detail"),
                                number(row, "result_adjustment"),
                                number(row, "transaction_id"))
                        : null);
    }

    static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Sets all parameters in order. */
    static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case Instant at -> statement.setObject(i + 1, at.atOffset(ZoneOffset.UTC));
                case Enum<?> constant -> statement.setString(i + 1, constant.name());
                case Object value -> statement.setObject(i + 1, value);
            }
        }
    }
}
