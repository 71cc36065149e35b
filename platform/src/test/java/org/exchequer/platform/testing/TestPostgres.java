package org.exchequer.platform.testing;

import org.exchequer.platform.db.DatabaseAddress;

/**
 * PostgreSQL for tests: one embedded cluster per JVM, started on first use and removed at the JVM's end; or the cluster
 * of {@code EXCHEQUER_DATABASE_URL} where that is set.
 */
public final class TestPostgres {
    private TestPostgres() {}

    /** A new, empty database of its own, as superuser; dropped at the JVM's end. */
    public static DatabaseAddress freshDatabase() {
        throw new UnsupportedOperationException("not yet");
    }

    /** An embedded cluster of the test's own, to be killed and restarted at will. Never the one of the environment. */
    public static PrivatePostgres privateCluster() {
        throw new UnsupportedOperationException("not yet");
    }
}
