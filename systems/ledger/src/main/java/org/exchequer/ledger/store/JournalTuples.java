package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The journal's rows as PostgreSQL itself renders them, in order: COPY BINARY tuples, columns in table order. These are
 * a row's canonical bytes, in the hash chain and in the proof log.
 */
public final class JournalTuples implements AutoCloseable {
    private final CopyOut copy;
    private boolean first = true;

    /** Rows behind {@code after}, up to and with {@code upTo}. */
    public JournalTuples(Connection connection, long after, long upTo) throws SQLException {
        this.copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT * FROM journal WHERE sequence > " + after + " AND sequence <= " + upTo
                        + " ORDER BY sequence) TO STDOUT (FORMAT binary)");
    }

    /** The next row; null behind the last. */
    public byte @Nullable [] next() throws SQLException {
        byte[] tuple = copy.readFromCopy();
        int skip = first ? CopyBuffer.HEADER.length : 0;
        first = false;
        if (tuple == null || tuple.length - skip <= CopyBuffer.TRAILER.length) {
            return null;
        }
        return skip == 0 ? tuple : Arrays.copyOfRange(tuple, skip, tuple.length);
    }

    /** Reads what is left, which the range bounds: a copy that is cancelled leaves its connection in disorder. */
    @Override
    public void close() throws SQLException {
        while (copy.isActive() && copy.readFromCopy() != null) {
            first = false;
        }
    }
}
