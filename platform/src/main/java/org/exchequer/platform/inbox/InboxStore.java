package org.exchequer.platform.inbox;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The tables of the inbox. */
final class InboxStore {
    private static final String CLAIM = """
            with asked (consumer, topic, message_id, message_key) as (values (?, ?, ?, ?::bytea)),
            seen as (select from inbox join asked using (consumer, topic, message_id)),
            parked as (
              select p.message_id, p.error from inbox_parked p join asked using (consumer, topic, message_key)
            ),
            claimed as (
              insert into inbox (consumer, topic, message_id)
              select consumer, topic, message_id from asked where not exists (select from parked)
              on conflict do nothing
              returning 1
            )
            select exists (select from seen), exists (select from claimed),
                   (select message_id from parked), (select error from parked)
            """;

    private static final String PARK = """
            insert into inbox_parked (consumer, topic, message_key, message_id, error) values (?, ?, ?, ?, ?)
            on conflict do nothing
            """;

    private static final String RELEASE = """
            delete from inbox_parked where consumer = ? and topic = ? and message_key = ?
            """;

    private static final String PURGE = """
            delete from inbox
             where ctid = any (array(
               select ctid from inbox where received_at < now() - make_interval(secs => ?) limit ?
             ))
            """;

    private static final int MAX_KEY_BYTES = 1_000;

    private final String consumer;

    InboxStore(String consumer) {
        this.consumer = consumer;
    }

    /** What to do with a message. */
    sealed interface Claim {
        /** It is this transaction's to apply. */
        record Apply() implements Claim {}

        /** It was applied before. */
        record Seen() implements Claim {}

        /** Its key waits behind a dead letter, which may be this very message. */
        record Parked(String behindMessageId, String error) implements Claim {}
    }

    Claim claim(Connection connection, Message message) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, consumer);
            statement.setString(2, message.topic());
            statement.setString(3, message.id());
            statement.setBytes(4, stored(message.key()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String behind = row.getString(3);
                if (row.getBoolean(2)) {
                    return new Claim.Apply();
                }
                return row.getBoolean(1) || behind == null
                        ? new Claim.Seen()
                        : new Claim.Parked(behind, row.getString(4));
            }
        }
    }

    void park(Connection connection, Message message, String error) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARK)) {
            statement.setString(1, consumer);
            statement.setString(2, message.topic());
            statement.setBytes(3, stored(message.key()));
            statement.setString(4, message.id());
            statement.setString(5, error);
            statement.executeUpdate();
        }
    }

    boolean release(Connection connection, String topic, byte[] key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setString(1, consumer);
            statement.setString(2, topic);
            statement.setBytes(3, stored(key));
            return statement.executeUpdate() == 1;
        }
    }

    int purge(Connection connection, Duration keep, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            statement.setLong(1, keep.toSeconds());
            statement.setInt(2, limit);
            return statement.executeUpdate();
        }
    }

    /** Longer keys by their SHA-256: an entry of PostgreSQL's index holds 2,704 bytes at most. */
    private static byte @Nullable [] stored(byte @Nullable [] key) {
        if (key == null || key.length <= MAX_KEY_BYTES) {
            return key;
        }
        try {
            return MessageDigest.getInstance("SHA-256").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
