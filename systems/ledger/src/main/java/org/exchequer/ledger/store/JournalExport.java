package org.exchequer.ledger.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.exchequer.ledger.core.Digest;
import org.exchequer.platform.db.CopyBuffer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the whole journal as of one moment, while the ledger runs, and verifies the hash chain on the way. The same
 * journal always becomes the same bytes.
 */
public final class JournalExport {
    private static final int BUFFER = 1 << 16;
    private static final long STEP_ENTRIES = 1_000_000;
    private static final int STEP_BATCHES = 50_000;
    private static final int TELL_EVERY = 10_000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("\n")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    /** The journal's hash chain does not hold: what would be written is not what was recorded. */
    public static final class BrokenChainException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenChainException(Batch batch) {
            super("the journal was changed: batch " + batch.first() + ".." + batch.last()
                    + " does not follow from the one before");
        }
    }

    /**
     * What a file holds.
     *
     * @param entries journal rows; also the last position
     * @param hash of the chain there, in hexadecimal
     */
    public record Summary(long entries, long batches, String hash) {}

    record Batch(long first, long last, long epoch, byte[] hash) {}

    private final Connection connection;
    private final JsonGenerator json;
    private final LongConsumer progress;
    private final JournalFormat format;
    private byte[] hash = new byte[32];
    private long last;
    private long batches;

    private JournalExport(Connection connection, OutputStream out, LongConsumer progress) throws SQLException {
        this.connection = connection;
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), out);
        this.progress = progress;
        this.format = JournalFormat.of(connection);
    }

    /**
     * Writes the journal.
     *
     * @param connection the caller's alone; left as it was
     * @param out left open, with everything flushed
     * @param progress told the last position written, every {@value #TELL_EVERY} entries
     */
    public static Summary write(Connection connection, OutputStream out, LongConsumer progress)
            throws SQLException, IOException, BrokenChainException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement begin = connection.createStatement()) {
            begin.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER) {
                {
                    def.setLevel(Deflater.BEST_SPEED);
                }
            };
            Summary summary = new JournalExport(connection, packed, progress).write();
            packed.finish();
            out.flush();
            return summary;
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private Summary write() throws SQLException, BrokenChainException {
        header();
        for (List<Batch> step = step(); !step.isEmpty(); step = step()) {
            rows(step);
        }
        String end = HexFormat.of().formatHex(hash);
        json.writeStartObject();
        json.writeObjectPropertyStart("end");
        json.writeStringProperty("entries", Long.toString(last));
        json.writeStringProperty("batches", Long.toString(batches));
        json.writeStringProperty("hash", end);
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
        return new Summary(last, batches, end);
    }

    private void header() {
        json.writeStartObject();
        json.writeStringProperty("format", JournalFormat.NAME);
        json.writeNumberProperty("version", JournalFormat.VERSION);
        json.writeArrayPropertyStart("columns");
        for (JournalFormat.Column column : format.columns()) {
            json.writeStartArray();
            json.writeString(column.name());
            json.writeString(column.type());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private List<Batch> step() throws SQLException {
        List<Batch> step = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT first_sequence, last_sequence, epoch, hash FROM batch
                 WHERE first_sequence > ? AND first_sequence <= ? ORDER BY first_sequence LIMIT ?""")) {
            s.setLong(1, last);
            s.setLong(2, last + STEP_ENTRIES);
            s.setInt(3, STEP_BATCHES);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    step.add(new Batch(
                            row.getLong("first_sequence"),
                            row.getLong("last_sequence"),
                            row.getLong("epoch"),
                            row.getBytes("hash")));
                }
            }
        }
        return step;
    }

    private void rows(List<Batch> step) throws SQLException, BrokenChainException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT * FROM journal WHERE sequence > " + last + " AND sequence <= "
                        + step.getLast().last() + " ORDER BY sequence) TO STDOUT (FORMAT binary)");
        try {
            int skip = CopyBuffer.HEADER.length;
            for (Batch batch : step) {
                MessageDigest digest = Digest.copy();
                digest.update(hash);
                for (long sequence = last + 1; sequence <= batch.last(); sequence++) {
                    byte[] tuple = copy.readFromCopy();
                    if (tuple == null || tuple.length - skip <= CopyBuffer.TRAILER.length) {
                        throw new BrokenChainException(batch);
                    }
                    digest.update(tuple, skip, tuple.length - skip);
                    if (format.write(ByteBuffer.wrap(tuple, skip, tuple.length - skip), json) != sequence) {
                        throw new BrokenChainException(batch);
                    }
                    skip = 0;
                    if (sequence % TELL_EVERY == 0) {
                        progress.accept(sequence);
                    }
                }
                hash = digest.digest();
                if (batch.first() != last + 1 || !Arrays.equals(hash, batch.hash())) {
                    throw new BrokenChainException(batch);
                }
                last = batch.last();
                close(batch);
            }
        } finally {
            // A copy that is cancelled leaves its connection in disorder.
            while (copy.isActive() && copy.readFromCopy() != null) {
                continue;
            }
        }
    }

    private void close(Batch batch) {
        json.writeStartObject();
        json.writeObjectPropertyStart("batch");
        json.writeStringProperty("first", Long.toString(batch.first()));
        json.writeStringProperty("last", Long.toString(batch.last()));
        json.writeStringProperty("epoch", Long.toString(batch.epoch()));
        json.writeStringProperty("hash", HexFormat.of().formatHex(batch.hash()));
        json.writeEndObject();
        json.writeEndObject();
        batches++;
    }
}
