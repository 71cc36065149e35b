package org.exchequer.ledger.store;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.exchequer.ledger.core.Digest;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Recomputes the hash chain from the journal's rows as PostgreSQL itself renders them. A changed, missing, added or
 * reordered row breaks the chain at its batch; one who rewrites everything from there on escapes it, unless a hash was
 * noted elsewhere.
 */
public final class HashChain {
    /**
     * A verified stretch.
     *
     * @param lastSequence the last entry verified
     * @param hash the chain's hash there
     * @param entries how many were verified in this call
     * @param violation the first batch that does not follow, or null
     */
    public record Verified(
            long lastSequence,
            byte[] hash,
            long entries,
            @Nullable String violation) {}

    /** Where every chain begins. */
    public static Verified beginning() {
        return new Verified(0, new byte[32], 0, null);
    }

    private HashChain() {}

    /** Verifies whole batches behind {@code from}, about {@code atMost} entries of them. */
    public static Verified verify(Connection connection, Verified from, long atMost) throws SQLException {
        long last = from.lastSequence();
        byte[] hash = from.hash();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT first_sequence, last_sequence, hash FROM batch
                 WHERE first_sequence > ? AND first_sequence <= ? ORDER BY first_sequence""")) {
            s.setLong(1, last);
            s.setLong(2, last + atMost);
            try (ResultSet row = s.executeQuery()) {
                if (!row.next()) {
                    return new Verified(last, hash, 0, null);
                }
                try (Rows rows = new Rows(connection, last, last + atMost)) {
                    do {
                        long first = row.getLong("first_sequence");
                        long end = row.getLong("last_sequence");
                        String broken = first == last + 1 && end >= first
                                ? null
                                : "batch " + first + ".." + end + " does not follow entry " + last;
                        if (broken == null && !rows.reach(end)) {
                            break; // this batch reaches beyond the stretch that was read; the next call takes it
                        }
                        byte[] expected = broken == null ? rows.chain(hash, first, end) : hash;
                        if (broken == null && !Arrays.equals(expected, row.getBytes("hash"))) {
                            broken = "batch " + first + ".." + end + " does not match its hash";
                        }
                        if (broken != null) {
                            return new Verified(last, hash, last - from.lastSequence(), broken);
                        }
                        last = end;
                        hash = expected;
                    } while (row.next());
                }
            }
        }
        return new Verified(last, hash, last - from.lastSequence(), null);
    }

    /** The journal's rows as COPY BINARY tuples, in order. */
    private static final class Rows implements AutoCloseable {
        private final CopyOut copy;
        private final long upTo;
        private boolean first = true;

        Rows(Connection connection, long after, long upTo) throws SQLException {
            this.upTo = upTo;
            this.copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT * FROM journal WHERE sequence > " + after + " AND sequence <= " + upTo
                            + " ORDER BY sequence) TO STDOUT (FORMAT binary)");
        }

        boolean reach(long sequence) {
            return sequence <= upTo;
        }

        /** Hash over the tuples of a batch; one that is missing leaves the hash of what there is, which matches not. */
        byte[] chain(byte[] previous, long from, long to) throws SQLException {
            MessageDigest digest = Digest.copy();
            digest.update(previous);
            for (long sequence = from; sequence <= to; sequence++) {
                byte[] tuple = copy.readFromCopy();
                int skip = first ? BatchEncoder.HEADER.length : 0;
                first = false;
                if (tuple == null || tuple.length - skip <= BatchEncoder.TRAILER.length) {
                    break;
                }
                digest.update(tuple, skip, tuple.length - skip);
            }
            return digest.digest();
        }

        @Override
        public void close() throws SQLException {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
