package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What a cache of answers needs of the database: the key that nodes share, and which messages came lately. */
public final class KnownTable {
    private static final String OFFER = """
            insert into cache_key (key) values (?) on conflict do nothing
            """;

    /** Of other nodes; of all, this one included, before a time. */
    private static final String RECENT = """
            select digest, received_at from payment
             where received_at >= ? and (node <> ? or received_at < ?)
             order by received_at
             limit ?
            """;

    private final DataSource database;

    public KnownTable(DataSource database) {
        this.database = database;
    }

    /**
     * A message that was received.
     *
     * @param digest of its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Received(byte[] digest, Instant at) {}

    /** The key that the first node offered. */
    public byte[] key(byte[] offered) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(OFFER);
                PreparedStatement select = connection.prepareStatement("select key from cache_key")) {
            insert.setBytes(1, offered);
            insert.executeUpdate();
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("there is no key of the cache");
                }
                return row.getBytes(1);
            }
        }
    }

    /**
     * Messages in the order in which they were received.
     *
     * @param since from when on
     * @param node this one
     * @param before only before this time its own are wanted too
     * @param most of them, the first ones
     */
    public List<Received> recent(Instant since, String node, Instant before, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(RECENT)) {
            select.setObject(1, utc(since));
            select.setString(2, node);
            select.setObject(3, utc(before));
            select.setInt(4, most);
            select.setFetchSize(most);
            List<Received> received = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    received.add(new Received(
                            row.getBytes(1),
                            row.getObject(2, OffsetDateTime.class).toInstant()));
                }
            }
            return received;
        }
    }

    private static OffsetDateTime utc(Instant at) {
        return OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
    }
}
