package org.exchequer.ledger.store;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.store.JournalExport.Batch;
import org.exchequer.ledger.store.JournalExport.Summary;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import tools.jackson.databind.JsonNode;

/**
 * Reads an exported journal into an empty ledger, in one transaction: all of it or nothing. Each batch must lead to the
 * hash that was recorded with it. Ids, hashes, and the answers to keys used before are then what they were.
 */
public final class JournalImport {
    private static final long LEASE_MS = 10_000;
    private static final int STEP_ENTRIES = 100_000;
    private static final int TELL_EVERY = 10_000;
    private static final int ACCOUNTS_AT_ONCE = 1_000;
    private static final int FETCH = 10_000;
    private static final int PROJECT_AT_ONCE = 100_000;

    /** This ledger cannot take an import: it is in use, or not empty. Nothing was changed. */
    public static final class NotPossibleException extends Exception {
        private static final long serialVersionUID = 1L;

        NotPossibleException(String message) {
            super(message);
        }
    }

    private final Connection connection;
    private final JournalLines lines;
    private final JournalFormat format;
    private final LongConsumer progress;
    private final List<Batch> batches = new ArrayList<>();
    private @Nullable CopyIn copy;
    private MessageDigest digest = Digest.copy();
    private byte[] hash = new byte[32];
    private long last;
    private long lastInBatch;
    private long batchesRead;
    private long epoch;
    private long copiedFrom;
    private long batchLine = 2;

    private JournalImport(Connection connection, JournalLines lines, LongConsumer progress) throws SQLException {
        this.connection = connection;
        this.lines = lines;
        this.format = JournalFormat.of(connection);
        this.progress = progress;
        digest.update(hash);
    }

    /**
     * Imports, and derives accounts, balances and statements.
     *
     * @param connection the caller's alone, in auto-commit mode
     * @param progress told the last position read, every {@value #TELL_EVERY} entries
     * @throws BadJournalException naming the line; nothing was imported
     * @throws NotPossibleException when another process is the writer, or the ledger is not empty
     */
    public static Summary read(Connection connection, InputStream packed, LongConsumer progress)
            throws SQLException, IOException, BadJournalException, NotPossibleException {
        JournalLines lines = new JournalLines(packed);
        // A node of its own, which no other process is taken for.
        String node = "import-" + UUID.randomUUID();
        Head head = WriterLease.acquire(connection, node, "", "", LEASE_MS);
        if (head == null) {
            Holder holder = WriterLease.holder(connection);
            throw new NotPossibleException(
                    "the ledger is in use: its writer is " + (holder.current() ? holder.url() : "changing just now")
                            + "; stop every program on this database first");
        }
        Summary summary;
        connection.setAutoCommit(false);
        try {
            lock(connection, head);
            summary = new JournalImport(connection, lines, progress).read();
            connection.commit();
        } catch (SQLException | IOException | BadJournalException | NotPossibleException | RuntimeException e) {
            connection.rollback();
            connection.setAutoCommit(true);
            WriterLease.release(connection, head.epoch());
            throw e;
        }
        while (Projection.advance(connection, PROJECT_AT_ONCE) < summary.entries()) {
            progress.accept(summary.entries());
        }
        connection.setAutoCommit(true);
        return summary;
    }

    /** Until the end of the transaction nobody else can become the writer: the row is ours, whatever its lease says. */
    private static void lock(Connection connection, Head head) throws SQLException, NotPossibleException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT epoch, last_sequence, (SELECT count(*) FROM account) AS accounts
                          FROM writer WHERE shard = 1 FOR UPDATE""")) {
            row.next();
            if (row.getLong("epoch") != head.epoch()) {
                throw new NotPossibleException("the ledger is in use: another program became its writer just now");
            }
            if (row.getLong("last_sequence") != 0 || row.getLong("accounts") != 0) {
                throw new NotPossibleException("the ledger is not empty: it has " + row.getLong("last_sequence")
                        + " journal entries; import into a new data directory or database");
            }
        }
    }

    private Summary read() throws SQLException, IOException, BadJournalException {
        try {
            header();
            body();
        } catch (IOException | BadJournalException | RuntimeException e) {
            if (copy != null) {
                copy.cancelCopy();
            }
            throw e;
        }
        flushBatches();
        accounts();
        moveHead();
        return new Summary(last, batchesRead, HexFormat.of().formatHex(hash));
    }

    private void body() throws SQLException, IOException, BadJournalException {
        JsonNode line = lines.next();
        while (line != null && !line.has("end")) {
            if (line.isArray()) {
                row(line);
            } else {
                batch(line.path("batch"));
            }
            line = lines.next();
        }
        if (line == null) {
            throw lines.bad("the closing line is missing: the file was cut");
        }
        end(line.path("end"));
    }

    private void header() throws IOException, BadJournalException {
        JsonNode header = lines.next();
        if (header == null || !header.path("format").asString("").equals(JournalFormat.NAME)) {
            throw lines.bad(
                    "the file is not an exported journal: its first line must name the format " + JournalFormat.NAME);
        }
        if (header.path("version").asInt(0) != JournalFormat.VERSION) {
            throw lines.bad("the file is of version " + header.path("version") + "; this program reads version "
                    + JournalFormat.VERSION);
        }
        List<JournalFormat.Column> columns = new ArrayList<>();
        for (JsonNode column : header.path("columns")) {
            columns.add(new JournalFormat.Column(
                    column.path(0).asString(""), column.path(1).asString("")));
        }
        if (!columns.equals(format.columns())) {
            throw lines.bad("the file's columns are " + columns + "; this ledger's journal has " + format.columns()
                    + ": import it with the version of the program that it was exported with");
        }
    }

    private void row(JsonNode row) throws SQLException, IOException, BadJournalException {
        byte[] tuple;
        try {
            tuple = format.tuple(row);
        } catch (IllegalArgumentException e) {
            throw lines.bad(String.valueOf(e.getMessage()));
        }
        if (!row.get(0).asString("").equals(Long.toString(lastInBatch + 1))) {
            throw lines.bad("entry " + row.get(0).asString("") + " stands where " + (lastInBatch + 1) + " must");
        }
        lastInBatch++;
        digest.update(tuple);
        if (copy == null) {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY journal FROM STDIN (FORMAT binary)");
            copy.writeToCopy(CopyBuffer.HEADER, 0, CopyBuffer.HEADER.length);
            copiedFrom = last;
        }
        copy.writeToCopy(tuple, 0, tuple.length);
        if (lastInBatch % TELL_EVERY == 0) {
            progress.accept(lastInBatch);
        }
    }

    private void batch(JsonNode line) throws SQLException, BadJournalException {
        long first = number(line, "first");
        byte[] recorded = hash(line);
        if (first != last + 1 || number(line, "last") != lastInBatch || lastInBatch < first) {
            throw lines.bad("the batch must close entries " + (last + 1) + " to " + lastInBatch);
        }
        byte[] found = digest.digest();
        if (!MessageDigest.isEqual(found, recorded)) {
            throw lines.bad("entries " + first + " to " + lastInBatch + " (lines " + batchLine + " to "
                    + (lines.number() - 1) + ") do not match the batch's hash: one of them was changed");
        }
        batches.add(new Batch(first, lastInBatch, number(line, "epoch"), recorded));
        epoch = Math.max(epoch, batches.getLast().epoch());
        last = lastInBatch;
        hash = found;
        batchesRead++;
        batchLine = lines.number() + 1;
        digest = Digest.copy();
        digest.update(hash);
        if (last - copiedFrom >= STEP_ENTRIES) {
            flushBatches();
        }
    }

    private void end(JsonNode end) throws IOException, BadJournalException {
        if (lastInBatch != last) {
            throw lines.bad("entries " + (last + 1) + " to " + lastInBatch + " are in no batch");
        }
        if (number(end, "entries") != last
                || number(end, "batches") != batchesRead
                || !MessageDigest.isEqual(hash(end), hash)) {
            throw lines.bad("the closing line counts " + end.path("entries").asString("") + " entries in "
                    + end.path("batches").asString("") + " batches and names a hash; the file has " + last + " in "
                    + batchesRead + " or leads to another hash");
        }
        if (lines.next() != null) {
            throw lines.bad("nothing may follow the closing line");
        }
    }

    private long number(JsonNode line, String field) throws BadJournalException {
        String text = line.path(field).asString("");
        if (!text.matches("[0-9]{1,18}")) {
            throw lines.bad(field + " must be a whole number in a string");
        }
        return Long.parseLong(text);
    }

    private byte[] hash(JsonNode line) throws BadJournalException {
        String text = line.path("hash").asString("");
        if (!text.matches("[0-9a-f]{64}")) {
            throw lines.bad("hash must be 64 hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }

    /** Ends the copy under way, so that other statements have their turn, and writes the batches that it completed. */
    private void flushBatches() throws SQLException {
        CopyIn ending = copy;
        if (ending != null) {
            ending.writeToCopy(CopyBuffer.TRAILER, 0, CopyBuffer.TRAILER.length);
            copy = null;
            ending.endCopy();
        }
        try (PreparedStatement s = connection.prepareStatement("INSERT INTO batch VALUES (?, ?, ?, ?)")) {
            for (Batch batch : batches) {
                s.setLong(1, batch.first());
                s.setLong(2, batch.last());
                s.setLong(3, batch.epoch());
                s.setBytes(4, batch.hash());
                s.addBatch();
            }
            s.executeBatch();
        }
        batches.clear();
    }

    /** Accounts as the last entry about each left them. */
    private void accounts() throws SQLException {
        try (PreparedStatement find = connection.prepareStatement("""
                SELECT DISTINCT ON ((account ->> 'id')::bigint) account
                  FROM journal, coalesce(body -> 'account', body) AS account
                 WHERE kind IN (?, ?, ?) AND outcome = 0 AND account ->> 'id' IS NOT NULL
                 ORDER BY (account ->> 'id')::bigint, sequence DESC""")) {
            find.setInt(1, Kind.OPEN_ACCOUNT);
            find.setInt(2, Kind.CHANGE_ACCOUNT);
            find.setInt(3, Kind.DECIDE_ADJUSTMENT);
            find.setFetchSize(FETCH);
            List<Account> found = new ArrayList<>();
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    found.add(JournalJson.account(row.getString("account")));
                    if (found.size() == ACCOUNTS_AT_ONCE) {
                        JournalWriter.writeAccounts(connection, found);
                        found.clear();
                    }
                }
            }
            JournalWriter.writeAccounts(connection, found);
        }
    }

    /** No writer from now on may have an epoch that wrote some of this. */
    private void moveHead() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                UPDATE writer SET epoch = greatest(epoch, ?), node = '', lease_until = '-infinity',
                       last_sequence = ?, last_hash = ?
                 WHERE shard = 1""")) {
            s.setLong(1, epoch);
            s.setLong(2, last);
            s.setBytes(3, hash);
            s.executeUpdate();
        }
    }
}
