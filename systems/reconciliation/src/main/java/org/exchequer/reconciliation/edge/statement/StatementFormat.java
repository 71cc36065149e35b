package org.exchequer.reconciliation.edge.statement;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.exchequer.kernel.Currency;
import org.exchequer.reconciliation.api.BadStatementException;

/** The formats that can be read. */
public enum StatementFormat {
    /**
     * RFC 4180 with commas, UTF-8, a header line; one line of text per row. Columns in any order: {@code date} (the
     * booking date, 2026-03-31) and {@code amount} (positive where it raises the balance); optional {@code reference},
     * {@code valueDate}, {@code id} (the other side's own name of the line) and {@code currency}.
     */
    CSV {
        @Override
        void read(InputStream in, StatementLines lines) throws IOException {
            new CsvStatement(lines).read(in);
        }
    },
    /** ISO 20022 BankToCustomerStatement, camt.053.001.02 to .13, also inside an envelope with a business header. */
    CAMT053 {
        @Override
        void read(InputStream in, StatementLines lines) throws IOException {
            new CamtStatement(lines).read(in);
        }
    },
    /** SWIFT MT940 Customer Statement, one or more messages, with or without the blocks around them. */
    MT940 {
        @Override
        void read(InputStream in, StatementLines lines) throws IOException {
            new Mt940Statement(lines).read(in);
        }
    };

    /** A million lines and more fit a heap of 1 GiB, with those of the ledger beside them. */
    public static final int MAX_LINES = 2_000_000;

    abstract void read(InputStream in, StatementLines lines) throws IOException;

    /**
     * Reads a statement line by line; what is kept of it is its lines.
     *
     * @param in the file; the caller closes it
     * @param currency what its amounts must be in
     * @param account which of the file's accounts to read; empty when it has only one
     * @param maxLines most lines, 1 to {@link #MAX_LINES}
     * @throws BadStatementException when the file is of another format, breaks a rule of it, or does not add up
     */
    public final Statement read(InputStream in, Currency currency, String account, int maxLines) throws IOException {
        StatementLines lines = new StatementLines(currency, account, maxLines);
        read(in, lines);
        return lines.statement();
    }

    /**
     * By the name's ending: {@code .xml} is camt.053; {@code .sta}, {@code .mt940}, {@code .940} and {@code
     * .fin} MT940.
     */
    public static StatementFormat of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".xml")) {
            return CAMT053;
        }
        return name.matches(".*\\.(sta|mt940|940|fin)") ? MT940 : CSV;
    }
}
