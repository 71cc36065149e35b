package org.exchequer.rules.violations.core;

import java.sql.Connection;
import java.sql.SQLException;

/** A decision that asks the database: forbidden. */
public final class CoreThatReadsTheDatabase {
    private CoreThatReadsTheDatabase() {}

    public static boolean decide(Connection connection) throws SQLException {
        return connection.isReadOnly();
    }
}
