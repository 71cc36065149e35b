package org.exchequer.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.exchequer.platform.db.DatabaseAddress;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * The floor: the journal's own rows, encoded beforehand, copied into a table with the same columns and indexes, one
 * commit per 8,192 rows and nothing else done. No ledger on this PostgreSQL can be faster.
 */
final class CopyFloor {
    private static final int BATCH = 8_192;

    private CopyFloor() {}

    static Load.Result run(DatabaseAddress address, int atMost, Optional<Long> postmaster)
            throws SQLException, IOException {
        try (Connection c = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                Statement s = c.createStatement()) {
            s.execute("DROP TABLE IF EXISTS public.journal_floor;"
                    + "CREATE TABLE public.journal_floor (LIKE ledger.journal INCLUDING ALL)");
            List<byte[]> rows = read(c, atMost);
            PGConnection postgres = c.unwrap(PGConnection.class);
            CpuTime before = CpuTime.now(postmaster);
            long began = System.nanoTime();
            for (int i = 0; i < rows.size(); i += BATCH) {
                CopyIn copy = postgres.getCopyAPI().copyIn("COPY public.journal_floor FROM STDIN (FORMAT binary)");
                byte[] header = new byte[19];
                System.arraycopy("PGCOPY\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, header, 0, 7);
                header[7] = (byte) 0xff;
                header[8] = '\r';
                header[9] = '\n';
                copy.writeToCopy(header, 0, header.length);
                for (byte[] row : rows.subList(i, Math.min(rows.size(), i + BATCH))) {
                    copy.writeToCopy(row, 0, row.length);
                }
                copy.writeToCopy(new byte[] {(byte) 0xff, (byte) 0xff}, 0, 2);
                copy.endCopy();
            }
            long nanos = System.nanoTime() - began;
            CpuTime cpu = CpuTime.now(postmaster).since(before);
            s.execute("DROP TABLE public.journal_floor");
            return new Load.Result(rows.size(), nanos, new Histogram(3), cpu);
        }
    }

    private static List<byte[]> read(Connection c, int atMost) throws SQLException {
        List<byte[]> rows = new ArrayList<>();
        CopyOut copy = c.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT * FROM ledger.journal WHERE amount IS NOT NULL ORDER BY sequence LIMIT " + atMost
                        + ") TO STDOUT (FORMAT binary)");
        byte[] tuple = copy.readFromCopy();
        while (tuple != null) {
            byte[] row = rows.isEmpty() ? java.util.Arrays.copyOfRange(tuple, 19, tuple.length) : tuple;
            if (row.length > 2) {
                rows.add(row);
            }
            tuple = copy.readFromCopy();
        }
        return rows;
    }
}
