package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the files that other sides send. */
public interface Statements {
    /** Names of the formats: comma-separated values, ISO 20022 camt.053, SWIFT MT940. */
    List<String> FORMATS = List.of("CSV", "CAMT053", "MT940");

    /** Largest file in one request, in bytes; the command line reads larger ones. */
    long MOST_BYTES = 16 << 20;

    /**
     * A file and how to compare it.
     *
     * @param bytes its contents
     * @param format one of {@link #FORMATS}
     * @param account code of the ledger's account
     * @param theirAccount which of the file's accounts to read; empty when it has only one
     * @param from first booking date of the ledger's lines; null for the file's earliest
     * @param to last one; null for the file's latest
     * @param tolerance by how much amounts may differ, a decimal amount, e.g. {@code 0.01}
     * @param windowDays by how many days value dates may differ, 0 to 366
     * @param byAmount whether lines that are left also match by amount and date alone
     */
    record Upload(
            byte[] bytes,
            String format,
            String account,
            String theirAccount,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            String tolerance,
            int windowDays,
            boolean byAmount) {}

    /**
     * What {@link Reconciliations#run} takes. Reads nothing but the file and the account.
     *
     * @throws org.exchequer.ledger.api.FieldError when something beside the file breaks a rule
     * @throws BadStatementException when the file is of another format, breaks a rule of it, or does not add up
     */
    RunRequest read(Request asked, Upload upload);
}
