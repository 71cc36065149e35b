package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.Resubmission;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/** Reads dead letters, and notes who handed one in again; each call its own transaction. */
public final class DeadLetterTable {
    private static final String LETTER = """
            select id, received_at, door, reason_code, reason_text, length(message), message
              from dead_letter where id = ?
            """;

    private static final String LETTERS = """
            select id, received_at, door, reason_code, reason_text, length(message),
                   (select count(*) from resubmission r where r.dead_letter_id = d.id)
              from dead_letter d
             where (?::timestamptz is null or (received_at, id) < (?::timestamptz, ?::uuid))
             order by received_at desc, id desc
             limit ?
            """;

    private static final String RESUBMISSIONS = """
            select id, at, by, changed, payment_id, answer_status, again
              from resubmission where dead_letter_id = ? order by at, id
            """;

    private static final String BEGIN = """
            insert into resubmission (id, dead_letter_id, at, by, changed) values (?, ?, ?, ?, ?)
            """;

    private static final String END = """
            update resubmission set payment_id = ?, answer_status = ?, again = ? where id = ?
            """;

    private final DataSource database;

    public DeadLetterTable(DataSource database) {
        this.database = database;
    }

    /** One, with its message and what became of it. */
    public Optional<DeadLetter> letter(UUID id) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<Resubmission> again = resubmissions(connection, id);
            try (PreparedStatement select = connection.prepareStatement(LETTER)) {
                select.setObject(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(letter(row, row.getBytes(7), again, again.size()))
                            : Optional.empty();
                }
            }
        }
    }

    private static List<Resubmission> resubmissions(Connection connection, UUID id) throws SQLException {
        List<Resubmission> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(RESUBMISSIONS)) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Resubmission(
                            row.getObject(1, UUID.class),
                            row.getTimestamp(2).toInstant(),
                            row.getString(3),
                            row.getBoolean(4),
                            row.getObject(5, UUID.class),
                            row.getString(6),
                            row.getObject(7, UUID.class)));
                }
            }
        }
        return found;
    }

    /**
     * Without messages, those received last first.
     *
     * @throws IllegalArgumentException when the cursor is not one of ours
     */
    public Page<DeadLetter> letters(@Nullable String cursor, int limit) throws SQLException {
        Object before = null;
        UUID last = null;
        if (cursor != null) {
            if (!cursor.matches("[0-9]{1,18}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
                throw new IllegalArgumentException("cursor must be the next of a page before");
            }
            int dash = cursor.indexOf('-');
            before = Instant.EPOCH
                    .plus(Long.parseLong(cursor.substring(0, dash)), ChronoUnit.MICROS)
                    .atOffset(ZoneOffset.UTC);
            last = UUID.fromString(cursor.substring(dash + 1));
        }
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LETTERS)) {
            select.setObject(1, before, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            select.setObject(2, before, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
            select.setObject(3, last, java.sql.Types.OTHER);
            select.setInt(4, Page.requireLimit(limit) + 1);
            List<DeadLetter> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(letter(row, new byte[0], List.of(), row.getInt(7)));
                }
            }
            boolean more = found.size() > limit;
            List<DeadLetter> page = List.copyOf(more ? found.subList(0, limit) : found);
            return new Page<>(page, more ? cursor(page.getLast()) : null);
        }
    }

    private static String cursor(DeadLetter last) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, last.receivedAt()) + "-" + last.id();
    }

    private static DeadLetter letter(ResultSet row, byte[] message, List<Resubmission> again, int count)
            throws SQLException {
        return new DeadLetter(
                row.getObject(1, UUID.class),
                row.getTimestamp(2).toInstant(),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                message,
                again,
                count);
    }

    /** Somebody is about to hand one in again. */
    public void begin(UUID id, UUID letter, Instant at, String by, boolean changed) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(BEGIN)) {
            insert.setObject(1, id);
            insert.setObject(2, letter);
            insert.setObject(3, at.atOffset(ZoneOffset.UTC));
            insert.setString(4, by);
            insert.setBoolean(5, changed);
            insert.executeUpdate();
        }
    }

    /** What became of it: a payment with its answer, or another dead letter. */
    public void end(UUID id, @Nullable UUID payment, @Nullable String answerStatus, @Nullable UUID again)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(END)) {
            update.setObject(1, payment, java.sql.Types.OTHER);
            update.setString(2, answerStatus);
            update.setObject(3, again, java.sql.Types.OTHER);
            update.setObject(4, id);
            update.executeUpdate();
        }
    }
}
