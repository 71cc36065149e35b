package org.exchequer.ledger.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Subjects;
import org.jspecify.annotations.Nullable;

/** Proposals to erase subjects and what was decided, beside their keys. A subject is named as its key is. */
public final class ErasureTable {
    private static final String COLUMNS =
            "id, subject, reason, author, proposed_at, approved, decided_by, decided_at, decision_reason";

    private static final Cursor LIST = new Cursor("erasures");

    private final DataSource database;

    public ErasureTable(DataSource database) {
        this.database = database;
    }

    /** Past every cache: empty when the subject has no key and never had one. */
    public Optional<Subjects.State> state(String name) {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement("""
                    SELECT wrapped IS NULL AS erased,
                           EXISTS (SELECT FROM subject_erasure AS e WHERE e.name = k.name AND approved IS NULL) AS open
                      FROM subject_key AS k WHERE name = ?""")) {
                s.setString(1, name);
                try (ResultSet row = s.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            row.getBoolean("erased")
                                    ? Subjects.State.ERASED
                                    : row.getBoolean("open") ? Subjects.State.ERASURE_PROPOSED : Subjects.State.SEALED);
                }
            }
        });
    }

    public Subjects.Counts counts() {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement("""
                            SELECT count(*) FILTER (WHERE wrapped IS NOT NULL AND e.name IS NULL) AS sealed,
                                   count(*) FILTER (WHERE wrapped IS NOT NULL AND e.name IS NOT NULL) AS proposed,
                                   count(*) FILTER (WHERE wrapped IS NULL) AS erased
                              FROM subject_key AS k LEFT JOIN subject_erasure AS e
                                ON e.name = k.name AND e.approved IS NULL""");
                    ResultSet row = s.executeQuery()) {
                row.next();
                return new Subjects.Counts(row.getLong("sealed"), row.getLong("proposed"), row.getLong("erased"));
            }
        });
    }

    /** The subject's latest. */
    public Optional<Erasure> latest(String name) {
        return one("SELECT " + COLUMNS + " FROM subject_erasure WHERE name = ? ORDER BY id DESC LIMIT 1", name, null);
    }

    /** The subject's of this number. */
    public Optional<Erasure> find(String name, long id) {
        return one("SELECT " + COLUMNS + " FROM subject_erasure WHERE name = ? AND id = ?", name, id);
    }

    /** That of the subject which waits for a decision. */
    public Optional<Erasure> open(String name) {
        return one("SELECT " + COLUMNS + " FROM subject_erasure WHERE name = ? AND approved IS NULL", name, null);
    }

    private Optional<Erasure> one(String sql, String name, @Nullable Long id) {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement(sql)) {
                s.setString(1, name);
                if (id != null) {
                    s.setLong(2, id);
                }
                return read(s).stream().findFirst();
            }
        });
    }

    /** The newest first. */
    public Page<Erasure> page(boolean open, @Nullable String cursor, int limit) {
        Page.requireLimit(limit);
        long before = LIST.before(cursor);
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM subject_erasure WHERE id < ? AND (approved IS NULL OR NOT ?) ORDER BY id DESC LIMIT ?")) {
                s.setLong(1, before);
                s.setBoolean(2, open);
                s.setInt(3, limit + 1);
                return LIST.page(read(s), limit, Erasure::id);
            }
        });
    }

    /** A new proposal, durable; empty when the subject has no key to destroy, or one that waits already. */
    public Optional<Erasure> propose(String name, String subject, String reason, String author) {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement("""
                    INSERT INTO subject_erasure (name, subject, author, reason)
                    SELECT name, ?, ?, ? FROM subject_key WHERE name = ? AND wrapped IS NOT NULL
                        ON CONFLICT (name) WHERE approved IS NULL DO NOTHING
                    RETURNING\s""" + COLUMNS)) {
                s.setString(1, subject);
                s.setString(2, author);
                s.setString(3, reason);
                s.setString(4, name);
                return read(s).stream().findFirst();
            }
        });
    }

    /**
     * Decides, and destroys the key where it is approved, in one statement.
     *
     * @return false when it was decided before
     */
    public boolean decide(long id, boolean approve, String by, String why) {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement("SELECT decide_erasure(?, ?, ?, ?)")) {
                s.setLong(1, id);
                s.setBoolean(2, approve);
                s.setString(3, by);
                s.setString(4, why);
                try (ResultSet row = s.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            }
        });
    }

    private static List<Erasure> read(PreparedStatement statement) throws SQLException {
        List<Erasure> read = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                boolean approved = row.getBoolean("approved");
                OffsetDateTime decidedAt = row.getObject("decided_at", OffsetDateTime.class);
                read.add(new Erasure(
                        row.getLong("id"),
                        row.getString("subject"),
                        row.getString("reason"),
                        row.getString("author"),
                        row.getObject("proposed_at", OffsetDateTime.class).toInstant(),
                        decidedAt == null
                                ? Erasure.State.PROPOSED
                                : approved ? Erasure.State.APPROVED : Erasure.State.REJECTED,
                        decidedAt == null
                                ? null
                                : new Erasure.Decision(
                                        row.getString("decided_by"),
                                        decidedAt.toInstant(),
                                        row.getString("decision_reason"))));
            }
        }
        return read;
    }

    private <T> T with(SubjectKeyTable.Work<T> work) {
        return SubjectKeyTable.with(database, work);
    }
}
