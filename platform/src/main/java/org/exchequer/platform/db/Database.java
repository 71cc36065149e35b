package org.exchequer.platform.db;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * One system's part of a PostgreSQL database: its schema, migrated, and a pool of connections as its runtime role.
 *
 * <p>Two roles stand behind it: the owner, who owns the schema and runs the migrations, and the runtime role, which may
 * do only what the migrations grant it. A journal from which nothing may be deleted is thus safe from the program too.
 */
public final class Database implements AutoCloseable {
    private Database() {}

    /**
     * Makes roles and schema where they are missing, migrates the schema forward from {@code
     * classpath:db/migration/<system>} as its owner (placeholders <code>${schema}</code> and <code>${runtime}</code>),
     * and opens the pool. Safe when several processes do it at once.
     *
     * @param admin a role that may create roles and schemas, on the database to use
     * @param system lower-case name of the system; its schema has the same name
     */
    public static Database open(DatabaseAddress admin, String system, MeterRegistry meters, OpenTelemetry telemetry) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Name of the system's schema; also first in the search path of every connection. */
    public String schema() {
        throw new UnsupportedOperationException("not yet");
    }

    /** The pool, as the runtime role. Its size, waits, statements and idle transactions are bounded. */
    public DataSource dataSource() {
        throw new UnsupportedOperationException("not yet");
    }

    /** JDBI on the pool. */
    public Jdbi jdbi() {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * A connection of its own, outside the pool, as the runtime role and without the pool's statement timeout: for
     * writers that keep one for long. The caller closes it.
     */
    public Connection connect() throws SQLException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Closes the pool. Connections from {@link #connect} are their callers'. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
