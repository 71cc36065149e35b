package org.exchequer.platform.idempotency;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was answered under each idempotency key, in the transaction of the effect: same key and same request,
 * same answer byte for byte; same key and another request, refused. The table comes by one line in a migration of the
 * system: <code>${idempotency_v1}</code>.
 *
 * <p>Of many requests with the same new key at once one makes the effect, and the others are told at once that it is in
 * progress: none of them holds a connection waiting. When the process or the transaction dies before the commit, the
 * key
 * is as new. Times are the database's.
 */
public final class IdempotencyKeys {
    /** The effect of a request, on the connection whose transaction also keeps its key. */
    @FunctionalInterface
    public interface Effect {
        Answer apply(Connection connection) throws SQLException;
    }

    /**
     * Takes the key when it is new or has expired. The lock says at once when another transaction is at it; to wait in
     * line on the primary key instead would tie up a connection per repetition.
     */
    private static final String CLAIM = """
            with lock as materialized (
              select pg_try_advisory_xact_lock(hashtextextended(
                       current_schema() || '.idempotency.' || length(?) || ':' || ? || ?, 0)) as locked
            )
            insert into idempotency_key as k (scope, key, request_hash, expires_at)
            select ?, ?, ?, now() + make_interval(secs => ?) from lock where locked
            on conflict (scope, key) do update
               set request_hash = excluded.request_hash, expires_at = excluded.expires_at,
                   status = null, content_type = null, body = null
             where k.expires_at <= now()
            """;

    private static final String FIND = """
            select request_hash, status, content_type, body
              from idempotency_key
             where scope = ? and key = ? and (expires_at is null or expires_at > now())
            """;

    private static final String COMPLETE = """
            update idempotency_key set status = ?, content_type = ?, body = ?
             where scope = ? and key = ? and status is null
            """;

    private static final String PURGE = """
            delete from idempotency_key
             where (scope, key) in (
               select scope, key from idempotency_key where expires_at <= now() order by expires_at limit ?
             )
            """;

    private final @Nullable Duration keep;

    /** Keys are kept for ever. */
    public IdempotencyKeys() {
        this.keep = null;
    }

    /** @param keep for how long a key is remembered; a repetition after that makes its effect again */
    public IdempotencyKeys(Duration keep) {
        if (keep.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("keep: must be a second or more");
        }
        this.keep = keep;
    }

    /**
     * Makes the effect once per key: in one transaction of its own, effect, key and answer.
     *
     * @throws SQLException when the database failed; after a lost connection at commit the outcome is unknown, and the
     *     same call again finds it out
     */
    public Result execute(DataSource database, RequestKey request, Effect effect) throws SQLException {
        // Closing without a commit undoes everything, also when the effect throws.
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Result result = switch (claim(connection, request)) {
                case Claim.New() -> {
                    Answer answer = effect.apply(connection);
                    complete(connection, request, answer);
                    yield new Result.Answered(answer, false);
                }
                case Claim.Replay(Answer answer) -> new Result.Answered(answer, true);
                case Claim.KeyReused() -> new Result.KeyReused();
                case Claim.InProgress() -> new Result.InProgress();
            };
            connection.commit();
            return result;
        }
    }

    /**
     * Takes a key within the caller's transaction, for callers that have more to do in it. After {@link Claim.New} the
     * caller makes the effect and calls {@link #complete} before it commits.
     */
    public Claim claim(Connection connection, RequestKey request) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("claim needs the transaction of the effect, the connection has none");
        }
        if (insert(connection, request)) {
            return new Claim.New();
        }
        return find(connection, request).orElseGet(Claim.InProgress::new);
    }

    /**
     * Keeps the answer under a key that this transaction has claimed.
     *
     * @throws IllegalStateException when it has not
     */
    public void complete(Connection connection, RequestKey request, Answer answer) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            statement.setInt(1, answer.status());
            statement.setString(2, answer.contentType());
            statement.setBytes(3, answer.body());
            statement.setString(4, request.scope());
            statement.setString(5, request.key());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("key was not claimed in this transaction");
            }
        }
    }

    /**
     * Deletes keys whose time is over.
     *
     * @param limit at most so many; call again when all of them were deleted
     * @return how many were deleted
     */
    public int purge(Connection connection, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            statement.setInt(1, limit);
            return statement.executeUpdate();
        }
    }

    private boolean insert(Connection connection, RequestKey request) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, request.scope());
            statement.setString(2, request.scope());
            statement.setString(3, request.key());
            statement.setString(4, request.scope());
            statement.setString(5, request.key());
            statement.setBytes(6, request.hash());
            if (keep == null) {
                statement.setNull(7, Types.BIGINT);
            } else {
                statement.setLong(7, keep.toSeconds());
            }
            return statement.executeUpdate() == 1;
        }
    }

    private static Optional<Claim> find(Connection connection, RequestKey request) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, request.scope());
            statement.setString(2, request.key());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!Arrays.equals(row.getBytes(1), request.hash())) {
                    return Optional.of(new Claim.KeyReused());
                }
                int status = row.getInt(2);
                if (row.wasNull()) {
                    throw new IllegalStateException("key was claimed and committed without an answer");
                }
                return Optional.of(new Claim.Replay(new Answer(status, row.getString(3), row.getBytes(4))));
            }
        }
    }
}
