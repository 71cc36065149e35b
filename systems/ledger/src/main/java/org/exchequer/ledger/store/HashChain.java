package org.exchequer.ledger.store;

import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.exchequer.ledger.core.Digest;
import org.jspecify.annotations.Nullable;

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

    private record Batch(long first, long last, byte[] hash) {}

    /** Verifies whole batches behind {@code from}: the next 100,000, or as many as hold {@code atMost} entries. */
    public static Verified verify(Connection connection, Verified from, long atMost) throws SQLException {
        List<Batch> batches = batches(connection, from.lastSequence(), atMost);
        if (batches.isEmpty()) {
            return new Verified(from.lastSequence(), from.hash(), 0, null);
        }
        long last = from.lastSequence();
        byte[] hash = from.hash();
        String broken = null;
        try (JournalTuples rows =
                new JournalTuples(connection, last, batches.getLast().last())) {
            for (Batch batch : batches) {
                if (batch.first() != last + 1 || batch.last() < batch.first()) {
                    broken = "batch " + batch.first() + ".." + batch.last() + " does not follow entry " + last;
                    break;
                }
                byte[] expected = chain(rows, hash, batch.first(), batch.last());
                if (!Arrays.equals(expected, batch.hash())) {
                    broken = "batch " + batch.first() + ".." + batch.last() + " does not match its hash";
                    break;
                }
                last = batch.last();
                hash = expected;
            }
        }
        return new Verified(last, hash, last - from.lastSequence(), broken);
    }

    private static List<Batch> batches(Connection connection, long after, long atMost) throws SQLException {
        List<Batch> batches = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT first_sequence, last_sequence, hash FROM batch
                 WHERE first_sequence > ? AND first_sequence <= ? ORDER BY first_sequence LIMIT 100000""")) {
            s.setLong(1, after);
            s.setLong(2, after + atMost);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    batches.add(new Batch(
                            row.getLong("first_sequence"), row.getLong("last_sequence"), row.getBytes("hash")));
                }
            }
        }
        return batches;
    }

    /** Hash over the tuples of a batch; one that is missing leaves the hash of what there is, which matches not. */
    private static byte[] chain(JournalTuples rows, byte[] previous, long from, long to) throws SQLException {
        MessageDigest digest = Digest.copy();
        digest.update(previous);
        for (long sequence = from; sequence <= to; sequence++) {
            byte[] tuple = rows.next();
            if (tuple == null) {
                break;
            }
            digest.update(tuple);
        }
        return digest.digest();
    }
}
