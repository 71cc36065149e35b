package org.exchequer.ledger.jobs;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;

/** What an error of the database says about trying again. */
final class DatabaseTrouble {
    /** SQL state classes: connection, rollback, resources, object state, operator intervention, system, internal. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58", "XX");

    private DatabaseTrouble() {}

    /** Whether the trouble is with the database rather than with what it was asked, so that trying again may help. */
    static boolean isPassing(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 || PASSING.contains(state.substring(0, 2));
    }

    /** Whether the server itself says that it wants disk or memory (SQL states 53100 and 53200). */
    static boolean isOutOfRoom(SQLException e) {
        return e instanceof PSQLException refused
                && refused.getServerErrorMessage() != null
                && ("53100".equals(e.getSQLState()) || "53200".equals(e.getSQLState()));
    }
}
