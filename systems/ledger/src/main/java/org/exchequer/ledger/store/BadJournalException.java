package org.exchequer.ledger.store;

/** A file that is no exported journal, or not as it was written; names the line. Nothing of it was imported. */
public final class BadJournalException extends Exception {
    private static final long serialVersionUID = 1L;

    BadJournalException(long line, String rule) {
        super(line == 0 ? rule : "line " + line + ": " + rule);
    }
}
